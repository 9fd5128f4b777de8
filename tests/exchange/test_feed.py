"""``flux.atom``: the latest published of a search, for readers of feeds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.exchange.feeds import feed_of
from initiatives.models import Initiative
from tests import factories
from tests.directory.sample import make_directory
from tests.exchange.leaving import ATOM, feed, text_of

SITE = "https://annuaire.exemple.test"


@pytest.fixture
def places(db, settings):
    settings.SITE_URL = SITE
    return factories.make_places()


def entries(client, query=""):
    response = client.get(f"/initiatives/flux.atom?{query}")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return feed(text_of(response)).findall(f"{ATOM}entry")


def titles(client, query=""):
    return [entry.findtext(f"{ATOM}title") for entry in entries(client, query)]


def test_a_feed_has_the_fifty_latest_first(client, places):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(53):
        factories.InitiativeFactory(
            published=True,
            name=f"N{number:02}",
            sites=[places.arles],
            published_at=start + timedelta(days=number),
            modified_at=start + timedelta(days=100 - number),
        )

    assert titles(client) == [f"N{number:02}" for number in range(52, 2, -1)]
    assert titles(client, "tri=nom") == titles(client)


def test_a_feed_obeys_the_search(client, places):
    make_directory(places)

    assert sorted(titles(client, "theme=alimentation")) == ["Cantine", "Four", "Réseau", "Épicerie"]
    assert sorted(titles(client, "territoire=com-13004&presence=basee")) == ["Cantine"]
    assert titles(client, "q=introuvable") == []


def test_a_feed_says_whose_it_is_and_where_it_is(client, places):
    make_directory(places)

    root = feed(text_of(client.get("/initiatives/flux.atom?theme=habitat&territoire=com-13055")))

    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"{SITE}/initiatives/?territoire=com-13055&theme=habitat",
        "self": f"{SITE}/initiatives/flux.atom?territoire=com-13055&theme=habitat",
    }
    assert root.findtext(f"{ATOM}id") == links["self"]
    assert root.findtext(f"{ATOM}title") == "InnovGuide\u00a0: initiatives à Marseille, Habitat"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "InnovGuide"
    assert root.findtext(f"{ATOM}rights") == "Textes sous Licence Ouverte 2.0"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"


def test_an_entry_says_what_it_is_about(client, places):
    theme = factories.ThemeFactory(name="Cantines", slug="cantines")
    fiche = factories.InitiativeFactory(
        published=True, name="L'Épicerie : <ici>", summary='Une "vraie" & bonne', sites=[places.arles], themes=[theme]
    )
    Initiative.objects.update(modified_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))

    [entry] = entries(client)

    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{fiche.uuid}"
    assert entry.find(f"{ATOM}link").get("href") == SITE + fiche.get_absolute_url()
    assert entry.findtext(f"{ATOM}title") == "L’Épicerie\u00a0: <ici>"
    assert entry.findtext(f"{ATOM}summary") == "Une «\u202fvraie\u202f» & bonne"
    assert entry.find(f"{ATOM}summary").get("type", "text") == "text"
    assert entry.findtext(f"{ATOM}published") == "2026-03-02T10:30:00+01:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-07-02T00:30:00+02:00"
    category = entry.find(f"{ATOM}category")
    assert dict(category.items()) == {"term": "cantines", "label": "Cantines", "scheme": f"{SITE}/themes/"}
    assert entry.findtext(f"{ATOM}rights") == "Licence Ouverte 2.0"


def test_an_empty_feed_is_valid_and_the_same_all_day(client, places):
    first, second = (text_of(client.get("/initiatives/flux.atom")) for _ in range(2))

    assert feed(first).findall(f"{ATOM}entry") == []
    assert first == second


class Found:
    """A search that finds one fiche, whatever it is called."""

    def __init__(self, fiche):
        self.fiche = fiche

    def __getattr__(self, name):
        return lambda *args, **kwargs: self

    def __getitem__(self, item):
        return self

    def __iter__(self):
        return iter([self.fiche])


@pytest.mark.django_db
@given(st.text(), st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_makes_a_valid_feed(name, summary):
    from initiatives.directory.filters import InitiativeFilter

    class Search:
        filter = InitiativeFilter(data=QueryDict(), queryset=Initiative.objects.none())
        address = staticmethod(lambda name: "/x/")

    fiche = factories.InitiativeFactory.build(
        pk=1, name=name, summary=summary, slug="x", published_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    fiche._prefetched_objects_cache = {"theme_links": []}
    Search.queryset = Found(fiche)

    [entry] = feed(feed_of(Search)).findall(f"{ATOM}entry")

    assert entry is not None
