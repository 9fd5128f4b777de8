"""A public page seen from inside: as the stranger that opens its address would have it answered."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve


def visitor_request(address: str) -> HttpRequest:
    """A stranger's GET of a public address. Raises ``Resolver404`` when no page has it."""
    parts = urlsplit(address)
    asked = HttpRequest()
    asked.method, asked.path, asked.path_info = "GET", parts.path, parts.path
    asked.META = {"REQUEST_METHOD": "GET", "QUERY_STRING": parts.query, "HTTP_HOST": urlsplit(settings.SITE_URL).netloc}
    asked.GET = QueryDict(parts.query)
    asked.user = AnonymousUser()
    asked.resolver_match = resolve(parts.path)
    return asked


def answer(asked: HttpRequest) -> HttpResponse:
    """What the page answers, without what surrounds every page. Raises ``Http404``."""
    match = asked.resolver_match
    return match.func(asked, *match.args, **match.kwargs)


def is_found(path: str) -> bool:
    """Whether a stranger who opens this path of ours finds something else than « 404 »."""
    try:
        response = answer(visitor_request(path))
    except (Resolver404, Http404):
        return False
    # Not ``response.close()``, which ends the request and its connection to the database: ours goes on.
    if isinstance(response, FileResponse):
        response.file_to_stream.close()
    return response.status_code != 404
