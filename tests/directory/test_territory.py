"""The profile of a territory: what is known in it, what it counts, how it is named."""

import pytest

from tests.directory.reading import counted_links, number_in, profile, words
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    TerritoryFactory,
    TerritoryFigureFactory,
    ThemeFactory,
)


@pytest.fixture
def themes(db):
    return [
        ThemeFactory(name="Alimentation", slug="alimentation", own_cloth="alimentation"),
        ThemeFactory(name="Habitat", slug="habitat", own_cloth="habitat"),
        ThemeFactory(name="Mobilité", slug="mobilite", own_cloth="mobilite"),
    ]


@pytest.fixture
def directory(places, themes):
    """Fiches of every presence, of several sites, in Marseille with and without a district, across borders."""
    food, housing, _ = themes
    canteens = ThemeFactory(name="Cantines", parent=food)
    make = {"published": True}
    InitiativeFactory(**make, themes=[food, canteens], sites=[places.arles], stage="essaimage")
    InitiativeFactory(**make, themes=[canteens], sites=[places.arles, places.marseille_3, places.marseille])
    InitiativeFactory(**make, themes=[housing], sites=[places.marseille], activity="terminee")
    InitiativeFactory(**make, themes=[housing], sites=[places.marseille_1, places.pertuis], stage="emergence")
    InitiativeFactory(**make, themes=[food], sites=[places.marseille_3])
    InitiativeFactory(**make, themes=[housing], sites=[places.grignan])
    InitiativeFactory(**make, sites=[places.valence])
    InitiativeFactory(**make, coverage=[places.accm])
    InitiativeFactory(**make, coverage=[places.bouches_du_rhone, places.vaucluse])
    InitiativeFactory(**make, coverage=[places.paca])
    InitiativeFactory(**make, coverage=[places.france])
    InitiativeFactory(themes=[food], sites=[places.arles])
    ActorFactory(published=True, seat=places.arles)
    return places


EVERY_KIND = [
    "france paca aura bouches_du_rhone vaucluse drome metropole accm enclave marseille arles grignan valence",
    "marseille_1 marseille_2 marseille_3 crau littoral old_port avignon mayotte mamoudzou",
]


@pytest.mark.parametrize("name", " ".join(EVERY_KIND).split())
def test_each_number_that_is_a_link_is_that_of_the_list_it_opens(client, directory, name):
    links = counted_links(profile(client, getattr(directory, name)))

    assert links == [(address, number_in(client, address)) for address, _ in links]
    assert bool(links) or name in ("avignon", "mayotte", "mamoudzou")


def test_the_seals_of_the_map_are_given_as_a_list_too(client, directory):
    page = profile(client, directory.paca)

    drawn = {link["href"] for link in page.select(".cadre-carte svg a[href]")}
    assert drawn
    assert drawn <= {link["href"] for link in page.select(".carte-liste a[href]")}
    assert words(page.select_one(".terr-carte a[href]")) == "Passer la carte"


def test_the_head_says_how_fiches_concern_the_place(client, directory):
    assert words(profile(client, directory.arles).select_one(".chapo")) == (
        "2 initiatives y sont basées, 4 agissent plus largement."
    )
    assert words(profile(client, directory.accm).select_one(".chapo")) == (
        "2 initiatives y sont basées, 1 y intervient, 3 agissent plus largement."
    )
    assert words(profile(client, directory.avignon).select_one(".chapo")) == (
        "Aucune initiative n’y est connue pour l’instant ; 3 agissent plus largement."
    )


def test_the_band_is_woven_from_the_themes_of_what_is_based_here(client, directory):
    band = profile(client, directory.arles).select_one(".tisse")

    assert [span["class"] for span in band.select("span")] == [["toile", "f2", "t-alimentation"]]
    assert profile(client, directory.avignon).select_one(".pieces")["class"] == ["pieces", "nue"]


def test_a_square_of_cloth_stands_for_each_initiative_of_a_theme(client, directory):
    lines = profile(client, directory.marseille).select(".unites li")

    assert [(words(line), len(line.select(".toile"))) for line in lines] == [("Alimentation 2", 2), ("Habitat 2", 2)]


@pytest.mark.parametrize("key", ["com-99999", "dep-2a", "dep", "rue-13", "com-13004-b", "13004", "DEP-13", "zone-"])
def test_a_made_up_key_is_not_found(client, places, key):
    assert client.get(f"/territoires/{key}/").status_code == 404


def test_a_closed_territory_leads_to_its_successor(client, places):
    old = TerritoryFactory(code="13999", closed_on="2026-01-01", successor=places.arles)

    response = client.get(old.get_absolute_url())

    assert (response.status_code, response["Location"]) == (301, "/territoires/com-13004/")


def test_a_closed_territory_without_successor_says_so(client, places):
    old = TerritoryFactory(code="13999", closed_on="2026-01-01")

    assert "Il a été supprimé le 1er janvier 2026." in words(profile(client, old).select_one(".avis.alerte"))


def test_a_territory_out_of_the_region_says_so_and_leads_to_what_is_near(client, directory):
    FundingSourceFactory(published=True)
    page = profile(client, directory.valence)

    notice = page.select_one(".avis.info")
    assert words(notice.h2) == "Valence, hors de l’annuaire"
    assert notice.a["href"] == "/territoires/reg-93/"
    assert words(page.select_one(".voisinage ul")) == "Vaucluse 1"
    assert page.select("#h-acteurs, #h-financer") == []
    assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_territory_of_the_region_is_indexed_and_has_no_notice(client, directory):
    page = profile(client, directory.arles)

    assert page.select("meta[name=robots], .avis") == []


