"""What needs attention: what each list holds and leaves out, in which order, and at what cost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.directory.attention import LISTS, NOUNS
from initiatives.models import Actor, FundingSource, Initiative, LinkCheck
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO = TODAY - timedelta(days=366)
FAILED = datetime(2026, 11, 3, 4, tzinfo=UTC)
FACTORIES = {
    "initiatives": factories.InitiativeFactory,
    "acteurs": factories.ActorFactory,
    "financements": factories.FundingSourceFactory,
}


def found(slug, **asked):
    """The names in a list, in its order."""
    rows = list(LISTS[slug].rows(TODAY, **asked))
    return [NOUNS[row["noun"]].objects.get(pk=row["fiche"]).name for row in rows]


def sourced(factory, **values):
    fiche = factory(**{"published": True} | values)
    owner = {Initiative: "initiative", Actor: "actor", FundingSource: "funding_source"}[type(fiche)]
    factories.SourceFactory(**{"initiative": None, owner: fiche, "url": ""})
    return fiche


def dead(url, since=FAILED, error="La page n’existe plus."):
    return LinkCheck.objects.create(url=url, checked_at=since, failing_since=since, error=error)


@pytest.mark.parametrize("factory", [factories.InitiativeFactory, factories.ActorFactory])
def test_what_nobody_checked_for_a_year_waits_since_then_and_the_never_checked_since_their_publication(factory):
    factory(name="Récente", published=True, checked_on=TODAY - timedelta(days=365))
    factory(name="Jamais", published=True)  # published on 2 March 2026
    factory(name="Ancienne", published=True, checked_on=LONG_AGO)

    assert found("a-reverifier") == ["Ancienne", "Jamais"]
    assert [row["since"] for row in LISTS["a-reverifier"].rows(TODAY)] == [LONG_AGO, date(2026, 3, 2)]


@pytest.mark.parametrize("slug", LISTS)
def test_only_published_fiches_need_attention(slug):
    for factory in FACTORIES.values():
        for state in ({}, {"archived": True}):
            fiche = factory(website="https://mort.exemple.test", **state)
            if isinstance(fiche, Initiative):
                factories.NoticeFactory(initiative=fiche, said_on=date(2020, 1, 1))
    dead("https://mort.exemple.test")

    assert found(slug) == []


def test_a_funding_source_is_read_again_while_it_can_still_be_asked_for():
    factories.FundingSourceFactory(name="Jamais lue", published=True)
    factories.FundingSourceFactory(name="Lue il y a longtemps", published=True, checked_on=LONG_AGO)
    factories.FundingSourceFactory(name="Lue hier", published=True, checked_on=YESTERDAY)
    factories.FundingSourceFactory(name="Finie", published=True, ended=True)
    factories.FundingSourceFactory(name="Close", published=True, closes_on=YESTERDAY)

    assert found("financements-a-verifier") == ["Lue il y a longtemps", "Jamais lue"]
    assert found("a-reverifier") == []


@pytest.mark.parametrize("factory", FACTORIES.values())
def test_a_fiche_without_source_is_told(factory):
    sourced(factory, name="Appuyée")
    factory(name="Sans rien", published=True)

    assert found("sans-source") == ["Sans rien"]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_dead_address_is_told_with_its_reason_whether_it_is_the_site_or_a_source(noun):
    fiche = sourced(FACTORIES[noun], name="Coupée", website="https://mort.exemple.test")
    fiche.sources.update(url="https://disparu.exemple.test/article")
    sourced(FACTORIES[noun], name="Debout", website="https://vivant.exemple.test")
    dead("https://mort.exemple.test")
    dead("https://disparu.exemple.test/article", since=datetime(2026, 10, 1, tzinfo=UTC))
    LinkCheck.objects.create(url="https://vivant.exemple.test", checked_at=FAILED, status=200)
    dead("https://cite-par-personne.exemple.test")

    rows = list(LISTS["liens-morts"].rows(TODAY))

    assert [(row["since"], row["detail"]) for row in rows] == [
        (date(2026, 10, 1), "https://disparu.exemple.test/article : La page n’existe plus."),
        (date(2026, 11, 3), "https://mort.exemple.test : La page n’existe plus."),
    ]
    assert {row["fiche"] for row in rows} == {fiche.pk}


def test_a_notice_that_readers_see_no_more_is_told():
    def notice(name, **values):
        factories.NoticeFactory(initiative=factories.InitiativeFactory(name=name, published=True), **values)

    notice("Courante", said_on=TODAY - timedelta(days=364))
    notice("Sans fin", said_on=TODAY - timedelta(days=365))
    notice("Finie", said_on=TODAY - timedelta(days=100), until=YESTERDAY)
    notice("Finit aujourd’hui", said_on=TODAY - timedelta(days=100), until=TODAY)

    assert found("annonces-perimees") == ["Sans fin", "Finie"]
    assert LISTS["annonces-perimees"].rows(TODAY)[0]["detail"] == "Cherche : un local"


def test_a_list_holds_all_nouns_oldest_first_or_the_nouns_asked_for():
    factories.ActorFactory(name="Acteur", published=True, checked_on=date(2020, 1, 2))
    factories.InitiativeFactory(name="Initiative", published=True, checked_on=date(2020, 1, 1))

    assert found("a-reverifier") == ["Initiative", "Acteur"]
    assert found("a-reverifier", nouns=["acteurs"]) == ["Acteur"]
    assert found("a-reverifier", nouns=[]) == []
    assert LISTS["a-reverifier"].rows(TODAY, nouns=[]).count() == 0


def test_two_that_wait_since_one_day_come_by_name_whatever_their_capitals():
    for name in ("Zoé", "école", "Atelier"):
        factories.InitiativeFactory(name=name, published=True)

    assert found("a-reverifier") == ["Atelier", "école", "Zoé"]


def test_a_list_is_narrowed_to_what_is_in_a_departement(places):
    factories.InitiativeFactory(name="À Arles", published=True, sites=[places.arles])
    factories.InitiativeFactory(name="Dans la Crau", published=True, coverage=[places.crau])
    factories.InitiativeFactory(name="Partout", published=True, coverage=[places.paca])
    factories.ActorFactory(name="D’Arles", published=True, seat=places.arles)
    factories.ActorFactory(name="D’Avignon", published=True, seat=places.avignon)
    factories.FundingSourceFactory(name="Du Vaucluse", published=True, territories=[places.vaucluse])
    factories.FundingSourceFactory(name="Des Bouches-du-Rhône", published=True, territories=[places.bouches_du_rhone])

    asked = {"department": places.bouches_du_rhone}
    assert found("a-reverifier", **asked) == ["À Arles", "Dans la Crau", "D’Arles"]
    assert found("sans-source", nouns=["financements"], **asked) == ["Des Bouches-du-Rhône"]


@pytest.mark.parametrize("slug", LISTS)
@pytest.mark.parametrize("narrowed", [False, True], ids=["whole", "in-a-departement"])
def test_a_list_is_one_question_whatever_its_length(slug, narrowed, places):
    def questions():
        with CaptureQueriesContext(connection) as queries:
            rows = list(LISTS[slug].rows(TODAY, department=places.bouches_du_rhone if narrowed else None))
        return len(queries), len(rows)

    def grow(number):
        for index in range(number):
            initiative = factories.InitiativeFactory(
                published=True, website=f"https://mort.exemple.test/{slug}", sites=[places.arles]
            )
            factories.NoticeFactory(initiative=initiative, said_on=date(2020, 1, 1))
            factories.FundingSourceFactory(published=True)
            factories.ActorFactory(published=True, seat=places.arles, website=f"https://a.exemple.test/{index}")

    dead(f"https://mort.exemple.test/{slug}")
    grow(3)
    few, rows = questions()
    grow(10)

    assert rows >= 3
    assert questions() == (few, rows * 13 // 3)
    if not narrowed:
        assert few == 1
