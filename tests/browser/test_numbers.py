"""A number that is a link equals the list it opens: on the real content, in plain HTTP."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.browser.crawl import SHOWN, fetch, name_of, tidied, words_of

LISTS = ("/initiatives/", "/acteurs/", "/financements/")
ONE_OF = {"territoires": "/initiatives/?territoire={}&presence=basee", "themes": "/initiatives/?theme={}"}
NUMBER = re.compile(r"\d{1,3}(?:\u202f\d{3})+|\d+")

# Where numbers are links, and how many of them there are at least.
PAGES = {
    "/": 30,
    "/territoires/": 30,
    "/territoires/dep-13/": 20,
    "/territoires/epci-200054807/": 15,
    "/territoires/com-13055/": 15,
    "/territoires/com-04033/": 1,
    "/themes/": 12,
    "/themes/alimentation/": 5,
    "/themes/circuits-courts/": 2,
    "/carte/": 15,
    "/carte/?territoire=dep-13&theme=alimentation": 3,
    "/initiatives/?presence=intervient&territoire=com-05061&theme=numerique": 2,
}
FACETS = {
    "/initiatives/": 20,
    "/initiatives/?territoire=dep-13": 20,
    "/initiatives/?theme=alimentation&theme=habitat&etape=essaimage&territoire=com-13055": 20,
    "/acteurs/": 10,
    "/acteurs/?type=reseau&territoire=dep-84": 10,
    "/financements/": 10,
    "/financements/?statut=a-verifier&type=subvention": 10,
}


@pytest.fixture(scope="module")
def total(real_site):
    """`total(address)`: how many results a list says it has; each list is asked once."""
    known = {}

    def ask(address):
        address = tidied(address)
        if address not in known:
            source = fetch(real_site, address).body.decode()
            assert "n’a pas été compris" not in source, address
            known[address] = _announced(source)
        return known[address]

    return ask


@pytest.mark.parametrize("address", PAGES)
def test_a_number_equals_the_list_it_opens(real_site, total, address):
    numbers = list(_numbers_that_are_links(fetch(real_site, address).page))

    assert len(numbers) >= PAGES[address]
    assert [(words, link, total(link)) for words, link, number in numbers if total(link) != number] == []


@pytest.mark.parametrize("address", FACETS)
def test_a_count_of_a_facet_equals_the_list_with_its_value(real_site, total, address):
    facets = list(_facets(fetch(real_site, address).page))

    assert len(facets) >= FACETS[address]
    assert [(value, number, total(value)) for value, number in facets if total(value) != number] == []


@pytest.mark.parametrize("address", FACETS)
def test_the_title_of_a_list_says_how_many_rows_its_pages_hold(real_site, address):
    answer = fetch(real_site, address)
    page, announced = answer.page, _announced(answer.body.decode())
    rows = len(_rows(page))
    while following := [link for link in page.all("a") if link.get("rel") == "next"]:
        page = fetch(real_site, following[0].get("href")).page
        rows += len(_rows(page))

    assert rows == announced > 0


def _announced(source):
    """The number that the title of a list begins with."""
    [heading] = re.findall(r"<h1[^>]*>\s*(?:<[^>]+>\s*)*([^<\s]+)", source)
    return 0 if heading in ("Aucun", "Aucune") else _number(NUMBER.match(heading)[0])


def _rows(page):
    return [node for node in page.all("li") if {"rang", "source"} & {*(node.get("class") or "").split()}]


def _numbers_that_are_links(page):
    """(words, address of the list, number) of each link whose words hold a number; the last is the count."""
    for link in page.all("a"):
        address = urlsplit(link.get("href") or "")
        words = link.get("aria-label") or words_of(link)
        if address.path in LISTS and not address.fragment and not _is_a_tool(link, address):
            if numbers := NUMBER.findall(words):
                yield words, link.get("href"), _number(numbers[-1])
        elif opened := re.fullmatch(r"/(territoires|themes)/([\w-]+)/", address.path):
            # Not a list, but a page that opens with one.
            counts = [words_of(node) for node in link.iter() if node.get("class") == "n"]
            if counts and NUMBER.match(counts[0]):
                yield words, ONE_OF[opened[1]].format(opened[2]), _number(NUMBER.match(counts[0])[0])


def _is_a_tool(link, address):
    """Pages of the same list, a criterion to remove: their numbers count nothing."""
    shown = {name for name, _ in parse_qsl(address.query)} & {*SHOWN}
    return bool(shown) or link.get("class") == "critere"


def _facets(page):
    """(address, number) of each value of a criterion: the search of the page with that value added."""
    path, _, query = page.address.partition("?")
    for label in page.all("label"):
        boxes = [node for node in label.iter() if isinstance(node.tag, str) and name_of(node) == "input"]
        counts = [node for node in label.iter() if node.get("class") == "n"]
        if boxes and counts:
            added = (boxes[0].get("name"), boxes[0].get("value"))
            asked = dict.fromkeys([*parse_qsl(query), added])
            yield f"{path}?{urlencode([*asked])}", _number(words_of(counts[0]))


def _number(words):
    return int(words.replace("\u202f", ""))
