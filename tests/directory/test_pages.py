"""The pages that explain, the legal ones, the plan of the site and the gallery of components."""

from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.directory.sitemaps import PAGES as ALL_PAGES
from tests.directory.reading import read, words
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)

READING = ["/charte/", "/methode/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/contact/"]
PAGES = [*READING, "/plan-du-site/"]
SIGNED = ["/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/contact/"]


@pytest.fixture
def directory(places):
    """A small directory where every sort of page has something to show."""
    places.arles.department.save()
    for epci in (places.metropole, places.accm):
        epci.department = places.bouches_du_rhone
        epci.save()
    food = ThemeFactory(slug="alimentation", name="Alimentation et agriculture", own_cloth="alimentation")
    canteens = ThemeFactory(slug="cantines", name="Cantines", parent=food)
    lead = ActorFactory(published=True, name="Les Cabas", kind="accompagnement", seat=places.arles)
    FundingSourceFactory(published=True, name="Le Coup de pouce", offered_by=lead, territories=[places.paca])
    InitiativeFactory(
        published=True,
        name="L’Épicerie",
        themes=[canteens],
        sites=[places.arles],
        coverage=[places.vaucluse],
        lead=lead,
    )
    InitiativeFactory(name="Un brouillon", themes=[food], sites=[places.arles])
    return places


@pytest.fixture
def team(client, db):
    client.force_login(UserFactory(is_staff=True))
    return client


@pytest.fixture
def publisher(settings):
    settings.PUBLISHER = "La chambre d'essai & associés"
    settings.PUBLICATION_DIRECTOR = "La <présidence>"
    settings.HOST_PROVIDER = "L'hébergeur, 1 rue du Port, 13002 Marseille"
    settings.CONTACT_EMAIL = "bonjour@exemple.test"
    return settings


@pytest.mark.parametrize("address", PAGES)
def test_the_page_is_valid_and_holds_no_style_nor_script_of_its_own(client, directory, address):
    page = read(client.get(address))

    assert not page.select("style, [style], script:not([src])")
    assert page.html["lang"] == "fr"
    assert [line for line in page.select("ul, ol, dl") if not line.find(True)] == []


@pytest.mark.parametrize("address", PAGES)
def test_the_page_is_the_same_for_an_empty_directory(client, places, address):
    read(client.get(address))


def test_each_page_says_what_it_is_in_its_own_words(client, directory):
    pages = [read(client.get(address)) for address in PAGES]

    for said in ("title", "h1"):
        assert len({words(page.select_one(said)) for page in pages}) == len(PAGES)
    for said in ("meta[name=description]", 'meta[property="og:title"]', 'meta[property="og:url"]'):
        assert len({page.select_one(said)["content"] for page in pages}) == len(PAGES)
    for address, page in zip(PAGES, pages, strict=True):
        assert urlsplit(page.select_one("link[rel=canonical]")["href"]).path == address


@pytest.mark.parametrize("address", READING)
def test_the_contents_name_every_part_of_the_page_in_its_order(client, directory, address):
    page = read(client.get(address))

    parts = [f"#{title['id']}" for title in page.select(".texte h2")]
    assert [link["href"] for link in page.select(".livre-table a")] == parts
    assert len(parts) > 2


def test_every_link_of_every_page_opens_and_its_fragment_is_there(client, directory):
    opened = {}
    for address in PAGES:
        for link in read(client.get(address)).select("a[href]"):
            target = urlsplit(link["href"])
            if target.scheme:
                assert target.scheme in ("https", "mailto"), link
                continue
            path = f"{target.path or address}{'?' * bool(target.query)}{target.query}"
            if path not in opened:
                # « Mes fiches » asks who one is.
                response = client.get(path, follow=path == reverse("my_fiches"))
                assert response.status_code == 200, f"{path}, on {address}"
                text = response.text if response.headers["Content-Type"].startswith("text/html") else ""
                opened[path] = {tag["id"] for tag in BeautifulSoup(text, "html.parser").select("[id]")}
            if target.fragment:
                assert unquote(target.fragment) in opened[path], f"{link['href']}, on {address}"
    assert {"/", "/themes/cantines/", "/territoires/epci-241300417/", "/acteurs/?type=accompagnement"} <= {*opened}


# Who publishes


@pytest.mark.parametrize("address", PAGES)
def test_without_a_publisher_each_page_says_that_it_is_a_demonstration(client, directory, address):
    footer = words(read(client.get(address)).footer)

    assert "Démonstration, non éditée par la Cress Provence-Alpes-Côte d’Azur." in footer


def test_without_a_publisher_what_he_must_say_is_left_for_him_to_complete(client, directory):
    pages = {address: words(read(client.get(address)).main) for address in SIGNED}

    assert pages["/mentions-legales/"].count("à compléter par l’éditeur") == 4
    assert pages["/donnees-personnelles/"].count("à compléter par l’éditeur") == 2
    assert "L’éditeur ( à compléter)" in pages["/accessibilite/"]
    assert "son adresse est à compléter" in pages["/accessibilite/"]
    assert "À compléter par l’éditeur." in pages["/contact/"]
    assert not any("mailto:" in client.get(address).text for address in SIGNED)


