"""Two windows on the same step of a draft: what the other one saved since this page was shown.

A page bears the marks of what it showed, as a proposal and a correction do (``comparing``). What only the other window
changed is left as it saved it. Where both did, nothing is written: the page comes back as it was sent, with what the
other window says, and the marks of that: sent again, it wins.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from django.utils.choices import flatten_choices

from initiatives.models import Initiative
from initiatives.submission import documents
from initiatives.submission.changes import compare
from initiatives.submission.comparing import changes_between, marks, moved_since, read_marks, untouched
from initiatives.submission.drafts import document_of, typed_in
from initiatives.submission.forms.correction import SHOWN
from initiatives.submission.forms.places import KeyField
from initiatives.submission.forms.steps import place_of

# The mark of what a step holds that is wrong, and waits beside the draft.
WAITING = "_attend"


@dataclass(frozen=True)
class Elsewhere:
    """What both windows changed. ``pieces``: what the other one says, then this one. ``place``: the id of its field."""

    name: str
    label: str
    pieces: tuple
    place: str


def marks_of(draft, step: str, typed=None) -> dict:
    """The marks of what a step says now; where it shows again what was ``typed``, of what that was typed over."""
    now = marks(Initiative, _said(document_of(draft))) | {WAITING: _mark(typed_in(draft, step))}
    # What is said of photos never waits: it is saved as far as it goes.
    over = {name: mark for name, mark in shown_in(typed or {}).items() if name not in (WAITING, "photos")}
    return now | over


def shown_in(data) -> dict:
    """The marks that a page bore, among what it sends."""
    return read_marks(data.get(SHOWN, ""))


def sort_out(form, shown: dict, changes: dict) -> tuple[dict, list[Elsewhere]]:
    """What is to be written of the ``changes`` that a form makes, and what the other window changed as well."""
    before, after = _said(form.document), _said(form.document | changes)
    moved = moved_since(Initiative, shown, before)
    left = untouched(Initiative, shown, after, moved)
    both = moved - left
    found = [
        _elsewhere(form, name, changes[name]) for name in changes_between(Initiative, before, after) if name in both
    ]
    return {name: value for name, value in changes.items() if name not in left}, found


def waiting_elsewhere(draft, step: str, form, shown: dict) -> list[Elsewhere]:
    """What the other window left to be corrected in this step, and that this one would take away."""
    typed = typed_in(draft, step)
    if typed is None or WAITING not in shown or shown[WAITING] == _mark(typed):
        return []
    other = type(form)(form.document, typed, names=form.names)
    bound = [prefix for prefix, rows in other.rows.items() if rows.is_bound]
    theirs, ours = _answers(other, bound), _answers(form, bound)
    sides = [
        [text for name, text in one.items() if text != another.get(name)]
        for one, another in ((theirs, ours), (ours, theirs))
    ]
    return [Elsewhere(WAITING, "réponses à corriger", compare(*sides), "")] if any(sides) else []


def _elsewhere(form, name, ours):
    theirs = form.document.get(name)
    said = (documents.words(Initiative, name, value) for value in (theirs, ours))
    return Elsewhere(name, documents.label(Initiative, name), compare(*said), place_of([form], name))


def _said(document):
    """A document without what is drawn anew at each sending: the UUIDs of its lines (those of photos name files)."""
    return {name: value if name == "photos" else _without_uuids(value) for name, value in document.items()}


def _without_uuids(value):
    if not isinstance(value, list):
        return value
    return [{k: v for k, v in line.items() if k != "uuid"} if isinstance(line, dict) else line for line in value]


def _mark(typed):
    """A short mark of what is typed, "" when nothing is."""
    if typed is None:
        return ""
    answers = {name: values for name, values in typed.lists() if name != SHOWN}
    return sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:12]


def _answers(form, bound):
    """Name in the page → « Label : what is typed », for all that is typed in a form and these lines of it."""
    forms = [form, *(row for prefix in bound for row in form.rows[prefix].forms)]
    fields = [field for one in forms for field in one if not (field.is_hidden or isinstance(field.field, KeyField))]
    typed = {field.html_name: (field.label, _typed(field)) for field in fields}
    return {name: f"{label}\N{NO-BREAK SPACE}: {text}" for name, (label, text) in typed.items() if text}


def _typed(field):
    value = field.value()
    values = [
        str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one not in (None, "", False)
    ]
    called = dict(flatten_choices(getattr(field.field, "choices", ())))
    return ", ".join(str(called.get(one, one)) for one in values)
