"""The answer to the team: all the steps, one under the other, over a fiche that it may change meanwhile; or words."""

import json
from dataclasses import dataclass

from django import forms

from initiatives.models import Initiative
from initiatives.submission import documents
from initiatives.submission.changes import compare
from initiatives.submission.comparing import changes_between, marks, moved_since, read_marks, untouched
from initiatives.submission.drafts import document_to_correct, promised
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms import STEPS, PhotosForm
from initiatives.submission.forms.answers import TypedForm
from initiatives.submission.forms.names import Names
from initiatives.submission.forms.steps import place_of, written_on

SHOWN = "montre"
MINE, THEIRS = "mien", "cress"


@dataclass(frozen=True)
class Clash:
    """A field that both the holder and the team changed. ``place``: the id of what asks for it."""

    name: str
    label: str
    pieces: tuple
    mark: str
    place: str

    @property
    def asked_as(self):
        return f"choix-{self.name}"

    @property
    def mine(self):
        return f"{MINE} {self.mark}"

    @property
    def theirs(self):
        return f"{THEIRS} {self.mark}"


class CorrectionForms:
    """``data``: what was sent, or None.

    The page bears the marks of what it showed, as a proposal does (``comparing``): what the team changed meanwhile is
    not undone where the holder changed nothing. Where both did, the holder sees both, and says which of them stands:
    a choice is about one version of the team, and is asked again when the team changes it once more.
    """

    def __init__(self, submission, data=None):
        self.submission, self.data = submission, data
        self.base = document_to_correct(submission)
        self.shown = marks(Initiative, self.base) if data is None else _marks_of(data)
        self.clashes: list[Clash] = []
        self._promised = [*promised(submission), *(str(photo.uuid) for photo in submission.initiative.photos.all())]
        self._make(self.base, data)

    def __iter__(self):
        return iter(self._forms)

    def __getitem__(self, place):
        return self._forms[place]

    def is_valid(self):
        return all([form.is_valid() for form in self])

    def forget_errors(self):
        """Show what is typed, without what is wrong in it."""
        self.is_valid()
        for form in self:
            form.forget_errors()

    @property
    def shown_marks(self):
        return json.dumps(self.shown, separators=(",", ":"))

    @property
    def promised(self):
        """UUIDs of the photos that may be published, as the person promises. The forms are valid."""
        return self._forms[-1].rows["photos"].promised()

    def take_in_photos(self):
        """Photos that the holder has just sent: it is not the team who changed that field."""
        before, self.base = self.base, document_to_correct(self.submission)
        if "photos" not in moved_since(Initiative, self.shown, before):
            self.shown["photos"] = marks(Initiative, self.base)["photos"]

    def make_again(self, data):
        self._make(self.base, data)

    def changes(self) -> dict:
        """What is to be written: field → value. The forms are valid; ``clashes`` are those still to be chosen."""
        after, today = written_on(self.base, self._forms), marks(Initiative, self.base)
        moved = moved_since(Initiative, self.shown, self.base)
        left = untouched(Initiative, self.shown, after, moved)
        kept = {}
        for name, (theirs, mine) in changes_between(Initiative, self.base, after).items():
            chosen = (self.data or {}).get(f"choix-{name}", "")
            if name in left or (name in moved and chosen == f"{THEIRS} {today[name]}"):
                continue
            kept[name] = mine
            if name in moved and chosen != f"{MINE} {today[name]}":
                said = (documents.words(Initiative, name, value) for value in (theirs, mine))
                label = documents.label(Initiative, name)
                self.clashes.append(Clash(name, label, compare(*said), today[name], place_of(self._forms, name)))
        return kept

    def show_again_on_today(self, changes):
        """Put what was typed on the fiche of today; the rest says what it says now."""
        today = marks(Initiative, self.base)
        self.shown = today | {clash.name: self.shown.get(clash.name, "") for clash in self.clashes}
        self._promised = [*self._promised, *self.promised]
        self._make(self.base | changes, None)

    def _make(self, document, data):
        names, more = Names(document), {PhotosForm: {"promised": self._promised}}
        self.steps = [step for step in STEPS if step.form]
        self._forms = [step.form(document, data, names=names, **more.get(step.form, {})) for step in self.steps]


def _marks_of(data):
    """A page that does not say what it showed has seen nothing of today: whatever it says otherwise is asked about."""
    return dict.fromkeys(documents.FIELDS[Initiative], "") | read_marks(data.get(SHOWN, ""))


class AnswerForm(TypedForm):
    """The answer in words, of what holds no fiche to correct."""

    text = CountedText(
        label="Votre réponse",
        max_length=4000,
        help_text="Ce que vous écrivez ici n’est lu que par l’équipe.",
        error_messages={"required": "Écrivez votre réponse."},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
