"""What every form about a published fiche asks of whoever sends it: who they are, once, unless they are signed in."""

from uuid import UUID, uuid4

from django import forms

from initiatives.submission.abuse import Guarded
from initiatives.submission.actions.asking import Sender
from initiatives.submission.forms.answers import ShortText, TypedForm

SENT_AS = "envoi"


def read_key(data) -> UUID | None:
    """The UUID under which a form was sent, None when there is none."""
    try:
        return UUID(data.get(SENT_AS, ""))
    except ValueError:
        return None


class SignedForm(Guarded, TypedForm):
    """``user``: who is signed in, or None. Without one the form asks for a name and an address."""

    name = ShortText(
        label="Votre nom",
        longest=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Dites qui vous êtes."},
    )
    email = forms.EmailField(
        label="Votre adresse électronique",
        max_length=254,
        help_text="Pour vous répondre. Elle n’est pas publiée.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Donnez votre adresse électronique : nous vous y répondons.",
            "invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr.",
        },
    )
    # Those that are asked last.
    last = ("name", "email")

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.known_as = user, None
        for name in self.last:
            field = self.fields.pop(name)
            if user is None or name not in ("name", "email"):
                self.fields[name] = field

    @property
    def sent_as(self) -> UUID:
        """The UUID of what this form sends, the same however many times it is sent."""
        if self.known_as is None:
            self.known_as = read_key(self.data) or uuid4()
        return self.known_as

    @property
    def sender(self) -> Sender:
        """Who sends, once the form is valid."""
        role = self.cleaned_data.get("role", "")
        if self.user:
            return Sender.signed_in(self.user, role)
        return Sender(self.cleaned_data["email"], self.cleaned_data["name"], role)
