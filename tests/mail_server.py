"""A real mail server on a port of its own, that may be down, slow, or refuse; and real workers who write to it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

PATIENCE = 30  # seconds: long enough for the slowest machine, never waited for when all is well

# The command itself, on the database of the test.
WORKER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from django.core.management import call_command
call_command("run_worker", *sys.argv[2:])
"""


class MailServer:
    """``accepted``: the mails it took, in order, and ``recipients`` to whom. ``answers``: its words for an address."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.accepted = []
        self.recipients = []
        self.answers = {}
        self.pause = 0
        self._controller = None

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.pause)
        self.recipients.append(envelope.rcpt_tos)
        self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def ids(self):
        return [message["Message-ID"] for message in self.accepted]

    def got(self, count):
        """Wait until so many mails are there."""
        wait_for(lambda: len(self.accepted) >= count, lambda: f"{len(self.accepted)} mails of {count}")


def wait_for(condition, told=lambda: "it did not happen"):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, told()
        time.sleep(0.02)


class RealWorker:
    """A process of its own. It ends with the test, whatever happens to the test: its standard input is our pipe."""

    def __init__(self, folder, server, *arguments):
        self._printed = Path(folder) / f"worker-{time.monotonic_ns()}.log"
        environment = os.environ | {
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "DEFAULT_FROM_EMAIL": "InnovGuide <nous@exemple.test>",
        }
        with self._printed.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), "--with-server", *arguments],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def printed(self):
        return self._printed.read_text()

    def says(self, words):
        """Wait for a line of its log."""
        wait_for(lambda: words in self.printed, lambda: self.printed)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ask it to end, as a service manager does. Its exit code."""
        self.process.terminate()
        return self.ended()

    def ended(self):
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()


@contextmanager
def workers(folder, server):
    """Starts workers on demand; they are gone on the way out."""
    started = []

    def start(*arguments):
        started.append(RealWorker(folder, server, *arguments))
        return started[-1]

    try:
        yield start
    finally:
        for worker in started:
            worker.process.kill()
            worker.process.wait()
            worker.process.stdin.close()
