"""Completeness: each rule is met by what it names, photos count for nothing, and the stored number stays true."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.directory.completeness import RULES, completeness, missing, refresh
from initiatives.models import Actor, FundingSource, Initiative
from initiatives.models.vocabulary import FundingKind, LegalForm, Stage, WayToTakePart
from initiatives.submission.actions import publish, record_edit
from initiatives.submission.history import act
from tests import factories

pytestmark = pytest.mark.django_db
FACTORIES = {
    Initiative: factories.InitiativeFactory,
    Actor: factories.ActorFactory,
    FundingSource: factories.FundingSourceFactory,
}


def full_initiative(**values):
    initiative = factories.InitiativeFactory(
        social_need="Un besoin.",
        response="Une réponse.",
        innovation="Une nouveauté.",
        stage=Stage.EMERGENCE,
        start_year=2020,
        website="https://initiative.exemple.test",
        sites=[factories.TerritoryFactory()],
        themes=[factories.ThemeFactory()],
        audiences=[factories.AudienceFactory()],
        lead=factories.ActorFactory(),
        **values,
    )
    factories.SourceFactory(initiative=initiative)
    return initiative


def full_actor():
    actor = factories.ActorFactory(
        presentation="Une présentation.",
        legal_form=LegalForm.ASSOCIATION,
        siren="732829320",
        founded_year=2001,
        seat=factories.TerritoryFactory(),
        coverage=[factories.TerritoryFactory()],
        themes=[factories.ThemeFactory()],
        contact_email="acteur@exemple.test",
    )
    factories.SourceFactory(initiative=None, actor=actor)
    return actor


def full_funding_source():
    source = factories.FundingSourceFactory(
        kinds=[FundingKind.GRANT],
        offered_by=factories.ActorFactory(),
        amount_max=10000,
        stages=[Stage.EMERGENCE],
        legal_forms=[LegalForm.ASSOCIATION],
        eligibility="Être une association.",
        territories=[factories.TerritoryFactory()],
        is_permanent=True,
        how_to_apply="Écrire.",
    )
    factories.SourceFactory(initiative=None, funding_source=source)
    return source


FULL = {Initiative: full_initiative, Actor: full_actor, FundingSource: full_funding_source}


@pytest.mark.parametrize("noun", RULES, ids=lambda noun: noun.__name__)
def test_a_fiche_that_says_everything_is_complete(noun):
    fiche = FULL[noun]()

    assert missing(fiche) == []
    assert completeness(fiche) == (len(RULES[noun]), len(RULES[noun]))


@pytest.mark.parametrize("noun", RULES, ids=lambda noun: noun.__name__)
def test_each_rule_has_its_own_words_and_an_empty_fiche_meets_almost_none(noun):
    fiche = FACTORIES[noun](summary="")
    labels = [rule.label for rule in RULES[noun]]

    assert len(labels) == len(set(labels))
    assert 10 <= len(labels) <= 12
    # The factories give a kind to an actor and to a funding source.
    assert set(labels) - set(missing(fiche)) <= {"le genre", "sa nature"}


EMPTIED = [
    ({"summary": ""}, "son nom et son résumé"),
    ({"social_need": ""}, "le besoin"),
    ({"response": ""}, "la réponse"),
    ({"innovation": ""}, "ce qui est nouveau"),
    ({"stage": Stage.UNKNOWN}, "l’étape"),
    ({"start_year": None}, "l’année de démarrage"),
    ({"website": ""}, "un site, un contact ou une façon de prendre part"),
]


@pytest.mark.parametrize(("values", "label"), EMPTIED, ids=[label for _, label in EMPTIED])
def test_an_empty_field_is_missed_in_words(values, label):
    initiative = full_initiative()
    for name, value in values.items():
        setattr(initiative, name, value)

    assert missing(initiative) == [label]


GONE = {
    "sites": "un lieu ou un territoire",
    "theme_links": "un thème",
    "participations": "la structure porteuse",
    "sources": "une source",
}


@pytest.mark.parametrize(("lines", "label"), GONE.items(), ids=GONE)
def test_a_line_that_is_gone_is_missed_in_words(lines, label):
    initiative = full_initiative()
    getattr(initiative, lines).all().delete()

    assert missing(initiative) == [label]


def test_a_coverage_is_a_place_and_a_way_to_take_part_is_a_contact():
    initiative = full_initiative(coverage=[factories.TerritoryFactory()])
    initiative.sites.all().delete()
    initiative.website = ""
    initiative.ways_to_take_part.create(way=WayToTakePart.VISIT, how="Le samedi.")

    assert missing(initiative) == []


def test_a_partner_is_not_the_lead():
    initiative = full_initiative()
    initiative.participations.update(is_lead=False)

    assert missing(initiative) == ["la structure porteuse"]


def test_a_group_without_legal_form_needs_no_number():
    actor = full_actor()
    actor.siren = ""
    assert missing(actor) == ["le Siren ou le numéro RNA"]

    actor.legal_form = LegalForm.COLLECTIVE
    assert missing(actor) == []


def test_photos_do_not_count():
    initiative = full_initiative()
    before = completeness(initiative)
    factories.PhotoFactory(initiative=initiative)

    assert completeness(Initiative.objects.get()) == before


def test_an_edit_and_an_act_store_the_completeness():
    initiative = full_initiative()
    with act(verb="Modification"):
        record_edit(fiche=initiative, at=timezone.now())
    assert Initiative.objects.get().completeness == 12

    initiative.sources.all().delete()
    publish(fiche=initiative, at=timezone.now())
    assert Initiative.objects.get().completeness == 11


def test_refreshing_corrects_what_is_out_of_date_and_touches_nothing_else():
    right, wrong = full_initiative(), full_initiative()
    Initiative.objects.filter(pk=right.pk).update(completeness=12)
    Initiative.objects.filter(pk=wrong.pk).update(completeness=3, revision=7)
    # The leads of the two, whose number is 0 while they meet two rules.
    assert refresh() == 1 + Actor.objects.count()

    wrong.refresh_from_db()
    assert (wrong.completeness, wrong.revision) == (12, 7)
    assert refresh() == 0


def test_refreshing_asks_as_many_questions_whatever_the_number_of_fiches():
    def questions():
        refresh()
        with CaptureQueriesContext(connection) as queries:
            refresh()
        return len(queries)

    full_initiative(), full_actor(), full_funding_source()
    few = questions()
    for _ in range(8):
        full_initiative(), full_funding_source()

    assert questions() == few
