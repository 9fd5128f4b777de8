"""Lists, their search and their filters, and what autocompletion answers."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative, Territory, Theme, User
from tests import factories
from tests.admin.pages import FACTORIES, NOUNS, admin_url, name_of

pytestmark = pytest.mark.django_db


def shown(team, model, **asked):
    page = BeautifulSoup(team.get(admin_url(model, "changelist"), asked).text, "html5lib")
    return [cell.get_text(strip=True) for cell in page.select("#result_list tbody th")]


def suggested(team, model, field, term):
    asked = {"app_label": "initiatives", "model_name": model, "field_name": field, "term": term}
    return [item["text"] for item in team.get(reverse("admin:autocomplete"), asked).json()["results"]]


def grow(model, number):
    places = factories.TerritoryFactory.create_batch(3)
    for _ in range(number):
        extra = {}
        if model is Initiative:
            theme = factories.ThemeFactory(parent=factories.ThemeFactory())
            extra = {"sites": places, "themes": [theme], "lead": factories.ActorFactory()}
        elif model is Actor:
            extra = {"seat": factories.TerritoryFactory(), "coverage": places}
        elif model is FundingSource:
            extra = {"offered_by": factories.ActorFactory(), "territories": places}
        elif model is Theme:
            extra = {"parent": factories.ThemeFactory()}
        elif model is Territory:
            extra = {"department": factories.TerritoryFactory(kind="dep")}
        FACTORIES[model](**extra)


@pytest.mark.parametrize("model", NOUNS, ids=name_of)
def test_a_list_asks_the_database_as_many_questions_whatever_its_length(team, model):
    def questions():
        team.get(admin_url(model, "changelist"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert team.get(admin_url(model, "changelist"), {"all": ""}).status_code == 200
        return len(queries)

    grow(model, 10)
    few = questions()
    grow(model, 50)

    assert questions() == few


@pytest.mark.parametrize("typed_words", ["ecole", "ÉCOLE", "école soleil", "soleil, ecole"])
@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource], ids=name_of)
def test_fiches_are_found_without_accents_or_capitals(team, model, typed_words):
    FACTORIES[model](name="L’École du Soleil")
    FACTORIES[model](name="La Ferme")

    assert shown(team, model, q=typed_words) == ["L’École du Soleil"]


def test_people_are_found_by_their_name_without_accents_or_by_their_address(team):
    factories.UserFactory(email="e.dupre@exemple.test", name="Éloïse Dupré")

    assert shown(team, User, q="eloise") == ["e.dupre@exemple.test"]
    assert shown(team, User, q="e.dupre@exemple") == ["e.dupre@exemple.test"]
    assert shown(team, User, q="…") == shown(team, User)


def test_territories_are_found_by_name_other_name_and_code(team, places):
    places.arles.other_names.create(name="Arélate")
    places.arles.postal_codes.create(code="13200")

    for words in ("arles", "ARELATE", "13200", "13004"):
        assert "Arles" in shown(team, Territory, q=words)
    assert shown(team, Territory, q="st martin") == ["Saint-Martin-de-Crau"]


def test_autocompletion_tells_homonyms_apart_and_puts_the_very_name_first(team, places):
    assert suggested(team, "initiative", "coverage", "arles") == [
        "Arles (commune, 13004)",
        "Arles-Crau-Camargue-Montagnette (intercommunalité, 241300417)",
    ]
    assert suggested(team, "site", "territory", "arles") == ["Arles (commune, 13004)"]
    factories.ActorFactory(name="École de la mer")
    factories.ActorFactory(name="École des champs", published=True)
    assert suggested(team, "participation", "actor", "ecole") == ["École de la mer (brouillon)", "École des champs"]


def test_a_chosen_place_is_shown_as_it_was_suggested(team, places):
    initiative = factories.InitiativeFactory(sites=[places.arles])

    assert "Arles (commune, 13004)" in team.get(admin_url(initiative, "change")).text


def test_initiatives_are_narrowed_by_departement_and_theme(team, places):
    parent = factories.ThemeFactory(slug="alimentation", name="Alimentation")
    child = factories.ThemeFactory(parent=parent)
    factories.InitiativeFactory(name="Ici", sites=[places.arles], themes=[child])
    factories.InitiativeFactory(name="Autour", coverage=[places.crau])
    factories.InitiativeFactory(name="Partout", coverage=[places.paca])
    factories.InitiativeFactory(name="Ailleurs", sites=[places.avignon])

    assert shown(team, Initiative, departement="13") == ["Autour", "Ici"]
    assert shown(team, Initiative, theme="alimentation") == ["Ici"]
    assert len(shown(team, Initiative, departement="zz", theme="inconnu")) == 4


def test_the_list_of_initiatives_shows_their_seat_and_their_main_theme(team, places):
    themes = [factories.ThemeFactory(name="Mer"), factories.ThemeFactory(name="Terre")]
    factories.InitiativeFactory(sites=[places.tarascon, places.arles], themes=themes)

    row = BeautifulSoup(team.get(admin_url(Initiative, "changelist")).text, "html5lib").select_one("#result_list tbody")

    assert row.select_one(".field-place").get_text() == "Tarascon"
    assert row.select_one(".field-main_theme").get_text() == "Mer"


def test_funding_sources_are_narrowed_by_state_and_kind(team):
    factories.FundingSourceFactory(name="Finie", ended=True)
    factories.FundingSourceFactory(name="Don", kinds=["mecenat"], closes_on=date(2020, 1, 1))

    assert shown(team, FundingSource, etat="historique") == ["Finie"]
    assert shown(team, FundingSource, etat="clos") == ["Don"]
    assert shown(team, FundingSource, type="mecenat") == ["Don"]
    assert shown(team, FundingSource, etat="nimporte") == []


def test_themes_are_listed_each_under_its_parent(team):
    first, second = factories.ThemeFactory(name="A", position=1), factories.ThemeFactory(name="B", position=2)
    factories.ThemeFactory(name="B1", parent=second, position=1)
    factories.ThemeFactory(name="A1", parent=first, position=2)

    assert shown(team, Theme) == ["A", "A1", "B", "B1"]


@pytest.mark.parametrize("model", NOUNS, ids=name_of)
@pytest.mark.parametrize("asked", [{"q": "é\x00 ' \" % _"}, {"p": "99"}, {"o": "zz"}, {"inconnu": "1"}, {"p": "x"}])
def test_a_strange_address_never_breaks_a_list(team, model, asked):
    FACTORIES[model]()

    assert team.get(admin_url(model, "changelist"), asked, follow=True).status_code == 200
