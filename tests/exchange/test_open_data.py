"""What pages say of the exports: the links under a list, the print of it, the section of the method."""

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.template import engines

from initiatives.exchange.columns import COLUMNS
from tests import factories
from tests.directory.reading import read, words
from tests.directory.sample import make_directory


@pytest.fixture
def directory(db):
    return make_directory(factories.make_places())


def test_the_section_of_the_method_says_each_column(client):
    html = engines["django"].from_string("{% load leaving %}{% open_data %}").render()

    html5lib.HTMLParser(strict=True).parseFragment(html)
    section = BeautifulSoup(html, "html5lib")
    said = [[words(cell) for cell in row.select("th, td")] for row in section.select("tbody tr")]
    assert [row[0] for row in said] == [column.name for column in COLUMNS]
    assert [row[1] for row in said] == [str(column.kind) for column in COLUMNS]
    assert all(column.label.replace("\u00a0", " ") in row[2] for column, row in zip(COLUMNS, said, strict=True))
    assert section.select_one("#donnees-ouvertes")
    for link in section.select("a[href]"):
        assert link["href"].startswith("/initiatives/")


def test_the_addresses_of_the_section_answer(client, directory):
    html = engines["django"].from_string("{% load leaving %}{% open_data %}").render()

    links = [link["href"] for link in BeautifulSoup(html, "html5lib").select("a[href]")]
    assert links == ["/initiatives/export.csv", "/initiatives/export.geojson", "/initiatives/flux.atom"]
    assert {client.get(link).status_code for link in links} == {200}


def test_the_ways_to_leave_stand_under_the_results_and_nowhere_without(client, directory):
    page = read(client.get("/initiatives/?territoire=com-13004&tri=nom&page=1&par_page=2"))
    nothing = read(client.get("/initiatives/?q=introuvable"))

    links = [link["href"] for link in page.select(".emporter li a")]
    assert links == [
        "/initiatives/export.csv?territoire=com-13004&tri=nom",
        "/initiatives/export.geojson?territoire=com-13004&tri=nom",
        "/initiatives/flux.atom?territoire=com-13004",
    ]
    assert {link["rel"][0] for link in page.select(".emporter li a")} == {"nofollow"}
    assert page.select_one('link[type="application/atom+xml"]')["href"] == links[2]
    assert nothing.select(".emporter") == []


def test_the_print_of_a_list_says_its_search_and_its_day(client, directory, settings):
    settings.SITE_URL = "https://annuaire.exemple.test"

    said = words(read(client.get("/initiatives/?territoire=com-13004&tri=nom&page=1")).select_one(".imprime"))

    assert said.startswith("Recherche imprimée le ")
    assert said.endswith(": https://annuaire.exemple.test/initiatives/?territoire=com-13004&tri=nom")
