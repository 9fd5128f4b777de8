"""The tracking page says what comes next of what was sent: a report is not published, nor is a claim."""

from datetime import UTC, datetime

import pytest

from initiatives.models import Initiative, Submission
from initiatives.submission.views.tracking import NEXT
from tests.admin.pages import published
from tests.directory.reading import read, words
from tests.factories import SubmissionFactory
from tests.submission.depositing import tracking

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def what_comes_next(client, **values):
    submission = SubmissionFactory(**{"state": "waiting", "waiting_since": NOW} | values)
    return read(client.get(tracking(submission))).select_one(".delai")


def test_each_kind_has_its_own_words():
    assert {*NEXT} == {*Submission.Kind}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("new", "Elle publie, vous demande des précisions, ou refuse"),
        ("change", "Elle publie ce qu’elle accepte, vous demande"),
        ("report", "Elle vérifie, corrige la fiche au besoin, et vous dit"),
        ("claim", "Elle vous reconnaît porteur de la fiche, vous demande"),
        ("withdrawal", "Elle retire la fiche de l’annuaire, vous demande"),
    ],
)
def test_what_the_team_does_next_is_said_of_what_was_sent(client, kind, said):
    fiche = None if kind == "new" else published(Initiative)

    assert said in words(what_comes_next(client, kind=kind, fiche=fiche))


@pytest.mark.parametrize(
    ("kind", "state", "link"),
    [
        ("report", "changes_requested", "/contact/"),
        ("claim", "changes_requested", "/contact/"),
        ("new", "rejected", "/deposer/"),
    ],
)
def test_one_is_led_to_where_one_may_answer(client, kind, state, link):
    fiche = None if kind == "new" else published(Initiative)

    assert what_comes_next(client, kind=kind, state=state, fiche=fiche).select(f'a[href="{link}"]')


def test_only_who_holds_the_fiche_is_told_that_they_keep_it_up_to_date(client):
    fiche = published(Initiative)
    told = {
        (kind, state): "Elle se tient à jour" in words(what_comes_next(client, kind=kind, state=state, fiche=fiche))
        for kind, state in [("new", "accepted"), ("claim", "accepted"), ("claim", "rejected"), ("report", "accepted")]
    }

    assert [*told.values()] == [True, True, False, False]
