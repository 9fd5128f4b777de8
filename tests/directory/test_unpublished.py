"""What is not published shows nowhere: not by its name on the pages of others, not in a list, not in a number."""

import pytest

from initiatives.models.vocabulary import LineageRelation, Role
from tests import factories
from tests.directory.filled import full_actor, full_funding, full_initiative
from tests.directory.reading import read, words

STATES = [{}, {"archived": True}]
each_state = pytest.mark.parametrize("state", STATES, ids=["draft", "archived"])


def hidden(factory, state, **values):
    return factory(name=f"Secret {factory.__name__}", summary="Un secret bien gardé.", **state, **values)


def assert_no_secret(client, path):
    response = client.get(path)
    read(response)
    assert "ecret" not in response.text


@each_state
def test_a_fiche_shows_no_unpublished_actor_funding_or_initiative(client, places, state):
    fiche = full_initiative(places)
    fiche.participations.filter(is_lead=True).delete()
    actor = hidden(factories.ActorFactory, state, legal_form="mutuelle")
    source = hidden(factories.FundingSourceFactory, state, stages=["essaimage"])
    other = hidden(factories.InitiativeFactory, state, themes=fiche.theme_list, sites=[places.aix])
    factories.ParticipationFactory(initiative=fiche, actor=actor, role=Role.HOLDER, is_lead=True)
    factories.FundingFactory(initiative=fiche, source=source, actor=actor, amount=77_777)
    factories.OfferFactory(actor=actor, what="Un secret appui", stages=["essaimage"])
    factories.LineageFactory(initiative=fiche, other=other, relation=LineageRelation.SPREAD_TO)
    factories.LineageFactory(initiative=other, other=fiche)

    assert_no_secret(client, fiche.get_absolute_url())
    assert "Mutuelle" not in client.get(fiche.get_absolute_url()).text
    assert "77" not in client.get(fiche.get_absolute_url()).text.partition("Financements connus")[2][:3000]


@each_state
def test_money_from_a_published_source_hides_an_unpublished_actor_only(client, places, state):
    fiche = factories.InitiativeFactory(published=True, sites=[places.arles])
    source = factories.FundingSourceFactory(published=True, name="Le Prix")
    actor = hidden(factories.ActorFactory, state)
    factories.FundingFactory(initiative=fiche, source=source, actor=actor, amount=5000)

    assert_no_secret(client, fiche.get_absolute_url())
    assert "Le Prix" in client.get(fiche.get_absolute_url()).text


@each_state
def test_the_page_of_an_actor_shows_nothing_unpublished(client, places, state):
    actor = full_actor(places)
    other = hidden(factories.ActorFactory, state, kind=actor.kind, seat=places.arles)
    fiche = hidden(factories.InitiativeFactory, state, sites=[places.arles])
    source = hidden(factories.FundingSourceFactory, state, offered_by=actor)
    factories.ActorTieFactory(actor=actor, other=other)
    factories.ActorTieFactory(actor=other, other=actor)
    for role in Role:
        factories.ParticipationFactory(initiative=fiche, actor=actor, role=role)
    factories.FundingFactory(initiative=fiche, actor=actor, source=None)
    # Published, but funded through a source that is not: the page says nothing of a tie that it may not name.
    factories.FundingFactory(
        initiative=factories.InitiativeFactory(published=True, name="Par un secret"), source=source
    )

    assert_no_secret(client, actor.get_absolute_url())


@each_state
def test_the_page_of_a_funding_source_shows_nothing_unpublished(client, places, state):
    actor = hidden(factories.ActorFactory, state)
    source = full_funding(places, offered_by=actor)
    factories.FundingFactory(initiative=hidden(factories.InitiativeFactory, state), source=source)

    assert_no_secret(client, source.get_absolute_url())


@each_state
@pytest.mark.parametrize(
    "path",
    [
        "/initiatives/",
        "/initiatives/?q=e",
        "/acteurs/",
        "/financements/",
        "/nouveautes/",
        "/initiatives/?territoire=com-13001",
    ],
)
def test_no_list_shows_anything_unpublished(client, places, state, path):
    actor = hidden(factories.ActorFactory, state, seat=places.aix, legal_form="mutuelle")
    hidden(factories.FundingSourceFactory, state)
    hidden(factories.InitiativeFactory, state, sites=[places.marseille])
    factories.FundingSourceFactory(published=True, name="Ouverte", offered_by=actor)
    factories.InitiativeFactory(published=True, name="Seule visible", sites=[places.arles], lead=actor)

    assert_no_secret(client, path)
    page = read(client.get(path))
    for label in page.select("label:has([name=forme])"):  # a facet has all forms, whoever has one
        assert label.input["value"] != "mutuelle" or words(label.select_one(".n")) == "0"
        label.extract()
    assert "Mutuelle" not in words(page.main)
