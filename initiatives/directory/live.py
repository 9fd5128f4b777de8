"""The snapshot of this process, kept at the directory's version; and the lists of values that searches choose from.

``current()`` costs one query. What changed since the last request is read before the answer; when everything may have
changed in a large directory, the next snapshot is made in the background and the database answers meanwhile.
"""

import logging
from dataclasses import dataclass
from datetime import date
from threading import Lock, RLock, Thread

from django.db import DatabaseError, connection

from initiatives.directory.geography import Geography
from initiatives.directory.index import Snapshot
from initiatives.directory.options import Options
from initiatives.models import DirectoryVersion, Initiative

logger = logging.getLogger(__name__)

# Beyond so many published fiches nobody waits while everything is read again.
MADE_AT_ONCE = 5000


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
        self._lock, self._building = RLock(), Lock()
        self.forget()

    def current(self, today: date) -> Live:
        version, rebuild_from = _version()
        options, geography = self._lists(rebuild_from)
        return Live(version, today, options, geography, self._fresh(version, rebuild_from, today))

    def forget(self) -> None:
        """Hold nothing: the next request reads everything again."""
        with self._lock:
            self._options = self._geography = self._snapshot = None
            self._rebuilt_from, self.failure = -1, ""

    def _lists(self, rebuild_from):
        options, geography = self._options, self._geography
        if options is None or options.rebuild_from < rebuild_from:
            with self._lock:
                if self._options is None or self._options.rebuild_from < rebuild_from:
                    self._geography = Geography()
                    self._options = Options.read(rebuild_from)
                options, geography = self._options, self._geography
        return options, geography

    def _fresh(self, version, rebuild_from, today):
        snapshot = self._snapshot
        is_whole = snapshot and self._rebuilt_from >= rebuild_from
        if is_whole and snapshot.version >= version and snapshot.day == today:
            return snapshot
        try:
            if is_whole or Initiative.objects.published().count() <= MADE_AT_ONCE:
                with self._lock:
                    return self._make(version, rebuild_from, today)
            self._make_apart(version, rebuild_from, today)
        except DatabaseError:
            raise
        except Exception as error:
            self._fail(error)
        return None

    def _make(self, version, rebuild_from, today):
        """Under the lock: another thread may have made it while this one waited."""
        if self._snapshot is None or self._rebuilt_from < rebuild_from:
            _, geography = self._lists(rebuild_from)
            self._snapshot = Snapshot.build(version, today, geography).with_postings()
            self._rebuilt_from, self.failure = rebuild_from, ""
        elif self._snapshot.version < version or self._snapshot.day != today:
            self._snapshot = self._snapshot.refreshed(version, today)
        return self._snapshot

    def _make_apart(self, version, rebuild_from, today):
        """In a thread of its own, one at a time."""
        if not self._building.acquire(blocking=False):
            return

        def make():
            try:
                with self._lock:
                    self._make(version, rebuild_from, today)
            except Exception as error:
                self._fail(error)
            finally:
                connection.close()
                self._building.release()

        Thread(target=make, name="directory-index", daemon=True).start()

    def _fail(self, error):
        """The site goes on without its index: slower, and said by ``/sante/``."""
        logger.error("directory index not made", exc_info=error)
        self.failure = type(error).__name__


def _version():
    row = DirectoryVersion.objects.filter(pk=1).values_list("number", "rebuild_from").first()
    return row or (0, 0)


holder = Holder()


def current(today: date) -> Live:
    """What this request searches with, at the version of now."""
    return holder.current(today)