@pytest.mark.parametrize("address", PAGES)
def test_with_a_publisher_no_page_is_a_demonstration_nor_left_to_complete(client, directory, publisher, address):
    page = read(client.get(address))

    text = words(page.body).casefold()
    assert "à compléter" not in text
    assert "démonstration" not in text
    assert "Un service de La chambre d’essai & associés." in words(page.footer)


def test_with_a_publisher_the_pages_say_who_answers_for_them(client, directory, publisher):
    pages = {address: read(client.get(address)) for address in SIGNED}

    legal = dict(zip(pages["/mentions-legales/"].select("dt"), pages["/mentions-legales/"].select("dd"), strict=True))
    assert {words(name): words(value) for name, value in legal.items()} == {
        "Éditeur": "La chambre d’essai & associés",
        "Direction de la publication": "La <présidence>",
        "Adresse électronique": "bonjour@exemple.test",
        "Nom, adresse, téléphone": "L’hébergeur, 1 rue du Port, 13002 Marseille",
    }
    assert "La chambre d’essai & associés" in words(pages["/donnees-personnelles/"].select_one("dl"))
    assert "La chambre d’essai & associés souhaite rendre" in words(pages["/accessibilite/"].main)
    for page in pages.values():
        assert page.select_one('main a[href="mailto:bonjour@exemple.test"]')


# What the pages count and list


def test_the_method_counts_what_is_published(client, directory):
    InitiativeFactory(published=True)
    ActorFactory(archived=True)
    FundingSourceFactory()

    text = words(read(client.get("/methode/")).main)

    assert "L’annuaire compte aujourd’hui 2 initiatives, 1 acteur et 1 source de financement." in text


def test_the_plan_leads_to_every_page(client, directory):
    links = {link["href"] for link in read(client.get("/plan-du-site/")).select("main a")}

    assert {reverse(name) for name in ALL_PAGES} - {"/plan-du-site/"} <= links


def test_the_plan_leads_to_every_theme_and_to_every_territory_but_the_communes(client, directory):
    straddling = TerritoryFactory(kind="epci", code="200000001", name="De part et d’autre", department=directory.drome)
    TerritoryFactory(kind="epci", code="200000002", name="Ailleurs", in_scope=False)
    TerritoryFactory(kind="zone", code="ancienne", name="Ancienne", closed_on="2025-01-01")

    links = {link["href"] for link in read(client.get("/plan-du-site/")).select("main a")}

    assert {"/themes/alimentation/", "/themes/cantines/"} <= links
    assert {link for link in links if link.startswith("/territoires/")} - {"/territoires/"} == {
        place.get_absolute_url()
        for place in (
            directory.paca,
            directory.bouches_du_rhone,
            directory.vaucluse,
            directory.metropole,
            directory.accm,
            directory.enclave,
            straddling,
            directory.crau,
            directory.littoral,
            directory.old_port,
        )
    }


def test_the_plan_sets_each_territory_under_its_department(client, directory):
    page = read(client.get("/plan-du-site/"))

    section = page.select_one("section:has(> h2#plan-dep-13)")
    assert [words(link) for link in section.select("li a")] == [
        "Aix-Marseille-Provence",
        "Arles-Crau-Camargue-Montagnette",
    ]
    assert [link["href"] for link in section.select("h2 a")] == ["/territoires/dep-13/"]


@pytest.mark.parametrize("address", ["/plan-du-site/", "/methode/"])
def test_a_page_asks_the_database_the_same_number_of_questions_whatever_it_lists(
    client, directory, django_assert_num_queries, address
):
    def grow(count):
        for _ in range(count):
            top = ThemeFactory()
            ThemeFactory(parent=top)
            TerritoryFactory(kind="epci", department=directory.vaucluse)
            TerritoryFactory(kind="zone")
            InitiativeFactory(published=True, sites=[directory.arles])
            ActorFactory(published=True)

    grow(10)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    grow(90)
    with django_assert_num_queries(len(asked)):
        client.get(address)


# The gallery


def test_the_gallery_does_not_exist_for_a_stranger_nor_for_a_holder(client, db):
    nowhere = client.get("/stile/")
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        response = client.get("/style/")
        assert response.status_code == 404
        assert words(BeautifulSoup(response.text, "html.parser").main) == words(
            BeautifulSoup(nowhere.text, "html.parser").main
        )


def test_the_gallery_shows_the_components_to_the_team_and_to_no_search_engine(team, directory):
    page = read(team.get("/style/"))

    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    for component in (
        ".etiquette",
        ".critere",
        ".choix",
        ".etape",
        ".statut",
        ".rang",
        ".avis",
        ".vide",
        ".pagination",
    ):
        assert page.select_one(component), component
    assert not page.select("style, [style], script:not([src])")


def test_every_link_of_the_gallery_opens(team, directory):
    for address in {link["href"] for link in read(team.get("/style/")).select("a[href]")}:
        if not address.startswith("#"):
            assert team.get(address).status_code == 200, address


def test_nothing_leads_to_the_gallery(client, directory):
    for address in ["/", *PAGES]:
        assert not read(client.get(address)).select('a[href^="/style/"], a[href^="/admin/"]')
