"""The orders that a list of initiatives may be asked in (parameter ``tri``), and the one that it has unasked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sort:
    """``needs``: criteria of which the search must have one; ``without``: what it lacks else, in words."""

    label: str
    needs: tuple[str, ...] = ()
    without: str = ""


SORTS = {
    "pertinence": Sort("Pertinence", ("q",), "sans mots"),
    "proximite": Sort("Proximité", ("territoire",), "sans territoire"),
    "distance": Sort("Distance", ("rayon", "pres_de"), "sans lieu d’où la compter"),
    "jour": Sort("Découverte, chaque jour"),
    "recentes": Sort("Dernières publiées"),
    "verifiees": Sort("Dernières vérifiées"),
    "nom": Sort("Nom"),
}
UNASKED = ("pertinence", "proximite", "jour")


def is_possible(name: str, values) -> bool:
    """Whether results can be put in this order. ``values``: those of the criteria of the search."""
    needs = SORTS[name].needs
    return not needs or any(values.get(criterion) for criterion in needs)


def default_sort(values) -> str:
    """The order of a search that asks for none."""
    return next(name for name in UNASKED if is_possible(name, values))
