"""What machines ask for: robots.txt, security.txt, the favicon, the sitemap."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.directory.sitemaps import CanonicalSitemap
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    TerritoryFactory,
    ThemeFactory,
)

SITE = "https://annuaire.exemple.test"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def site(settings):
    settings.SITE_URL = SITE
    return settings


def lines(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.text.splitlines()


def listed(client, address="/sitemap.xml"):
    """Paths of a page of the sitemap, with the day each one changed (None when it does not say)."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    urls = ElementTree.fromstring(response.content).findall("s:url", NAMES)
    found = {url.findtext("s:loc", None, NAMES): url.findtext("s:lastmod", None, NAMES) for url in urls}
    assert len(found) == len(urls)
    assert all(address.startswith(f"{SITE}/") for address in found)
    return {address.removeprefix(SITE): day for address, day in found.items()}


# robots.txt


def test_robots_may_read_all_but_the_desk_and_know_where_the_sitemap_is(client, site, places):
    assert lines(client.get("/robots.txt")) == [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {SITE}/sitemap.xml",
    ]
    assert client.get("/robots.txt")["Cache-Control"] == "max-age=86400"


# security.txt


def test_without_an_address_to_write_to_there_is_no_security_txt(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_security_txt_has_the_fields_of_the_standard(client, site):
    site.CONTACT_EMAIL = "securite@exemple.test"

    fields = [line.split(": ", 1) for line in lines(client.get("/.well-known/security.txt"))]

    values = dict(fields)
    assert len(values) == len(fields)
    assert values.pop("Contact") == "mailto:securite@exemple.test"
    assert values.pop("Canonical") == f"{SITE}/.well-known/security.txt"
    assert values.pop("Preferred-Languages") == "fr, en"
    expires = datetime.fromisoformat(values.pop("Expires"))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert not values


def test_security_txt_is_the_same_all_day(client, site):
    site.CONTACT_EMAIL = "securite@exemple.test"

    assert "T00:00:00+00:00" in client.get("/.well-known/security.txt").text


# The favicon


def test_the_favicon_that_browsers_guess_leads_to_ours(client):
    response = client.get("/favicon.ico", follow=True)

    assert response.status_code == 200
    assert response.redirect_chain[-1][0].startswith("/static/img/favicon.")
    assert b"".join(response.streaming_content).startswith(b"\x00\x00\x01\x00")


# The sitemap


def test_the_sitemap_lists_the_pages_and_each_of_them_opens(client, site, places):
    pages = [address for address in listed(client) if not address.startswith("/territoires/")]

    assert {"/", "/initiatives/", "/themes/", "/charte/", "/plan-du-site/", "/nouveautes/"} <= {*pages}
    for address in pages:
        assert client.get(address).status_code == 200, address
    assert not {"/style/", "/admin/", "/sante/"} & {*pages}


def test_the_sitemap_lists_the_published_fiches_and_no_other(client, site, places):
    for factory in (InitiativeFactory, ActorFactory, FundingSourceFactory):
        stays = factory(published=True, name="Publiée")
        factory(name="Brouillon")
        factory(archived=True, name="Archivée")
        factory(name="Fusionnée", merged_into=stays)
    for status in ("pending", "changes_requested", "rejected", "withdrawn"):
        InitiativeFactory(name=status, status=status)

    fiches = {address: day for address, day in listed(client).items() if address.count("/") == 3}

    fiches = {address: day for address, day in fiches.items() if not address.startswith("/territoires/")}
    assert fiches == {
        "/initiatives/publiee/": "2026-03-02",
        "/acteurs/publiee/": "2026-03-02",
        "/financements/publiee/": "2026-03-02",
    }


def test_the_sitemap_lists_themes_and_sub_themes(client, site, places):
    ThemeFactory(slug="cantines", parent=ThemeFactory(slug="alimentation"))

    assert {"/themes/alimentation/", "/themes/cantines/"} <= {*listed(client)}


def test_the_sitemap_lists_the_territories_of_the_directory_and_the_communes_where_something_stands(
    client, site, places
):
    TerritoryFactory(kind="zone", code="ancienne", closed_on="2025-01-01")
    InitiativeFactory(published=True, sites=[places.arles, places.marseille_3], coverage=[places.pertuis])
    InitiativeFactory(published=True, sites=[places.valence])
    InitiativeFactory(sites=[places.tarascon])
    InitiativeFactory(archived=True, sites=[places.avignon])
    ActorFactory(published=True, seat=places.aix)

    found = {address for address in listed(client) if address.startswith("/territoires/")} - {"/territoires/"}

    large = ["paca", "bouches_du_rhone", "vaucluse", "metropole", "accm", "enclave", "crau", "littoral", "old_port"]
    # Marseille too, since something stands in one of its arrondissements.
    small = ["arles", "marseille", "marseille_3"]
    assert found == {getattr(places, name).get_absolute_url() for name in large + small}


def test_a_place_where_several_stand_is_listed_once(client, site, places):
    for _ in range(3):
        InitiativeFactory(published=True, sites=[places.arles, places.marseille_1, places.marseille_2])

    assert "/territoires/com-13055/" in listed(client)  # listed() refuses what is there twice


def test_every_address_of_the_sitemap_opens(client, site, places):
    theme = ThemeFactory()
    InitiativeFactory(published=True, sites=[places.arles, places.marseille_3], themes=[theme])
    ActorFactory(published=True)
    FundingSourceFactory(published=True)

    for address in listed(client):
        assert client.get(address).status_code == 200, address


def test_a_long_sitemap_goes_on_over_pages_that_robots_txt_names(client, site, places, monkeypatch):
    for number in range(30):
        InitiativeFactory(published=True, name=f"Fiche {number}")
    whole = listed(client)
    monkeypatch.setattr(CanonicalSitemap, "limit", 12)

    sitemaps = [line.removeprefix("Sitemap: ") for line in lines(client.get("/robots.txt"))[2:]]

    assert sitemaps == [f"{SITE}/sitemap.xml", f"{SITE}/sitemap.xml?p=2", f"{SITE}/sitemap.xml?p=3"]
    pages = [listed(client, address.removeprefix(SITE)) for address in sitemaps]
    assert sum(map(len, pages)) == len(whole)
    assert {address: day for page in pages for address, day in page.items()} == whole


@pytest.mark.parametrize("page", ["0", "2", "-1", "abc", "", "99999999999999999999"])
def test_a_page_of_the_sitemap_that_does_not_exist_is_not_found(client, site, places, page):
    assert client.get("/sitemap.xml", {"p": page}).status_code == 404


@pytest.mark.parametrize("address", ["/sitemap.xml", "/robots.txt"])
def test_it_asks_the_database_the_same_number_of_questions_whatever_it_lists(
    client, site, places, django_assert_num_queries, address
):
    def grow(count):
        for _ in range(count):
            ThemeFactory()
            InitiativeFactory(published=True, sites=[TerritoryFactory()])
            ActorFactory(published=True)
            FundingSourceFactory(published=True)

    grow(10)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    grow(90)
    with django_assert_num_queries(len(asked)):
        client.get(address)
