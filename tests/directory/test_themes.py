"""The themes: all of them with their counts, and the page of each."""

import pytest

from tests.directory.reading import counted_links, number_in, read, words
from tests.factories import ActorFactory, InitiativeFactory, ThemeFactory


@pytest.fixture
def food(db):
    return ThemeFactory(name="Alimentation", slug="alimentation", own_cloth="alimentation")


@pytest.fixture
def canteens(food):
    return ThemeFactory(name="Cantines d’été", slug="cantines", parent=food)


@pytest.fixture
def directory(places, food, canteens):
    """Fiches of a theme, of its sub-themes, of both; of several départements; ended, draft."""
    gardens = ThemeFactory(name="Jardins", slug="jardins", parent=food)
    housing = ThemeFactory(name="Habitat", slug="habitat")
    make = {"published": True}
    InitiativeFactory(**make, themes=[food, canteens], sites=[places.arles, places.avignon])
    InitiativeFactory(**make, themes=[canteens], sites=[places.arles, places.marseille], stage="essaimage")
    InitiativeFactory(**make, themes=[canteens, gardens], sites=[places.valence], stage="emergence")
    InitiativeFactory(**make, themes=[housing, canteens], activity="terminee")
    InitiativeFactory(**make, themes=[housing], coverage=[places.paca])
    InitiativeFactory(themes=[food], sites=[places.arles])
    InitiativeFactory(archived=True, themes=[canteens], sites=[places.arles])
    return places


@pytest.mark.parametrize("address", ["", "alimentation/", "cantines/", "jardins/", "habitat/"])
def test_each_number_that_is_a_link_is_that_of_the_list_it_opens(client, directory, address):
    links = counted_links(read(client.get(f"/themes/{address}")))

    assert len(links) > 1
    assert links == [(address, number_in(client, address)) for address, _ in links]


def test_a_theme_counts_its_subthemes_once(client, directory):
    samples = read(client.get("/themes/")).select(".echantillon")

    assert [words(sample) for sample in samples] == ["Alimentation 4 initiatives", "Habitat 2 initiatives"]
    assert words(read(client.get("/themes/alimentation/")).select_one(".chapo")) == (
        "4 initiatives connues, dans 3 départements."
    )


def test_subthemes_are_under_their_theme(client, directory):
    group = read(client.get("/themes/")).select_one("[aria-labelledby=h-alimentation]")

    assert words(group) == "Alimentation Cantines d’été 4 Jardins 1"


def test_an_empty_directory_reads_well(client, food, canteens):
    for address in ("/themes/", "/themes/alimentation/", "/themes/cantines/"):
        page = read(client.get(address))
        assert {number for _, number in counted_links(page)} <= {0}
        assert "aucune fiche" in words(page.main).lower() or address == "/themes/cantines/"
    assert "Aucune initiative de ce thème n’est connue" in words(page.select_one(".chapo"))


def test_a_theme_without_a_fiche_leads_to_those_that_have(client, directory, food):
    ThemeFactory(name="Marchés", slug="marches", parent=food)

    empty = read(client.get("/themes/marches/")).select_one(".vide")

    assert words(empty).endswith("Élargir : Alimentation (4), tout l’annuaire (5).")
    assert [number_in(client, link["href"]) for link in empty.select("a")] == [4, 5]


def test_a_subtheme_wears_the_cloth_of_its_theme_and_shows_its_sisters(client, directory):
    page = read(client.get("/themes/cantines/"))

    assert page.select_one(".chef .toile")["class"] == ["toile", "t-alimentation"]
    assert [words(step) for step in page.select(".fil li")] == ["Accueil", "Thèmes", "Alimentation", "Cantines d’été"]
    assert words(page.select_one("[aria-labelledby=h-famille] ul")) == "Alimentation Jardins 1"


def test_a_theme_without_a_cloth_wears_the_neutral_one(client, places):
    ThemeFactory(name="Nouveau", slug="nouveau")

    assert read(client.get("/themes/nouveau/")).select_one(".chef .toile")["class"] == ["toile", "t-neutre"]


def test_an_ended_fiche_carries_its_badge(client, directory):
    assert words(read(client.get("/themes/habitat/")).select_one(".rang.passe .vie")) == "Terminée"


def test_rows_stop_at_twenty_and_the_rest_is_a_link(client, places, food):
    for number in range(21):
        InitiativeFactory(published=True, name=f"Fiche {number}", themes=[food])

    page = read(client.get("/themes/alimentation/"))

    assert len(page.select(".rang")) == 20
    assert words(page.select_one("a.suite")) == "Les 21 initiatives"


def test_published_actors_of_the_theme_and_its_subthemes_are_named_once(client, food, canteens):
    ActorFactory(published=True, name="La Table", themes=[food, canteens], kind="reseau")
    ActorFactory(published=True, name="Le Four", themes=[canteens], kind="lieu")
    ActorFactory(published=True, name="Autre", themes=[ThemeFactory()])
    ActorFactory(name="Brouillon", themes=[food])

    def named(address):
        return [words(line) for line in read(client.get(address)).select("[aria-labelledby=h-acteurs] li")]

    assert named("/themes/alimentation/") == ["La Table Réseau", "Le Four Lieu et pôle"]
    ActorFactory(published=True, name="Au-dessus", themes=[food])
    assert named("/themes/cantines/") == ["La Table Réseau", "Le Four Lieu et pôle"]


def test_the_other_themes_are_offered(client, directory):
    links = read(client.get("/themes/cantines/")).select("[aria-labelledby=h-autres] a")

    assert [link["href"] for link in links] == ["/themes/habitat/"]


@pytest.mark.parametrize("slug", ["inconnu", "Alimentation", "alimentation-"])
def test_a_made_up_theme_is_not_found(client, food, slug):
    assert client.get(f"/themes/{slug}/").status_code == 404


@pytest.mark.parametrize("address", ["/themes/", "/themes/alimentation/", "/themes/cantines/"])
def test_queries_do_not_grow_with_the_fiches(client, places, food, canteens, django_assert_max_num_queries, address):
    counts = []
    for number in (10, 90):
        for _ in range(number):
            lead = ActorFactory(published=True, themes=[food, canteens])
            InitiativeFactory(published=True, themes=[food, canteens], sites=[places.arles, places.aix], lead=lead)
            ThemeFactory(parent=food)
        with django_assert_max_num_queries(60) as captured:
            client.get(address)
        counts.append(len(captured))

    assert counts[0] == counts[1]
