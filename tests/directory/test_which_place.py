"""Several places bear the name that was typed: the person chooses."""

import pytest

from tests.directory.reading import read, words
from tests.factories import InitiativeFactory, TerritoryFactory


@pytest.fixture
def namesakes(places):
    for kind, department, nature in (
        ("com", places.vaucluse, ""),
        ("com", places.bouches_du_rhone, ""),
        ("epci", None, "communauté de communes"),
    ):
        TerritoryFactory(kind=kind, name="Saint-Rémy", department=department, nature=nature)
    return places


def choices(response):
    return {words(link): link["href"] for link in read(response).select("main .sommaire a")}


@pytest.mark.parametrize("address", ["/initiatives/", "/acteurs/", "/financements/", "/territoires/"])
def test_the_page_offers_each_place_with_what_tells_it_apart(client, namesakes, address):
    response = client.get(address, {"lieu": "st remy"})

    assert words(read(response).h1) == "3 lieux pour « st remy »"
    assert set(choices(response)) == {
        "Saint-Rémy Commune, Vaucluse",
        "Saint-Rémy Commune, Bouches-du-Rhône",
        "Saint-Rémy Communauté de communes",
    }
    assert read(response).select_one("meta[name=robots]")["content"] == "noindex"


@pytest.mark.parametrize("address", ["/initiatives/", "/acteurs/", "/financements/", "/territoires/"])
def test_each_choice_opens(client, namesakes, address):
    for link in choices(client.get(address, {"lieu": "saint remy"})).values():
        assert client.get(link, follow=True).status_code == 200


def test_a_choice_keeps_the_rest_of_the_search(client, namesakes):
    links = choices(client.get("/initiatives/", {"lieu": "saint remy", "etape": "essaimage"})).values()

    assert all("etape=essaimage&territoire=" in link for link in links)


def test_the_words_may_be_searched_as_words(client, namesakes):
    page = read(client.get("/initiatives/", {"lieu": "saint remy"}))

    assert page.select_one('main a[href="/initiatives/?q=saint+remy"]') is not None


def test_a_list_without_words_does_not_offer_them(client, namesakes):
    assert "dans les fiches" not in words(read(client.get("/territoires/", {"lieu": "saint remy"})).main)


def test_what_was_typed_is_shown_as_text(client, places):
    for _ in range(2):
        TerritoryFactory(name="<b>Là & là</b>")

    assert words(read(client.get("/initiatives/", {"lieu": "<b>Là & là</b>"})).h1) == "2 lieux pour « <b>Là & là</b> »"


def test_one_place_that_may_as_well_be_a_word_is_a_choice_too(client, places):
    TerritoryFactory(name="Jardin", in_scope=False, department=places.drome)
    InitiativeFactory(published=True, name="Jardin partagé")

    page = read(client.get("/initiatives/", {"lieu": "jardin"}))

    assert words(page.h1) == "Un lieu pour « jardin »"
    assert words(page.select_one("main .sommaire")) == "Jardin Commune, Drôme, hors de la région"
    assert page.select_one('main a[href="/initiatives/?q=jardin"]') is not None
