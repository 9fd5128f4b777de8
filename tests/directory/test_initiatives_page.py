"""The page of the list of initiatives: its title, its rows, its facets, its chips, its ways out."""

from urllib.parse import urlencode

import pytest

from tests.directory.reading import number_in, read, words
from tests.directory.sample import make_directory


@pytest.fixture
def directory(places):
    return make_directory(places)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "theme=alimentation",
        "theme=cantines&etape=developpement",
        "territoire=com-13004",
        "territoire=com-13004&presence=basee",
        "territoire=dep-84&territoire=zone-crau&presence=basee&presence=large",
        "territoire=dep-13&theme=habitat&etape=emergence&activite=inconnu&q=epicerie",
        "q=introuvable",
    ],
)
def test_each_count_of_a_facet_is_the_number_of_the_list_with_the_value_added(client, directory, query):
    response = client.get(f"/initiatives/?{query}")
    page = read(response)
    asked = [(name, value) for name, values in response.wsgi_request.GET.lists() for value in values]

    boxes = page.select(".filtres input[type=checkbox]")
    assert len(boxes) >= 13
    for box in boxes:
        added = [*asked, (box["name"], box["value"])]
        shown = int(words(box.parent.select_one(".n")))
        assert shown == number_in(client, f"/initiatives/?{urlencode(added)}"), (box["name"], box["value"])
        assert ("zero" in box.parent["class"]) == (shown == 0)


def test_the_boxes_of_what_is_asked_are_checked_and_a_subtheme_has_its_own(client, directory):
    page = read(client.get("/initiatives/?theme=cantines&etape=developpement&territoire=com-13004&presence=basee"))

    checked = {box["value"] for box in page.select(".filtres input[checked]")}
    assert checked == {"cantines", "developpement", "com-13004", "basee"}


def test_presence_is_offered_only_with_a_territory(client, directory):
    assert not read(client.get("/initiatives/")).select("[name=presence]")
    assert read(client.get("/initiatives/?territoire=dep-13")).select("[name=presence]")


@pytest.mark.parametrize(
    ("query", "title", "sentence"),
    [
        ("", "6 initiatives dans l’annuaire", None),
        ("q=cantine", "1 initiative dans l’annuaire pour « cantine »", None),
        (
            "territoire=com-13004",
            "4 initiatives à Arles",
            "1 y est basée, 1 y intervient, 2 agissent plus largement.",
        ),
        ("territoire=com-13004&presence=large", "2 initiatives à Arles", "2 agissent plus largement."),
        ("territoire=com-13004&territoire=dep-84", "5 initiatives à Arles ou à Vaucluse", None),
        ("territoire=com-13004&q=introuvable", "Aucune initiative à Arles pour « introuvable »", None),
    ],
)
def test_the_title_is_a_sentence_with_the_count_and_the_place(client, directory, query, title, sentence):
    page = read(client.get(f"/initiatives/?{query}"))

    assert words(page.h1) == title
    if sentence:
        assert words(page.select_one(".tete-liste .discret")) == sentence


def test_each_row_says_why_it_is_here(client, directory):
    page = read(client.get("/initiatives/?territoire=com-13004"))

    assert [(words(row.h3), words(row.select_one(".raison"))) for row in page.select(".rang")] == [
        ("Cantine", "Basée à Arles"),
        ("Épicerie", "Intervient ici"),
        ("Monnaie", "Agit à Bouches-du-Rhône"),
        ("Réseau", "Agit dans toute la région"),
    ]
    assert not read(client.get("/initiatives/")).select(".raison")


def test_a_district_is_named_only_to_who_asks_for_districts(client, directory):
    def reason(key):
        return words(read(client.get(f"/initiatives/?territoire={key}&presence=basee")).select_one(".raison"))

    assert reason("dep-13&q=toits") == "Basée à Marseille"
    assert reason("arm-13203") == "Basée à Marseille 3e arrondissement"


def test_a_row_shows_its_place_its_year_its_form_and_its_life(client, directory):
    page = read(client.get("/initiatives/?tri=nom"))
    rows = {words(row.h3): row for row in page.select(".rang")}

    assert words(rows["Cantine"].select_one(".meta")) == "Arles, depuis 2008. Scic"
    assert words(rows["Four"].select_one(".meta")) == "Valréas, de 2014 à 2025"
    assert words(rows["Four"].select_one(".vie")) == "Terminée"
    assert "passe" in rows["Four"]["class"]
    assert words(rows["Toits"].select_one(".vie")) == "En sommeil"
    assert words(rows["Épicerie"].select_one(".etape")) == "Étape : Émergence"


