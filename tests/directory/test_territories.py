"""The list of territories: every one with its count, and the way from a name to a profile."""

import pytest

from tests.directory.reading import counted_links, number_in, read, words
from tests.factories import InitiativeFactory, TerritoryFactory

ADDRESS = "/territoires/"


@pytest.fixture
def directory(places):
    InitiativeFactory(published=True, sites=[places.arles])
    InitiativeFactory(published=True, sites=[places.arles, places.marseille_1])
    InitiativeFactory(published=True, sites=[places.marseille])
    InitiativeFactory(published=True, sites=[places.marseille_3])
    InitiativeFactory(published=True, sites=[places.grignan])
    InitiativeFactory(published=True, sites=[places.valence])
    InitiativeFactory(published=True, coverage=[places.paca])
    InitiativeFactory(sites=[places.arles])
    return places


def test_each_number_is_that_of_the_profile_or_the_list_it_opens(client, directory):
    links = counted_links(read(client.get(ADDRESS)))

    assert {address for address, _ in links} > {
        "/territoires/reg-93/",
        "/territoires/dep-13/",
        "/territoires/epci-200040681/",
        "/territoires/zone-crau/",
        "/territoires/zone-vieux-port/",
        "/initiatives/?territoire=epci-241300417&presence=basee",
    }
    assert links == [(address, number_in(client, address)) for address, _ in links]


def test_an_empty_directory_says_it_without_a_number(client, places):
    page = read(client.get(ADDRESS))

    assert counted_links(page) == []
    assert "Bouches-du-Rhône aucune fiche" in words(page.main)
    assert "Crau aucune fiche" in words(page.main)


def test_epci_are_under_their_departement_or_apart(client, directory):
    directory.accm.department = directory.bouches_du_rhone
    directory.accm.save()

    groups = {words(group.h3): words(group.ul) for group in read(client.get(ADDRESS)).select(".departements section")}

    assert groups["Bouches-du-Rhône 4"] == "Arles-Crau-Camargue-Montagnette 2"
    assert groups["Autres intercommunalités"].startswith("Aix-Marseille-Provence 3")


def test_a_closed_territory_is_not_in_the_list(client, places):
    places.accm.closed_on = "2026-01-01"
    places.accm.save()

    assert "Arles-Crau" not in words(read(client.get(ADDRESS)).main)


@pytest.mark.parametrize(
    ("typed", "key"), [("arles", "com-13004"), ("  Bouches du Rhone ", "dep-13"), ("84", "dep-84")]
)
def test_a_name_that_fits_one_place_leads_to_its_profile(client, places, typed, key):
    response = client.get(ADDRESS, {"lieu": typed}, follow=True)

    assert response.redirect_chain[-1][0] == f"/territoires/{key}/"


def test_a_name_that_fits_nothing_is_told(client, places):
    response = client.get(ADDRESS, {"lieu": "Nulle-Part"}, follow=True)

    assert response.redirect_chain == [(ADDRESS, 302)]
    assert "Aucun lieu ne s’appelle « Nulle-Part »." in words(read(response).select_one(".messages"))


@pytest.mark.parametrize("key", ["a/b", "dep", "dep-", "dep-99", "com-é", "-", "dep-2a", "x" * 400, "com-\x00"])
def test_a_made_up_key_is_not_found(client, places, key):
    assert client.get(ADDRESS, {"territoire": key}).status_code == 404


def test_queries_do_not_grow_with_the_fiches_nor_the_zones(client, places, django_assert_max_num_queries):
    counts = []
    for number in (10, 90):
        for _ in range(number):
            InitiativeFactory(published=True, sites=[places.arles, places.marseille_1])
            zone = TerritoryFactory(kind="zone")
            zone.members.set([places.arles, places.aix])
        with django_assert_max_num_queries(100) as captured:
            client.get(ADDRESS)
        counts.append(len(captured))

    assert counts[0] == counts[1]
