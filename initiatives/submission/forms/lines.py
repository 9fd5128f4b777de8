"""The lines of the step of means: partners, money received, what it looks for and offers."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from initiatives.models import Funding, Notice, Participation
from initiatives.models.vocabulary import FundingKind, Offered, Role, Sought
from initiatives.submission.forms.actors import ANOTHER, ActorNameField, described, find_actor, find_funder
from initiatives.submission.forms.answers import AmountField, ShortText, YearField
from initiatives.submission.forms.places import KeyField
from initiatives.submission.forms.steps import BaseRows, Row, rows_of

LONGEST_DETAIL = Participation._meta.get_field("detail").max_length
LONGEST_NATURE = Funding._meta.get_field("detail").max_length
LONGEST_TEXT = Notice._meta.get_field("text").max_length


class PartnerRow(Row):
    DECIDING = ("partner", "detail")

    partner = ActorNameField(
        label="Nom", required=True, error_messages={"required": "Donnez le nom de cette structure."}
    )
    partner_key = KeyField()
    role = forms.ChoiceField(label="Rôle", choices=[choice for choice in Role.choices if choice[0] != Role.HOLDER])
    detail = ShortText(label="Ce qu’elle fait", longest=LONGEST_DETAIL, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("role") == Role.HOLDER:
            # Another holder beside the first stays one.
            self.fields["role"].choices = Role.choices

    @classmethod
    def read(cls, line, names):
        return line | read_actor(line, names, "partner")

    def clean(self):
        cleaned = super().clean()
        self.actor = known_actor(self, "partner") or _key(find_actor(self, "partner"))
        return cleaned

    def write(self, line):
        return write_actor(super().write(line), self.actor, self.cleaned_data["partner"])


class PartnerRows(BaseRows):
    NEW = {"actor": None, "role": "", "is_lead": False, "detail": "", "since": None, "until": None}
    ADD = "Ajouter un partenaire"

    def clean(self):
        seen = set()
        for form in self.forms:
            if form.is_there and not form.errors:
                known = (form.actor or form.cleaned_data["partner"].lower(), form.cleaned_data["role"])
                if known in seen:
                    form.add_error("partner", "Cette structure a déjà ce rôle, plus haut.")
                seen.add(known)


class FundingRow(Row):
    DECIDING = ("funder", "amount", "year", "detail")

    funder = ActorNameField(
        label="De qui ?", required=True, error_messages={"required": "Dites de qui vient ce financement."}
    )
    funder_key = KeyField()
    amount = AmountField(label="Montant, en euros")
    year = YearField(label="Année")
    kind = forms.ChoiceField(label="Nature", choices=[("", "Non précisée"), *FundingKind.choices], required=False)
    detail = ShortText(label="Pour quoi ?", longest=LONGEST_NATURE, required=False)

    @classmethod
    def read(cls, line, names):
        if line.get("source"):
            return line | {"funder": names.of(line["source"]), "funder_key": line["source"]}
        return line | read_actor(line, names, "funder")

    def clean(self):
        cleaned = super().clean()
        self.source, self.actor = None, None
        if self.initial.get("funder") and cleaned.get("funder") == self.initial["funder"]:
            self.source, self.actor = self.initial.get("source"), self.initial.get("actor")
        else:
            self.source, self.actor = map(_key, find_funder(self, "funder"))
        return cleaned

    def write(self, line):
        line = super().write(line) | {"source": self.source}
        if self.source:
            line.pop("new_actor", None)
            # The one who offers a known source, when the line named both.
            return line if self.actor else line | {"actor": None}
        return write_actor(line, self.actor, self.cleaned_data["funder"])


class FundingRows(BaseRows):
    NEW = {"source": None, "actor": None, "amount": None, "year": None, "kind": "", "detail": ""}
    ADD = "Ajouter un financement"


class NoticeRow(Row):
    DECIDING = ("what", "text")

    what = forms.ChoiceField(
        label="Quoi ?",
        choices=[
            ("", "À choisir"),
            ("Elle cherche", [(f"cherche-{value}", label) for value, label in Sought.choices]),
            ("Elle propose", [(f"propose-{value}", label) for value, label in Offered.choices]),
        ],
        error_messages={"required": "Dites ce qu’elle cherche ou propose."},
    )
    text = ShortText(label="Précisez", longest=LONGEST_TEXT, required=False)
    until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Écrivez une date, comme 31/12/2027."},
    )

    @classmethod
    def read(cls, line, names):
        until = date.fromisoformat(line["until"]) if line.get("until") else None
        return line | {"what": f"{line['kind']}-{line['value']}", "until": until}

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate() and until != self.initial.get("until"):
            raise ValidationError("Cette date est passée.")
        return until

    def write(self, line):
        kind, _, value = self.cleaned_data["what"].partition("-")
        until = self.cleaned_data["until"]
        return super().write(line) | {"kind": kind, "value": value, "until": until and until.isoformat()}


class NoticeRows(BaseRows):
    NEW = {"kind": "", "value": "", "text": "", "until": None}
    ADD = "Ajouter une annonce"

    def clean(self):
        seen = set()
        for form in self.forms:
            if form.is_there and form.cleaned_data["what"] in seen:
                form.add_error("what", "Cette annonce est déjà plus haut.")
            elif form.is_there:
                seen.add(form.cleaned_data["what"])


PARTNERS = rows_of(PartnerRow, base=PartnerRows)
FUNDINGS = rows_of(FundingRow, base=FundingRows)
NOTICES = rows_of(NoticeRow, base=NoticeRows)


def read_actor(line, names, field) -> dict:
    """What the two fields of an actor begin with."""
    new = line.get("new_actor") or {}
    return {
        field: new.get("name") or names.of(line.get("actor")),
        f"{field}_key": ANOTHER if new else line.get("actor") or "",
    }


def known_actor(form, field):
    """The actor that the line already names, whatever its state, as long as its name is left."""
    same = form.initial.get(field) and form.cleaned_data.get(field) == form.initial[field]
    return form.initial.get("actor") if same else None


def write_actor(line, actor, name) -> dict:
    """The line with its actor: one of the directory, or one that is described by its name (as it was, if it was)."""
    if actor:
        return {key: value for key, value in line.items() if key != "new_actor"} | {"actor": actor}
    new = line.get("new_actor") or {}
    return line | {"actor": None, "new_actor": new if new.get("name") == name else described(name)}


def _key(row):
    return row and str(row.uuid)
