"""The list of initiatives: what its address asks, and in what order it answers."""

from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from django.utils import timezone

from initiatives.models import Initiative
from initiatives.models.initiative import DAILY_RANKS
from tests.directory.reading import read, words
from tests.directory.sample import found, make_directory


@pytest.fixture
def directory(places):
    return make_directory(places)


ALL = "Cantine Four Monnaie Réseau Toits Épicerie"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ALL),
        ("q=cantine", "Cantine"),
        ("q=EPICERIE", "Épicerie"),
        ("q=cantine+epicerie", ""),
        ("theme=alimentation", "Cantine Four Réseau Épicerie"),
        ("theme=cantines", "Cantine"),
        ("theme=cantines&theme=habitat", "Cantine Toits Épicerie"),
        ("etape=developpement", "Cantine Réseau"),
        ("etape=developpement&etape=essaimage", "Cantine Réseau Toits"),
        ("etape=inconnu", "Four Monnaie"),
        ("activite=terminee", "Four"),
        ("activite=en-sommeil&activite=terminee", "Four Toits"),
        ("territoire=com-13004", "Cantine Monnaie Réseau Épicerie"),
        ("territoire=com-13004&presence=basee", "Cantine"),
        ("territoire=com-13004&presence=intervient", "Épicerie"),
        ("territoire=com-13004&presence=large", "Monnaie Réseau"),
        ("territoire=com-13004&presence=basee&presence=intervient", "Cantine Épicerie"),
        ("territoire=dep-84&presence=basee", "Four"),
        ("territoire=dep-84&territoire=arm-13203&presence=basee", "Four Toits"),
        ("territoire=com-13055&presence=basee", "Toits"),
        ("territoire=pays-FR", ALL),
        ("territoire=dep-13&theme=alimentation&etape=developpement", "Cantine Réseau"),
        ("territoire=dep-13&theme=habitat&etape=emergence&activite=inconnu&q=epicerie&presence=basee", "Épicerie"),
        ("theme=alimentation&theme=alimentation", "Cantine Four Réseau Épicerie"),
        ("theme=&etape=&q=+&territoire=&page=&par_page=&tri=", ALL),
        ("utm_source=lettre&inconnu=1", ALL),
    ],
)
def test_each_criterion_narrows_and_its_values_widen(client, directory, query, names):
    assert sorted(found(client, query)) == names.split()


LONG = "x" * 3_000
WRONG = [
    ("theme=rien", "Thème : rien"),
    ("theme=%00", "Thème : "),
    (f"theme={LONG}", f"Thème : {LONG[:60]}"),
    ("territoire=dep-999", "Territoire : dep-999"),
    ("territoire=arles", "Territoire : arles"),
    ("territoire=dep-13%00", "Territoire : dep-13"),
    (f"territoire=com-{'1' * 3_000}", f"Territoire : com-{'1' * 56}"),
    ("etape=demarrage", "Étape : demarrage"),
    ("etape=%00", "Étape : "),
    ("activite=vivante", "Activité : vivante"),
    ("presence=basee", "Présence, sans territoire : basee"),
    ("territoire=dep-999&presence=basee", "Présence, sans territoire : basee"),
    ("presence=ici", "Présence : ici"),
    ("q=%00", "Mots : "),
    ("q=cantine%07", "Mots : cantine"),
    (f"q={LONG}", f"Mots : {LONG[:60]}"),
    ("tri=hasard", "Trier par : hasard"),
    ("tri=proximite", "Trier par, sans territoire : Proximité"),
    ("tri=%00", "Trier par : "),
    ("par_page=500", "Par page : 500"),
    ("par_page=0", "Par page : 0"),
    ("par_page=²", "Par page : ²"),
    ("page=0", "Page : 0"),
    ("page=-1", "Page : -1"),
    ("page=abc", "Page : abc"),
    ("page=1.5", "Page : 1.5"),
    ("page=²", "Page : ²"),
    ("page=%00", "Page : "),
    (f"page={'9' * 3_000}", f"Page : {'9' * 60}"),
    ("theme=<script>", "Thème : <script>"),
    ("&".join(f"theme=t{number}" for number in range(60)), "Thème : 10 valeurs de trop"),
]


@pytest.mark.parametrize(("query", "told"), WRONG, ids=[query[:30] for query, _ in WRONG])
def test_what_is_not_understood_is_named_and_the_rest_applies(client, directory, query, told):
    page = read(client.get(f"/initiatives/?{query}&activite=en-sommeil"))

    assert told.strip() in words(page.select_one(".avis.alerte"))
    assert [words(title) for title in page.select(".rang h3")] == ["Toits"]


