"""Places that are completed while they are typed."""

import pytest
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as hypothesis_settings

from initiatives.directory import suggest as module
from initiatives.directory.places import places_called
from initiatives.directory.suggest import forget, suggest
from initiatives.models import ALL, PostalCode, TerritoryName, record_change
from tests.factories import TerritoryFactory

ADDRESS = "/suggestions/lieux/"


@pytest.fixture(autouse=True)
def fresh():
    forget()
    yield
    forget()


@pytest.fixture
def more_places(places):
    """Places that resemble each other, in the region and out of it."""
    bouches, vaucluse = {"department": places.bouches_du_rhone}, {"department": places.vaucluse}
    outside = {"in_scope": False, "department": places.drome}
    places.vaucluse.name_of = "du Vaucluse"
    places.vaucluse.save()
    places.metropole.nature = "métropole"
    places.metropole.department = places.bouches_du_rhone
    places.metropole.population = 1_900_000
    places.metropole.save()
    places.saint_remy = TerritoryFactory(code="13100", name="Saint-Rémy-de-Provence", population=9000, **bouches)
    places.other_saint_remy = TerritoryFactory(code="84500", name="Saint-Rémy-du-Mont", population=12_000, **vaucluse)
    places.aigle = TerritoryFactory(code="13900", name="Aigle", **bouches)
    places.aigle_vaucluse = TerritoryFactory(code="84900", name="Aigle", **vaucluse)
    places.ciotat = TerritoryFactory(code="13028", name="La Ciotat", **bouches)
    places.valence_here = TerritoryFactory(code="13901", name="Valence-en-Provence", **bouches)
    places.banon = TerritoryFactory(
        kind="epci", code="200071025", name="Haute-Provence – Pays de Banon", nature="communauté de communes"
    )
    places.lyon = TerritoryFactory(code="69123", name="Lyon", population=520_000, **outside)
    places.corsica = TerritoryFactory(kind="dep", code="2A", name="Corse-du-Sud", in_scope=False)
    TerritoryName.objects.create(territory=places.paca, name="PACA")
    TerritoryName.objects.create(territory=places.arles, name="Trinquetaille", former_code="13998")
    for place, code in [
        (places.marseille_3, "13003"),
        (places.arles, "13200"),
        (places.arles, "13123"),
        (places.tarascon, "13150"),
        (places.ciotat, "13150"),
        (places.lyon, "69001"),
    ]:
        PostalCode.objects.create(territory=place, code=code)
    return places


def names(words):
    return [place.name for place in suggest(words)]


def keys(words):
    return [place.key for place in suggest(words)]


FIRST = {
    "arl": "com-13004",
    "  ARLES ": "com-13004",
    "valreas": "com-84138",
    "aix en": "com-13001",
    "AIX-EN-P": "com-13001",
    "st mart": "com-13097",
    "St-Remy-de": "com-13100",
    "la cio": "com-13028",
    "ciot": "com-13028",
    "à la ciot": "com-13028",
    "vauc": "dep-84",
    "le vaucluse": "dep-84",
    "dans le vauc": "dep-84",
    "13": "dep-13",
    "2a": "dep-2A",
    "132": "com-13004",
    "13200 arles": "com-13004",
    "Arles (1": "com-13004",
    "arles, bouches": "com-13004",
    "marseille, 1": "com-13055",
    "aigle (84": "com-84900",
    "metropole aix": "epci-200054807",
    "métropole d’Aix": "epci-200054807",
    "pays de ban": "epci-200071025",
    "communauté de communes pays de banon": "epci-200071025",
    "marseille 3": "arm-13203",
    "3e arr": "arm-13203",
    "13003": "arm-13203",
    "vieux": "zone-vieux-port",
    "fr": "pays-FR",
    "provence alpes": "reg-93",
    "paca": "reg-93",
    "trinq": "com-13004",
    "lyon": "com-69123",
    "6900": "com-69123",
}


def test_the_place_that_is_being_typed_comes_first(more_places):
    assert {words: keys(words)[:1] for words in FIRST} == {words: [key] for words, key in FIRST.items()}


def test_each_says_what_it_is_and_where(more_places):
    [arles, *_] = suggest("arles")
    [metropole, *_] = suggest("aix-mar")

    assert (arles.label, arles.kind, arles.department, arles.called) == ("Arles", "commune", "Bouches-du-Rhône", "")
    assert (metropole.kind, metropole.department) == ("métropole", "Bouches-du-Rhône")
    assert suggest("vaucl")[0].kind == "département"


def test_a_place_out_of_the_region_is_said_to_be(more_places):
    [lyon] = suggest("lyon")

    assert lyon.label == "Lyon, hors de la région"
    assert not suggest("arles")[0].outside


def test_another_name_and_a_postal_code_are_told(more_places):
    assert [(place.name, place.called) for place in suggest("trinque")] == [("Arles", "Trinquetaille")]
    assert [(place.name, place.called) for place in suggest("1312")] == [("Arles", "13123")]


