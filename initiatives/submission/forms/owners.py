"""What an owner, or an invited person, is asked for."""

from django import forms

from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.answers import ShortText, TypedForm


class HandOverForm(TypedForm):
    name = ShortText(
        label="Nom de cette personne",
        longest=150,
        error_messages={"required": "Écrivez le nom de la personne."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Son adresse électronique",
        help_text="Exemple : nom@exemple.fr",
        max_length=254,
        error_messages={
            "required": "Écrivez son adresse électronique.",
            "invalid": "Écrivez une adresse électronique entière, par exemple nom@exemple.fr.",
            "max_length": "Cette adresse est trop longue : vérifiez-la.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(TypedForm):
    """Why: a word is enough, and none is needed."""

    text = CountedText(
        label="Pourquoi ?",
        required=False,
        max_length=2000,
        help_text="Ce que vous écrivez ici n’est lu que par l’équipe.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
