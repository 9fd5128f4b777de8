"""What a page says of leaving with its data: the ways to take results away, the columns of the files."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from initiatives.exchange.columns import COLUMNS
from initiatives.exchange.feeds import LATEST
from initiatives.exchange.formats import BETWEEN

register = template.Library()


@register.inclusion_tag("components/take_away.html")
def take_away(address):
    """``address``: the ``Address`` of a list of initiatives. The feed has its own order."""
    return {
        "csv": address.elsewhere(reverse("export_csv"), "tri"),
        "geojson": address.elsewhere(reverse("export_geojson"), "tri"),
        "feed": feed_address(address),
        "search": settings.SITE_URL + address.elsewhere(address.path, "tri"),
        "today": timezone.localdate(),
    }


@register.simple_tag
def feed_address(address):
    return address.elsewhere(reverse("feed"))


@register.inclusion_tag("pages/open_data.html")
def open_data():
    return {"columns": COLUMNS, "between": BETWEEN.strip(), "latest": LATEST, "site_url": settings.SITE_URL}