def test_those_of_the_directory_come_first_and_their_namesakes_elsewhere_are_not_hidden(more_places):
    for number in range(10):
        TerritoryFactory(name=f"Lyon-{number}", population=number)

    found = suggest("lyon")

    assert len(found) == 8
    assert [place.outside for place in found] == [False] * 7 + [True]
    assert found[0].name == "Lyon-9"
    assert found[-1].name == "Lyon"
    assert names("valence") == ["Valence-en-Provence", "Valence"]


def test_the_exact_name_then_the_beginning_then_a_word_then_the_population(places):
    for name, population in [("Grande-Mer", 9000), ("Mers", 10), ("Mer", 1), ("Mercure", 500), ("Fos-sur-Mer", 9500)]:
        TerritoryFactory(name=name, population=population)

    assert names("mer") == ["Mer", "Mercure", "Mers", "Fos-sur-Mer", "Grande-Mer"]


def test_namesakes_of_the_directory_are_all_there(more_places):
    assert {*keys("aigle")} == {"com-13900", "com-84900"}
    assert {*keys("13150")} == {"com-13108", "com-13028"}


def test_what_is_closed_is_not_suggested(places):
    places.tarascon.closed_on = "2025-01-01"
    places.tarascon.save()

    assert not suggest("tarascon")


WORDS = ["Arles", "aigle", "la Crau", "13", "13150", "Arles (13)", "13200 Arles", "St-Rémy-de-Provence", "région PACA"]
WORDS += ["Marseille 3e arrondissement", "département de Vaucluse", "Valence", "Marseille, 1", "Aigle, Vaucluse", "2A"]
WORDS += ["Métropole Aix-Marseille-Provence", "CC Haute-Provence Pays de Banon", "13000 Marseille", "Lyon", "Mayotte"]


def test_what_is_found_by_its_very_name_is_suggested(more_places):
    for words in WORDS:
        found, _ = places_called(words)
        assert found, words
        assert {place.key for place in found} <= {*keys(words)}, words


PIECES = "arles marseille aix la le st saint 13 84 13200 3e (13) , ( aigle d' de pays cc"
TYPED = strategies.one_of(
    strategies.text(max_size=30),
    strategies.lists(
        strategies.sampled_from(PIECES.split()),
        max_size=4,
    ).map(" ".join),
)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=TYPED)
def test_whatever_is_typed_the_exact_places_are_among_at_most_eight(more_places, words):
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    found, sure = places_called(words) if words else ([], False)

    suggested = keys(words)

    assert len({*suggested}) == len(suggested) <= 8
    if sure and len(found) <= 8:
        assert {place.key for place in found} <= {*suggested}


# The table in memory


@pytest.mark.remembers
def test_it_is_read_once_and_again_when_the_places_may_have_changed(places, django_assert_num_queries):
    assert names("arles") == ["Arles", "Arles-Crau-Camargue-Montagnette"]
    with django_assert_num_queries(1):
        suggest("arles")
    places.arles.name = "Arelate"
    places.arles.save()
    record_change([])
    assert names("arelate") == []

    record_change(ALL)

    assert names("arelate") == ["Arelate"]


@pytest.mark.remembers
def test_while_one_makes_it_anew_the_others_answer_from_the_last(places):
    suggest("arles")
    record_change(ALL)

    with module._making:
        assert names("arles") == ["Arles", "Arles-Crau-Camargue-Montagnette"]


# The address


def test_the_address_answers_in_json(client, more_places):
    response = client.get(ADDRESS, {"q": "lyo"})

    assert response.json() == {
        "suggestions": [
            {
                "key": "com-69123",
                "label": "Lyon, hors de la région",
                "kind": "commune",
                "department": "Drôme",
                "outside": True,
                "called": "",
            }
        ]
    }


def test_it_may_be_kept_a_while_and_asked_again_for_nothing(client, more_places):
    response = client.get(ADDRESS, {"q": "arl"})

    assert response["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    again = client.get(ADDRESS, {"q": "arl"}, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(ADDRESS, {"q": "lyo"}, headers={"If-None-Match": response["ETag"]})
    assert other.status_code == 200


def test_the_number_of_queries_does_not_grow(client, more_places, django_assert_num_queries):
    client.get(ADDRESS, {"q": "arl"})

    with django_assert_num_queries(1):
        client.get(ADDRESS, {"q": "saint"})


HOSTILE = [
    "",
    " ",
    "\x00",
    "\x00\u202e\ufdd0",
    "🚲",
    "é" * 500,
    "a" * 5000,
    "(",
    ")(",
    ", ",
    "%",
    "_",
    "\\",
    "'; DROP",
    "()",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_no_place_suggests_nothing(client, more_places, words):
    response = client.get(ADDRESS, {"q": words})

    assert (response.status_code, response.json()) == (200, {"suggestions": []})


def test_ten_thousand_characters_suggest_nothing(more_places):
    assert suggest("arles " * 2000) == []


def test_it_is_only_read(client, places):
    assert client.post(ADDRESS, {"q": "arles"}).status_code == 405
    assert client.get(ADDRESS).json() == {"suggestions": []}
