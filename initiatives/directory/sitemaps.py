"""``/sitemap.xml``: what search engines may list. Addresses are canonical: they start with SITE_URL.

A long one has several pages (``?p=2``); robots.txt names them all.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage
from django.db.models import Q
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative, Site, Territory, Theme

Kind = Territory.Kind
PAGES = ["home", "initiatives", "map", "territories", "themes", "actors", "funding_list", "news", "charter", "method"]
PAGES += ["deposit", "contact", "legal", "privacy", "accessibility", "sitemap_page"]


class CanonicalSitemap(Sitemap):
    limit = 5000

    @property
    def protocol(self):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_urls(self, page=1, site=None, protocol=None):
        """Nothing on a page that only another section reaches."""
        try:
            return super().get_urls(page, site, protocol)
        except EmptyPage:
            if not 0 < int(page) <= page_count():
                raise
            return []


class PagesSitemap(CanonicalSitemap):
    def items(self):
        return PAGES

    def location(self, name):
        return reverse(name)


class FichesSitemap(CanonicalSitemap):
    """The published fiches of one noun."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.published().only("slug", "modified_at").order_by("pk")

    def lastmod(self, fiche):
        return fiche.modified_at


class ThemesSitemap(CanonicalSitemap):
    def items(self):
        return Theme.objects.all()


class TerritoriesSitemap(CanonicalSitemap):
    """The territories of the directory; a commune only when something stands there."""

    def items(self):
        places = Site.objects.filter(initiative__status="published").values("territory")
        large = Q(kind__in=(Kind.REGION, Kind.DEPARTMENT, Kind.EPCI, Kind.ZONE))
        some = Q(pk__in=places) | Q(pk__in=Territory.objects.filter(pk__in=places).values("commune"))
        return Territory.objects.in_scope().filter(large | some).order_by("kind", "code")


SITEMAPS = {
    "pages": PagesSitemap(),
    "initiatives": FichesSitemap(Initiative),
    "acteurs": FichesSitemap(Actor),
    "financements": FichesSitemap(FundingSource),
    "themes": ThemesSitemap(),
    "territoires": TerritoriesSitemap(),
}


def page_count():
    """Number of pages of the sitemap: as many as its longest section."""
    return max(section.paginator.num_pages for section in SITEMAPS.values())
