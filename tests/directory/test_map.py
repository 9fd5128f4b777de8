"""The map of a search: its numbers are those of the lists they open, by the index and by the database alike."""

import json
import re
from html import unescape
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pyroaring import BitMap

from initiatives.directory import mapped as mapped_module
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.live import holder
from initiatives.directory.mapped import Mapped, data
from initiatives.directory.search import DatabaseSearch, IndexedSearch, search
from initiatives.directory.spots import LEVELS, Box
from initiatives.exchange.views import etag_of
from initiatives.models import Initiative, Site, record_change
from tests import factories
from tests.directory.random_directory import TODAY, RandomDirectory

SEARCHES = 40
REGION = Box(4, 42.5, 8, 45.5)
EVERY_LEVEL = [*LEVELS, "arrondissement"]


@pytest.fixture(params=[1, 2])
def directory(db, request):
    return RandomDirectory(Random(request.param))


def searches(directory, number=SEARCHES):
    live = holder.current(TODAY)
    for _ in range(number):
        asked = InitiativeFilter(directory.ask(live), Initiative.objects.published(), live)
        yield Mapped(IndexedSearch(asked, live.snapshot), asked.data)


def by_database(mapped):
    asked = mapped.found.asked
    return Mapped(DatabaseSearch(asked), asked.data)


def answers(mapped):
    """All that a map may show of a search."""
    return {
        "everything": data(mapped),
        "areas": {
            level: [(area.key, area.count, area.url, area.longitude, area.latitude) for area in mapped.areas(level)]
            for level in EVERY_LEVEL
        },
        "points": [(spot.latitude, spot.longitude, spot.place, set(spot.held)) for spot in mapped.points],
        "placed": set(mapped.placed),
    }


def count_of(url):
    """How many the list of an address holds, as the filters say it in SQL: what the index must answer too."""
    path, _, query = url.partition("?")
    assert path == reverse("initiatives")
    asked = InitiativeFilter(QueryDict(query), Initiative.objects.published(), holder.current(TODAY))
    assert asked.ignored == []
    return asked.qs.count()


# Numbers


def test_the_index_and_the_database_show_the_same(directory):
    for mapped in searches(directory):
        assert answers(mapped) == answers(by_database(mapped)), mapped.criteria.urlencode()


def test_large_directories_answer_alike_by_the_index_and_the_database(directory, monkeypatch):
    monkeypatch.setattr(mapped_module, "ALL_AT_ONCE", 0)

    for mapped in searches(directory):
        for zoom in (5, 9, 11, 14):
            assert data(mapped, REGION, zoom) == data(by_database(mapped), REGION, zoom)


def test_a_seal_that_is_a_link_equals_the_list_it_opens(directory):
    links, numbers = 0, 0
    for mapped in searches(directory):
        for level in EVERY_LEVEL:
            for area in mapped.areas(level):
                numbers += 1
                if area.url:
                    links += 1
                    assert count_of(area.url) == area.count, area.url

    assert links > numbers / 2 > 20


def test_a_seal_is_no_link_when_no_list_holds_just_these(client, places):
    """Those that act in Arles and are based in Aix: no address asks for them."""
    factories.InitiativeFactory(published=True, sites=[places.aix], coverage=[places.arles])
    factories.InitiativeFactory(published=True, sites=[places.aix])
    asked = InitiativeFilter(QueryDict("territoire=com-13004"), Initiative.objects.published())
    mapped = Mapped(search(asked), asked.data)

    [area] = mapped.areas("commune")

    assert (area.key, area.count, area.url) == (places.aix.key, 1, "")


def test_what_is_shown_and_what_is_not_make_up_the_total(directory, monkeypatch):
    for mapped in searches(directory):
        whole = data(mapped)
        shown = {rank for point in whole["points"] for rank in point[2]}
        assert whole["forme"] == "tout"
        assert len(shown) == len(whole["fiches"]) == whole["places"]
        assert whole["places"] + whole["sans_lieu"] == whole["total"] == mapped.total
        for level in LEVELS:
            areas = [area.held & mapped.result for area in mapped.spots.areas(level)]
            assert BitMap.union(BitMap(), *areas) == mapped.shown_by(level)
            assert sorted(map(len, filter(None, areas))) == sorted(area.count for area in mapped.areas(level))


