"""The parameter ``lieu``: what people type for a place, and where it leads them."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages

from initiatives.models import PostalCode, TerritoryName
from tests.directory.reading import read, words
from tests.factories import ActorFactory, InitiativeFactory, TerritoryFactory, UserFactory

LISTS = ["/initiatives/", "/acteurs/", "/financements/", "/territoires/"]


@pytest.fixture
def typed(client, places):
    """`typed("Arles", theme="…")`: what the list of initiatives answers."""

    def ask(lieu, address="/initiatives/", **others):
        return client.get(address, {"lieu": lieu, **others})

    return ask


@pytest.fixture
def more_places(places):
    """Places that resemble each other, in the region and out of it."""
    bouches, vaucluse = {"department": places.bouches_du_rhone}, {"department": places.vaucluse}
    elsewhere = {"in_scope": False, "department": places.drome}
    more = SimpleNamespace(
        saint_remy=TerritoryFactory(code="13100", name="Saint-Rémy-de-Provence", **bouches),
        other_saint_remy=TerritoryFactory(code="84500", name="Saint-Rémy-du-Mont", **vaucluse),
        aigle=TerritoryFactory(code="13900", name="Aigle", **bouches),
        aigle_vaucluse=TerritoryFactory(code="84900", name="Aigle", **vaucluse),
        ciotat=TerritoryFactory(code="13028", name="La Ciotat", **bouches),
        banon=TerritoryFactory(kind="epci", code="200071025", name="Haute-Provence – Pays de Banon"),
        corse=TerritoryFactory(kind="dep", code="2A", name="Corse-du-Sud", in_scope=False),
        lyon=TerritoryFactory(code="69123", name="Lyon", **elsewhere),
        jardin=TerritoryFactory(code="38199", name="Jardin", **elsewhere),
        valence_here=TerritoryFactory(code="13901", name="Valence-en-Provence", **bouches),
    )
    TerritoryName.objects.create(territory=places.paca, name="PACA")
    TerritoryName.objects.create(territory=places.paca, name="Sud")
    TerritoryName.objects.create(territory=places.arles, name="Trinquetaille", former_code="13998")
    for territory, code in [
        (places.marseille_3, "13003"),
        (places.arles, "13200"),
        (places.arles, "13123"),
        (places.saint_martin, "13310"),
        (places.tarascon, "13150"),
        (more.ciotat, "13150"),
        (more.lyon, "69001"),
    ]:
        PostalCode.objects.create(territory=territory, code=code)
    return more


def asked(response):
    """The parameters of the address that an answer leads to."""
    assert response.status_code == 302
    address = urlsplit(response["Location"])
    assert address.path == "/initiatives/"
    return parse_qs(address.query, keep_blank_values=True)


def leads_to(response):
    """The key of the one place that an answer leads to."""
    parameters = asked(response)
    assert {*parameters} == {"territoire"}
    return parameters["territoire"][0]


def offered(response):
    """The names of the places that an answer lets the person choose from, in their order."""
    return [words(link.select_one("span")) for link in read(response).select("main .sommaire a")]


# One place


NAMED = {
    # by its name, however it is written
    "Arles": "com-13004",
    "  ARLES  ": "com-13004",
    "aix en provence": "com-13001",
    "AIX-EN-PROVENCE": "com-13001",
    "Valréas": "com-84138",
    "valreas": "com-84138",
    "St-Martin-de-Crau": "com-13097",
    "st martin de crau": "com-13097",
    "La Ciotat": "com-13028",
    "ciotat": "com-13028",
    "à Arles": "com-13004",
    "dans le Vaucluse": "dep-84",
    # by a number
    "13": "dep-13",
    "2A": "dep-2A",
    "2a": "dep-2A",
    "13200": "com-13004",
    "13310": "com-13097",
    # by a name and a number, or where it is
    "Arles (13)": "com-13004",
    "Marseille (13)": "com-13055",
    "Marseille, 13": "com-13055",
    "Arles (Bouches-du-Rhône)": "com-13004",
    "Arles, bouches du rhone": "com-13004",
    "13200 Arles": "com-13004",
    "Arles 13200": "com-13004",
    "Arles (13200)": "com-13004",
    "13000 Marseille": "com-13055",
    "13003 Marseille": "arm-13203",
    "Aigle (84)": "com-84900",
    "Saint-Rémy (13)": "com-13100",
    "Vaucluse (84)": "dep-84",
    # of every kind
    "France": "pays-FR",
    "Provence-Alpes-Côte d'Azur": "reg-93",
    "provence alpes cote d’azur": "reg-93",
    "Région Provence Alpes Côte d'Azur": "reg-93",
    "PACA": "reg-93",
    "région Sud": "reg-93",
    "Bouches du Rhône": "dep-13",
    "département de Vaucluse": "dep-84",
    "Aix-Marseille-Provence": "epci-200054807",
    "Métropole Aix-Marseille-Provence": "epci-200054807",
    "métropole d'Aix": "epci-200054807",
    "Haute-Provence - Pays de Banon": "epci-200071025",
    "Pays de Banon": "epci-200071025",
    "communauté de communes du Pays de Banon": "epci-200071025",
    "CC Pays de Banon": "epci-200071025",
    "Marseille 3e": "arm-13203",
    "Marseille 3ème arrondissement": "arm-13203",
    "3e arrondissement de Marseille": "arm-13203",
    "3e arrondissement": "arm-13203",
    "Marseille 1er": "arm-13201",
    "13003": "arm-13203",
    "Vieux-Port": "zone-vieux-port",
    "la Crau": "zone-crau",
    # by an old name
    "Trinquetaille": "com-13004",
    # out of the region
    "Lyon": "com-69123",
    "69001": "com-69123",
    "Drôme": "dep-26",
    "Auvergne-Rhône-Alpes": "reg-84",
}


def test_a_place_is_found_by_what_people_type(typed, more_places):
    assert {lieu: leads_to(typed(lieu)) for lieu in NAMED} == NAMED


@pytest.mark.parametrize("address", LISTS)
def test_every_list_takes_a_place(client, places, address):
    response = client.get(address, {"lieu": "Arles"})

    assert (response.status_code, response["Location"]) == (302, f"{address}?territoire=com-13004")
    assert client.get(response["Location"], follow=True).status_code == 200


def test_a_place_keeps_the_rest_of_the_search_but_the_page_and_the_place_before(typed):
    response = typed("Arles", q="pain", theme=["eau", "habitat"], tri="nom", page="3", territoire="dep-84", etape="")

    assert asked(response) == {"q": ["pain"], "theme": ["eau", "habitat"], "tri": ["nom"], "territoire": ["com-13004"]}


def test_a_place_takes_the_place_of_the_point_that_one_was_around(typed):
    assert asked(typed("Arles", pres_de="43.30,5.40", rayon="20")) == {"rayon": ["20"], "territoire": ["com-13004"]}


@pytest.mark.parametrize("lieu", ["", "   ", "\x00", "\u202f\t\n", "\ud7ff\ufdd0"])
def test_no_place_is_no_question(typed, lieu):
    response = typed(lieu)

    assert response.status_code == 200
    assert not [*get_messages(response.wsgi_request)]


def test_a_place_that_closed_is_no_longer_found(typed, places):
    places.tarascon.closed_on = "2025-01-01"
    places.tarascon.save()

    assert "territoire" not in asked(typed("Tarascon"))


# Several places


def test_a_postal_code_that_communes_share_lets_choose(typed, more_places):
    assert offered(typed("13150")) == ["La Ciotat", "Tarascon"]


def test_a_name_that_places_share_lets_choose(typed, more_places):
    assert offered(typed("aigle")) == ["Aigle", "Aigle"]


def test_the_beginning_of_several_names_lets_choose(typed, more_places):
    assert offered(typed("St Rémy")) == ["Saint-Rémy-de-Provence", "Saint-Rémy-du-Mont"]


def test_a_place_of_the_directory_goes_before_its_namesake_elsewhere(typed, more_places):
    TerritoryFactory(code="69999", name="Arles", in_scope=False)

    assert leads_to(typed("Arles")) == "com-13004"


def test_the_beginning_of_a_name_of_the_directory_goes_before_a_name_elsewhere_without_hiding_it(typed, more_places):
    assert offered(typed("Valence")) == ["Valence-en-Provence", "Valence"]


def test_each_choice_keeps_the_rest_of_the_search(typed, more_places):
    page = read(typed("St Rémy", etape="essaimage", page="2", territoire="dep-84"))

    first = page.select_one("main .sommaire a")
    assert first["href"] == "/initiatives/?etape=essaimage&territoire=com-13100"
    as_words = page.select_one('main a[href*="q="]')
    assert parse_qs(urlsplit(as_words["href"]).query) == {
        "etape": ["essaimage"],
        "territoire": ["dep-84"],
        "q": ["St Rémy"],
    }


def test_no_more_than_thirty_places_are_offered(typed, places):
    for number in range(40):
        TerritoryFactory(name=f"Saint-Jean-{number}")

    assert len(offered(typed("Saint-Jean"))) == 30


# A word rather than a place


@pytest.mark.parametrize(
    ("lieu", "place"), [("jardin", "Jardin"), ("le jardin", "Jardin"), ("saint", "Saint-Martin-de-Crau")]
)
def test_one_word_that_fiches_hold_may_be_meant_as_a_word(typed, more_places, lieu, place):
    more_places.saint_remy.delete()
    more_places.other_saint_remy.delete()
    InitiativeFactory(published=True, name="Les jardins de la saint-Jean")

    response = typed(lieu)

    assert offered(response) == [place]
    page = read(response)
    assert words(page.select_one(".chapo")) == "Est-ce celui que vous cherchez ?"
    assert page.select_one('main a[href^="/initiatives/?q="]')


def test_a_word_of_fiches_that_nobody_may_read_makes_no_doubt(typed, more_places):
    InitiativeFactory(name="Les jardins")
    InitiativeFactory(archived=True, name="Les jardins d’hier")

    assert leads_to(typed("jardin")) == "com-38199"


def test_the_name_of_a_place_of_the_directory_is_no_mere_word(typed, more_places):
    InitiativeFactory(published=True, name="L’atelier d’Arles")

    assert leads_to(typed("Arles")) == "com-13004"


def test_several_words_that_name_a_place_are_no_mere_words(typed, more_places):
    InitiativeFactory(published=True, name="Le pays de Banon")

    assert leads_to(typed("pays de banon")) == "epci-200071025"


def test_where_words_cannot_be_searched_a_word_is_a_place(client, more_places):
    InitiativeFactory(published=True, name="Les jardins")

    assert client.get("/territoires/", {"lieu": "jardin"})["Location"] == "/territoires/?territoire=com-38199"


# No place


def test_words_that_name_no_place_are_searched_and_it_is_said(client, typed):
    response = typed("ressourcerie", theme="habitat", territoire="dep-84", page="2")

    assert asked(response) == {"theme": ["habitat"], "territoire": ["dep-84"], "q": ["ressourcerie"]}
    notice = read(client.get(response["Location"])).select_one(".messages .avis")
    assert words(notice) == "Aucun lieu ne s’appelle « ressourcerie » : ces mots ont été cherchés dans les fiches."


def test_they_are_added_to_the_words_already_there(typed):
    assert asked(typed("du quartier", q="ressourcerie")) == {"q": ["ressourcerie du quartier"]}


@pytest.mark.parametrize("address", ["/financements/", "/territoires/"])
def test_a_list_without_words_says_that_no_place_was_found(client, places, address):
    response = client.get(address, {"lieu": "ressourcerie"}, follow=True)

    assert response.redirect_chain == [(address, 302)]
    assert words(read(response).select_one(".messages .avis")) == "Aucun lieu ne s’appelle « ressourcerie »."


def test_actors_are_searched_too(client, places):
    ActorFactory(published=True, name="La ressourcerie")

    page = read(client.get("/acteurs/", {"lieu": "ressourcerie"}, follow=True))

    assert "La ressourcerie" in words(page.main)


NAMELESS = [
    "Arles (84)",  # where it is not
    "Arles (planète)",
    "84000 Arles",
    "jardin, école",
    "ville jardin",
    "région Arles",
    "Marseille 18e",
    "13999",
    "()",
    "(13)",
    ", 13",
    "***",
    "%",
    "_",
    "\\",
    "'; DROP TABLE territory; --",
    "‘ “ «",
    "🚲",
    "e\u0301\u0301\u0301",
]


def test_what_names_no_place_is_searched_as_it_is(client, typed, more_places):
    assert {lieu: asked(typed(lieu)).get("q") for lieu in NAMELESS} == {lieu: [lieu] for lieu in NAMELESS}
    for lieu in NAMELESS:
        read(client.get(typed(lieu)["Location"]))


@pytest.mark.parametrize(
    ("lieu", "searched"),
    [
        ("\x00jardin\x00partagé\x00", "jardin partagé"),
        ("jardin\x1b\u200b\u00a0\u202fpartagé\r\n", "jardin partagé"),
        ("pain " * 300, ("pain " * 40).strip()),
        ("é" * 300, "é" * 200),
    ],
)
def test_what_a_page_cannot_hold_is_left_out(client, typed, lieu, searched):
    response = typed(lieu)

    assert asked(response) == {"q": [searched]}
    page = read(client.get(response["Location"]))
    assert page.select_one("input[name=q]")["value"] == searched


def test_ten_thousand_characters_are_refused_in_a_page(typed):
    response = typed("é" * 10_000)

    assert response.status_code == 414
    assert "trop longue" in response.text


def test_what_is_typed_is_never_html(client, typed, more_places):
    attack = "<script>alert('a')</script>"

    page = read(client.get(typed(attack)["Location"]))

    assert attack.replace("'", "’") in words(page.select_one(".messages"))
    assert not page.select("script:not([src]):not([type='application/ld+json'])")


def test_to_look_for_a_place_one_needs_not_be_known(client, typed):
    client.force_login(UserFactory())

    assert leads_to(typed("Arles")) == "com-13004"


def test_what_is_asked_of_the_database_does_not_grow_with_the_places(typed, django_assert_max_num_queries, places):
    for number in range(100):
        TerritoryFactory(name=f"Saint-Jean-{number}", department=places.vaucluse)

    with django_assert_max_num_queries(6):
        typed("saint jean, vaucluse")
