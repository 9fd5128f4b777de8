"""The lineage of an initiative, told and drawn."""

from initiatives.models import Initiative
from tests import factories
from tests.directory.filled import full_initiative
from tests.directory.reading import read, words


def lineage(client, fiche):
    """The section of the fiche that tells its lineage."""
    return read(client.get(fiche.get_absolute_url())).select_one("[aria-labelledby=lignee]")


def test_a_lineage_is_drawn_and_told_from_both_sides(client, places):
    root = full_initiative(places)
    factories.LineageFactory(initiative=factories.InitiativeFactory(published=True, name="La Cadette"), other=root)
    elder = factories.InitiativeFactory(published=True, name="L’Ancêtre", sites=[places.arles])
    factories.LineageFactory(initiative=elder, other=root, relation="essaimee-a", year=2001)

    told = lineage(client, root)

    assert words(told.dl) == (
        "Inspirée de L’Ancêtre (2001), L’Aînée "
        "Refaite ailleurs Montpellier (2015, en réseau), "
        "Un lieu au nom vraiment long, à deux lignes (en réseau), La Cadette"
    )
    drawn = told.select_one("svg[role=img]")
    assert drawn["aria-label"].startswith("Les Jardins a essaimé")
    assert len(drawn.select(".tige-l")) == 3
    assert [words(text) for text in drawn.select("text.v:not(.c)")] == [
        "Montpellier",
        "Un lieu au nom",
        "vraiment long, …",
        "La Cadette",
    ]
    youngest = lineage(client, Initiative.objects.get(name="La Cadette"))
    assert words(youngest.dl) == "Inspirée de Les Jardins"
    assert not youngest.select(".arbre")


def test_one_that_went_to_a_single_place_is_drawn_whole(client, places):
    fiche = factories.InitiativeFactory(published=True, name="Seule", coverage=[places.paca])
    factories.LineageFactory(initiative=fiche, other=None, place="Lyon", relation="essaimee-a")

    drawn = lineage(client, fiche).select_one(".arbre")

    height = int(drawn["viewbox"].split()[3])  # the parser has no capitals
    reach = [int(circle["cy"]) + int(circle["r"]) for circle in drawn.select(".racine")]
    assert max(reach) < height
    [stem] = drawn.select(".tige-l")
    middle = drawn.select_one(".racine")["cy"]
    assert stem["d"] == f"M118 {middle}C190 {middle} 176 {middle} 262 {middle}"
