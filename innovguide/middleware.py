"""What surrounds every page: its line in the log, the client's address, the limits, the answer without a database."""

import logging
import re
import time
from ipaddress import ip_address
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

from innovguide import errors, logs

log = logging.getLogger("innovguide.request")

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def log_requests(get_response):
    """One line for each answer. The request id is that of a trusted proxy, or ours; the answer echoes it."""

    def middleware(request):
        token = logs.request_id.set(_proxy_request_id(request) or uuid4().hex)
        started = time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = logs.request_id.get()
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "route": logs.route_name(request),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            return response
        finally:
            logs.request_id.reset(token)

    return middleware


def _proxy_request_id(request):
    given = request.headers.get("X-Request-ID", "")
    return given if settings.TRUSTED_PROXIES and REQUEST_ID.fullmatch(given) else None


def read_client_address(get_response):
    """Make REMOTE_ADDR the visitor's address.

    Each proxy adds to the right of X-Forwarded-For whom it heard from. With N trusted proxies, the Nth from the right
    was written by the outermost of them; what stands further left is whatever the visitor typed.
    """

    def middleware(request):
        forwarded = [part.strip() for part in request.META.pop("HTTP_X_FORWARDED_FOR", "").split(",")]
        proxies = settings.TRUSTED_PROXIES
        if proxies and len(forwarded) >= proxies and _is_address(forwarded[-proxies]):
            request.META["REMOTE_ADDR"] = forwarded[-proxies]
        return get_response(request)

    return middleware


def _is_address(text):
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def add_permissions_policy(get_response):
    def middleware(request):
        response = get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response

    return middleware


def refuse_oversized_requests(get_response):
    """414 for an address that is too long, 413 for a body that is too big, before anything reads them.

    Django never reads more of a body than Content-Length says, so that its value is a bound.
    """

    def middleware(request):
        path, query = request.get_full_path_info().partition("?")[::2]
        if len(path) > settings.MAX_PATH_LENGTH or len(query) > settings.MAX_QUERY_LENGTH:
            return HttpResponse(render_to_string("414.html"), status=414)
        content_length = request.META.get("CONTENT_LENGTH") or "0"
        if content_length.isdecimal() and int(content_length) > settings.MAX_BODY_SIZE:
            return HttpResponse(render_to_string("413.html"), status=413)
        return get_response(request)

    return middleware


class AnswerUnavailable:
    """A database that does not answer is no fault of the page: 503, and « come back in a moment »."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.error("database unavailable", exc_info=exception)
        return errors.unavailable(request)
