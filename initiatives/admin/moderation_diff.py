"""What a proposal changes, as the page of one submission shows it: field by field, and line by line inside a field."""

from dataclasses import dataclass

from initiatives.models import ProposedChange
from initiatives.submission import documents
from initiatives.submission.actions.deciding_changes import values_on_today
from initiatives.submission.changes import Piece, compare


@dataclass(frozen=True)
class Sides:
    """A value, or a line of a field, before and after; empty when it is not there."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class FieldDiff:
    """One proposed change. ``sides``: one of a column, one a line of a relation; from today to what it would become.

    ``then``: what the fiche said when the proposal was sent, in words, "" when it still says the same. ``is_done``:
    the fiche says already what is proposed.
    """

    change: ProposedChange
    label: str
    sides: list[Sides]
    then: str
    is_done: bool


def diffs_of(submission, changes) -> list[FieldDiff]:
    """The changes of a submission, on the fiche of today."""
    fiche = submission.fiche
    today = documents.read(fiche)
    result = values_on_today(fiche, changes, today)
    return [_diff(type(fiche), change, today[change.field], result[change.field]) for change in changes]


def decided_diffs(submission, changes) -> list[FieldDiff]:
    """The same once all is decided: from what was online when it was sent to what was proposed."""
    model = type(submission.fiche)
    return [
        FieldDiff(
            change,
            documents.label(model, change.field),
            _sides(model, change.field, change.base, change.proposed),
            "",
            False,
        )
        for change in changes
    ]


def _diff(model, change, now, result):
    has_moved = _plain(now) != _plain(change.base)
    then = _joined(documents.words(model, change.field, change.base)) or "vide" if has_moved else ""
    sides = _sides(model, change.field, now, result)
    return FieldDiff(change, documents.label(model, change.field), sides, then, _plain(now) == _plain(result))


def _sides(model, field, before, after) -> list[Sides]:
    if not _has_lines(before, after):
        return [Sides(*compare(documents.words(model, field, before), documents.words(model, field, after)))]
    old, new = _by_uuid(model, field, before), _by_uuid(model, field, after)
    return [Sides(*compare(old.get(key, ""), new.get(key, ""))) for key in dict.fromkeys([*old, *new])]


def _has_lines(*values):
    return any(isinstance(value, list) and value and isinstance(value[0], dict) for value in values)


def _by_uuid(model, field, lines):
    """UUID of each line → what it says."""
    lines = lines or []
    return dict(zip([line["uuid"] for line in lines], documents.words(model, field, lines), strict=True))


def _plain(value):
    return None if value in ("", [], None) else value


def _joined(words):
    return "\n".join(words) if isinstance(words, list) else words
