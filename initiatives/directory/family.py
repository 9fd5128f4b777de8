"""The lineage of an initiative: what it stems from, where it went, and its drawing: a stem for each place."""

from dataclasses import dataclass
from textwrap import wrap

from initiatives.models.vocabulary import LineageRelation

# Drawing units: the root is a disc at the left, the flowers stand one under the other at the right.
FIRST, STEP, ROOT, FOOT = 36, 62, 62, 48
SHORT, NARROW = 11, 16  # signs that fit before a year, and on a line alone


@dataclass(frozen=True)
class Relative:
    """Another initiative, or a place out of the directory (``url`` empty)."""

    name: str
    url: str
    year: int | None
    detail: str


@dataclass(frozen=True)
class Text:
    """A line of the drawing: ``is_year`` ones are smaller."""

    x: int
    y: int
    words: str
    is_year: bool = False


@dataclass(frozen=True)
class Branch:
    y: int
    leaf_y: int
    leaf_turn: int
    texts: list


@dataclass(frozen=True)
class Tree:
    height: int
    root_y: int
    root_texts: list
    branches: list


def relatives(fiche):
    """(ancestors, offspring) of a fiche, told by its own lines or by those of others; published ones only."""
    ancestors, offspring = {}, {}
    told_by_others = fiche.lineage_in.filter(initiative__status="published").select_related("initiative")
    lines = [(line, line.other, line.relation == LineageRelation.SPREAD_TO) for line in fiche.lineage.all()]
    lines += [(line, line.initiative, line.relation == LineageRelation.INSPIRED_BY) for line in told_by_others]
    for line, other, is_offspring in lines:
        if other is None or other.is_published:
            relative = Relative(
                name=other.name if other else line.place,
                url=other.get_absolute_url() if other else "",
                year=line.year,
                detail=line.detail,
            )
            (offspring if is_offspring else ancestors).setdefault(other.pk if other else line.place, relative)
    return _by_year(ancestors), _by_year(offspring)


def _by_year(found):
    """The dated ones first."""
    return sorted(found.values(), key=lambda relative: relative.year or 9999)


def tree(fiche, offspring):
    """The drawing of where a fiche went, or None when it went nowhere."""
    if not offspring:
        return None
    heights = [FIRST + STEP * row for row in range(len(offspring))]
    root = max(ROOT, (heights[0] + heights[-1]) // 2)
    if len(offspring) == 1:
        heights = [root]
    branches = [
        Branch(y, (root + y) // 2, -50 if y <= root else 50, _branch_texts(relative, y))
        for relative, y in zip(offspring, heights, strict=True)
    ]
    return Tree(max(root + ROOT, heights[-1] + FOOT), root, _root_texts(fiche, root), branches)


def _branch_texts(relative, y):
    if relative.year and len(relative.name) <= SHORT:
        return [Text(300, y + 6, relative.name), Text(420, y + 5, str(relative.year), is_year=True)]
    lines = wrap(relative.name, NARROW, max_lines=2, placeholder=" …")
    texts = [(line, False) for line in lines] + ([(str(relative.year), True)] if relative.year else [])
    top = y + 6 - 10 * (len(texts) - 1)
    return [Text(300, top + 20 * row, words, is_year) for row, (words, is_year) in enumerate(texts)]


def _root_texts(fiche, y):
    start = [(fiche.start_line, True)] if fiche.start_line else []
    place = wrap(fiche.place_line or fiche.name, SHORT, max_lines=3 - len(start), placeholder=" …")
    lines = [(line, False) for line in place] + start
    top = y + 5 - 10 * (len(lines) - 1)
    return [Text(62, top + 20 * row, words, is_year) for row, (words, is_year) in enumerate(lines)]
