"""The list that changes in place: the part that a script asks for says what the page says."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from initiatives.models import ALL, Theme, record_change
from tests.directory.reading import number_in, read, words
from tests.directory.sample import make_directory
from tests.factories import InitiativeFactory, TerritoryFactory


@pytest.fixture
def directory(places):
    for place, latitude, longitude in ((places.arles, 43.677, 4.63), (places.tarascon, 43.806, 4.66)):
        place.latitude, place.longitude, place.name_of = latitude, longitude, f"d’{place.name}"
        place.save()
    make_directory(places)
    record_change(ALL)
    return places


SEARCHES = [
    "",
    "theme=alimentation&tri=nom",
    "territoire=com-13004&rayon=30",
    "pres_de=43.68,4.63",
    "q=cantine",
    "q=cantne",
    "q=le+la",
    "theme=rien&page=abc",
    "par_page=2&page=2",
]


@pytest.mark.parametrize("query", SEARCHES)
def test_the_part_is_the_same_as_in_the_whole_page(client, directory, query):
    page = read(client.get(f"/initiatives/?{query}"))
    answer = client.get(f"/initiatives/?{query}", headers={"HX-Request": "true"})
    part = read(answer)

    assert str(part.select_one("#recherche")) == str(page.select_one("#recherche"))
    assert part.title.string == page.title.string
    for selector in ("link[rel=canonical]", "link[rel=alternate]", "meta[name=robots]"):
        assert str(part.head.select_one(selector)) == str(page.head.select_one(selector))
    drawn = {tag["id"] for tag in part.select("svg [id]")}
    assert {use["href"][1:] for use in part.select("#recherche use")} <= drawn
    assert not part.select("header, footer, script:not([type='application/json'])")
    assert "HX-Request" in answer["Vary"]


def test_a_message_comes_with_the_part_that_follows_it(client, directory):
    answer = client.get("/initiatives/?lieu=Introuvable", headers={"HX-Request": "true"}, follow=True)

    page = BeautifulSoup(answer.text, "html.parser")
    assert "Aucun lieu ne s’appelle" in words(page.select_one(".messages"))
    assert "messages" not in words(page.select_one("#recherche"))


def test_the_subthemes_of_a_theme_may_be_asked_for_in_its_place(client, directory):
    assert not read(client.get("/initiatives/")).select("#f-theme-cantines")

    page = read(client.get("/initiatives/?theme=habitat&theme=alimentation&tri=nom"))
    link = page.select_one("a#f-theme-cantines")
    assert link["href"] == "/initiatives/?theme=habitat&theme=cantines&tri=nom"
    assert int(words(link.select_one(".n"))) == number_in(client, link["href"]) == 3

    page = read(client.get("/initiatives/?theme=cantines"))
    assert page.select_one("input#f-theme-cantines").has_attr("checked")
    assert not page.select_one("input#f-theme-alimentation").has_attr("checked")


@pytest.mark.parametrize(
    ("query", "facet", "is_open"),
    [
        ("", "etape", True),
        ("", "porteur", False),
        ("porteur=collectif", "porteur", True),
        ("etape=emergence&theme=habitat&activite=terminee", "etape", True),
        ("q=introuvable", "etape", False),
        ("q=introuvable", "annees", False),
        ("q=introuvable&annee_min=1990", "annees", True),
    ],
)
def test_facets_in_use_are_open_and_those_that_count_nothing_are_closed(client, directory, query, facet, is_open):
    page = read(client.get(f"/initiatives/?{query}"))

    assert page.select_one(f"#d-{facet}").has_attr("open") is is_open
    # Nothing is hidden: the values that give nothing are greyed, in their place.
    assert len(page.select("#d-etape .choix")) == 5


def test_a_search_of_nothing_but_common_words_is_told_in_its_own_words(client, directory):
    page = read(client.get("/initiatives/?q=le+la&theme=rien"))

    told = [words(notice) for notice in page.select(".avis")]
    assert told == [
        "Un critère n’a pas été compris « Thème : rien » : ignoré. Le reste de la recherche est appliqué.",
        "« le la » : ces mots sont dans presque toutes les fiches et n’en distinguent aucune. "
        "Essayez un mot plus précis.",
    ]


def test_around_a_point_the_title_and_the_rows_say_how_far(client, directory):
    page = read(client.get("/initiatives/?pres_de=43.68,4.63&rayon=20&tri=distance"))

    assert words(page.h1) == "2 initiatives autour d’Arles, à moins de 20 km"
    assert [(words(row.h3), words(row.select_one(".raison"))) for row in page.select(".rang")] == [
        ("Cantine", "à 1 km"),
        ("Épicerie", "à 14 km"),
    ]
    assert words(page.select_one("#ray [selected]")) == "à moins de 20 km"


@pytest.mark.parametrize(
    ("query", "offered", "chosen"),
    [
        ("", ["", "5", "10", "20", "30", "50"], "ce territoire"),
        ("territoire=dep-13&rayon=17", ["", "5", "10", "17", "20", "30", "50"], "+ 17 km"),
        ("pres_de=43.68,4.63", ["", "5", "10", "20", "50"], "à moins de 30 km"),
        ("pres_de=43.68,4.63&rayon=30", ["5", "10", "20", "30", "50"], "à moins de 30 km"),
    ],
)
def test_the_search_bar_offers_how_far_around(client, directory, query, offered, chosen):
    options = read(client.get(f"/initiatives/?{query}")).select("#ray option")

    assert [option["value"] for option in options] == offered
    assert [words(option) for option in options if option.has_attr("selected")] == [chosen]


def test_the_days_since_which_fiches_may_be_published_are_true_dates(client, directory):
    options = read(client.get("/initiatives/?publiee_depuis=2020-02-29")).select("#f-depuis option")

    days = {words(option): option["value"] for option in options}
    today = timezone.localdate()
    assert days["toujours"] == ""
    assert days["cette année"] == f"{today.year}-01-01"
    assert 85 <= (today - date.fromisoformat(days["3 mois"])).days <= 96
    assert [words(option) for option in options if option.has_attr("selected")] == ["le 29 février 2020"]
    assert len(client.get(f"/initiatives/?publiee_depuis={days['3 mois']}").context["chips"]) == 1


def test_what_is_only_close_to_a_territory_says_its_distance(client, directory):
    page = read(client.get("/initiatives/?territoire=com-13108&rayon=20"))

    assert "1 est tout près" in words(page.select_one(".tete-liste .discret"))
    assert "à 15 km" in [words(reason) for reason in page.select(".raison")]


def test_a_place_out_of_the_region_is_said_to_be_with_what_is_nearest(client, directory):
    nyons = TerritoryFactory(code="26220", name="Nyons", in_scope=False, department=directory.drome)
    record_change(ALL)

    page = read(client.get(f"/initiatives/?territoire={nyons.key}&tri=nom"))

    notice = page.select_one(".avis.info")
    assert words(notice).startswith("Nyons : hors de la région. L’annuaire recense ce qui se fait en Provence")
    nearest = notice.select_one("a")
    assert nearest["href"] == f"/initiatives/?territoire={directory.vaucluse.key}&tri=nom"
    assert not read(client.get("/initiatives/?territoire=dep-13")).select(".avis")


def test_long_names_and_names_of_places_are_all_there(client, directory):
    InitiativeFactory(published=True, name="x" * 120, themes=[Theme.objects.first()], sites=[directory.arles])
    record_change(ALL)

    assert "x" * 120 in client.get("/initiatives/").text