def test_each_chip_removes_its_value_and_keeps_the_rest(client, directory):
    page = read(
        client.get("/initiatives/?q=e&territoire=com-13004&presence=basee&theme=alimentation&theme=habitat&tri=nom")
    )

    chips = {words(chip): chip["href"] for chip in page.select(".critere")}
    assert chips == {
        "Retirer le critère Mots : e": (
            "/initiatives/?territoire=com-13004&presence=basee&theme=alimentation&theme=habitat&tri=nom"
        ),
        "Retirer le critère Territoire : Arles": "/initiatives/?q=e&theme=alimentation&theme=habitat&tri=nom",
        "Retirer le critère Présence : Basée ici": (
            "/initiatives/?q=e&territoire=com-13004&theme=alimentation&theme=habitat&tri=nom"
        ),
        "Retirer le critère Thème : Alimentation": (
            "/initiatives/?q=e&territoire=com-13004&presence=basee&theme=habitat&tri=nom"
        ),
        "Retirer le critère Thème : Habitat": (
            "/initiatives/?q=e&territoire=com-13004&presence=basee&theme=alimentation&tri=nom"
        ),
    }
    assert page.find("a", string="Tout effacer")["href"] == "/initiatives/"


@pytest.mark.parametrize("form", [".barre", ".filtres", ".tri"])
def test_each_form_sent_as_it_is_gives_the_same_search(client, directory, form):
    asked = "q=cantine&territoire=com-13004&presence=basee&theme=cantines&etape=developpement&tri=nom&par_page=10"
    sent = []
    for field in read(client.get(f"/initiatives/?{asked}")).select(f"{form} input, {form} select"):
        if field.name == "select":
            sent.append((field["name"], field.select_one("[selected]")["value"]))
        elif field["type"] != "checkbox" or field.has_attr("checked"):
            sent.append((field["name"], field.get("value", "")))

    answer = client.get(f"/initiatives/?{urlencode(sent)}")

    assert sorted(pair for pair in sent if pair[1]) == sorted(tuple(pair.split("=")) for pair in asked.split("&"))
    assert [words(title) for title in read(answer).select(".rang h3")] == ["Cantine"]


def test_an_empty_list_offers_each_way_to_widen_with_its_true_count(client, directory):
    page = read(client.get("/initiatives/?territoire=com-13108&theme=habitat&etape=essaimage&presence=basee"))

    ways = {words(link).rpartition(" (")[0]: link for link in page.select(".vide a")}
    assert list(ways) == [
        "à Bouches-du-Rhône",
        "à Provence-Alpes-Côte d’Azur",
        "partout",
        "toutes les étapes",
        "tout l’annuaire",
    ]
    for label, link in ways.items():
        assert words(link) == f"{label} ({number_in(client, link['href'])})"


def test_a_way_that_finds_nothing_either_is_not_offered(client, directory):
    page = read(client.get("/initiatives/?q=introuvable"))

    assert words(page.select_one(".vide")) == (
        "Aucune fiche ne répond à cette recherche, pour l’instant. Élargir : sans ces mots (6)."
    )


@pytest.mark.parametrize(
    ("query", "canonical", "indexed"),
    [
        ("", "/initiatives/", True),
        ("tri=nom&par_page=10&utm_source=x", "/initiatives/", True),
        ("theme=habitat", "/initiatives/?theme=habitat", True),
        ("theme=habitat&tri=nom", "/initiatives/?theme=habitat", True),
        ("theme=habitat&page=2&par_page=1", "/initiatives/?theme=habitat&page=2", True),
        ("theme=habitat&theme=alimentation", "/initiatives/?theme=habitat&theme=alimentation", False),
        ("theme=habitat&territoire=dep-13", "/initiatives/?territoire=dep-13&theme=habitat", False),
        ("q=introuvable", "/initiatives/?q=introuvable", False),
    ],
)
def test_search_engines_keep_one_address_for_one_criterion(client, directory, settings, query, canonical, indexed):
    page = read(client.get(f"/initiatives/?{query}"))

    assert page.select_one("link[rel=canonical]")["href"] == settings.SITE_URL + canonical
    assert page.select_one("meta[property='og:url']")["content"] == settings.SITE_URL + canonical
    assert bool(page.select("meta[name=robots]")) is not indexed


def test_an_empty_directory_is_a_page_too(client, places):
    page = read(client.get("/initiatives/"))

    assert words(page.h1) == "Aucune initiative dans l’annuaire"
    assert words(page.select_one(".vide")) == "Aucune fiche ne répond à cette recherche, pour l’instant."
