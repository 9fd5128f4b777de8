"""« C’est mon initiative »: who asks to be recognised as the holder of a published fiche."""

from django import forms

from initiatives.models import Consent
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.signed import SignedForm


class ClaimForm(SignedForm):
    role = forms.CharField(
        label="Votre rôle dans la structure",
        max_length=150,
        help_text="Exemples : présidente, salarié chargé du projet, bénévole.",
        error_messages={"required": "Dites quel est votre rôle dans la structure."},
    )
    comment = CountedText(
        label="Ce qui nous aide à vous reconnaître",
        required=False,
        max_length=1000,
        help_text="Une page où votre nom figure, un numéro où vous joindre. L’équipe seule le lit.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    consents = (Consent.Text.PRIVACY,)
    last = ("name", "role", "email", "comment")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user is None:
            self.fields["email"].help_text = (
                "De préférence celle de la structure : si elle est sur le nom de domaine de son site, la fiche est à "
                "vous dès que vous l’avez confirmée. Elle n’est pas publiée."
            )
