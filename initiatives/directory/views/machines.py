"""What machines ask for: robots.txt, security.txt, the favicon that browsers guess."""

import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from initiatives.directory.sitemaps import page_count

TEXT = "text/plain; charset=utf-8"
SECURITY_LASTS = datetime.timedelta(days=180)  # the RFC wants less than a year


@cache_control(max_age=86400)
def robots(request):
    pages = ["", *(f"?p={number}" for number in range(2, page_count() + 1))]
    sitemaps = [f"Sitemap: {_absolute('sitemap')}{page}" for page in pages]
    lines = ["User-agent: *", "Disallow: /admin/", *sitemaps, ""]
    return HttpResponse("\n".join(lines), content_type=TEXT)


def security(request):
    """RFC 9116; absent while the publisher has given no address to write to."""
    if not settings.CONTACT_EMAIL:
        raise Http404
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {(midnight + SECURITY_LASTS).isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {_absolute('security')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=TEXT)


def favicon(request):
    return redirect(static("img/favicon.ico"), permanent=False)


def _absolute(name):
    return settings.SITE_URL + reverse(name)
