"""Workers as they run: real processes, a real mail server; killed, several at once, without a server or a database."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email

from initiatives.models import DailyTask
from initiatives.submission.daily import DAILY
from initiatives.submission.mailing import queue_mail
from tests.mail_server import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

ELECTED = "This worker is the one that sends."


def queue(count):
    """So many mails, quickly: the one that is written is copied."""
    context = {"email": "lea@exemple.test", "uid": "MQ", "token": "a-b", "hours": 3}
    model = queue_mail("lea@exemple.test", "password_reset", context)
    copies = [
        Email(
            to=[f"personne{number}@exemple.test"],
            message_id=model.message_id.replace("@", f".{number}@"),
            **{name: getattr(model, name) for name in ("from_email", "subject", "message", "status", "priority")},
        )
        for number in range(1, count)
    ]
    Email.objects.bulk_create(copies)
    return sorted(Email.objects.values_list("message_id", flat=True))


def all_sent():
    return not Email.objects.exclude(status=STATUS.sent).exists()


def test_two_workers_deliver_two_hundred_mails_once_each(start_worker, mail_server):
    ids = queue(200)

    pair = [start_worker(), start_worker()]
    for worker in pair:
        worker.says("The worker begins.")
    wait_for(all_sent)

    assert sorted(mail_server.ids) == ids
    assert sorted(ELECTED in worker.printed for worker in pair) == [False, True]
    assert "@" not in pair[0].printed + pair[1].printed


def test_the_one_that_waits_takes_over_from_the_one_that_is_killed_and_nothing_is_lost(start_worker, mail_server):
    ids = queue(60)
    mail_server.pause = 0.02
    first = start_worker()
    first.says(ELECTED)
    second = start_worker()
    mail_server.got(15)

    first.kill()
    second.says(ELECTED)
    wait_for(all_sent)

    repeated = len(mail_server.ids) - len(ids)
    assert sorted(set(mail_server.ids)) == ids
    assert repeated <= 1  # the one that was on its way; the same Message-ID, as the line above says


def test_mails_wait_for_a_mail_server_that_is_down(start_worker, mail_server):
    mail_server.stop()
    ids = queue(12)
    worker = start_worker()
    worker.says("The mail server cannot be reached")
    assert {*Email.objects.values_list("status", "number_of_retries")} == {(STATUS.queued, None)}

    mail_server.start()
    wait_for(all_sent)

    assert sorted(mail_server.ids) == ids
    worker.says("The mail server answers again.")
    assert worker.printed.count("cannot be reached") == 1


def test_a_worker_that_is_asked_to_stop_ends_between_two_mails(start_worker, mail_server):
    queue(60)
    mail_server.pause = 0.05
    worker = start_worker()
    mail_server.got(3)

    assert worker.stop() == 0
    assert 3 <= len(mail_server.ids) < 60
    assert Email.objects.filter(status=STATUS.sent).count() == len(mail_server.ids)


def test_a_worker_ends_with_the_server_that_holds_its_standard_input(start_worker, mail_server):
    worker = start_worker()
    worker.says(ELECTED)

    worker.process.stdin.close()

    assert worker.ended() == 0


def test_once_sends_what_is_due_does_the_tasks_of_the_day_and_ends(start_worker, mail_server):
    ids = queue(25)

    assert start_worker("--once").ended() == 0

    assert sorted(mail_server.ids) == ids
    assert {*DailyTask.objects.values_list("name", flat=True)} == {task.__name__ for task in DAILY}


def test_once_leaves_the_work_to_the_one_who_does_it(start_worker, mail_server):
    start_worker().says(ELECTED)
    mail_server.pause = 0.2
    ids = queue(5)

    other = start_worker("--once")

    assert other.ended() == 0
    assert ELECTED not in other.printed
    mail_server.got(5)
    assert sorted(mail_server.ids) == ids


def test_a_database_that_restarts_stops_nothing(start_worker, mail_server):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    ids = queue(60)
    mail_server.pause = 0.02
    worker = start_worker()
    mail_server.got(10)

    with database_away():
        worker.says("The database does not answer")
    wait_for(all_sent)

    assert sorted(mail_server.ids) == ids  # none twice: what it could not write down, it remembered
    worker.says("The database answers again.")
    assert worker.stop() == 0


def test_a_late_day_is_made_up_for_by_one_worker_alone(start_worker, mail_server):
    long_ago = timezone.localdate() - timedelta(days=5)
    DailyTask.objects.create(name="remove_old_mails", done_on=long_ago)

    first, second = start_worker("--once"), start_worker("--once")
    assert (first.ended(), second.ended()) == (0, 0)

    assert DailyTask.objects.get(name="remove_old_mails").done_on >= timezone.localdate() - timedelta(days=1)
    assert (first.printed + second.printed).count("Daily task remove_old_mails done.") == 1


@contextmanager
def database_away():
    """What a restart is to those who are connected: their sessions end, and for a while new ones are refused."""
    name = connection.settings_dict["NAME"]
    quoted = connection.ops.quote_name(name)
    connection.close()
    with connection._nodb_cursor() as elsewhere:
        elsewhere.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS false")
        try:
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            elsewhere.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS true")
