"""The feed of a search: Atom (RFC 4287), the latest published first."""

from django.conf import settings
from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from initiatives.directory.listing import Address, where
from initiatives.exchange.readings import SITE_NAME, plain
from initiatives.models import InitiativeTheme
from initiatives.text import typographic

LATEST = 50


class Feed(Atom1Feed):
    """Django's, with plain summaries and themes that have a name."""

    content_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["day"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", item["summary"])
        for theme in item["themes"]:
            scheme = settings.SITE_URL + reverse("themes")
            handler.addQuickElement("category", "", {"term": theme.slug, "label": plain(theme.name), "scheme": scheme})


def feed_of(search):
    """The feed, as text. Its order is its own: it hears nothing of ``tri``."""
    address = settings.SITE_URL + search.address("feed")
    feed = Feed(
        title=_title(search),
        link=settings.SITE_URL + search.address("initiatives"),
        description=None,
        feed_url=address,
        feed_guid=address,
        language="fr",
        author_name=settings.PUBLISHER or SITE_NAME,
        feed_copyright="Textes sous Licence Ouverte 2.0",
        day=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0),
    )
    links = InitiativeTheme.objects.select_related("theme")
    latest = search.queryset.order_by(F("published_at").desc(), "pk")[:LATEST]
    for fiche in latest.prefetch_related(Prefetch("theme_links", links)):
        feed.add_item(
            title=_said(fiche.name),
            link=settings.SITE_URL + fiche.get_absolute_url(),
            description=None,
            unique_id=fiche.uuid.urn,
            pubdate=timezone.localtime(fiche.published_at),
            updateddate=timezone.localtime(fiche.modified_at or fiche.published_at),
            item_copyright=plain(fiche.text_licence),
            summary=_said(fiche.summary),
            themes=fiche.theme_list,
        )
    return feed.writeString("utf-8")


def _title(search):
    """« InnovGuide : initiatives dans le Var, Habitat »."""
    chips = Address("", search.filter).chips()
    place = where(search.filter.values.get("territoire") or [])
    others = [str(chip["label"]) for chip in chips if chip["genre"] != "Territoire"]
    return _said(", ".join([f"{SITE_NAME} : initiatives {place}".strip(), *others]))


def _said(text):
    return typographic(plain(text) or "")
