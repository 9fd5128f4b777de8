"""Last step: who sends, and the texts that are accepted, each by its own box."""

from hashlib import sha256

from django import forms

from initiatives.models import Consent, Submission
from initiatives.submission.consents import PAGES, versions_of
from initiatives.submission.forms.answers import ShortText, TypedForm

Text = Consent.Text
LONGEST_NAME = Submission._meta.get_field("name").max_length
LONGEST_ROLE = Submission._meta.get_field("role").max_length


class SendForm(TypedForm):
    use_required_attribute = False

    name = ShortText(
        label="Votre nom",
        longest=LONGEST_NAME,
        required=False,
        help_text="Pour que la Cress sache à qui elle répond.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    role = ShortText(
        label="Votre rôle",
        longest=LONGEST_ROLE,
        required=False,
        help_text="Exemple : « coordinatrice », « bénévole ».",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    name_is_public = forms.BooleanField(label="Je veux que mon nom soit publié avec la fiche", required=False)
    publication = forms.BooleanField(
        label="J’accepte que cette fiche soit publiée sur InnovGuide, après relecture par la Cress",
        error_messages={"required": "Sans votre accord, la fiche ne peut pas être publiée : cochez la case."},
    )
    charter = forms.BooleanField(
        label="J’ai lu la charte, et la fiche la respecte",
        error_messages={"required": "Lisez la charte, puis cochez la case."},
    )
    licence = forms.BooleanField(
        label="Je place les textes de la fiche sous Licence Ouverte 2.0 : chacun peut les reprendre en les citant",
        error_messages={"required": "Les textes de l’annuaire sont sous Licence Ouverte 2.0 : cochez la case."},
    )
    privacy = forms.BooleanField(
        label="J’ai lu ce que devient mon adresse électronique",
        error_messages={"required": "Lisez ce que deviennent vos données, puis cochez la case."},
    )

    ACCEPTED = {
        "publication": Text.PUBLICATION,
        "charter": Text.CHARTER,
        "licence": Text.LICENCE,
        "privacy": Text.PRIVACY,
        "name_is_public": Text.NAME,
    }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("name_is_public") and not cleaned.get("name"):
            self.add_error("name", "Donnez votre nom, ou décochez la case qui le publie.")
        return cleaned

    def consents(self, request) -> dict[str, str]:
        """Text → the version that was accepted."""
        accepted = {text: name for name, text in self.ACCEPTED.items() if self.cleaned_data[name]}
        told = [text for text in accepted if text in (*PAGES, Text.LICENCE)]
        # What only its box says: the version is that of its words.
        boxes = {text: self._words_of(name) for text, name in accepted.items() if text not in told}
        return versions_of(request, told) | boxes

    def _words_of(self, name):
        return sha256(self.fields[name].label.encode()).hexdigest()[:16]
