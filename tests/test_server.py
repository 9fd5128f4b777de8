"""What the server's processes hold in memory before the first request."""

import gc
import logging
import threading
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from initiatives.directory import live
from initiatives.models import ALL, record_change
from innovguide import server
from tests import factories

LOG = logging.getLogger("innovguide.tests")


@pytest.fixture
def parent():
    yield SimpleNamespace(log=LOG)
    gc.unfreeze()


def test_the_parent_reads_the_directory_leaves_no_connection_and_starts_no_thread(
    transactional_db, parent, monkeypatch
):
    monkeypatch.setattr(live, "WORDS_AT_ONCE", 0)
    factories.InitiativeFactory(published=True)
    record_change(ALL)
    threads = threading.active_count()

    server.when_ready(parent)

    assert len(live.holder._snapshot.everything) == 1
    assert connection.connection is None
    assert threading.active_count() == threads
    assert gc.get_freeze_count() > 0


def test_each_child_begins_to_read_the_words(transactional_db, parent, monkeypatch):
    monkeypatch.setattr(live, "WORDS_AT_ONCE", 0)
    factories.InitiativeFactory(published=True)
    record_change(ALL)
    server.when_ready(parent)

    server.post_worker_init(parent)

    for thread in threading.enumerate():
        if thread.name == "directory-words":
            thread.join(20)
    assert live.holder._snapshot.postings


def test_a_database_that_does_not_answer_does_not_stop_the_start(transactional_db, parent, monkeypatch, caplog):
    def refuse(*given):
        raise OperationalError

    monkeypatch.setattr(live.Holder, "prepare", refuse)

    server.when_ready(parent)
    server.post_worker_init(parent)

    assert [record.getMessage() for record in caplog.records if record.name == LOG.name] == [
        "The directory is not in memory yet: OperationalError."
    ] * 2
