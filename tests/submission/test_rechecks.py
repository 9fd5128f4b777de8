"""The question of the year: to whom, when, reminded twice, then told to the team; answered by one button."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from reversion.models import Revision

from initiatives.directory.attention import LISTS
from initiatives.models import Initiative, ModerationRules, Recheck, Submission, current_version
from initiatives.submission import daily
from initiatives.submission.actions.rereading import close_recheck, say_still_true
from initiatives.submission.rechecks import ask_owners, token_value
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import PURPOSES, make
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    NoticeFactory,
    OwnershipFactory,
    RecheckFactory,
    UserFactory,
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
    from initiatives.submission import rechecks

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


# Answered


def page(recheck, user, at=None):
    return reverse("fresh", args=[make("fresh", token_value(recheck, user), at=at)])


@pytest.fixture
def asked():
    """An ownership, and the question that its fiche waits an answer to."""
    ownership = owned(holder_checked_on=None)
    RecheckFactory(fiche=ownership.fiche, asked_at=timezone.now(), last_sent_at=timezone.now())
    return ownership


def everything():
    rows = [[*model.objects.order_by("pk").values()] for model in (Recheck, Submission, Initiative)]
    return [*rows, Email.objects.count(), Revision.objects.count(), current_version()]


def test_the_mail_leads_to_the_page():
    ownership = owned()
    ask_owners(NOW)

    address = re.search(r"https?://\S+?(/a-jour/\S+)", Email.objects.get().message)[1]

    assert address.startswith("/a-jour/")
    assert page(Recheck.objects.get(), ownership.user).count(".") == address.count(".")


def test_opened_three_times_the_question_changes_nothing(client, asked):
    address, before = page(Recheck.objects.get(), asked.user), everything()

    for _ in range(3):
        response = client.get(address)

    assert everything() == before
    assert "Oui, tout est encore juste" in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_one_button_without_signing_in_says_that_all_is_true(client, asked):
    kept = NoticeFactory(initiative=asked.fiche, value="local", said_on=timezone.localdate() - timedelta(days=340))
    left = NoticeFactory(initiative=asked.fiche, value="benevoles", said_on=timezone.localdate() - timedelta(days=340))
    other = NoticeFactory(value="local", said_on=timezone.localdate() - timedelta(days=340))
    address = page(Recheck.objects.get(), asked.user)

    response = client.post(address, {"annonces": [kept.pk, other.pk]}, follow=True)

    for row in (asked.fiche, kept, left, other):
        row.refresh_from_db()
    assert "La fiche est à jour" in response.text
    assert asked.fiche.holder_checked_on == kept.said_on == timezone.localdate()
    assert left.said_on < kept.said_on
    assert other.said_on < kept.said_on
    recheck = Recheck.objects.get()
    assert (recheck.answer, recheck.answered_by) == ("still_true", asked.user)
    assert Revision.objects.get().user == asked.user
    assert "_auth_user_id" not in client.session


def test_pressed_twice_it_is_said_once(client, asked):
    address = page(Recheck.objects.get(), asked.user)
    client.post(address)
    after = everything()

    assert client.post(address).status_code == 200
    assert everything() == after


def test_a_late_answer_takes_the_fiche_off_the_queue(client, asked):
    submission = Submission.objects.create(
        kind="recheck", state="waiting", waiting_since=NOW, sent_at=NOW, initiative=asked.fiche
    )

    client.post(page(Recheck.objects.get(), asked.user))

    submission.refresh_from_db()
    assert submission.state == "accepted"
    assert submission.events.get().note == "Toujours à jour"


def test_the_link_holds_for_thirty_days(client, asked):
    old = page(Recheck.objects.get(), asked.user, at=timezone.now() - PURPOSES["fresh"] - timedelta(minutes=1))

    assert client.post(old).status_code == 410
    assert Recheck.objects.get().answer == ""


def test_who_left_is_asked_no_more_and_cannot_answer(client, asked):
    asked.ended_at = timezone.now()
    asked.save()

    response = client.post(page(Recheck.objects.get(), asked.user))

    assert "ne portez plus" in response.text
    assert Recheck.objects.get().answer == ""


def test_a_stranger_has_no_token_of_their_own(client, asked):
    stranger = UserFactory()

    response = client.post(page(Recheck.objects.get(), stranger))

    assert "ne portez plus" in response.text
    assert client.get("/a-jour/rien/").status_code == 404
    with pytest.raises(Refused):
        say_still_true(fiche=asked.fiche, by=stranger, at=NOW)
    assert Recheck.objects.get().answer == ""


def test_of_an_archived_fiche_nothing_is_asked(client, asked):
    Initiative.objects.update(status="archived")

    response = client.post(page(Recheck.objects.get(), asked.user))

    assert "n’est plus dans l’annuaire" in response.text
