"""Several people at the same moment, each in a thread with a connection of its own; and one who is killed."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.conf import settings
from django.db import connection

from initiatives.submission.actions import Refused

# What a process that is to be killed runs: the real code on the database of the test, which it leaves in the middle.
KILLED = """
import sys, time
from importlib import import_module
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
module, name = import_module(sys.argv[2]), sys.argv[3]
real = getattr(module, name)
def stop(*args, **kwargs):
    real(*args, **kwargs)
    print("stopped", flush=True)
    time.sleep(60)
setattr(module, name, stop)
"""


def at_once(*works):
    """Run all works at once, started together; their answers, refusals included."""
    start = Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as people:
        return [*people.map(run, works)]


def killed_in(module, name, work):
    """Run ``work`` (lines of Python) in a process that is killed once the function ``name`` of ``module`` is done."""
    database = connection.settings_dict["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED + work, str(database), module, name],
        cwd=settings.BASE_DIR,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    _, errors = process.communicate()
    assert said == "stopped\n", errors
    assert process.returncode == -signal.SIGKILL