def test_a_view_shows_the_points_that_are_in_it(directory, monkeypatch):
    monkeypatch.setattr(mapped_module, "ALL_AT_ONCE", 0)
    box = Box(4.9, 43.05, 5.4, 43.7)
    listed = 0
    for mapped in searches(directory):
        if not mapped.placed:
            continue
        view = data(mapped, box, 14)
        assert view["forme"] == "vue"
        expected = [spot for spot in mapped.points if box.holds(spot.latitude, spot.longitude)]
        assert len(view["points"]) == len(expected)
        for point, spot in zip(view["points"], expected, strict=True):
            number = len(point[2]) if isinstance(point[2], list) else point[2]
            assert number == len(spot.held)
        assert view["places"] + view["sans_lieu"] == view["total"]
        listed += len(expected)
    assert listed > 10


def test_a_view_of_too_many_points_shows_communes(directory, monkeypatch):
    monkeypatch.setattr(mapped_module, "ALL_AT_ONCE", 0)
    monkeypatch.setattr(mapped_module, "MOST_POINTS", 2)
    mapped = next(searches(directory, 1))
    mapped.result = mapped.spots.pointed
    mapped.total = len(mapped.result)

    assert data(mapped, REGION, 14)["forme"] == "commune"


def test_a_popup_lists_those_of_its_point(client, directory):
    whole = client.get(reverse("map_points")).json()
    assert whole["forme"] == "tout"
    for *_, ranks, _, name in whole["points"]:
        slugs = []
        for page in range(1, 2 + len(ranks) // 4):
            piece = client.get(reverse("map_cards"), {"point": name, "page": page}).text
            slugs += re.findall(r'<h3><a href="/initiatives/([^/]+)/"', piece)
        assert sorted(slugs) == sorted(whole["fiches"][rank] for rank in ranks)
        assert f"{len(ranks)} fiche" in piece


def test_the_number_of_a_popup_that_is_a_link_equals_its_list(client, directory):
    followed = 0
    for place in directory.towns:
        piece = client.get(reverse("map_cards"), {"point": place.key}).text
        for url, number in re.findall(r'href="(/initiatives/\?[^"]+)">Les (\d+) basées', piece):
            assert count_of(unescape(url)) == int(number)
            followed += 1
    assert followed


# The page


@pytest.mark.parametrize(
    "query", ["", "territoire=dep-13", "territoire=com-13055", "territoire=arm-13203", "territoire=epci-200054807"]
)
def test_the_engraved_seals_are_links_to_what_they_count(client, directory, query):
    record_change([fiche.pk for fiche in Initiative.objects.all()])
    page = client.get(f"/carte/?{query}")

    drawn = page.context["drawn"]
    assert drawn.map is not None
    seals = re.findall(r'<a class="lieu" href="([^"]+)"[^>]* aria-label="[^"]*?(\d+) initiatives?"', page.text)
    assert len(seals) == sum(1 for seal in drawn.map.seals if seal.url)
    for url, number in seals:
        assert count_of(unescape(url)) == int(number)


def test_the_map_and_the_list_lead_to_each_other_with_the_same_search(client, places):
    factories.InitiativeFactory(published=True, sites=[places.arles], stage="essaimage")
    query = "territoire=dep-13&etape=essaimage"

    on_map, in_list = client.get(f"/carte/?{query}"), client.get(f"/initiatives/?{query}")

    assert f'href="/initiatives/?{query.replace("&", "&amp;")}"' in on_map.text
    assert f'href="/carte/?{query.replace("&", "&amp;")}"' in in_list.text
    assert "1 initiative" in on_map.text


def test_the_page_names_what_it_ignores(client, places):
    page = client.get("/carte/?etape=lune&page=abc&tri=proximite&par_page=500")

    assert page.status_code == 200
    for value in ("lune", "abc", "Proximité", "500"):
        assert value in page.text.partition("critères n’ont pas été compris")[2][:600]


def test_a_place_typed_leads_to_the_map_of_the_place(client, places):
    response = client.get("/carte/?lieu=Arles&theme=x")

    assert response.status_code == 302
    assert response.url == "/carte/?theme=x&territoire=com-13004"


def test_a_map_of_nothing_says_so_and_draws_the_region(client, places):
    page = client.get("/carte/?q=introuvable")

    assert page.status_code == 200
    assert "Aucune initiative" in page.text
    assert "map-page.js" not in page.text


def test_searches_of_several_criteria_are_not_indexed(client, places):
    factories.InitiativeFactory(published=True, sites=[places.arles], stage="essaimage")

    assert 'content="noindex"' not in client.get("/carte/?territoire=dep-13").text
    assert 'content="noindex"' in client.get("/carte/?territoire=dep-13&etape=essaimage").text


def test_the_page_without_an_index_is_the_same(client, directory, monkeypatch):
    with_index = client.get("/carte/?territoire=dep-13").text
    monkeypatch.setattr("initiatives.directory.live.Snapshot.build", lambda *given: 1 / 0)
    holder.forget()

    assert client.get("/carte/?territoire=dep-13").text == with_index
    assert holder.failure


# What is not published


@pytest.mark.parametrize("state", [{}, {"archived": True}], ids=["draft", "archived"])
def test_what_is_not_published_is_on_no_map(client, places, state):
    hidden = factories.InitiativeFactory(name="Secret", sites=[places.arles], **state)
    Site.objects.filter(initiative=hidden).update(latitude=43.5, longitude=4.7)
    factories.InitiativeFactory(name="Secret deux", sites=[places.arles], **state)
    shown = factories.InitiativeFactory(published=True, sites=[places.aix])

    points = client.get("/carte/points.json")
    assert points.json()["total"] == 1
    assert points.json()["fiches"] == [shown.slug]
    for address in (
        "/carte/",
        "/carte/?territoire=com-13004",
        "/carte/points.json?territoire=com-13004",
        "/carte/fiches/?point=com-13004",
        "/carte/fiches/?point=com-13001",
    ):
        text = client.get(address).text
        assert "ecret" not in text
    assert client.get("/carte/fiches/?point=43.5,4.7").status_code in (200, 400)
    assert "ecret" not in client.get("/carte/fiches/?point=43.5,4.7").text


def test_a_fiche_archived_meanwhile_leaves_the_map(client, places, monkeypatch):
    """The snapshot of a process may be older than the row: cards are read as published again."""
    fiche = factories.InitiativeFactory(name="Bientôt close", published=True, sites=[places.arles])
    live = holder.current(TODAY)
    Initiative.objects.filter(pk=fiche.pk).update(status="archived")
    monkeypatch.setattr("initiatives.directory.views.map.current", lambda today: live)
    monkeypatch.setattr("initiatives.directory.filters.current", lambda today: live)

    assert fiche.slug not in client.get("/carte/points.json").text
    assert "Bientôt close" not in client.get("/carte/fiches/?point=com-13004").text
    assert "Bientôt close" not in client.get("/carte/").text


# Bad addresses


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("emprise=4,43,5", "emprise"),
        ("emprise=a,b,c,d", "emprise"),
        ("emprise=5,43,4,44", "emprise"),
        ("emprise=4,44,5,43", "emprise"),
        ("emprise=-200,43,5,44", "emprise"),
        ("emprise=nan,nan,nan,nan", "emprise"),
        ("emprise=4,43,inf,44", "emprise"),
        ("emprise=4,43,5,44,9", "emprise"),
        ("zoom=-1", "zoom"),
        ("zoom=99", "zoom"),
        ("zoom=²", "zoom"),
        ("zoom=8.5", "zoom"),
        ("etape=lune", "etape"),
        ("page=2", "page"),
        ("lieu=Arles", "lieu"),
        ("inconnu=1", "inconnu"),
        ("rayon=5", "rayon"),
        ("emprise=%00", "emprise"),
    ],
)
def test_points_refuse_what_they_do_not_understand_and_name_it(client, places, query, named):
    response = client.get(f"/carte/points.json?{query}")

    assert response.status_code == 400
    assert [fault["parametre"] for fault in response.json()["parametres"]] == [named]


