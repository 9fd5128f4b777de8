"""The snapshot of this process, kept at the directory's version; and the lists of values that searches choose from.

``current()`` costs one query. What changed since the last request is read before the answer, whatever the size: by one
thread, while the others wait for it, since the database would take longer to answer them. Only the words of a large
directory are read apart, in the background: the database's full text is asked for them meanwhile.
"""

import logging
import time
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock, RLock, Thread

from django.db import DatabaseError, connection

from initiatives.directory.geography import Geography
from initiatives.directory.index import MANY, Snapshot
from initiatives.directory.options import Options
from initiatives.models import DirectoryVersion

logger = logging.getLogger(__name__)

# Beyond so many published fiches nobody waits while their words are read.
WORDS_AT_ONCE = 5000
# What failed is not tried again before, in seconds: the pages would be slow, and fail as well.
RETRY = 60


@dataclass(frozen=True)
class Live:
    """What a request searches with. ``snapshot`` is None while the database answers."""

    version: int
    day: date
    options: Options
    geography: Geography
    snapshot: Snapshot | None


class Holder:
    """One snapshot for all the threads of a process; one of them makes the next."""

    def __init__(self):
        self._lock, self._reading = RLock(), Lock()
        self.forget()

    def current(self, today: date) -> Live:
        live = self.prepare(today)
        if live.snapshot and live.snapshot.postings is None:
            self._read_words_apart()
        return live

    def prepare(self, today: date) -> Live:
        """The same without a thread: for a process that is about to fork, and whose children read the words."""
        version, rebuild_from = _version()
        options, geography = self._lists(version, rebuild_from)
        return Live(version, today, options, geography, self._fresh(version, rebuild_from, today))

    def forget(self) -> None:
        """Hold nothing: the next request reads everything again."""
        with self._lock:
            self._options = self._geography = self._snapshot = None
            self._rebuilt_from = -1
            self._failures, self._not_before = {}, {"index": 0, "words": 0}

    @property
    def failure(self) -> str:
        """The kind of error that keeps the index or its words from being made, "" when none does."""
        return next(iter(self._failures.values()), "")

    def _lists(self, version, rebuild_from):
        """Labels follow every change, they are few; places only those that may concern them."""
        options, geography = self._options, self._geography
        if options is None or options.version < version:
            with self._lock:
                if self._options is None or self._options.version < version:
                    is_known = self._options is not None and self._options.rebuild_from >= rebuild_from
                    geography = self._geography if is_known else Geography()
                    # Kept together or not at all: either reading may fail.
                    self._options, self._geography = Options.read(version, rebuild_from), geography
                options, geography = self._options, self._geography
        return options, geography

    def _fresh(self, version, rebuild_from, today):
        if not self._is_fresh(version, rebuild_from, today):
            with self._lock:
                # Another thread may have made it, or failed to, while this one waited.
                if not self._is_fresh(version, rebuild_from, today):
                    if time.monotonic() < self._not_before["index"]:
                        return None
                    try:
                        self._snapshot, self._rebuilt_from = self._made(version, rebuild_from, today), rebuild_from
                        self._failures.pop("index", None)
                    except Exception as error:
                        if connection.in_atomic_block and isinstance(error, DatabaseError):
                            raise  # nothing more can be asked in that transaction
                        self._fail("index", error)
                        return None
        return self._snapshot

    def _is_fresh(self, version, rebuild_from, today):
        snapshot = self._snapshot
        return (
            snapshot is not None
            and snapshot.version >= version
            and snapshot.day == today
            and self._rebuilt_from >= rebuild_from
        )

    def _made(self, version, rebuild_from, today):
        if self._snapshot is None or self._rebuilt_from < rebuild_from:
            snapshot = Snapshot.build(version, today, self._geography)
        else:
            snapshot = self._snapshot.refreshed(version, today)
        is_small = len(snapshot.everything) <= WORDS_AT_ONCE
        return snapshot.with_postings() if snapshot.postings is None and is_small else snapshot

    def _read_words_apart(self):
        """In a thread of its own, one at a time."""
        if time.monotonic() < self._not_before["words"] or not self._reading.acquire(blocking=False):
            return

        def read():
            try:
                while not self._read_words():
                    logger.info("the directory changed while its words were read: they are read again")
            except Exception as error:
                self._fail("words", error)
            finally:
                connection.close()
                self._reading.release()

        Thread(target=read, name="directory-words", daemon=True).start()

    def _read_words(self):
        """Whether the snapshot has its words: not when too much changed while they were read."""
        before, rebuilt_from = self._snapshot, self._rebuilt_from
        postings = before.with_postings().postings if before else None
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None or snapshot.postings:
                return True
            if before is None or self._rebuilt_from != rebuilt_from:
                return False
            changed = before.changed_since()
            if len(changed) > MANY:
                return False
            postings = postings.with_changes(changed)
            self._snapshot = replace(snapshot, postings=postings)
            self._failures.pop("words", None)
        return True

    def _fail(self, what, error):
        """The site goes on without: slower, and said by ``/sante/``."""
        logger.error("directory %s not made", what, exc_info=error)
        self._failures[what], self._not_before[what] = type(error).__name__, time.monotonic() + RETRY


def _version():
    row = DirectoryVersion.objects.filter(pk=1).values_list("number", "rebuild_from").first()
    return row or (0, 0)


holder = Holder()


def current(today: date) -> Live:
    """What this request searches with, at the version of now."""
    return holder.current(today)
