"""« Signaler une erreur » on a published fiche."""

from django import forms
from django.db.models import TextChoices

from initiatives.models import Consent
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.signed import SignedForm


class Reason(TextChoices):
    """What is wrong."""

    CLOSED = "fermee", "L’activité a cessé"
    PLACE = "lieu", "Le lieu ou l’adresse est faux"
    LINK = "lien", "Un lien ne mène plus nulle part"
    REMOVAL = "retrait", "Un contenu est à retirer"
    OTHER = "autre", "Autre chose"


class ReportForm(SignedForm):
    reason = forms.ChoiceField(
        label="Qu’est-ce qui ne va pas ?",
        choices=Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qui ne va pas : choisissez une ligne."},
    )
    comment = CountedText(
        label="Expliquez-nous",
        max_length=2000,
        help_text="Où est l’erreur, et ce qu’il faudrait lire. Une page le dit ? Donnez son adresse.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Expliquez en quelques mots ce qui ne va pas."},
    )
    consents = (Consent.Text.PRIVACY,)

    @property
    def told(self) -> str:
        """What the team reads: the reason, then the words."""
        return f"{Reason(self.cleaned_data['reason']).label}.\n\n{self.cleaned_data['comment']}"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user is None:
            self.fields["name"].required = False
            self.fields["email"].required = False
            self.fields["email"].help_text = (
                "Pour savoir ce que votre signalement est devenu. Vous confirmerez cette adresse par un lien ; "
                "elle n’est pas publiée."
            )
