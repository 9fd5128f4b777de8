"""The fiche of a funding source, as a form in sections."""

from django import forms
from django.utils.dates import MONTHS

from initiatives.models import Audience, FundingSource
from initiatives.models.vocabulary import FundingKind, LegalForm, Stage
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.actors import ActorNameField, find_actor
from initiatives.submission.forms.answers import AmountField, PageField, ShortText
from initiatives.submission.forms.fields import (
    LONGEST_NOTE,
    PLACE_ROW,
    TERRITORIES,
    DayField,
    SectionForm,
    SourcesForm,
    ThemesChoice,
    keys_of,
)
from initiatives.submission.forms.places import KeyField

LONGEST = {column.name: column.max_length for column in FundingSource._meta.fields}
YES_NO = [("", "À vérifier"), ("oui", "Oui"), ("non", "Non")]


def several(label, choices):
    """Values of a closed list, as a list in its order."""
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class FundingEssentialForm(SectionForm):
    name = ShortText(label="Nom", longest=LONGEST["name"], error_messages={"required": "Donnez le nom du dispositif."})
    summary = CountedText(
        label="Ce que c’est, en deux phrases",
        max_length=LONGEST["summary"],
        error_messages={"required": "Dites en deux phrases ce que c’est."},
    )
    website = PageField(label="Page du financeur", longest=LONGEST["website"])
    offered = ActorNameField(label="Proposé par", help_text="Une structure de l’annuaire.")
    offered_key = KeyField("Est-ce l’une d’elles ?")
    kinds = several("Nature", FundingKind.choices)

    columns = ("name", "summary", "website", "kinds")
    suggestions = {"offered": ("suggested_structures", "")}

    def read(self, document):
        return super().read(document) | {
            "offered": self.names.of(document["offered_by"]),
            "offered_key": document["offered_by"] or "",
        }

    def clean(self):
        cleaned = super().clean()
        words = cleaned.get("offered", "")
        if words == self.initial["offered"]:
            self.offered_by = self.document["offered_by"]
            return cleaned
        found = find_actor(self, "offered")
        if words and found is None and "offered" not in self.errors:
            self.add_error("offered", "L’annuaire ne connaît pas cette structure : laissez vide, et dites-le plus bas.")
        self.offered_by = str(found.uuid) if found else None
        return cleaned

    def write_on(self, document):
        return super().write_on(document) | {"offered_by": self.offered_by}


class FundingAmountForm(SectionForm):
    amount_min = AmountField(label="Montant minimum, en euros")
    amount_max = AmountField(label="Montant maximum, en euros")
    max_share = forms.IntegerField(
        label="Part du budget, au plus (%)",
        required=False,
        min_value=1,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Écrivez un nombre entre 1 et 100.",
            "min_value": "Écrivez un nombre entre 1 et 100.",
            "max_value": "Écrivez un nombre entre 1 et 100.",
        },
    )
    repayable = forms.TypedChoiceField(
        label="À rembourser",
        choices=YES_NO,
        required=False,
        coerce=lambda value: value == "oui",
        empty_value=None,
    )

    columns = ("amount_min", "amount_max", "max_share", "repayable")

    def read(self, document):
        said = {True: "oui", False: "non", None: ""}
        return super().read(document) | {"repayable": said[document["repayable"]]}

    def clean(self):
        cleaned = super().clean()
        least, most = cleaned.get("amount_min"), cleaned.get("amount_max")
        if least and most and most < least:
            self.add_error("amount_max", "Le montant maximum ne peut pas être inférieur au montant minimum.")
        return cleaned


class FundingAudienceForm(SectionForm):
    legal_forms = several("Formes juridiques", [item for item in LegalForm.choices if item[0] != LegalForm.UNKNOWN])
    stages = several("Étapes", [item for item in Stage.choices if item[0] != Stage.UNKNOWN])
    themes = ThemesChoice(label="Thèmes")
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.all(),
        to_field_name="slug",
        label="Publics",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    exclusions = CountedText(label="Ce qui est exclu", max_length=LONGEST_NOTE, required=False)

    columns = ("legal_forms", "stages", "exclusions")
    line_words = {"territoires": ("Pour quels territoires", "Territoire", PLACE_ROW)}

    def read(self, document):
        return super().read(document) | {"themes": document["themes"], "audiences": document["audiences"]}

    def lines(self, document):
        return {"territoires": (TERRITORIES, [{"uuid": key} for key in document["territories"]])}

    def write_on(self, document):
        return super().write_on(document) | {
            "themes": keys_of(self.cleaned_data["themes"]),
            "audiences": keys_of(self.cleaned_data["audiences"]),
            "territories": self.rows["territoires"].keys_after(),
        }


class FundingDatesForm(SectionForm):
    opens_on = DayField(label="Ouvre le")
    closes_on = DayField(label="Ferme le")
    is_permanent = forms.BooleanField(label="Ouvert toute l’année, sans date limite", required=False)
    returns_in_month = forms.TypedChoiceField(
        label="Revient chaque année",
        choices=[("", "Non, ou non connu"), *MONTHS.items()],
        required=False,
        coerce=int,
        empty_value=None,
    )
    ended = forms.BooleanField(label="Ce dispositif n’existe plus", required=False)

    columns = ("opens_on", "closes_on", "is_permanent", "returns_in_month", "ended")

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "La fermeture ne peut pas précéder l’ouverture.")
        if closes and cleaned.get("is_permanent"):
            self.add_error("closes_on", "Ouvert toute l’année, ou une date de fermeture : l’un des deux.")
        return cleaned


class FundingConditionsForm(SectionForm):
    eligibility = CountedText(label="Les conditions", max_length=LONGEST_NOTE, required=False)
    how_to_apply = CountedText(label="Comment demander", max_length=LONGEST_NOTE, required=False)

    columns = ("eligibility", "how_to_apply")


SECTIONS = (
    ("essentiel", "L’essentiel", FundingEssentialForm),
    ("combien", "Combien", FundingAmountForm),
    ("pour-qui", "Pour qui", FundingAudienceForm),
    ("quand", "Quand", FundingDatesForm),
    ("conditions", "Les conditions, la demande", FundingConditionsForm),
    ("liens", "Liens et sources", SourcesForm),
)
