"""The question of the year: to whom, when, reminded twice, then told to the team; answered by one button."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from initiatives.directory.attention import LISTS
from initiatives.models import Initiative, ModerationRules, Recheck, Submission
from initiatives.submission import daily, rechecks
from initiatives.submission.actions.rereading import close_recheck
from initiatives.submission.rechecks import ask_owners
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    NoticeFactory,
    OwnershipFactory,
    RecheckFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO, LATELY = NOW - timedelta(days=400), NOW - timedelta(days=100)
DAY = timedelta(days=1)
NOTHING = {"asked": 0, "reminded": 0, "silent": 0}


def owned(factory=InitiativeFactory, *, published_at=LONG_AGO, since=LONG_AGO, **values):
    """The ownership of a fiche that nobody has read again for long."""
    fiche = factory(published=True, published_at=published_at, **values)
    return OwnershipFactory(fiche=fiche, since=since)


def test_the_owners_of_a_fiche_that_nobody_read_for_a_year_are_asked_once():
    first = owned()
    second = OwnershipFactory(fiche=first.fiche, since=LATELY)

    assert ask_owners(NOW) == NOTHING | {"asked": 1}
    assert ask_owners(NOW) == NOTHING
    assert ask_owners(NOW + DAY) == NOTHING

    assert Recheck.objects.get().fiche == first.fiche
    assert {mail.to[0] for mail in Email.objects.all()} == {first.user.email, second.user.email}
    assert all("List-Unsubscribe" in mail.headers for mail in Email.objects.all())


@pytest.mark.parametrize("factory", [ActorFactory, FundingSourceFactory])
def test_actors_and_funding_sources_are_asked_about_as_well(factory):
    owned(factory)

    assert ask_owners(NOW)["asked"] == 1


def test_nobody_is_asked_about_what_was_read_published_or_recognised_lately_nor_asked_lately():
    owned(holder_checked_on=LATELY.date())
    owned(checked_on=LATELY.date())
    owned(published_at=LATELY)
    owned(since=LATELY)
    RecheckFactory(fiche=owned().fiche, asked_at=LATELY, answer="closed", answered_at=LATELY)

    assert ask_owners(NOW) == NOTHING


def test_nobody_is_asked_about_what_has_no_owner_or_is_published_no_more():
    InitiativeFactory(published=True, published_at=LONG_AGO)
    OwnershipFactory(fiche=InitiativeFactory(archived=True, published_at=LONG_AGO), since=LONG_AGO)
    gone = owned()
    gone.ended_at = LATELY
    gone.save()
    closed = owned()
    closed.user.is_active = False
    closed.user.save()

    assert ask_owners(NOW) == NOTHING


def test_the_delay_between_two_questions_is_a_rule_of_the_team():
    ModerationRules.objects.create(pk=1, recheck_months=24)
    owned()

    assert ask_owners(NOW) == NOTHING


def test_what_it_looks_for_is_asked_again_before_it_falls_silent_and_only_once():
    fiche = owned(holder_checked_on=LATELY.date()).fiche
    NoticeFactory(initiative=fiche, said_on=TODAY - timedelta(days=340))

    assert ask_owners(NOW)["asked"] == 1
    close_recheck(fiche=fiche, at=NOW, answer="still_true")
    assert ask_owners(NOW + DAY) == NOTHING
    assert "cherche ou propose" in Email.objects.get().message


@pytest.mark.parametrize("days", [300, 370])
def test_what_was_said_lately_or_is_silent_already_asks_nothing(days):
    fiche = owned(holder_checked_on=LATELY.date()).fiche
    NoticeFactory(initiative=fiche, said_on=TODAY - timedelta(days=days))

    assert ask_owners(NOW) == NOTHING


def test_silence_is_reminded_twice_then_told_to_the_team_and_nothing_is_unpublished():
    fiche = owned().fiche
    counts = [ask_owners(NOW + days * DAY) for days in (0, 13, 14, 27, 28, 41, 42, 43, 60)]

    assert [count["reminded"] for count in counts] == [0, 0, 1, 0, 1, 0, 0, 0, 0]
    assert [count["silent"] for count in counts] == [0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert Email.objects.count() == 3
    assert Email.objects.latest("pk").subject.startswith("Rappel")
    [submission] = Submission.objects.all()
    assert (submission.kind, submission.state, submission.fiche) == ("recheck", "waiting", fiche)
    assert (submission.email, submission.confirmed_at) == ("", None)
    fiche.refresh_from_db()
    assert fiche.is_published


def test_a_silent_fiche_is_on_the_list_to_check_again_even_when_the_team_read_it_lately():
    fiche = owned().fiche
    Initiative.objects.update(checked_on=TODAY)
    Submission.objects.create(kind="recheck", state="waiting", waiting_since=NOW, sent_at=NOW, initiative=fiche)

    rows = list(LISTS["a-reverifier"].rows(TODAY))

    assert [(row["noun"], row["fiche"], row["since"]) for row in rows] == [("initiatives", fiche.pk, TODAY)]


def test_a_fiche_is_once_on_the_list_to_check_again():
    fiche = owned().fiche
    Submission.objects.create(kind="recheck", state="waiting", waiting_since=NOW, sent_at=NOW, initiative=fiche)

    assert len(list(LISTS["a-reverifier"].rows(TODAY))) == 1


def test_the_team_is_told_of_each_silence_however_many_it_knows_already():
    for days in (0, 1):
        owned()
        ask_owners(NOW + days * DAY)
    Recheck.objects.update(reminders=2)

    assert [ask_owners(NOW + days * DAY, most=1)["silent"] for days in (20, 21, 22)] == [1, 1, 0]


def test_who_answers_meanwhile_is_not_reminded(monkeypatch):
    owned(name="Première")
    owned(name="Seconde")
    ask_owners(NOW)
    queue = rechecks.queue_mail

    def meanwhile(to, template, context, **more):
        close_recheck(fiche=Initiative.objects.get(name="Seconde"), at=NOW, answer="still_true")
        return queue(to, template, context, **more)

    monkeypatch.setattr(rechecks, "queue_mail", meanwhile)

    assert ask_owners(NOW + 14 * DAY)["reminded"] == 1
    assert Email.objects.count() == 3


def test_a_question_whose_owners_have_left_is_closed():
    ownership = owned()
    ask_owners(NOW)
    ownership.ended_at = NOW
    ownership.save()

    assert ask_owners(NOW + 14 * DAY) == NOTHING
    assert Recheck.objects.get().answer == "closed"


def test_a_fiche_that_fails_does_not_stop_the_others(monkeypatch, caplog):
    owned(name="Casse")
    other = owned(name="Va")
    queue = rechecks.queue_mail

    def fails(to, template, context, **more):
        if context["fiche"].name == "Casse":
            raise RuntimeError
        return queue(to, template, context, **more)

    monkeypatch.setattr(rechecks, "queue_mail", fails)

    assert ask_owners(NOW)["asked"] == 1
    assert Recheck.objects.get().fiche == other.fiche
    assert "failed for one fiche" in caplog.text


def test_no_more_than_so_many_are_asked_in_a_day():
    for _ in range(3):
        owned()

    assert ask_owners(NOW, most=2)["asked"] == 2
    assert ask_owners(NOW + DAY, most=2)["asked"] == 1


def test_it_is_a_daily_task_that_is_done_once():
    owned()
    days = daily.Days()

    days.do_what_is_due(NOW)
    daily.Days().do_what_is_due(NOW)

    assert Email.objects.count() == 1


def test_finding_whom_to_ask_costs_the_same_whatever_their_number():
    def cost():
        with CaptureQueriesContext(connection) as queries:
            ask_owners(NOW, most=1)
        return len(queries)

    for _ in range(3):
        owned()
    cost()
    few = cost()
    for _ in range(10):
        owned()
    assert cost() == few
