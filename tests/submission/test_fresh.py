"""``/a-jour/<token>/``: the question of the year is answered by one button, without signing in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from reversion.models import Revision

from initiatives.models import Initiative, Recheck, Submission, current_version
from initiatives.submission.actions.rereading import say_still_true
from initiatives.submission.rechecks import ask_owners, token_value
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import PURPOSES, make
from tests.factories import (
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


def owned(factory=InitiativeFactory, *, published_at=LONG_AGO, since=LONG_AGO, **values):
    """The ownership of a fiche that nobody has read again for long."""
    fiche = factory(published=True, published_at=published_at, **values)
    return OwnershipFactory(fiche=fiche, since=since)


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
