"""A page asks the database as many questions whatever the number of rows: ten, then a hundred."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.models.vocabulary import LineageRelation, Role
from tests import factories
from tests.directory.filled import full_actor, full_funding, full_initiative


def questions(client, path):
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def grow(places, number):
    """So many fiches of each noun, each with its own themes, places, actors and money."""
    for _ in range(number):
        actor = factories.ActorFactory(published=True, seat=factories.TerritoryFactory(), coverage=[places.paca])
        theme = factories.ThemeFactory(parent=factories.ThemeFactory())
        fiche = factories.InitiativeFactory(
            published=True,
            themes=[theme],
            lead=actor,
            sites=[places.arles, places.marseille, factories.TerritoryFactory(department=places.vaucluse)],
            coverage=[places.vaucluse],
        )
        source = factories.FundingSourceFactory(published=True, offered_by=actor, territories=[places.paca])
        factories.FundingFactory(initiative=fiche, source=source, actor=actor)


@pytest.mark.parametrize(
    "path",
    [
        "/initiatives/?par_page=100",
        "/initiatives/?par_page=100&territoire=dep-13",
        "/initiatives/?par_page=100&territoire=com-13001",
        "/acteurs/?par_page=100",
        "/acteurs/?par_page=100&territoire=dep-13",
        "/financements/?par_page=100",
        "/financements/?par_page=100&territoire=dep-13",
        "/nouveautes/?par_page=100",
    ],
)
def test_a_list_asks_as_many_questions_whatever_its_length(client, places, path):
    grow(places, 10)
    few = questions(client, path)
    grow(places, 90)

    assert questions(client, path) == few


def add_to_initiative(places, fiche, number):
    for year in range(number):
        actor = factories.ActorFactory(published=True)
        source = factories.FundingSourceFactory(published=True, offered_by=actor, stages=["essaimage"])
        other = factories.InitiativeFactory(published=True, themes=fiche.theme_list, sites=[places.aix], lead=actor)
        factories.ParticipationFactory(initiative=fiche, actor=actor)
        factories.FundingFactory(initiative=fiche, source=source, actor=actor)
        factories.MilestoneFactory(initiative=fiche, year=1900 + year)
        factories.SourceFactory(initiative=fiche)
        factories.PhotoFactory(initiative=fiche)
        factories.SiteFactory(initiative=fiche, territory=factories.TerritoryFactory(epci=places.accm))
        factories.OfferFactory(actor=actor, stages=["essaimage"])
        factories.LineageFactory(initiative=fiche, other=other, relation=LineageRelation.SPREAD_TO)
        factories.LineageFactory(initiative=other, other=fiche)
        fiche.audiences.add(factories.AudienceFactory())
        fiche.coverage.add(factories.TerritoryFactory())


def add_to_actor(places, actor, number):
    for year in range(number):
        other = factories.ActorFactory(published=True, kind=actor.kind, seat=places.aix)
        theme = factories.ThemeFactory(parent=factories.ThemeFactory())
        for role in Role:
            fiche = factories.InitiativeFactory(published=True, themes=[theme], sites=[places.marseille_3])
            factories.ParticipationFactory(initiative=fiche, actor=actor, role=role)
        factories.FundingFactory(
            initiative=factories.InitiativeFactory(published=True, sites=[places.arles]), actor=actor, source=None
        )
        factories.FundingSourceFactory(published=True, offered_by=actor)
        factories.ActorTieFactory(actor=actor, other=other)
        factories.OfferFactory(actor=actor, stages=["emergence"])
        factories.MilestoneFactory(initiative=None, actor=actor, year=1900 + year)
        factories.SourceFactory(initiative=None, actor=actor)
        factories.ActorLabelFactory(actor=actor)
        actor.coverage.add(factories.TerritoryFactory())
        actor.themes.add(theme)


def add_to_funding(places, source, number):
    for _ in range(number):
        theme = factories.ThemeFactory(parent=factories.ThemeFactory())
        fiche = factories.InitiativeFactory(published=True, themes=[theme], sites=[places.marseille_3])
        factories.FundingFactory(initiative=fiche, source=source, actor=factories.ActorFactory(published=True))
        factories.SourceFactory(initiative=None, funding_source=source)
        source.territories.add(factories.TerritoryFactory())
        source.themes.add(theme)
        source.audiences.add(factories.AudienceFactory())


@pytest.mark.parametrize(
    ("make", "add"),
    [(full_initiative, add_to_initiative), (full_actor, add_to_actor), (full_funding, add_to_funding)],
    ids=["initiative", "actor", "funding"],
)
def test_a_fiche_asks_as_many_questions_whatever_it_holds(client, places, make, add):
    fiche = make(places)
    add(places, fiche, 10)
    few = questions(client, fiche.get_absolute_url())
    add(places, fiche, 30)

    assert questions(client, fiche.get_absolute_url()) == few
