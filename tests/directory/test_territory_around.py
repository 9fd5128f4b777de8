"""The profile of a territory: who acts and what can fund there, what is around, and elsewhere and not yet there."""

import pytest

from initiatives.models.vocabulary import FundingKind
from tests.directory.reading import number_in, profile, words
from tests.factories import ActorFactory, FundingSourceFactory, InitiativeFactory, SiteFactory, ThemeFactory


@pytest.fixture
def themes(db):
    return [ThemeFactory(name="Alimentation"), ThemeFactory(name="Habitat", own_cloth="habitat"), ThemeFactory()]


def test_what_holds_it_is_above_and_beside_it(client, places):
    page = profile(client, places.marseille_1)

    trail = [words(step) for step in page.select(".fil li")]
    assert trail[2:] == ["Bouches-du-Rhône", "Aix-Marseille-Provence", "Marseille", "Marseille 1er arrondissement"]
    assert [words(line) for line in page.select(".terr-bref .paires li")][-1] == "Provence-Alpes-Côte d’Azur 0"


def test_the_departements_of_a_region_and_the_epci_of_a_departement_are_inside(client, places):
    places.accm.department = places.bouches_du_rhone
    places.accm.save()

    region, department = profile(client, places.paca), profile(client, places.bouches_du_rhone)

    assert words(region.select_one(".terr-bref .sommaire")) == "Bouches-du-Rhône aucune fiche Vaucluse aucune fiche"
    assert words(department.select_one(".terr-bref .sommaire")) == "Arles-Crau-Camargue-Montagnette aucune fiche"


def test_neighbours_are_read_on_the_contours(client, places):
    InitiativeFactory(published=True, sites=[places.avignon])

    assert words(profile(client, places.bouches_du_rhone).select_one(".voisinage ul")) == "Vaucluse 1"
    assert "Bouches-du-Rhône aucune fiche" in words(profile(client, places.vaucluse).select_one(".voisinage ul"))


def test_an_empty_territory_offers_ways_to_widen_that_hold_something(client, places):
    InitiativeFactory(published=True, sites=[places.aix])

    empty = profile(client, places.arles).select_one(".vide")

    assert words(empty).endswith("Élargir : Bouches-du-Rhône (1), Provence-Alpes-Côte d’Azur (1).")
    assert [number_in(client, link["href"]) for link in empty.select("a")] == [1, 1]


def test_a_theme_without_a_fiche_here_has_the_closest_one_with_its_distance(client, places, themes):
    food, housing, mobility = themes
    InitiativeFactory(published=True, name="Ici", sites=[places.arles], themes=[food])
    InitiativeFactory(published=True, name="Loin", sites=[places.aix], themes=[housing])
    InitiativeFactory(published=True, name="Plus près", sites=[places.marseille_1], themes=[housing])
    near = InitiativeFactory(published=True, name="Tout près", themes=[ThemeFactory(parent=housing)])
    SiteFactory(initiative=near, territory=places.tarascon, latitude=43.8, longitude=4.66)
    InitiativeFactory(name="Brouillon", sites=[places.aix], themes=[mobility])

    absent = profile(client, places.arles).select(".manques li")

    assert [words(item) for item in absent] == ["Habitat Tout près Tarascon, à 14 km de Arles"]
    assert "t-habitat" in absent[0].select_one(".toile")["class"]


def test_an_ended_fiche_is_no_example_for_elsewhere(client, places, themes):
    InitiativeFactory(published=True, sites=[places.aix], themes=[themes[0]], activity="terminee")

    assert profile(client, places.arles).select(".manques li") == []


def test_a_theme_that_someone_brings_here_from_elsewhere_is_not_absent(client, places, themes):
    InitiativeFactory(published=True, sites=[places.aix], coverage=[places.arles], themes=[themes[0]])

    assert profile(client, places.arles).select(".manques li") == []


def test_where_little_is_known_what_is_near_is_shown_with_its_distance(client, places):
    places.tarascon.latitude, places.tarascon.longitude = 43.8, 4.66
    places.tarascon.save()
    InitiativeFactory(published=True, name="Voisine", sites=[places.tarascon])

    assert "Voisine Tarascon, à 14 km" in words(profile(client, places.arles).select_one(".tout-pres"))


def test_those_seated_here_come_first_among_the_actors(client, places):
    ActorFactory(published=True, name="Alliance régionale", coverage=[places.paca], kind="reseau")
    ActorFactory(published=True, name="Zone d’ici", seat=places.arles)
    ActorFactory(name="Brouillon", seat=places.arles)
    for number in range(11):
        ActorFactory(published=True, name=f"Structure régionale {number}", coverage=[places.paca])

    page = profile(client, places.arles)

    lines = [words(line) for line in page.select("[aria-labelledby=h-acteurs] li")]
    assert lines[:2] == ["Zone d’ici Entreprise de l’ESS", "Alliance régionale Réseau"]
    assert len(lines) == 12
    more = page.select_one("[aria-labelledby=h-acteurs] .suite")
    assert words(more) == "Les 13 acteurs"
    assert client.get(more["href"]).context["total"] == 13


def test_what_can_fund_here_says_what_it_gives_and_how_sure_it_is(client, places):
    make = {"published": True}
    FundingSourceFactory(**make, name="Ailleurs", territories=[places.drome])
    FundingSourceFactory(
        **make, name="Close", territories=[places.paca], checked_on="2026-11-01", closes_on="2020-01-01"
    )
    FundingSourceFactory(**make, name="Finie", territories=[places.paca], ended=True)
    FundingSourceFactory(**make, name="Bourse", kinds=[FundingKind.GUARANTEE, FundingKind.LOAN])
    FundingSourceFactory(**make, name="Prix", territories=[places.paca, places.arles], kinds=[FundingKind.AWARD])

    lines = [words(line) for line in profile(client, places.arles).select("[aria-labelledby=h-financer] li")]

    assert lines == ["Prix Prix, concours, à vérifier", "Bourse Prêt, garantie bancaire, à vérifier"]
