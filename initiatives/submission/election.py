"""One sender of mails at a time, whatever the number of workers and of machines: it is elected in the database.

On PostgreSQL an advisory lock of a session, which ends with the session: a sender that dies is replaced at once. On
SQLite, which is of one machine, a lock on a file beside the database, which ends with the process.
"""

import fcntl
from pathlib import Path

from django.db import Error, connections

# Any number would do: the same for all the workers of a database, and nobody else's.
KEY = 5_061_935_093_129_105_761


def candidate():
    """What this process stands with. ``is_elected()`` asks anew each time, and takes the place when it is free."""
    connection = connections["default"]
    return InSession(connection) if connection.vendor == "postgresql" else OnFile(connection)


class InSession:
    """On a connection of its own, open as long as it stands: the lock lives and dies with it."""

    def __init__(self, connection):
        self._session = connection.copy()
        self._is_elected = False

    def is_elected(self) -> bool:
        """Raises ``django.db.Error`` when the database does not answer: whoever was elected no longer is."""
        try:
            if not self._session.connection:
                self._open()
            with self._session.cursor() as cursor:
                if self._is_elected:
                    cursor.execute("SELECT 1")  # the session lives, hence the lock
                else:
                    cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
                    [self._is_elected] = cursor.fetchone()
        except Error:
            self.resign()
            raise
        return self._is_elected

    def _open(self):
        with self._session.cursor() as cursor:
            # A machine that vanishes is noticed in a minute, instead of the two hours of the system.
            cursor.execute(
                "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
            )

    def resign(self) -> None:
        self._is_elected = False
        self._session.close()


class OnFile:
    def __init__(self, connection):
        self._path = Path(f"{connection.settings_dict['NAME']}.sender")
        self._file = None

    def is_elected(self) -> bool:
        self._file = self._file or self._path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def resign(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
