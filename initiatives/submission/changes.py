"""What an act changed in a fiche, field by field and line by line, in people's words: read from its history."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher

from django.utils.timezone import localtime
from reversion.models import Version

from initiatives.models import InitiativeTheme, User
from initiatives.submission.history import KEPT, told
from initiatives.submission.snapshots import MOMENT, Snapshot, column_name, read_snapshots, told_date

WORD = re.compile(r"\w+(?:[’'\-]\w+)*|\s+|[^\w\s]")
# A long text is shown around what changed in it: so many characters on each side.
AROUND = 120
# Beyond, or with less in common, a text is shown as replaced: comparing would say nothing, or take too long.
MOST_COMPARED, LEAST_ALIKE = 4_000_000, 0.3
# More revisions than anybody reads at once.
MOST_READ = 50


@dataclass(frozen=True)
class Piece:
    """A part of a value; ``changed`` when the other state does not say it."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Change:
    """One thing that changed. ``key``: (model, UUID or None for the fiche itself, column or "" for a whole line)."""

    key: tuple
    label: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Act:
    """A revision, as people read it. ``is_first``: nothing says what was before, and ``changes`` tells all there is."""

    at: datetime
    by: User | None
    verb: str
    why: str
    snapshot: Snapshot = field(repr=False)
    changes: list[Change]
    is_first: bool

    @property
    def title(self) -> str:
        """What tells it from the others, for who cannot see it: « Modification du 4 mai 2026 à 12 h 05 min 20 s »."""
        moment = localtime(self.at)
        return f"{self.verb} du {told_date(moment, MOMENT)} min {moment.second} s"


def versions_of(fiche):
    """The versions of a fiche, the last one first: one for each act that touched it."""
    return Version.objects.get_for_object(fiche).select_related("revision__user")


def read_acts(versions) -> list[Act]:
    """The acts that these versions of one fiche come from, each compared with the next of the list."""
    versions = list(versions)
    states = read_snapshots(versions)
    acts = []
    for version, state, before in zip(versions, states, [*states[1:], None], strict=False):
        verb, why = told(version.revision)
        found = changes(before, state) if before else everything(state)
        acts.append(Act(version.revision.date_created, version.revision.user, verb, why, state, found, before is None))
    return acts


def read_since(fiche, revision: int) -> tuple[Snapshot | None, list[Act]]:
    """The state of a fiche at this revision, None when it was not kept, and the acts since then, the last one first."""
    count = min(max(fiche.revision - revision, 0), MOST_READ)
    acts = read_acts(versions_of(fiche)[: count + 1])
    later = [act for act in acts if act.snapshot.revision > revision]
    base = next((act.snapshot for act in acts if act.snapshot.revision == revision), None)
    return base, later


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """What is said otherwise in ``after``: the columns of the fiche, then its lines, known by their UUID."""
    model = after.fiche.model
    found = [*_columns(before.fiche, after.fiche, None, "")]
    for name in KEPT[model]:
        lines = model._meta.get_field(name).related_model
        if lines is InitiativeTheme:
            found += _themes(before, after)
        else:
            found += _lines(before.lines_by_key(lines), after.lines_by_key(lines))
    return found


def everything(state: Snapshot) -> list[Change]:
    """All that a state says, as additions."""
    nothing = Snapshot(replace(state.fiche, values={}), ())
    return [change for change in changes(nothing, state) if change.after != (Piece("non", True),)]


def _columns(before, after, uuid, prefix) -> Iterator[Change]:
    for name, said in after.words.items():
        if before.words.get(name, "") != said:
            label = prefix + column_name(after.model, name)
            yield Change((after.model, uuid, name), label, *compare(before.words.get(name, ""), said))


def _themes(before, after) -> Iterator[Change]:
    """Its themes are one thing, told in their order: their lines are made again each time that they change."""
    said = [[line.words["theme"] for line in state.lines_by_key(InitiativeTheme).values()] for state in (before, after)]
    if said[0] != said[1]:
        yield Change((after.fiche.model, None, "theme_links"), "thèmes", *compare(*said))


