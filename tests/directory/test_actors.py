"""The actors: their list, and the page of each."""

from urllib.parse import urlencode

import pytest

from initiatives.directory.views.actors import FIELDS
from initiatives.models.vocabulary import Role
from tests import factories
from tests.directory.filled import full_actor
from tests.directory.reading import number_in, read, words


@pytest.fixture
def directory(places):
    make = {"published": True}
    factories.ActorFactory(**make, name="Incubateur", acronym="INC", kind="accompagnement", seat=places.arles)
    factories.ActorFactory(**make, name="Fondation", kind="financeur", coverage=[places.paca])
    factories.ActorFactory(**make, name="Scop du quai", kind="entreprise-ess", seat=places.marseille_3)
    factories.ActorFactory(**make, name="Collectif", kind="collectif", coverage=[places.vaucluse])
    factories.ActorFactory(**make, name="Sans lieu", kind="inconnu")
    factories.ActorFactory(name="Brouillon", kind="collectif", seat=places.arles)
    factories.ActorFactory(archived=True, name="Archivé", kind="collectif", seat=places.arles)
    return places


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Collectif", "Fondation", "Incubateur", "Sans lieu", "Scop du quai"]),
        ("q=quai", ["Scop du quai"]),
        ("q=inc", ["Incubateur"]),
        ("type=financeur&type=collectif", ["Collectif", "Fondation"]),
        ("type=inconnu", ["Sans lieu"]),
        ("territoire=com-13004", ["Fondation", "Incubateur"]),
        ("territoire=dep-13&type=accompagnement", ["Incubateur"]),
        ("territoire=com-13055", ["Fondation", "Scop du quai"]),
        ("territoire=com-13004&territoire=dep-84", ["Collectif", "Fondation", "Incubateur"]),
        ("q=introuvable", []),
    ],
)
def test_the_list_answers_each_criterion_by_name(client, directory, query, names):
    page = read(client.get(f"/acteurs/?{query}"))

    assert [row.h3.a.get_text() for row in page.select(".rang")] == names
    assert words(page.h1).startswith(f"{len(names) or 'Aucun'} acteur")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("type=banque", "Genre : banque"),
        ("type=%00", "Genre : "),
        ("territoire=arles", "Territoire : arles"),
        ("q=%00", "Mots : "),
        (f"q={'x' * 3000}", "Mots : xxx"),
        ("page=0", "Page : 0"),
        ("par_page=500", "Par page : 500"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_applies(client, directory, query, told):
    page = read(client.get(f"/acteurs/?{query}&type=financeur"))

    assert told.strip() in words(page.select_one(".avis.alerte"))
    assert [words(title) for title in page.select(".rang h3")] == ["Fondation"]


def test_a_page_past_the_end_is_not_found(client, directory):
    assert client.get("/acteurs/?page=2").status_code == 404


@pytest.mark.parametrize("query", ["", "type=financeur", "territoire=com-13004", "q=quai&territoire=dep-84"])
def test_each_count_of_a_facet_is_the_number_of_the_list_with_the_value_added(client, directory, query):
    response = client.get(f"/acteurs/?{query}")
    asked = [(name, value) for name, values in response.wsgi_request.GET.lists() for value in values]

    boxes = read(response).select(".filtres input[type=checkbox]")
    assert len(boxes) >= 13
    for box in boxes:
        added = [*asked, (box["name"], box["value"])]
        assert int(words(box.parent.select_one(".n"))) == number_in(client, f"/acteurs/?{urlencode(added)}")


def test_a_row_has_a_square_for_each_initiative_and_says_who_has_none(client, places):
    cloth = factories.ThemeFactory(own_cloth="habitat")
    actor = factories.ActorFactory(
        published=True, name="Actif", kind="reseau", seat=places.arles, founded_year=2000, legal_form="association"
    )
    for number in range(14):
        fiche = factories.InitiativeFactory(published=True, name=f"Aidée {number}", themes=[cloth])
        factories.ParticipationFactory(initiative=fiche, actor=actor)
    factories.ParticipationFactory(initiative=fiche, actor=actor, role=Role.FUNDER)
    factories.ParticipationFactory(initiative=factories.InitiativeFactory(), actor=actor)
    factories.ActorFactory(published=True, name="Seul", kind="inconnu")

    active, alone = read(client.get("/acteurs/")).select(".rang")

    assert words(active.select_one(".meta")) == "Réseau, Arles, depuis 2000. Association"
    assert words(active.select_one(".cote")) == "14 initiatives"
    assert len(active.select(".carres .t-habitat")) == 12
    assert "t-habitat" in active.select_one(".toile")["class"]
    assert words(alone.select_one(".cote")) == "aucune initiative recensée"
    assert words(alone.select_one(".meta")) == "Genre non connu"


def test_an_empty_list_offers_ways_to_widen_with_their_true_counts(client, directory):
    page = read(client.get("/acteurs/?territoire=com-13108&type=collectif"))

    ways = page.select(".vide a")
    assert {words(way).rpartition(" (")[0] for way in ways} == {
        "à Provence-Alpes-Côte d’Azur",
        "tous les genres",
        "partout",
        "tout l’annuaire",
    }
    for way in ways:
        assert words(way).endswith(f" ({number_in(client, way['href'])})")


def test_one_criterion_is_canonical_and_two_are_not_indexed(client, directory, settings):
    one, two = (read(client.get(f"/acteurs/?type=financeur{more}")) for more in ("&par_page=5", "&territoire=reg-93"))

    assert one.select_one("link[rel=canonical]")["href"] == f"{settings.SITE_URL}/acteurs/?type=financeur"
    assert not one.select("meta[name=robots]")
    assert two.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_full_page_says_everything_in_its_place(client, places, settings):
    settings.CONTACT_EMAIL = "contact@annuaire.exemple.test"
    page = read(client.get(full_actor(places).get_absolute_url()))

    assert words(page.h1) == "Inter-Made"
    assert words(page.select_one(".titre-fiche .sous-titre")) == "Accompagnement, association"
    assert [words(step) for step in page.select(".fil li")] == ["Accueil", "Acteurs", "Accompagnement", "Inter-Made"]
    assert [words(heading) for heading in page.select(".para > h2")] == [
        "Ce que c’est",
        "À quel moment",
        "Les dates",
        "Initiatives portées",
        "Initiatives accompagnées",
        "Initiatives financées",
        "Avec qui",
        "Ce qui finance",
        "Les sources",
        "Citer cette fiche",
    ]
    assert [words(row.h3) for row in page.select(".rang")] == ["La Portée", "L’Aidée", "La Payée"]
    assert words(page.select(".rang")[1].select_one(".raison")) == "Par la couveuse"
    assert words(page.select_one(".parcours li")) == (
        "La couveuse Essayer pour de vrai. Pour qui commence un an, gratuit une réunion chaque mois "
        "Page de l’offre : La couveuse Étape : Émergence Étape : Expérimentation"
    )
    assert [[words(cell) for cell in line.select("th, td")] for line in page.select(".tableau tbody tr")] == [
        ["Le Membre", "Entreprise de l’ESS", "Compte parmi ses membres"],
        ["La Friche", "Lieu et pôle", "Partenaire de : y a ses bureaux"],
    ]
    terms = {words(term): words(term.find_next_sibling("dd")) for term in page.select(".carnet .dl dt")}
    assert terms["Siège"] == "Marseille, 3e"
    assert terms["Étapes"] == "Émergence, expérimentation"
    assert terms["Intervient"] == "Provence-Alpes-Côte d’Azur"
    assert "depuis 2016" in terms["Agréments"]
    assert terms["Siren"] == "732829320"
    assert words(page.select_one(".carnet .roles")) == "Le Semblable Aix-en-Provence"
    assert page.select_one(".suivi a.bouton")["href"] == "/contact/"


def test_the_head_is_woven_from_its_initiatives_and_plain_without_any(client, places):
    woven = read(client.get(full_actor(places).get_absolute_url())).select_one(".pieces")
    bare = read(client.get(factories.ActorFactory(published=True, name="Nu").get_absolute_url())).select_one(".pieces")

    assert "tisse" in woven["class"]
    assert [piece["class"] for piece in woven.select(".toile")] == [["toile", "f3", "t-numerique"]]
    assert "nue" in bare["class"]


def test_an_actor_of_which_nothing_is_known_says_it(client, db):
    page = read(client.get(factories.ActorFactory(published=True, kind="inconnu").get_absolute_url()))

    terms = {words(term): words(term.find_next_sibling("dd")) for term in page.select(".carnet .dl dt")}
    assert terms == {
        "Genre": "non renseigné",
        "Forme": "non renseignée",
        "Siège": "non renseigné",
        "Depuis": "non renseigné",
        "Intervient": "non renseigné",
        "Étapes": "non renseignées",
    }
    assert [words(heading) for heading in page.select(".para > h2")] == ["Les sources", "Citer cette fiche"]


def test_an_actor_with_two_roles_in_an_initiative_says_each(client, places):
    actor = factories.ActorFactory(published=True, name="Double")
    fiche = factories.InitiativeFactory(published=True, name="La même", sites=[places.arles])
    factories.ParticipationFactory(initiative=fiche, actor=actor, role=Role.PARTNER, detail="prête un local")
    factories.ParticipationFactory(initiative=fiche, actor=actor, role=Role.FUNDER, detail="donne")
    factories.FundingFactory(initiative=fiche, actor=actor, source=None)

    page = read(client.get(actor.get_absolute_url()))

    assert [(words(row.h3), words(row.select_one(".raison"))) for row in page.select(".rang")] == [
        ("La même", "Prête un local"),
        ("La même", "Donne"),
    ]
    assert len(page.select(".pieces .toile")) <= 1


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_doubt_is_said_once_beside_its_field(client, places, field):
    doubts = {field: f"Un doute sur {field}."}
    for actor in (full_actor(places, to_verify=doubts), factories.ActorFactory(published=True, to_verify=doubts)):
        page = read(client.get(actor.get_absolute_url()))
        [doubt] = page.select(".doute")
        assert words(doubt) == f"À vérifier Un doute sur {field}."
        assert not page.select(".suivi .doute")


def test_nobody_is_invited_to_write_where_nobody_reads(client, places):
    page = read(client.get(full_actor(places).get_absolute_url()))

    assert "Écrire à" not in words(page)
