"""``/initiatives/export.csv``, ``export.geojson``, ``flux.atom``: a search that leaves the site.

Public data, for whoever asks from wherever: no session, no cookie, any origin.
"""

from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from initiatives.directory.freshness import release
from initiatives.directory.structured import LICENCES
from initiatives.exchange.feeds import feed_of
from initiatives.exchange.formats import csv_pieces, geojson_pieces
from initiatives.exchange.readings import SITE_NAME
from initiatives.exchange.search import Refused, Rows, Search

LICENCE, LICENCE_ADDRESS = next(iter(LICENCES.items()))
DOCUMENTATION = "#donnees-ouvertes"


class Stream:
    """Pieces of an answer. The first is read before anything is sent: a fault so early is an ordinary error.

    The response closes it, and the reading with it, when the reader leaves in the middle.
    """

    def __init__(self, pieces):
        self.first, self.pieces = next(pieces), pieces

    def __iter__(self):
        yield self.first
        yield from self.pieces

    def close(self):
        self.pieces.close()


def leaving(answer):
    """The view receives the ``Search`` of its address, once it is sure that the reader does not have it already."""

    @require_safe
    @wraps(answer)
    def view(request):
        try:
            search = Search(request.GET)
        except Refused as refused:
            return open_to_all(refusal(refused))
        etag = etag_of(request.path, search)
        response = get_conditional_response(request, etag=etag) or answer(request, search)
        response.headers.setdefault("ETag", etag)
        return open_to_all(response)

    return view


@leaving
def export_csv(request, search):
    return _streamed(request, csv_pieces(Rows(search)), "text/csv; charset=utf-8; header=present", "csv")


@leaving
def export_geojson(request, search):
    rows = Rows(search)
    pieces = geojson_pieces(rows, lambda: _metadata(search, rows.count))
    return _streamed(request, pieces, "application/geo+json", "geojson")


@leaving
def feed(request, search):
    return HttpResponse(feed_of(search), content_type="application/atom+xml; charset=utf-8")


def _streamed(request, pieces, content_type, extension):
    content = () if request.method == "HEAD" else Stream(pieces)
    response = StreamingHttpResponse(content, content_type=content_type)
    name = f"innovguide-initiatives-{timezone.localdate().isoformat()}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _metadata(search, count):
    return {
        "titre": f"{SITE_NAME} : initiatives d’innovation sociale",
        "licence": LICENCE,
        "urlLicence": LICENCE_ADDRESS,
        "attribution": f"{SITE_NAME}, {settings.SITE_URL}, {timezone.localdate().isoformat()}",
        "date": timezone.localtime().isoformat(timespec="seconds"),
        "recherche": settings.SITE_URL + search.address("initiatives"),
        "export": settings.SITE_URL + search.address("export_geojson"),
        "documentation": _documentation(),
        "nombre": count,
    }


def refusal(refused):
    body = {
        "erreur": "Cette adresse n’est pas celle d’une recherche : rien n’est exporté.",
        "parametres": refused.faults,
        "documentation": _documentation(),
    }
    return JsonResponse(body, status=400, json_dumps_params={"ensure_ascii": False})


def _documentation():
    return settings.SITE_URL + reverse("method") + DOCUMENTATION


def etag_of(path, search, *more):
    """The same until the directory, the day, the search or the release change.

    Of the version that the search was read at: rows that are read later are tagged as older than they are, never newer.
    """
    live = search.filter.live
    said = [path, search.query.urlencode(), str(live.version), live.day.isoformat(), release(), *more]
    digest = sha256("\n".join(said).encode()).hexdigest()
    return f'"{digest[:32]}"'


def open_to_all(response):
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = f'<{LICENCE_ADDRESS}>; rel="license", <{_documentation()}>; rel="describedby"'
    return response
