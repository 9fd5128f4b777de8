"""« Vouliez-vous dire… »: what is proposed for words that nobody wrote."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.directory import fulltext
from initiatives.directory.postings import Postings
from initiatives.directory.spelling import suggest_words
from initiatives.models import ALL, record_change
from initiatives.words import parse_query
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary(db):
    for number, name in enumerate(
        ["Épicerie solidaire", "Épicerie mobile", "L’Hôpital à vélo", "Tiers-lieu", "Épuration"]
    ):
        factories.InitiativeFactory(name=name, summary=f"Résumé {number}.", published=True, slug=f"f-{number}")
    factories.InitiativeFactory(name="Brouillonne", summary="")
    record_change(ALL)
    return Postings.build(fulltext.rows())


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("épicerei ", "épicerie"),
        ("EPISERIE ", "épicerie"),
        ("epicerie soldiaire ", "epicerie solidaire"),
        ("hopitol ", "hôpital"),
        ("l’hopitol -mobile ", "l’hôpital -mobile"),
        ('hopitol "à vélo" ', 'hôpital "à vélo"'),
        ("tiesr-lieu ", "tiers-lieu"),
        # Nothing to say: all is known, nothing is near, what is near finds nothing, or only drafts hold it.
        ("épicerie ", ""),
        ("xylophone ", ""),
        ("vx ", ""),
        ("hopitol mobile ", ""),
        ("brouillone ", ""),
        ("le la ", ""),
        ("", ""),
    ],
)
def test_a_word_that_nobody_wrote_becomes_the_nearest_with_its_accents(vocabulary, asked, suggested):
    assert suggest_words(parse_query(asked), vocabulary) == suggested


def test_of_two_words_as_near_the_one_that_is_written_most_is_proposed(vocabulary):
    for number in range(2):
        factories.InitiativeFactory(name="Le car", published=True, slug=f"car-{number}")
    factories.InitiativeFactory(name="Le cas", published=True, slug="cas")
    record_change(ALL)

    assert suggest_words(parse_query("cax "), Postings.build(fulltext.rows())) == "car"


def test_nothing_is_read_when_every_word_is_known(vocabulary):
    with CaptureQueriesContext(connection) as asked:
        suggest_words(parse_query("épicerie vélo "), vocabulary)

    assert len(asked) == 0


def test_words_of_fiches_that_changed_since_are_proposed_and_those_of_fiches_that_left_are_not(db):
    gone = factories.InitiativeFactory(name="Tricot", published=True, slug="tricot")
    factories.InitiativeFactory(name="Autre", published=True, slug="autre")
    record_change(ALL)
    vocabulary = Postings.build(fulltext.rows())
    gone.status = "archived"
    gone.save()
    come = factories.InitiativeFactory(name="Abricots", published=True, slug="abricots")
    record_change([gone.pk, come.pk])

    vocabulary = vocabulary.with_changes({gone.pk, come.pk})

    assert suggest_words(parse_query("abicots "), vocabulary) == "abricots"
    assert suggest_words(parse_query("tricto "), vocabulary) == ""
