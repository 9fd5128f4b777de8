"""The fiche of an actor, as a form in sections."""

from django import forms

from initiatives.models import Actor, Offer
from initiatives.models.actor import validate_rna, validate_siren, validate_siret
from initiatives.models.vocabulary import ActorKind, LegalForm, Stage
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.answers import CompanyNumberField, PageField, ShortText, YearField
from initiatives.submission.forms.fields import (
    LONGEST_NOTE,
    PLACE_ROW,
    TERRITORIES,
    SectionForm,
    SourcesForm,
    ThemesChoice,
    keys_of,
    place_of,
)
from initiatives.submission.forms.places import TOWNS, KeyField, PlaceField
from initiatives.submission.forms.steps import BaseRows, Row, rows_of

LONGEST = {column.name: column.max_length for column in Actor._meta.fields}
LONGEST_OFFER = {column.name: column.max_length for column in Offer._meta.fields}
STAGES = [choice for choice in Stage.choices if choice[0] != Stage.UNKNOWN]


class ActorEssentialForm(SectionForm):
    name = ShortText(
        label="Nom", longest=LONGEST["name"], error_messages={"required": "Donnez le nom de la structure."}
    )
    acronym = ShortText(label="Sigle", longest=LONGEST["acronym"], required=False)
    summary = CountedText(
        label="Ce qu’elle fait, en deux phrases",
        max_length=LONGEST["summary"],
        error_messages={"required": "Dites en deux phrases ce qu’elle fait."},
    )
    kind = forms.ChoiceField(label="Genre", choices=ActorKind)
    legal_form = forms.ChoiceField(label="Forme juridique", choices=LegalForm)
    website = PageField(label="Site", longest=LONGEST["website"])

    columns = ("name", "acronym", "summary", "kind", "legal_form", "website")


class ActorPlacesForm(SectionForm):
    seat = PlaceField(label="Commune du siège", required=False, help_text="Son nom ou son code postal.")
    seat_key = KeyField()
    themes = ThemesChoice(label="Thèmes")

    suggestions = {"seat": ("suggested_places", "com,arm")}
    line_words = {"territoires": ("Où elle intervient", "Territoire", PLACE_ROW)}

    def read(self, document):
        return {
            "seat": self.names.of(document["seat"]),
            "seat_key": document["seat"] or "",
            "themes": document["themes"],
        }

    def lines(self, document):
        return {"territoires": (TERRITORIES, [{"uuid": key} for key in document["coverage"]])}

    def clean(self):
        cleaned = super().clean()
        self.seat = place_of(self, "seat", kinds=TOWNS)
        return cleaned

    def write_on(self, document):
        return document | {
            "seat": self.seat,
            "themes": keys_of(self.cleaned_data["themes"]),
            "coverage": self.rows["territoires"].keys_after(),
        }


class OfferRow(Row):
    """An offer of support."""

    DECIDING = ("what", "description", "for_whom", "duration", "cost", "how_to_apply", "url")

    what = ShortText(
        label="Ce qu’elle propose", longest=LONGEST_OFFER["what"], error_messages={"required": "Dites ce que c’est."}
    )
    description = CountedText(
        label="Plus en détail", max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    stages = forms.MultipleChoiceField(
        label="À quelle étape ?", choices=STAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    for_whom = ShortText(label="Pour qui ?", longest=LONGEST_OFFER["for_whom"], required=False)
    duration = ShortText(label="Durée", longest=LONGEST_OFFER["duration"], required=False)
    cost = ShortText(label="Coût", longest=LONGEST_OFFER["cost"], required=False)
    how_to_apply = ShortText(label="Comment faire", longest=LONGEST_OFFER["how_to_apply"], required=False)
    url = PageField(label="Page de l’offre", longest=LONGEST_OFFER["url"])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        typed = self.initial.get("description", "")
        self.fields["description"].max_length = max(LONGEST_NOTE, len(typed))


class OfferRows(BaseRows):
    NEW = {"what": "", "description": "", "stages": [], "for_whom": "", "duration": "", "cost": ""}
    NEW |= {"how_to_apply": "", "url": ""}
    ADD = "Ajouter une offre"


OFFERS = rows_of(OfferRow, base=OfferRows)


class ActorOffersForm(SectionForm):
    presentation = CountedText(
        label="Ce que c’est",
        max_length=LONGEST_NOTE,
        required=False,
        help_text="Son histoire, ses métiers, ce qu’un visiteur verrait.",
    )

    columns = ("presentation",)
    line_words = {"offres": ("Ses offres", "Offre", "submission/row.html")}

    def lines(self, document):
        return {"offres": (OFFERS, document["offers"])}

    def write_on(self, document):
        return super().write_on(document) | {"offers": self.rows["offres"].lines_after()}


class ActorContactForm(SectionForm):
    founded_year = YearField(label="Année de création")
    siren = CompanyNumberField(label="Siren", help_text="9 chiffres.")
    siret = CompanyNumberField(label="Siret du siège", help_text="14 chiffres : le Siren, puis l’établissement.")
    rna = forms.CharField(
        label="Numéro RNA",
        required=False,
        help_text="Pour une association : W et neuf caractères.",
        validators=[validate_rna],
    )
    contact_email = forms.EmailField(
        label="Adresse électronique publique",
        required=False,
        help_text="Elle est publiée.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : bonjour@exemple.fr."},
    )
    contact_phone = ShortText(label="Téléphone public", longest=LONGEST["contact_phone"], required=False)
    contact_note = ShortText(label="Comment la joindre", longest=LONGEST["contact_note"], required=False)

    columns = ("founded_year", "siren", "siret", "rna", "contact_email", "contact_phone", "contact_note")

    def clean_siren(self):
        return _checked(validate_siren, self.cleaned_data["siren"])

    def clean_siret(self):
        return _checked(validate_siret, self.cleaned_data["siret"])

    def clean(self):
        cleaned = super().clean()
        siren, siret = cleaned.get("siren"), cleaned.get("siret")
        if siren and siret and not siret.startswith(siren):
            self.add_error("siret", "Le Siret commence par le Siren : l’un des deux est faux.")
        return cleaned


def _checked(validate, number):
    """The fields take either number: here each has its own."""
    if number:
        validate(number)
    return number


SECTIONS = (
    ("essentiel", "L’essentiel", ActorEssentialForm),
    ("territoire", "Où elle agit, sur quoi", ActorPlacesForm),
    ("offres", "Ce qu’elle propose", ActorOffersForm),
    ("joindre", "La reconnaître, la joindre", ActorContactForm),
    ("liens", "Liens et sources", SourcesForm),
)
