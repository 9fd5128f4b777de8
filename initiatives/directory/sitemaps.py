"""``/sitemap.xml``: what search engines may list. Addresses are canonical: they start with SITE_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Q
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative, Site, Territory, Theme

PAGES = (
    "home initiatives territories themes actors funding_list news charter method contact legal privacy accessibility "
    "sitemap_page"
).split()


class CanonicalSitemap(Sitemap):
    limit = 5000

    @property
    def protocol(self):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


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
        large = Q(kind__in=("reg", "dep", "epci", "zone"))
        return Territory.objects.in_scope().filter(large | Q(pk__in=places)).order_by("kind", "code")


SITEMAPS = {
    "pages": PagesSitemap,
    "initiatives": FichesSitemap(Initiative),
    "acteurs": FichesSitemap(Actor),
    "financements": FichesSitemap(FundingSource),
    "themes": ThemesSitemap,
    "territoires": TerritoriesSitemap,
}
