"""Lists, their search and their filters, and what autocompletion answers."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.directory.completeness import RULES
from initiatives.models import Actor, FundingSource, Initiative, ModerationRules, Territory, Theme, User
from tests import factories
from tests.admin.pages import FACTORIES, NOUNS, admin_url, messages, name_of

pytestmark = pytest.mark.django_db


def shown(team, model, **asked):
    page = BeautifulSoup(team.get(admin_url(model, "changelist"), asked).text, "html.parser")
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


# The list of one row leads to its page.
LISTED = [model for model in NOUNS if model is not ModerationRules]


@pytest.mark.parametrize("model", LISTED, ids=name_of)
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

    assert shown(team, Initiative, territoire="dep-13") == ["Autour", "Ici"]
    assert shown(team, Initiative, theme="alimentation") == ["Ici"]
    assert len(shown(team, Initiative, territoire="zz", theme="inconnu")) == 4


def test_every_kind_of_territory_narrows_every_list_of_fiches(team, places):
    factories.InitiativeFactory(name="Ici", sites=[places.arles])
    factories.InitiativeFactory(name="Ailleurs", sites=[places.avignon])
    factories.ActorFactory(name="Ici", seat=places.arles)
    factories.ActorFactory(name="Ailleurs", seat=places.avignon)
    factories.FundingSourceFactory(name="Ici", territories=[places.arles])
    factories.FundingSourceFactory(name="Ailleurs", territories=[places.avignon])

    for model in (Initiative, Actor, FundingSource):
        for place in (places.arles, places.arles.epci, places.arles.department):
            assert shown(team, model, territoire=place.pk) == ["Ici"]
        assert len(shown(team, model, territoire="9" * 30)) == 2


def test_the_filter_by_territory_offers_the_departements_and_keeps_what_else_was_asked(team, places):
    asked = {"territoire": places.arles.pk, "status__exact": "draft", "q": "a", "p": "1"}
    page = BeautifulSoup(team.get(admin_url(Initiative, "changelist"), asked).text, "html.parser")
    form = page.select_one("form.adm-filtre-lieu")

    offered = [option.get_text() for option in form.select("option")]
    assert offered[:2] == ["Partout", "Arles (commune, 13004)"]
    assert "Bouches-du-Rhône (département, 13)" in offered
    assert form.select_one("option[selected]").get_text() == "Arles (commune, 13004)"
    assert {field["name"]: field["value"] for field in form.select("input")} == {"status__exact": "draft", "q": "a"}
    assert "territoire" not in form.select_one("a")["href"]
    assert page.select_one('script[src*="autocomplete"]')


def test_fiches_are_narrowed_by_their_last_check_their_origin_and_their_completeness(team):
    today = timezone.localdate()
    for model in (Initiative, Actor, FundingSource):
        total = len(RULES[model])
        for name, days, origin, met in (
            ("A", None, "saisie", 0),
            ("B", 400, "redaction", total),
            ("C", 9, "saisie", 0),
        ):
            checked_on = days and today - timedelta(days=days)
            fiche = FACTORIES[model](name=name, checked_on=checked_on, origin=origin)
            model.objects.filter(pk=fiche.pk).update(completeness=met)

        assert shown(team, model, verifiee="jamais") == ["A"]
        assert shown(team, model, verifiee="ancienne") == ["B"]
        assert shown(team, model, verifiee="recente") == ["C"]
        assert shown(team, model, verifiee="hier") == ["A", "B", "C"]
        assert shown(team, model, origin="redaction") == ["B"]
        assert shown(team, model, completude="complete") == ["B"]


def test_actors_and_funding_sources_are_narrowed_by_theme(team):
    parent = factories.ThemeFactory(slug="alimentation")
    for model in (Actor, FundingSource):
        FACTORIES[model](name="Ici", themes=[factories.ThemeFactory(parent=parent), parent])
        FACTORIES[model](name="Ailleurs", themes=[factories.ThemeFactory()])

        assert shown(team, model, theme="alimentation") == ["Ici"]


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource], ids=name_of)
@pytest.mark.parametrize("typed_words", ["reciclodrome", "recyclodrome marseile", "recyclodromme de marseille"])
def test_a_mistake_finds_the_nearest_names_and_says_so(team, model, typed_words):
    FACTORIES[model](name="Le Recyclodrome de Marseille")
    FACTORIES[model](name="La Ferme du Soleil")

    response = team.get(admin_url(model, "changelist"), {"q": typed_words, "_facets": "True"})

    assert shown(team, model, q=typed_words) == ["Le Recyclodrome de Marseille"]
    assert messages(response) == [f"Rien pour « {typed_words} ». Voici les noms les plus proches."]


def test_a_mistake_in_a_place_still_finds_it_and_nonsense_finds_nothing(team, places):
    assert suggested(team, "initiative", "coverage", "avinion")[0].startswith("Avignon")
    factories.InitiativeFactory(name="La Ferme du Soleil")
    response = team.get(admin_url(Initiative, "changelist"), {"q": "xyzxyz"})

    assert shown(team, Initiative, q="xyzxyz") == []
    assert messages(response) == []


def test_the_list_of_initiatives_shows_their_seat_and_their_main_theme(team, places):
    themes = [factories.ThemeFactory(name="Mer"), factories.ThemeFactory(name="Terre")]
    factories.InitiativeFactory(sites=[places.tarascon, places.arles], themes=themes)

    page = BeautifulSoup(team.get(admin_url(Initiative, "changelist")).text, "html.parser")
    row = page.select_one("#result_list tbody")

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