@pytest.mark.parametrize(
    ("kind", "name", "name_of", "title"),
    [
        ("dep", "Var", "du Var", "Le Var"),
        ("epci", "Pays de Grasse", "du Pays de Grasse", "Le Pays de Grasse"),
        ("epci", "Riviera française", "de la Riviera française", "La Riviera française"),
        ("dep", "Hautes-Alpes", "des Hautes-Alpes", "Les Hautes-Alpes"),
        ("com", "La Ciotat", "de La Ciotat", "La Ciotat"),
        ("com", "Hyères", "d’Hyères", "Hyères"),
        ("epci", "Cœur d’Été", "du Cœur d’Été", "Le Cœur d’Été"),
    ],
)
def test_names_keep_their_articles_and_accents(client, places, kind, name, name_of, title):
    page = profile(client, TerritoryFactory(kind=kind, name=name, name_of=name_of))

    assert words(page.h1) == title
    assert words(page.title) == f"{title} : initiatives, acteurs, financements – InnovGuide"
    assert words(page.select_one(".fil [aria-current]")) == name


def test_the_nature_and_the_number_of_communes_are_said(client, places):
    places.accm.nature = "communauté d’agglomération"
    places.accm.save()

    assert words(profile(client, places.accm).select_one(".sous-titre")) == "Communauté d’agglomération, 3 communes"
    assert words(profile(client, places.metropole).select_one(".sous-titre")) == "Intercommunalité, 3 communes"
    assert words(profile(client, places.crau).select_one(".sous-titre")) == "Zone, 3 communes"
    assert words(profile(client, places.arles).select_one(".sous-titre")) == "Commune"


def test_an_empty_directory_reads_well_everywhere(client, places):
    for name in (
        "france",
        "paca",
        "vaucluse",
        "accm",
        "marseille",
        "marseille_1",
        "arles",
        "crau",
        "valence",
        "mayotte",
    ):
        page = profile(client, getattr(places, name))
        assert counted_links(page) == []
        assert "initiative basée ici 0" in words(page.select_one(".chiffres-cles"))


def test_figures_are_the_latest_with_their_year_and_their_source(client, places):
    for year, value in ((2011, 17123), (2013, 16687), (2012, 16632)):
        TerritoryFigureFactory(territory=places.arles, label="salariés de l’ESS", value=value, year=year)
    TerritoryFigureFactory(
        territory=places.arles, label="tiers-lieux", value=12, year=None, source_url="https://observatoire.test/"
    )

    brief = profile(client, places.arles).select_one(".terr-bref")

    assert "salariés de l’ESS, 2013 16 687" in words(brief)
    assert "17 123" not in words(brief)
    assert "tiers-lieux, année non connue 12" in words(brief)
    assert "Salariés de l’ESS : Observatoire de l’essai." in words(brief)
    assert brief.select_one('a[href="https://observatoire.test/"]') is not None


def test_under_ten_fiches_no_rate_is_given(client, places):
    for _ in range(9):
        InitiativeFactory(published=True, sites=[places.arles])
    assert "nous ne calculons pas de taux" in words(profile(client, places.arles))

    InitiativeFactory(published=True, sites=[places.arles])
    assert "19,6 initiatives connues pour 100 000 habitants" in words(profile(client, places.arles))


def test_a_district_has_no_rate(client, places):
    for _ in range(10):
        InitiativeFactory(published=True, sites=[places.marseille])
    places.marseille_1.population = 40000
    places.marseille_1.save()

    page = words(profile(client, places.marseille_1))

    assert "taux" not in page
    assert "pour 100 000" not in page


def test_rows_stop_at_twenty_and_the_rest_is_a_link(client, places):
    for number in range(22):
        InitiativeFactory(published=True, name=f"Fiche {number}", sites=[places.arles])
    InitiativeFactory(published=True, coverage=[places.arles])

    page = profile(client, places.arles)

    assert len(page.select(".rang")) == 20
    more = next(link for link in page.select("a.suite") if words(link) == "Les 23 initiatives d’ici")
    assert number_in(client, more["href"]) == 23


def test_an_ended_fiche_carries_its_badge(client, places):
    InitiativeFactory(published=True, sites=[places.arles], activity="terminee")

    row = profile(client, places.arles).select_one(".rang.passe")

    assert words(row.select_one(".vie")) == "Terminée"


def test_a_district_counts_what_is_in_its_commune_without_more(client, directory):
    for district in (directory.marseille_1, directory.marseille_2, directory.marseille_3):
        district.latitude, district.longitude = 43.3, 5.37
        district.save()

    page = profile(client, directory.marseille)

    # Two are in Marseille without more, one of them in the 3e as well.
    assert [words(line) for line in page.select(".carte-liste li")] == [
        "Marseille 1er arrondissement 3",
        "Marseille 3e arrondissement 3",
    ]
    assert words(profile(client, directory.marseille_2).select_one(".chiffres-cles a")) == "2"
    links = counted_links(page)
    assert links == [(address, number_in(client, address)) for address, _ in links]


@pytest.mark.parametrize("name", ["paca", "accm", "marseille", "crau"])
def test_queries_do_not_grow_with_the_fiches(client, places, themes, django_assert_max_num_queries, name):
    counts = []
    for number in (10, 90):
        for _ in range(number):
            fiche = InitiativeFactory(published=True, sites=[places.arles, places.marseille_1], themes=themes[:2])
            fiche.coverage.set([places.paca, places.accm])
            InitiativeFactory(published=True, sites=[places.aix], themes=themes, lead=ActorFactory(published=True))
            FundingSourceFactory(published=True, territories=[places.paca], offered_by=ActorFactory(published=True))
            ActorFactory(published=True, seat=places.arles)
        with django_assert_max_num_queries(120) as captured:
            client.get(getattr(places, name).get_absolute_url())
        counts.append(len(captured))

    assert counts[0] == counts[1]
