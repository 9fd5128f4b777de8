"""Names that are nearly what somebody typed."""

import pytest

from initiatives.directory.near_names import nearest

NAMES = [(1, "Le Recyclodrome"), (2, "La Ferme du Soleil"), (3, "L’École des champs"), (4, "ÉcoLieu"), (5, "")]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("recyclodrom", [1]),
        ("réciclodrome", [1]),
        ("ferm du soleill", [2]),
        ("éco lieu", [4]),
        ("colieu", [4]),
        ("ecole des chant", [3]),
        ("ferme des chevaux", []),
        ("xyz", []),
        ("de", []),
        ("", []),
        ("’ … %", []),
    ],
)
def test_the_nearest_names(words, keys):
    assert nearest(words, NAMES) == keys


def test_the_nearest_comes_first_and_few_are_given():
    names = [("loin", "Les Jardins de Cocagne"), ("près", "Le Jardin"), *((n, "Jardinn") for n in range(20))]

    assert nearest("jardin", names, limit=3)[0] == "près"
    assert len(nearest("jardin", names, limit=3)) == 3


def test_nothing_is_near_when_there_is_nothing():
    assert nearest("recyclodrome", []) == []
