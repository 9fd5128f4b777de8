"""A question to the holder of an initiative, and an owner's opinion of what others propose."""

from django import forms

from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.answers import TypedForm
from initiatives.submission.forms.signed import SignedForm


class QuestionForm(SignedForm):
    message = CountedText(
        label="Votre question",
        max_length=2000,
        help_text="Dites qui vous êtes et ce que vous cherchez : le porteur vous répondra plus volontiers.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre question."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user is None:
            self.fields[
                "email"
            ].help_text = "Le porteur vous répond à cette adresse : il la verra. Elle n’est pas publiée."


class OpinionForm(TypedForm):
    agrees = forms.TypedChoiceField(
        label="Qu’en pensez-vous ?",
        choices=[("oui", "D’accord"), ("non", "Pas d’accord")],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si vous êtes d’accord ou non."},
    )
    comment = CountedText(
        label="Pourquoi",
        required=False,
        max_length=2000,
        help_text="Ce que l’équipe doit savoir avant de décider. Elle seule le lit.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
