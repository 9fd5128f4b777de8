"""How gunicorn runs: `python -m gunicorn -c python:innovguide.server innovguide.wsgi`."""

import gc
from http import HTTPStatus
from pathlib import Path

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from innovguide.logs import LOGGING

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class Worker(ThreadWorker):
    """Answers in French what never reaches the application, and logs it without the address nor the request."""

    def handle_error(self, req, client, addr, exc):
        status = _status(exc)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("Error handling a request", exc_info=exc)
        else:
            self.log.warning("Request refused: %s", type(exc).__name__)
        try:
            write_nonblock(client, _answer(status))
        except OSError:
            self.log.debug("The client left before the answer.")


def _status(exc):
    if isinstance(exc, LimitRequestLine):
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if isinstance(exc, LimitRequestHeaders):
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return HTTPStatus.BAD_REQUEST if isinstance(exc, ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR


def _answer(status):
    if status == HTTPStatus.REQUEST_URI_TOO_LONG:
        kind, body = "text/html", (TEMPLATES / "414.html").read_bytes()
    elif status == HTTPStatus.INTERNAL_SERVER_ERROR:
        kind, body = "text/plain", "Une erreur s’est produite de notre côté. Elle est enregistrée.\n".encode()
    else:
        kind, body = "text/plain", "Cette requête n’est pas lisible.\n".encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {kind}; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nContent-Security-Policy: default-src 'none'\r\n\r\n"
    )
    return head.encode() + body


def when_ready(server):
    """In the parent, once it listens and before it forks: what its children will share, the directory in memory."""
    _remember(server.log, is_parent=True)
    gc.collect()
    gc.freeze()  # what is collected later leaves alone, and so shared, what is there now


def post_worker_init(worker):
    """In each child, before its first request: the words of a large directory begin to be read, in a thread."""
    _remember(worker.log, is_parent=False)


def _remember(log, *, is_parent):
    """Read the directory. A database that does not answer stops nothing: the first request will read it."""
    from django.db import connections
    from django.utils import timezone

    from initiatives.directory import live, suggest

    try:
        if is_parent:
            live.holder.prepare(timezone.localdate())
            suggest.prepare()
        else:
            live.current(timezone.localdate())
    except Exception as error:
        log.error("The directory is not in memory yet: %s.", type(error).__name__)
    finally:
        connections.close_all()  # a connection is its process's own


worker_class = Worker
workers = 2
threads = 4
# A wrong variable stops the parent, once and for all, instead of each worker for ever; pages of memory are shared.
preload_app = True
# Above it the server answers 414 itself: without a limit it would keep, and scan again and again, an endless line.
limit_request_line = 8190
# Whom to believe is INNOVGUIDE_TRUSTED_PROXIES, in one place.
forwarded_allow_ips = ""
control_socket_disable = True
logconfig_dict = LOGGING
