"""The worker: one process that sends the mails and does the daily tasks, for as long as the site runs.

Several may run, on one machine or on many: one is elected and works, the others wait for its place.
"""

import logging
import os
import select
import signal
import time
from datetime import timedelta

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from initiatives.submission import election
from initiatives.submission.daily import Days
from initiatives.submission.sender import Sender, ServerDown

REST = 1  # seconds between two looks at the queue, and at whether to stop
MAX_PATIENCE = timedelta(minutes=5)  # between two tries of a mail server that is down

log = logging.getLogger(__name__)


class Ending:
    """Whether to stop, which the one who works asks between two pieces of work.

    Asked by a signal; or, with ``stdin``, because the server beside which the worker runs is gone: it alone held that
    pipe open, so its end is known however it died.
    """

    def __init__(self, stdin: int | None = None):
        self._stdin = stdin
        self._is_asked = False

    def listen(self) -> None:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, *signal_and_frame):
        self._is_asked = True

    def __bool__(self):
        return self._is_asked or self.rest(0)

    def rest(self, seconds: float) -> bool:
        """Do nothing for so long, less when it is time to stop; whether it is."""
        if self._stdin is None:
            time.sleep(seconds)
        elif select.select([self._stdin], [], [], seconds)[0] and not os.read(self._stdin, 1024):
            self._is_asked = True
        return self._is_asked


class Worker:
    def __init__(self, ending: Ending):
        self._ending = ending
        self._candidate = election.candidate()
        self._sender = Sender(self._candidate, ending)
        self._days = Days()
        self._was_elected = False
        self._is_database_lost = False
        self._patience = None
        self._not_before = timezone.now()

    def run(self, *, once: bool = False) -> None:
        """Work until it is time to stop; ``once``: until nothing is due, or somebody else does it."""
        log.info("The worker begins.")
        try:
            while not self._ending:
                is_busy = self._work()
                if once and not is_busy:
                    break
                if not is_busy:
                    self._ending.rest(REST)
        finally:
            self._candidate.resign()
            connections.close_all()
            log.info("The worker ends.")

    def _work(self):
        """One batch, and what is due of the day. Whether there is more to do at once."""
        try:
            close_old_connections()
            if not self._is_elected():
                return False
            sent = self._send()
            self._days.do_what_is_due(timezone.now(), self._ending)
        except Error as error:
            if not self._is_database_lost:
                log.error("The database does not answer: %s.", type(error).__name__)
            self._is_database_lost = True
            connections.close_all()
            return False
        if self._is_database_lost:
            log.info("The database answers again.")
            self._is_database_lost = False
        return sent > 0

    def _is_elected(self):
        is_elected = self._candidate.is_elected()
        if is_elected != self._was_elected:
            log.info("This worker is the one that sends." if is_elected else "Another worker sends.")
            self._was_elected = is_elected
        return is_elected

    def _send(self):
        if timezone.now() < self._not_before:
            return 0
        try:
            sent = self._sender.send_batch()
        except ServerDown as error:
            if self._patience is None:
                log.error("The mail server cannot be reached: %s.", error)
            self._patience = min((self._patience or timedelta(seconds=0.5)) * 2, MAX_PATIENCE)
            self._not_before = timezone.now() + self._patience
            return 0
        if sent and self._patience:
            log.info("The mail server answers again.")
            self._patience = None
        return sent
