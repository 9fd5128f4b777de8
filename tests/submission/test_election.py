"""One sender at a time."""

import pytest
from django.db import connection

from initiatives.submission.election import candidate
from tests.mail_server import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair():
    candidates = [candidate(), candidate()]
    yield candidates
    for one in candidates:
        one.resign()


def test_one_is_elected_and_stays_so_and_the_other_follows(pair):
    first, second = pair

    assert [first.is_elected(), second.is_elected(), first.is_elected(), second.is_elected()] == [True, False] * 2
    first.resign()
    wait_for(second.is_elected)  # a session's end is no matter of an instant
    assert not first.is_elected()


def test_whoever_loses_their_session_is_no_longer_elected_and_stands_again(pair):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    from django.db import Error

    first, second = pair
    assert first.is_elected()
    with connection.cursor() as cursor:
        # Of this database alone: the same server holds those of the tests that run beside this one.
        ours = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND {ours}")

    assert second.is_elected()
    with pytest.raises(Error):
        first.is_elected()
    assert not first.is_elected()
