"""Several people at once: the site's own server, two processes, and how many pages a second it gives them."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle, islice
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from gunicorn.app.base import Application

from initiatives.bench.memory import children, memory, processor_time
from initiatives.bench.queries import mix
from initiatives.bench.timing import spread
from initiatives.bench.visitor import READS

CLIENTS = 8
REQUESTS = 600
# Seconds that the processes may take to read the words of the directory, and without work to be at rest.
PATIENCE, AT_REST = 300, 2
STDOUT, STDERR = 1, 2
SERVER = "python:innovguide.server"


class _Server(Application):
    """The site as bin/serve starts it, in this process's database."""

    def __init__(self, port):
        self.port = port
        super().__init__()

    def init(self, parser, options, arguments):
        return {}

    def load_config(self):
        self.load_config_from_module_name_or_filename(SERVER)
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("workers", 2)

    def load(self):
        return import_string(settings.WSGI_APPLICATION)


def crowd() -> dict:
    """Pages a second for eight people, and how long each waits, in milliseconds."""
    urls = [query.url for query in mix()]
    connections.close_all()
    with _serving() as (port, server), ThreadPoolExecutor(CLIENTS) as people:
        _wait_for_rest(server)
        warm_up = list(people.map(lambda url: _ask(port, url), urls))
        asked = [url for url, (status, _) in zip(urls, warm_up, strict=True) if status == 200]
        if not asked:
            raise LookupError("Aucune page n’a répondu au serveur de mesure.")
        started = time.perf_counter()
        waits = [wait for _, wait in people.map(lambda url: _ask(port, url), islice(cycle(asked), REQUESTS))]
        seconds = time.perf_counter() - started
        held = [held for process in (server, *children(server)) if (held := memory(process))]
    return {"clients": CLIENTS, "rate": len(waits) / seconds, "memory": held, **spread(waits)}


def _ask(port, url):
    """(status, milliseconds)."""
    started = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", url, headers={"Host": urlsplit(settings.SITE_URL).netloc, "Accept-Encoding": READS})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status, (time.perf_counter() - started) * 1000


@contextmanager
def _serving():
    port = _free_port()
    child = os.fork()
    if child == 0:
        _serve(port)
    try:
        _wait_for(port)
        yield port, child
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _serve(port):
    """In the child, for ever: neither its log nor its end are those of the measure."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, STDOUT)
    os.dup2(nothing, STDERR)
    try:
        _Server(port).run()
    finally:
        os._exit(0)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for_rest(server):
    """Until its processes, that read the words of the directory in the background, do nothing more."""
    until, before = time.monotonic() + PATIENCE, None
    while processes := children(server):
        now = sum(map(processor_time, processes))
        if now == before or time.monotonic() > until:
            break
        before = now
        time.sleep(AT_REST)


def _wait_for(port):
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise LookupError("Le serveur de mesure n’a pas démarré.")
