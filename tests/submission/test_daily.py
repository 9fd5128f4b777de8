"""What is done once a day is done once, whoever does it, whatever fails."""

from datetime import UTC, date, datetime, timedelta

import pytest

from initiatives.models import DailyTask
from initiatives.submission.daily import DAILY, Days, do_once, due_day
from initiatives.submission.mailing import queue_mail
from tests.at_once import at_once

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 5, 4, 5, tzinfo=UTC)  # seven in Paris
TODAY = date(2026, 5, 4)


@pytest.fixture
def done():
    return []


@pytest.fixture
def task(done):
    def note_it(*, today, at):
        done.append((today, at))

    return note_it


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 5, 4, 3, 59, tzinfo=UTC), date(2026, 5, 3)),
        (datetime(2026, 5, 4, 4, tzinfo=UTC), TODAY),
        (datetime(2026, 5, 4, 22, 30, tzinfo=UTC), TODAY),  # the fifth has begun in Paris
        (datetime(2026, 12, 4, 4, 30, tzinfo=UTC), date(2026, 12, 3)),  # winter time
        (datetime(2026, 12, 4, 5, tzinfo=UTC), date(2026, 12, 4)),
    ],
)
def test_a_day_begins_at_six_in_paris(at, day):
    assert due_day(at) == day


def test_a_task_is_done_once_a_day(task, done):
    days = Days([task])
    for hours in (0, 1, 12, 24, 25):
        days.do_what_is_due(MORNING + timedelta(hours=hours))

    assert done == [(TODAY, MORNING), (TODAY + timedelta(days=1), MORNING + timedelta(hours=24))]
    assert DailyTask.objects.get().done_on == TODAY + timedelta(days=1)


def test_another_worker_or_a_new_one_does_not_do_it_again(task, done):
    Days([task]).do_what_is_due(MORNING)
    Days([task]).do_what_is_due(MORNING)

    assert len(done) == 1


def test_days_that_were_missed_are_made_up_for_once(task, done):
    DailyTask.objects.create(name="note_it", done_on=TODAY - timedelta(days=9))

    Days([task]).do_what_is_due(MORNING)

    assert len(done) == 1


def test_a_task_that_fails_leaves_nothing_lets_the_others_be_done_and_is_tried_again(task, done, queued_mails, caplog):
    is_broken = [True]

    def break_down(*, today, at):
        queue_mail("lea@exemple.test", "password_reset", {"email": "", "uid": "MQ", "token": "a-b", "hours": 3})
        if is_broken:
            raise RuntimeError("lea@exemple.test")

    days = Days([break_down, task])
    days.do_what_is_due(MORNING)
    assert (queued_mails, len(done)) == ([], 1)
    assert "Daily task break_down failed." in caplog.text
    assert [late.name for late in DailyTask.objects.late(TODAY + timedelta(days=1))] == ["break_down"]

    is_broken.clear()
    days.do_what_is_due(MORNING + timedelta(minutes=5))
    assert queued_mails == []
    days.do_what_is_due(MORNING + timedelta(minutes=11))
    assert (len(queued_mails), len(done)) == (1, 1)


def test_a_worker_that_must_stop_leaves_the_rest_for_the_next_one(task, done):
    Days([task]).do_what_is_due(MORNING, ending=True)
    assert done == []

    Days([task]).do_what_is_due(MORNING)
    assert len(done) == 1


def test_a_task_that_is_no_more_is_forgotten(task):
    DailyTask.objects.create(name="ancienne", done_on=TODAY - timedelta(days=90))

    Days([task]).do_what_is_due(MORNING)

    assert [note.name for note in DailyTask.objects.all()] == ["note_it"]


def test_the_tasks_of_the_site_are_told_apart_and_can_all_be_done():
    assert len({task.__name__ for task in DAILY}) == len(DAILY)

    Days().do_what_is_due(MORNING)

    assert set(DailyTask.objects.values_list("name", "done_on")) == {(task.__name__, TODAY) for task in DAILY}


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_do_it_once(task, done):
    DailyTask.objects.create(name="note_it", done_on=TODAY - timedelta(days=1))

    answers = at_once(*[lambda: do_once(task, today=TODAY, at=MORNING)] * 4)

    assert sorted(answers) == [False, False, False, True]
    assert len(done) == 1
