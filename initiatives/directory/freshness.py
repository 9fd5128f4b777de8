"""Pages that a browser has already: it is told so by one question to the database, without the search.

A page of a list says the same as long as its address, the directory, the day and the release are the same; and the
directory's version moves with every write. That is its tag. Those who are signed in, or about to read a message, get
their page anew each time.
"""

import json
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from initiatives.models import current_version

# A part of a page and the page are two answers at one address.
VARIES = ("HX-Request", "Cookie")
SHOWN_SETTINGS = ("SITE_URL", "PUBLISHER", "PUBLICATION_DIRECTOR", "CONTACT_EMAIL", "REGION", "TILES_URL")


def revalidated(view):
    """A view whose pages browsers may keep, and ask each time whether they are still good.

    Those that may be kept say what they were made from: ``response.directory_version``, read before anything else.
    """

    @wraps(view)
    def answer(request):
        day, is_shared = str(timezone.localdate()), _is_shared(request)
        if is_shared and "If-None-Match" in request.headers:
            tag = _tag(request, current_version(), day)
            known = get_conditional_response(request, etag=tag, response=_with_tag(HttpResponse(), tag))
            if known.status_code == 304:
                return known
        response = view(request)
        patch_vary_headers(response, VARIES)
        version = getattr(response, "directory_version", None)
        if is_shared and version is not None and not response.cookies:
            return _with_tag(response, _tag(request, version, day))
        return response

    return answer


def _is_shared(request):
    """Whether anybody would get the same page."""
    personal = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return request.method in ("GET", "HEAD") and not personal & request.COOKIES.keys()


def _tag(request, version, day):
    known = (request.get_full_path(), request.headers.get("HX-Request", ""), version, day, release())
    return f'W/"{sha256(json.dumps(known).encode()).hexdigest()[:32]}"'


def _with_tag(response, tag):
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, VARIES)
    return response


@cache
def release() -> str:
    """What this process shows pages with: templates, texts, code, names of static files, settings that are shown."""
    digest = sha256()
    for folder, kind in (("templates", "*.html"), ("initiatives", "*.py"), ("fixtures/content/texts", "*.md")):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob(kind)):
            digest.update(path.read_bytes())
    digest.update(json.dumps(getattr(staticfiles_storage, "hashed_files", {}), sort_keys=True).encode())
    digest.update(json.dumps([getattr(settings, name) for name in SHOWN_SETTINGS]).encode())
    return digest.hexdigest()