@pytest.mark.parametrize("query", ["utm_source=x", "emprise=&zoom=", "zoom=22", "emprise=4,43,5,44"])
def test_points_take_the_rest(client, places, query):
    assert client.get(f"/carte/points.json?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "point=", "point=lune", "point=com-99999", "point=a,b", "point=%00", "point=nan,2", "point=1,inf"]
)
def test_a_popup_of_no_point_is_refused(client, places, query):
    assert client.get(f"/carte/fiches/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["point=43.5,5.5", "point=com-13004", "point=com-13004&point=43.5,5.5"])
def test_a_point_where_nothing_stands_any_more_is_an_empty_popup(client, places, query):
    page = client.get(f"/carte/fiches/?{query}")

    assert (page.status_code, "aucune fiche" in page.text) == (200, True)


def test_a_popup_says_how_far_as_the_list_does(client, places):
    places.arles.latitude, places.arles.longitude = 43.68, 4.63
    places.tarascon.latitude, places.tarascon.longitude = 43.8, 4.66
    places.arles.save()
    places.tarascon.save()
    factories.InitiativeFactory(published=True, sites=[places.tarascon])

    piece = client.get("/carte/fiches/?point=com-13108&territoire=com-13004&rayon=30").text

    assert re.search(r"à 14\skm", piece)


def test_points_read_before_a_publication_are_not_tagged_as_read_after_it(client, places, monkeypatch):
    factories.InitiativeFactory(published=True, sites=[places.arles])

    def publish_then_tag(*given):
        record_change([factories.InitiativeFactory(published=True, sites=[places.arles]).pk])
        return etag_of(*given)

    monkeypatch.setattr("initiatives.exchange.points.etag_of", publish_then_tag)
    stale = client.get("/carte/points.json")
    monkeypatch.undo()
    after = client.get("/carte/points.json", headers={"if-none-match": stale.headers["ETag"]})

    assert (stale.json()["total"], after.status_code) == (1, 200)


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999999", "²", "9" * 400])
def test_a_popup_takes_any_page(client, places, page):
    factories.InitiativeFactory(published=True, sites=[places.arles])

    assert client.get("/carte/fiches/", {"point": "com-13004", "page": page}).status_code == 200


@pytest.mark.parametrize("address", ["/carte/", "/carte/fiches/", "/carte/points.json"])
def test_maps_are_only_read(client, places, address):
    assert client.post(address).status_code == 405


def test_points_are_asked_again_at_each_change_only(client, places):
    factories.InitiativeFactory(published=True, sites=[places.arles])
    first = client.get("/carte/points.json")
    again = client.get("/carte/points.json", headers={"if-none-match": first.headers["ETag"]})
    record_change([factories.InitiativeFactory(published=True, sites=[places.arles]).pk])
    after = client.get("/carte/points.json", headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, after.status_code) == (304, 200)
    assert after.json()["total"] == 2


def test_points_of_another_view_are_another_answer(client, places):
    whole, part = client.get("/carte/points.json"), client.get("/carte/points.json?zoom=9")

    assert whole.headers["ETag"] != part.headers["ETag"]


# Cost


@pytest.mark.parametrize(
    "path",
    [
        "/carte/?par_page=100",
        "/carte/?par_page=100&territoire=dep-13",
        "/carte/points.json",
        "/carte/points.json?zoom=11&emprise=4,43,6,44",
        "/carte/fiches/?point=com-13004",
    ],
)
def test_a_map_asks_as_many_questions_whatever_it_shows(client, places, path):
    grow(places, 10)
    few = questions(client, path)
    grow(places, 90)

    assert questions(client, path) == few


def grow(places, number):
    for rank in range(number):
        town = factories.TerritoryFactory(
            department=places.bouches_du_rhone, latitude=43.3 + rank / 500, longitude=5 + rank / 400
        )
        theme = factories.ThemeFactory(parent=factories.ThemeFactory())
        fiche = factories.InitiativeFactory(published=True, themes=[theme], sites=[places.arles, town])
        Site.objects.filter(initiative=fiche, territory=town).update(latitude=43.4, longitude=5.1)


def questions(client, path):
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_a_thousand_points_are_light(client, places):
    for rank in range(300):
        factories.InitiativeFactory(published=True, name=f"Une initiative du quartier {rank}", sites=[places.arles])

    whole = client.get("/carte/points.json")

    assert len(whole.content) < 300 * 60
    assert json.loads(whole.content)["points"][0][2] == list(range(300))
