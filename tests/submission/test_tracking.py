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
LATER = datetime(2026, 5, 5, 10, tzinfo=UTC)


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


ASKED = ("report", "claim", "withdrawal")


@pytest.fixture(params=ASKED)
def asked(request):
    """What holds no fiche, of which the team asked something."""
    submission = SubmissionFactory(kind=request.param, state="changes_requested", fiche=published(Initiative))
    submission.events.create(state="waiting", at=NOW)
    submission.events.create(state="changes_requested", at=LATER)
    submission.messages.create(at=LATER, is_from_team=True, text="Qui êtes-vous pour cette initiative ?")
    return submission


def test_who_deposits_another_is_led_to_the_doors(client):
    assert what_comes_next(client, kind="new", state="rejected").select('a[href="/deposer/"]')


def test_what_was_asked_of_what_holds_no_fiche_is_answered_in_words_once(client, asked):
    [link] = read(client.get(tracking(asked))).select("p.actions a")
    assert "Qui êtes-vous pour cette initiative" in words(read(client.get(link["href"])))

    for _ in range(2):
        response = client.post(link["href"], {"text": "J’en suis la trésorière."})
        assert response.status_code == 302

    asked.refresh_from_db()
    assert asked.state == "waiting"
    [answer] = asked.messages.filter(is_from_team=False)
    assert answer.text == "J’en suis la trésorière."
    assert "Votre réponse est partie" in words(read(client.get(response["Location"])))


def test_an_empty_answer_is_asked_for_and_moves_nothing(client, asked):
    page = read(client.post(f"{tracking(asked)}corriger/", {"text": " "}))

    assert "Écrivez votre réponse." in words(page)
    asked.refresh_from_db()
    assert asked.state == "changes_requested"


def test_looking_at_the_answer_moves_nothing(client, asked):
    for _ in range(3):
        assert client.get(f"{tracking(asked)}corriger/").status_code == 200

    asked.refresh_from_db()
    assert (asked.state, asked.messages.count()) == ("changes_requested", 1)


def test_only_who_holds_the_fiche_is_told_that_they_keep_it_up_to_date(client):
    fiche = published(Initiative)
    told = {
        (kind, state): "Elle se tient à jour" in words(what_comes_next(client, kind=kind, state=state, fiche=fiche))
        for kind, state in [("new", "accepted"), ("claim", "accepted"), ("claim", "rejected"), ("report", "accepted")]
    }

    assert [*told.values()] == [True, True, False, False]
