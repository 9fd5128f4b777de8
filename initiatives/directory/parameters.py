"""What the address of a search may say, told to those who write addresses: the list of the method page."""

from dataclasses import dataclass

from initiatives.directory.criteria import CRITERIA, FIRST_YEAR, LAST_YEAR, Bound, Values
from initiatives.directory.listing import DEFAULT_SIZE, PAGE_SIZES
from initiatives.directory.options import Options
from initiatives.directory.sorts import SORTS, UNASKED


@dataclass(frozen=True)
class Parameter:
    """``values``: value → label of a closed list; else ``takes`` says in words what may be written."""

    name: str
    label: str
    takes: str = ""
    values: dict[str, str] | None = None


def parameters(options: Options) -> list[Parameter]:
    """Every parameter of the list of initiatives, in the order of the criteria; then how results are shown."""
    orders = {name: sort.label for name, sort in SORTS.items()}
    unasked = ", ".join(f"« {SORTS[name].label} »" for name in UNASKED)
    return [
        *(_of(criterion, options) for criterion in CRITERIA),
        Parameter("tri", "Ordre", f"sans lui, le premier possible de {unasked}", orders),
        Parameter("page", "Page", "un nombre, pour la liste seulement"),
        Parameter("par_page", "Résultats par page", f"de 1 à {PAGE_SIZES[-1]}, {DEFAULT_SIZE} sans lui"),
    ]


def _of(criterion, options):
    match criterion:
        case Values(takes=""):
            return Parameter(criterion.name, criterion.label, values=options.of(criterion))
        case Bound(is_year=True):
            return Parameter(criterion.name, criterion.label, f"une année, de {FIRST_YEAR} à {LAST_YEAR}")
        case Bound():
            return Parameter(criterion.name, criterion.label, "une date : 2026-03-31")
    return Parameter(criterion.name, criterion.label, criterion.takes)