def _lines(before, after) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        line = new or old
        noun = line.model._meta.verbose_name
        if old and new:
            yield from _columns(old, new, key[1], f"{noun} «\u202f{line.title}\u202f», ")
        else:
            said = (Piece(_in_one_line(line), True),)
            yield Change((line.model, key[1], ""), noun, said if old else (), said if new else ())


def _in_one_line(row) -> str:
    """All that a line says, in a sentence."""
    said = [
        f"{column_name(row.model, name)}\N{NO-BREAK SPACE}: {_joined(words)}"
        for name, words in row.words.items()
        if words and words != "non" and name != "position"
    ]
    return "\N{NARROW NO-BREAK SPACE}; ".join(said)


def compare(before, after) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces of two values; texts are compared word by word, lists item by item."""
    if isinstance(before, list) or isinstance(after, list):
        return _compare(_listed(before), _listed(after), ", ", least_alike=0)
    old, new = WORD.findall(before), WORD.findall(after)
    if not old or not new:
        return _whole(before), _whole(after)
    if len(old) * len(new) > MOST_COMPARED:
        return _compare_lines(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return _compare(old, new, "", LEAST_ALIKE)


def _compare_lines(old, new):
    """The pieces of two long texts: lines first, then the words of the lines that changed."""
    sides = [], []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for is_same, parts in _stretches(matcher.get_opcodes(), old, new):
        said = ["".join(lines) for lines in parts]
        counts = [len(WORD.findall(text)) for text in said]
        if is_same:
            found = [(Piece(text),) for text in said]
        elif min(counts) and counts[0] * counts[1] <= MOST_COMPARED:
            found = _compare(*(WORD.findall(text) for text in said), "", LEAST_ALIKE)
        else:
            found = [_whole(text) for text in said]
        for side, pieces in zip(sides, found, strict=True):
            side += pieces
    return tuple(_shortened(side) for side in sides)


def _compare(old, new, joint, least_alike):
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    kept = sum(len(old[at]) for start, _, size in matcher.get_matching_blocks() for at in range(start, start + size))
    if kept < least_alike * max(sum(map(len, old)), sum(map(len, new))):
        return _whole("".join(old)), _whole("".join(new))
    sides = [], []
    for is_same, parts in _stretches(matcher.get_opcodes(), old, new):
        for side, words in zip(sides, parts, strict=True):
            if words:
                side.append(Piece(joint.join(words), not is_same))
    return tuple(_shortened(_spaced(side, joint)) for side in sides)


def _stretches(opcodes, old, new):
    """(is the same, (words of old, words of new)); a space or a comma between two changes belongs to them."""
    found = []
    for operation, *span in opcodes:
        parts = old[span[0] : span[1]], new[span[2] : span[3]]
        is_same = operation == "equal"
        if is_same and found and span[1] < len(old) and span[3] < len(new) and not re.search(r"\w", "".join(parts[0])):
            is_same = False
        if found and found[-1][0] == is_same:
            found[-1] = is_same, tuple([*first, *then] for first, then in zip(found[-1][1], parts, strict=True))
        else:
            found.append((is_same, parts))
    return found


def _spaced(pieces, joint):
    """Put back what joins the items of a list, between two pieces."""
    return [Piece(piece.text + joint * (at < len(pieces)), piece.changed) for at, piece in enumerate(pieces, 1)]


def _shortened(pieces):
    """Leave out the middle of long stretches that did not change."""
    last = len(pieces) - 1
    return tuple(
        piece if piece.changed or last == 0 else Piece(_shorten(piece.text, at > 0, at < last))
        for at, piece in enumerate(pieces)
    )


def _shorten(text, has_before, has_after):
    room = AROUND * (has_before + has_after)
    if len(text) <= room + 20:
        return text
    start = text[: text.rfind(" ", 0, AROUND) + 1] if has_before else ""
    end = text[text.find(" ", len(text) - AROUND) :] if has_after else ""
    return f"{start}[…]{end}"


def _whole(said):
    text = _joined(said)
    return (Piece(text, True),) if text else ()


def _joined(said):
    return ", ".join(said) if isinstance(said, list) else said


def _listed(said):
    return said if isinstance(said, list) else [said] if said else []
