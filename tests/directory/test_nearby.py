"""What is near a place of which little is known."""

import pytest

from initiatives.models import Site
from tests.directory.reading import read, words
from tests.directory.sample import make_directory
from tests.factories import InitiativeFactory


@pytest.fixture
def directory(places):
    return make_directory(places)


def test_where_little_is_known_what_is_near_is_shown_apart_and_not_counted(client, directory):
    page = read(client.get("/initiatives/?territoire=com-13001"))

    near = page.select_one(".tout-pres")
    assert words(page.h1) == "2 initiatives à Aix-en-Provence"
    assert words(near.h2) == "Aucune fiche à Aix-en-Provence ; 1 à moins de 30 km"
    assert words(near.li) == "Toits, Marseille, 3e à 25 km"
    assert "Toits" not in [words(title) for title in page.select(".rang h3")]


def test_where_nothing_is_known_the_block_says_it(client, directory):
    page = read(client.get("/initiatives/?territoire=com-13001&presence=basee"))

    assert words(page.select_one(".tout-pres h2")) == "Aucune fiche à Aix-en-Provence ; 1 à moins de 30 km"


def test_what_is_near_answers_the_other_criteria_too(client, directory):
    assert read(client.get("/initiatives/?territoire=com-13001&theme=habitat")).select(".tout-pres")
    assert not read(client.get("/initiatives/?territoire=com-13001&theme=cantines")).select(".tout-pres")


def test_all_that_is_near_is_counted_and_the_closest_five_are_shown(client, directory):
    for number in range(7):
        InitiativeFactory(published=True, name=f"Voisine {number}", sites=[directory.marseille])
    twice = InitiativeFactory(published=True, name="Deux lieux", sites=[directory.marseille])
    Site.objects.create(initiative=twice, territory=directory.marseille)

    near = read(client.get("/initiatives/?territoire=com-13001")).select_one(".tout-pres")

    assert words(near.h2) == "Aucune fiche à Aix-en-Provence ; 9 à moins de 30 km"
    assert len(near.select("li")) == 5


def test_five_that_are_here_are_enough(client, directory):
    for number in range(5):
        InitiativeFactory(published=True, name=f"Aixoise {number}", sites=[directory.aix])

    assert not read(client.get("/initiatives/?territoire=com-13001")).select(".tout-pres")


def test_two_territories_or_one_without_a_point_have_nothing_near(client, directory):
    assert not read(client.get("/initiatives/?territoire=com-13001&territoire=com-13108")).select(".tout-pres")
    assert not read(client.get("/initiatives/?territoire=com-13108")).select(".tout-pres")


def test_what_is_based_near_and_acts_all_around_is_listed_once(client, directory):
    InitiativeFactory(published=True, name="Large", sites=[directory.marseille], coverage=[directory.paca])

    page = read(client.get("/initiatives/?territoire=com-13001"))

    assert [words(title) for title in page.select(".rang h3")] == ["Large", "Monnaie", "Réseau"]
    assert "Large" not in words(page.select_one(".tout-pres"))


def test_what_is_near_comes_before_what_acts_more_widely_and_after_what_is_here(client, directory):
    InitiativeFactory(published=True, name="Aixoise", sites=[directory.aix])

    page = read(client.get("/initiatives/?territoire=com-13001"))

    order = [words(block.select_one("h2, h3")) for block in page.select(".rangs, .tout-pres")]
    assert order == ["Aixoise", "Tout près, 1 à moins de 30 km", "Monnaie"]


def test_another_order_has_what_is_near_above_and_the_next_pages_do_not_have_it(client, directory):
    by_name = read(client.get("/initiatives/?territoire=com-13001&tri=nom&par_page=1"))
    second = read(client.get("/initiatives/?territoire=com-13001&tri=nom&par_page=1&page=2"))

    assert [block["class"] for block in by_name.select(".rangs, .tout-pres")] == [["tout-pres"], ["rangs"]]
    assert [block["class"] for block in second.select(".rangs, .tout-pres")] == [["rangs"]]
