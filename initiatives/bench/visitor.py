"""One who asks for pages, from the address to the compressed bytes; and the floor, the same page without any search."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.backends.django import Template
from django.test import RequestFactory
from django.utils.module_loading import import_string

READS = "gzip, deflate, br"


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


class Visitor:
    """Calls the WSGI application as the server does, every middleware included."""

    def __init__(self):
        self.application = import_string(settings.WSGI_APPLICATION)
        site = urlsplit(settings.SITE_URL)
        self.is_https = site.scheme == "https"
        self.factory = RequestFactory(SERVER_NAME=site.hostname, HTTP_ACCEPT_ENCODING=READS)

    def asking(self, url, **headers):
        """A function that asks for this address: what is timed, without the making of the question."""
        environ = self.factory.get(url, secure=self.is_https, headers=headers).environ

        def ask():
            answer = Answer(0, {}, b"")

            def start_response(status, headers, exc_info=None):
                answer.status, answer.headers = int(status[:3]), dict(headers)

            response = self.application(dict(environ), start_response)
            answer.body = b"".join(response)
            response.close()
            return answer

        return ask

    def get(self, url, **headers) -> Answer:
        return self.asking(url, **headers)()


class Floor:
    """A page rendered again by its templates from the context of one real answer, and compressed: nothing is searched,
    nothing is read. What a page costs however good the search is.
    """

    def __init__(self, visitor, url):
        self.url = url
        self.template, self.context, self.request = _rendered(visitor, url)
        self.compress = _compression()(lambda request: HttpResponse(self._html()))

    def __call__(self):
        return self.compress(self.request)

    def _html(self):
        return self.template.render(self.context, self.request)


def _rendered(visitor, url):
    """Template, context and request of the page that this address shows."""
    seen, render = [], Template.render

    def watched(template, context=None, request=None):
        seen.append((template, context, request))
        return render(template, context, request)

    # No signal tells it outside of tests, and those of tests slow every template down.
    Template.render = watched
    try:
        answer = visitor.get(url)
    finally:
        Template.render = render
    if answer.status != 200 or not seen:
        raise LookupError(f"La page {url} a répondu {answer.status} : rien à mesurer.")
    return seen[-1]


def _compression():
    """The middleware of the site that compresses pages."""
    names = [name for name in settings.MIDDLEWARE if "gzip" in name.lower()]
    return import_string(names[0]) if names else GZipMiddleware