def test_all_mistakes_together_leave_the_rest_of_the_search_in_force(client, directory):
    together = "&".join(query for query, _ in WRONG if len(query) < 100 and "basee" not in query)

    page = read(client.get(f"/initiatives/?{together}&territoire=com-13004&etape=emergence&utm_source=x&page"))

    assert len(words(page.select_one(".avis.alerte p")).split("»")) > 12
    assert [words(title) for title in page.select(".rang h3")] == ["Épicerie"]


def test_what_is_not_understood_is_in_no_link_of_the_page(client, directory):
    page = read(client.get("/initiatives/?theme=rien&tri=hasard&par_page=500&etape=developpement&page=0"))

    addresses = [link["href"] for link in page.select("main a[href]")]
    hidden = [(field["name"], field["value"]) for field in page.select("input[type=hidden]")]
    assert not [address for address in addresses if "rien" in address or "hasard" in address or "500" in address]
    assert set(hidden) == {("etape", "developpement")}


def test_a_page_past_the_end_is_not_found(client, directory):
    assert client.get("/initiatives/?page=2&par_page=5").status_code == 200
    assert client.get("/initiatives/?page=3&par_page=5").status_code == 404
    assert client.get("/initiatives/?q=introuvable&page=2").status_code == 404


def test_the_pages_follow_one_another_and_keep_the_search(client, directory):
    first = read(client.get("/initiatives/?par_page=4&tri=nom&territoire=pays-FR"))
    following = first.select_one('a[rel="next"]')["href"]
    second = read(client.get(following))

    names = [words(title) for page in (first, second) for title in page.select(".rang h3")]
    assert names == ["Cantine", "Épicerie", "Four", "Monnaie", "Réseau", "Toits"]
    assert following == "/initiatives/?territoire=pays-FR&tri=nom&par_page=4&page=2"


def test_names_are_ordered_without_accents_articles_kept(client, directory):
    assert found(client, "tri=nom") == ["Cantine", "Épicerie", "Four", "Monnaie", "Réseau", "Toits"]


def test_the_last_published_come_first_when_it_is_asked(client, directory):
    for day, name in enumerate(["Toits", "Cantine", "Réseau", "Four", "Monnaie", "Épicerie"], 1):
        Initiative.objects.filter(name=name).update(published_at=datetime(2026, 5, day, tzinfo=UTC))

    assert found(client, "tri=recentes") == ["Épicerie", "Monnaie", "Four", "Réseau", "Cantine", "Toits"]


def test_the_order_of_the_day_changes_every_day_and_not_within_it(client, directory, monkeypatch):
    for number, fiche in enumerate(Initiative.objects.published()):
        Initiative.objects.filter(pk=fiche.pk).update(daily_rank=number * DAILY_RANKS // 6)
    orders = []
    for day in range(1, 5):
        monkeypatch.setattr(timezone, "localdate", lambda day=day: date(2026, 5, day))
        assert found(client) == found(client)
        orders.append(tuple(found(client)))

    assert len(set(orders)) == 4


def test_a_territory_brings_proximity_first_unless_another_order_is_asked(client, directory):
    assert found(client, "territoire=com-13004") == ["Cantine", "Épicerie", "Monnaie", "Réseau"]
    page = read(client.get("/initiatives/?territoire=com-13004"))
    assert words(page.select_one("#tri [selected]")) == "Proximité"
    assert "proximite" not in str(read(client.get("/initiatives/")).select_one("#tri"))


def test_an_address_of_ten_thousand_signs_is_refused_with_a_page(client, directory):
    response = client.get(f"/initiatives/?q={'x' * 10_000}")

    assert response.status_code == 414
    assert "adresse" in response.text


@pytest.mark.parametrize("typed", ["Arles", "arles", "13004%00", quote("Lyon  "), LONG, "%00", "+"])
def test_a_place_that_is_typed_never_breaks_the_list(client, directory, typed):
    response = client.get(f"/initiatives/?lieu={typed}&theme=alimentation", follow=True)

    assert response.status_code == 200


def test_a_place_that_is_typed_replaces_the_territory_and_keeps_the_rest(client, directory):
    response = client.get("/initiatives/?lieu=Arles&theme=alimentation&territoire=dep-84&page=2")

    assert response.status_code == 302
    assert response.url == "/initiatives/?theme=alimentation&territoire=com-13004"
