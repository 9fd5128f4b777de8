"""First step: the five answers that a fiche cannot do without, and where to write to who gives them."""

from uuid import uuid4

from django import forms

from initiatives.models import Initiative, Theme
from initiatives.submission.abuse import Guarded
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.answers import ShortText
from initiatives.submission.forms.places import TOWNS, KeyField, PlaceField, find_place
from initiatives.submission.forms.steps import StepForm

LONGEST_NAME = Initiative._meta.get_field("name").max_length
LONGEST_SUMMARY = Initiative._meta.get_field("summary").max_length
LONGEST_EMAIL = 254


class ThemeChoice(forms.ModelChoiceField):
    """A theme of either level, its own ones under each."""

    def __init__(self, **kwargs):
        super().__init__(Theme.objects.in_order(), to_field_name="slug", **kwargs)

    def label_from_instance(self, theme):
        return f"\N{EN DASH} {theme.name}" if theme.parent_id else theme.name


class EssentialForm(StepForm):
    template_name = "deposit/steps/essentiel.html"

    name = ShortText(
        label="Nom de l’initiative",
        longest=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez le nom de l’initiative."},
    )
    commune = PlaceField(
        label="Commune du siège",
        help_text="Écrivez le début du nom ou le code postal, puis choisissez dans la liste.",
        error_messages={"required": "Dites dans quelle commune elle est."},
    )
    commune_key = KeyField()
    summary = CountedText(
        label="Votre initiative en deux phrases",
        max_length=LONGEST_SUMMARY,
        help_text="Le besoin, puis ce que vous faites. Exemple : « Des légumes écartés finissaient au rebut ; "
        "nous les préparons pour les cantines. »",
        error_messages={"required": "Dites en deux phrases ce qu’elle est."},
    )
    theme = ThemeChoice(
        label="Thème principal",
        help_text="Vous pourrez en ajouter deux.",
        empty_label="À choisir",
        error_messages={"required": "Choisissez un thème.", "invalid_choice": "Choisissez un thème de la liste."},
    )

    def __init__(self, document, *args, **kwargs):
        super().__init__(document, *args, **kwargs)
        # A fiche that is known by its territory alone may stay so.
        self.fields["commune"].required = bool(document["sites"]) or not document["coverage"]

    def read(self, document):
        seat = document["sites"][0]["territory"] if document["sites"] else ""
        return {
            "name": document["name"],
            "commune": self.names.of(seat),
            "commune_key": seat,
            "summary": document["summary"],
            "theme": document["themes"][0] if document["themes"] else "",
        }

    def clean_summary(self):
        return " ".join(self.cleaned_data["summary"].split())

    def clean(self):
        cleaned = super().clean()
        self.place = find_place(self, "commune", kinds=TOWNS)
        return cleaned

    def write_on(self, document):
        answers = self.cleaned_data
        main = answers["theme"].slug
        others = [slug for slug in document["themes"][1:] if slug != main]
        sites = document["sites"]
        if self.place:
            seat = sites[0] if sites else {"uuid": str(uuid4()), "label": "", "address": ""}
            sites = [seat | {"territory": self.place.key}, *sites[1:]]
        return document | {
            "name": answers["name"],
            "summary": answers["summary"],
            "themes": [main, *others],
            "sites": sites,
        }


class AddressForm(Guarded, forms.Form):
    """Where to write to who deposits."""

    use_required_attribute = False
    email = forms.EmailField(
        label="Votre adresse électronique",
        max_length=LONGEST_EMAIL,
        help_text="Pour vous répondre et reprendre ce brouillon. Elle n’est pas publiée.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Donnez votre adresse électronique.",
            "invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr.",
        },
    )
