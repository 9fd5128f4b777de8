"""The funding sources: their list, and the page of each, on a day that is known."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from initiatives.directory.views import funding as view
from initiatives.directory.views.funding import FIELDS
from tests import factories
from tests.directory.filled import full_funding
from tests.directory.reading import number_in, read, words

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_a_known_day(monkeypatch):
    monkeypatch.setattr(view.timezone, "localdate", lambda: TODAY)


@pytest.fixture
def directory(places):
    """One source for each status."""
    make = {"published": True}
    fresh = {"checked_on": TODAY - timedelta(days=30)}
    factories.FundingSourceFactory(**make, name="Ancien", ended=True, max_share=80)
    factories.FundingSourceFactory(**make, name="Clos", closes_on=date(2026, 10, 1), territories=[places.paca])
    factories.FundingSourceFactory(**make, name="Futur", opens_on=date(2027, 1, 1), kinds=["prix", "subvention"])
    factories.FundingSourceFactory(**make, name="Jamais relu", territories=[places.vaucluse], amount_max=20_000)
    factories.FundingSourceFactory(**make, name="Ouvert", **fresh, closes_on=date(2027, 6, 1), kinds=["pret"])
    factories.FundingSourceFactory(**make, name="Permanent", **fresh, is_permanent=True, territories=[places.arles])
    factories.FundingSourceFactory(**make, name="Relu jadis", checked_on=date(2024, 5, 1))
    factories.FundingSourceFactory(**make, name="Urgent", **fresh, closes_on=date(2026, 12, 15), amount_min=5_000)
    factories.FundingSourceFactory(name="Brouillon")
    factories.FundingSourceFactory(archived=True, name="Archivé")
    return places


ALL = ["Ancien", "Clos", "Futur", "Jamais relu", "Ouvert", "Permanent", "Relu jadis", "Urgent"]
EVERYWHERE = ["Ancien", "Futur", "Ouvert", "Relu jadis", "Urgent"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ALL),
        ("statut=ouvert", ["Ouvert"]),
        ("statut=a-verifier", ["Jamais relu", "Relu jadis"]),
        ("statut=clos&statut=historique", ["Ancien", "Clos"]),
        ("type=pret", ["Ouvert"]),
        ("type=prix&type=pret", ["Futur", "Ouvert"]),
        ("territoire=com-13004", sorted([*EVERYWHERE, "Clos", "Permanent"])),
        ("territoire=dep-84", sorted([*EVERYWHERE, "Clos", "Jamais relu"])),
        ("territoire=pays-FR", ALL),
        ("territoire=com-13004&statut=permanent&type=subvention", ["Permanent"]),
        ("type=garantie", []),
    ],
)
def test_the_list_answers_each_criterion_by_name(client, directory, query, names):
    page = read(client.get(f"/financements/?{query}"))

    assert [words(title) for title in page.select(".source h3")] == names


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("type=don", "Nature : don"),
        ("statut=%00", "Statut : "),
        ("statut=fini", "Statut : fini"),
        ("territoire=dep-999", "Territoire : dep-999"),
        ("page=abc", "Page : abc"),
        ("par_page=500", "Par page : 500"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_applies(client, directory, query, told):
    page = read(client.get(f"/financements/?{query}&type=pret"))

    assert told.strip() in words(page.select_one(".avis.alerte"))
    assert [words(title) for title in page.select(".source h3")] == ["Ouvert"]


def test_a_page_past_the_end_is_not_found(client, directory):
    assert client.get("/financements/?page=2").status_code == 404


@pytest.mark.parametrize("query", ["", "statut=ouvert", "type=prix&territoire=dep-84", "territoire=com-13004"])
def test_each_count_of_a_facet_is_the_number_of_the_list_with_the_value_added(client, directory, query):
    response = client.get(f"/financements/?{query}")
    asked = [(name, value) for name, values in response.wsgi_request.GET.lists() for value in values]

    boxes = read(response).select(".filtres input[type=checkbox]")
    assert len(boxes) >= 24
    for box in boxes:
        added = [*asked, (box["name"], box["value"])]
        assert int(words(box.parent.select_one(".n"))) == number_in(client, f"/financements/?{urlencode(added)}")


def test_each_source_says_its_status_with_its_date(client, directory):
    rows = read(client.get("/financements/")).select(".source")

    assert {words(row.h3): words(row.select_one(".statut")) for row in rows} == {
        "Ancien": "Historique",
        "Clos": "Clos : depuis le 1er octobre 2026",
        "Futur": "À venir : ouvre le 1er janvier 2027",
        "Jamais relu": "À vérifier : conditions non relues depuis 12 mois",
        "Ouvert": "Ouvert : jusqu’au 1er juin 2027",
        "Permanent": "Permanent",
        "Relu jadis": "À vérifier : lue pour la dernière fois le 1er mai 2024",
        "Urgent": "Bientôt clos : 15 décembre 2026, dans 22 jours",
    }


@pytest.mark.parametrize(("days", "said"), [(0, "aujourd’hui"), (1, "demain"), (2, "dans 2 jours")])
def test_the_last_days_are_said_in_words(client, db, days, said):
    source = factories.FundingSourceFactory(published=True, checked_on=TODAY, closes_on=TODAY + timedelta(days=days))

    assert words(read(client.get(source.get_absolute_url())).select_one(".carnet .statut")).endswith(f", {said}")


def test_each_source_says_how_much_for_whom_and_where_or_that_it_is_to_be_checked(client, directory):
    rows = {words(row.h3): row for row in read(client.get("/financements/")).select(".source")}

    assert words(rows["Jamais relu"].select_one(".montant")) == "jusqu’à 20 000 €"
    assert words(rows["Urgent"].select_one(".montant")) == "dès 5 000 €"
    assert words(rows["Futur"].select_one(".montant")) == "montant non précisé"
    assert words(rows["Futur"].select_one(".motifs")) == "étapes à vérifier territoires à vérifier"
    assert words(rows["Ancien"].select_one(".motifs")).endswith("80 % du budget au plus")
    assert words(rows["Permanent"].select_one(".motifs")) == "étapes à vérifier Territoires : Arles"
    assert words(rows["Futur"].select_one(".discret")) == "Subvention, prix, concours"


def test_it_says_when_nothing_was_read_recently(client, places):
    factories.FundingSourceFactory(published=True, checked_on=TODAY - timedelta(days=400))
    assert "Aucune source n’a été relue récemment." in words(read(client.get("/financements/")))

    factories.FundingSourceFactory(published=True, checked_on=TODAY - timedelta(days=300))
    assert "Aucune source n’a été relue récemment." not in words(read(client.get("/financements/")))


def test_an_empty_list_offers_ways_to_widen_with_their_true_counts(client, directory):
    page = read(client.get("/financements/?type=garantie&statut=ouvert"))

    ways = page.select(".vide a")
    assert {words(way).rpartition(" (")[0] for way in ways} == {"toutes les natures", "tout l’annuaire"}
    for way in ways:
        assert words(way).endswith(f" ({number_in(client, way['href'])})")


def test_one_criterion_is_canonical_and_two_are_not_indexed(client, directory, settings):
    one, two = (read(client.get(f"/financements/?statut=clos{more}")) for more in ("&x=1", "&type=subvention"))

    assert one.select_one("link[rel=canonical]")["href"] == f"{settings.SITE_URL}/financements/?statut=clos"
    assert not one.select("meta[name=robots]")
    assert two.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_place_that_is_not_one_is_said_and_nothing_else_changes(client, directory):
    response = client.get("/financements/?lieu=Nullepart&type=pret", follow=True)

    assert response.redirect_chain == [("/financements/?type=pret", 302)]
    assert "Aucun lieu ne s’appelle « Nullepart »" in words(read(response))


def terms(page, within):
    return {words(term): words(term.find_next_sibling("dd")) for term in page.select(f"{within} .dl dt")}


def test_a_full_page_says_everything_in_its_place(client, places):
    page = read(client.get(full_funding(places).get_absolute_url()))

    assert words(page.select_one(".titre-fiche .sous-titre")) == "Mécénat, don, accompagnement"
    assert [words(heading) for heading in page.select(".para > h2")] == [
        "Combien",
        "Pour qui",
        "Les conditions",
        "Comment demander",
        "Ce qu’elle a financé ici",
        "Les sources",
        "Citer cette fiche",
    ]
    told = terms(page, ".recit")
    assert told["Montant"] == "100 000 à 255 000 €"
    assert told["Part du budget"] == "70 % au plus"
    assert told["À rembourser"] == "non"
    assert told["Formes"] == "Association, scic"
    assert told["Étapes"] == "Étape : Essaimage"
    assert told["Territoires"] == "Provence-Alpes-Côte d’Azur"
    assert told["Thèmes"] == "Habitat"
    assert told["Publics"] == "Jeunes"
    assert told["Ce qui est exclu"] == "Les partis."
    assert [(words(row.h3), words(row.select_one(".raison"))) for row in page.select(".rang")] == [
        ("Les Jardins", "200 000 €, 2023 ; 2025")
    ]
    side = terms(page, ".carnet")
    assert side["Revient"] == "chaque année en novembre"
    assert side["Proposée par"] == "La Fondation"
    assert "Cette source n’a pas été relue récemment." in words(page)
    assert [piece["class"] for piece in page.select(".pieces .toile")] == [["toile", "t-habitat"]]


def test_a_source_that_was_read_lately_does_not_say_otherwise(client, places):
    page = read(client.get(full_funding(places, checked_on=TODAY, is_permanent=True).get_absolute_url()))

    assert "Cette source n’a pas été relue récemment." not in words(page)
    assert terms(page, ".carnet")["Ferme"] == "sans date limite"
    assert terms(page, ".carnet")["Relue"] == "23 novembre 2026"


def test_what_is_not_known_is_to_be_checked_with_the_funder(client, db):
    page = read(client.get(factories.FundingSourceFactory(published=True, kinds=[]).get_absolute_url()))

    told = terms(page, ".recit")
    unknown = "à vérifier auprès du financeur"
    assert {told[term] for term in ("À rembourser", "Formes", "Étapes", "Territoires", "Thèmes", "Publics")} == {
        unknown
    }
    assert told["Montant"] == "montant non précisé"
    assert "Aucune initiative de l’annuaire, d’après les sources lues." in words(page)
    assert "nue" in page.select_one(".pieces")["class"]


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_doubt_is_said_once_beside_its_field(client, places, field):
    doubts = {field: f"Un doute sur {field}."}
    for source in (
        full_funding(places, to_verify=doubts),
        factories.FundingSourceFactory(published=True, to_verify=doubts),
    ):
        page = read(client.get(source.get_absolute_url()))
        [doubt] = page.select(".doute")
        assert words(doubt) == f"À vérifier Un doute sur {field}."
        assert not page.select(".suivi .doute")
