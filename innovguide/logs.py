"""The log: one JSON object a line on stdout, each with the id of the request that caused it.

No address, no query string, no path (some carry a token), no user agent: the name of the route says enough.
"""

import logging
import re
from contextvars import ContextVar

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

request_id = ContextVar("request_id", default=None)

# What PostgreSQL quotes of the rows and of the values that it chokes on.
QUOTED = re.compile(r"(?m)^(DETAIL|CONTEXT): .*$")
E_MAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:=]+")


class LineFormatter(JsonFormatter):
    def __init__(self):
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
            timestamp="time",
            # Django hangs the whole request on some records: its text holds the query string.
            reserved_attrs=[*RESERVED_ATTRS, "request"],
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data):
        """Errors quote what they choke on: a database says which address it already has, and what was typed."""
        for name in ("message", "exc_info", "traceback"):
            if name in log_data:
                log_data[name] = E_MAIL.sub("[adresse]", QUOTED.sub(r"\1: […]", log_data[name]))
        return super().process_log_record(log_data)


class RequestContext(logging.Filter):
    """Puts the request's id on each record, and the route's name where Django writes the path."""

    def filter(self, record):
        if request_id.get():
            record.request_id = request_id.get()
        request = getattr(record, "request", None)
        # The development server hangs its socket there.
        if hasattr(request, "resolver_match") and isinstance(record.args, tuple):
            record.args = tuple(route_name(request) if arg == request.path else arg for arg in record.args)
        return True


def route_name(request):
    """The name of the address as `initiatives/urls.py` gives it, never the address itself."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else None


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "innovguide.logs.LineFormatter"}},
    "filters": {"request": {"()": "innovguide.logs.RequestContext"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
            "filters": ["request"],
        },
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers (console in debug, mail to the admins) are replaced by the root's.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # A 404 already has its line; only errors need a second one, with the traceback.
        "django.request": {"level": "ERROR"},
        "innovguide": {"level": "INFO"},
        "initiatives": {"level": "INFO"},
        # It would give itself a handler, in lines of its own.
        "post_office": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
        "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        # The application writes the line of each request; gunicorn's would carry the address and the query string.
        "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
    },
}
