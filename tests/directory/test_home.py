"""The home page: what it counts, what it draws, what it leads to."""

from datetime import date

import pytest
from django.urls import reverse

from initiatives.directory.views import home as home_view
from initiatives.models import Initiative
from tests.directory.reading import counted_links, number_in, read, words
from tests.factories import InitiativeFactory, SiteFactory, ThemeFactory


@pytest.fixture
def directory(places):
    """A dozen fiches: several sites, coverage only, ended, out of the région, drafts, sub-themes."""
    food = ThemeFactory(name="Alimentation", slug="alimentation", own_cloth="alimentation")
    canteens = ThemeFactory(name="Cantines", slug="cantines", parent=food)
    housing = ThemeFactory(name="Habitat", slug="habitat", own_cloth="habitat")
    make = {"published": True}
    InitiativeFactory(**make, name="Épicerie", themes=[food, canteens], sites=[places.arles])
    InitiativeFactory(**make, name="Cantine", themes=[canteens], sites=[places.arles, places.marseille_3])
    InitiativeFactory(**make, name="Toits", themes=[housing], sites=[places.marseille])
    InitiativeFactory(**make, name="Moulin", themes=[housing, food], sites=[places.aix], activity="terminee")
    InitiativeFactory(**make, name="Grange", sites=[places.grignan], activity="en-sommeil")
    InitiativeFactory(**make, name="Ailleurs", sites=[places.valence])
    InitiativeFactory(**make, name="Vauclusienne", coverage=[places.vaucluse])
    InitiativeFactory(**make, name="Régionale", coverage=[places.paca])
    InitiativeFactory(name="Brouillon", themes=[food], sites=[places.arles])
    InitiativeFactory(archived=True, name="Archivée", themes=[food], sites=[places.arles])
    return places


def test_each_number_that_is_a_link_is_that_of_the_list_it_opens(client, directory):
    links = counted_links(read(client.get("/")))

    assert dict(links).keys() > {"/initiatives/", "/initiatives/?theme=alimentation"}
    assert len(links) > 8
    assert links == [(address, number_in(client, address)) for address, _ in links]


def test_the_headline_leaves_out_what_has_ended_and_the_sentence_does_not(client, directory):
    page = read(client.get("/"))

    assert words(page.h1) == "7 initiatives connues"
    assert words(page.select_one(".etat-texte")).startswith(
        "8 initiatives connues, dont 1 terminée. 6 sont situées à la commune, dans 3 des 3 intercommunalités."
    )


def test_a_headline_of_one_is_in_the_singular(client, places):
    InitiativeFactory(published=True, sites=[places.arles])

    page = read(client.get("/"))

    assert words(page.h1) == "1 initiative connue"
    assert "1 est située à la commune, dans 1 des 3 intercommunalités. Les autres attendent" in words(page)


def test_the_list_beside_the_map_holds_every_link_of_the_map(client, directory):
    page = read(client.get("/"))

    drawn = {link["href"] for link in page.select(".planche svg a[href]")}
    listed = {link["href"] for link in page.select("#carte-liste a[href]")}
    assert drawn
    assert drawn <= listed


def test_a_skip_link_is_the_first_stop_before_the_seals(client, directory):
    stops = read(client.get("/")).select(".atlas a[href]")

    assert words(stops[0]) == "Passer la carte"
    assert stops[0]["href"] == "#carte-liste"


def test_an_epci_without_a_departement_of_the_region_is_in_the_list_too(client, directory):
    listed = words(read(client.get("/")).select_one("#carte-liste"))

    assert "Enclave des Papes – Pays de Grignan 1" in listed


def test_the_form_gives_the_place_and_the_theme_to_the_list(client, directory):
    form = read(client.get("/")).select_one("form[role=search]")

    assert (form["action"], form["method"]) == (reverse("initiatives"), "get")
    assert [field["name"] for field in form.select("input, select")] == ["lieu", "theme"]
    assert [option["value"] for option in form.select("option")] == ["", "alimentation", "habitat"]


def test_an_empty_directory_reads_well(client, places):
    ThemeFactory(name="Habitat", slug="habitat")

    page = read(client.get("/"))

    assert words(page.h1) == "Les premières fiches se préparent"
    assert words(page.select_one(".etat-texte")).startswith("Aucune fiche n’est encore publiée.")
    assert page.select("#h-lire, .planche a") == []
    assert "Bouches-du-Rhône aucune fiche" in words(page.select_one("#carte-liste"))
    assert counted_links(page) == [("/initiatives/?theme=habitat", 0)]


def test_one_living_fiche_is_read_for_each_departement(client, places):
    InitiativeFactory(published=True, name="Vivante", sites=[places.arles])
    InitiativeFactory(published=True, name="Finie", sites=[places.avignon], activity="terminee")
    InitiativeFactory(published=True, name="D’ailleurs", sites=[places.valence])

    reading = read(client.get("/")).select(".alaune h3")

    assert [words(title) for title in reading] == ["Vivante"]


def test_what_is_read_changes_with_the_day_and_a_featured_fiche_comes_first(client, places):
    for number in range(6):
        InitiativeFactory(published=True, name=f"Fiche {number}", sites=[places.arles])
    published = Initiative.objects.published()
    days = [date(2026, 11, day) for day in range(1, 29)]

    def read_on(day):
        return [fiche.name for fiche in home_view._reading_of_the_day(published, [places.bouches_du_rhone], day)]

    assert len({tuple(read_on(day)) for day in days}) > 3
    Initiative.objects.filter(name="Fiche 4").update(is_featured=True)
    assert {tuple(read_on(day)) for day in days} == {("Fiche 4",)}


def test_a_fiche_of_two_departements_is_read_once_and_leaves_room_for_another(client, places):
    InitiativeFactory(published=True, name="Pont", sites=[places.arles, places.avignon], is_featured=True)
    InitiativeFactory(published=True, name="Rempart", sites=[places.avignon])

    assert [words(title) for title in read(client.get("/")).select(".alaune h3")] == ["Pont", "Rempart"]


def test_what_sleeps_says_so_where_it_is_read(client, places):
    InitiativeFactory(published=True, sites=[places.arles], activity="en-sommeil")

    assert words(read(client.get("/")).select_one(".alaune .vie")) == "En sommeil"


def test_links_lead_to_pages_that_exist(client, directory):
    page = read(client.get("/"))

    for address in sorted({link["href"] for link in page.select("main a[href]")}):
        path, _, place = address.partition("#")
        assert not path or (place and f'id="{place}"' or "") in client.get(path).text, address
        assert not path or client.get(path).status_code == 200, address


def test_the_story_names_the_authors_of_2015(client, places):
    story = words(read(client.get("/")).select_one(".histoire"))

    assert "Thomas Guérin et Nadine Richez-Battesti" in story
    assert "300 exemplaires" in story


def test_names_are_shown_with_their_accents_and_signs(client, places):
    InitiativeFactory(published=True, name="L’Œuvre & l'Été <3", sites=[places.arles])

    assert words(read(client.get("/")).select_one(".alaune h3")) == "L’Œuvre & l’Été <3"


def test_queries_do_not_grow_with_the_fiches(client, places, django_assert_max_num_queries):
    counts = []
    theme = ThemeFactory()
    for number in (10, 90):
        for _ in range(number):
            fiche = InitiativeFactory(published=True, sites=[places.arles, places.avignon], themes=[theme])
            SiteFactory(initiative=fiche, territory=places.marseille_1)
        with django_assert_max_num_queries(100) as captured:
            client.get("/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
