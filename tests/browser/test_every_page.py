"""Every public page of the real content, as bin/serve gives it: found by its links, read in plain HTTP."""

import re
from collections import defaultdict
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree

import pytest

from tests.browser.crawl import crawl, fetch, tidied, words_of

# What leads elsewhere: the permanent addresses.
# The permanent addresses, and the page that asks who one is.
REDIRECTS = re.compile(r"/id/[0-9a-f-]{36}/|/mes-fiches/")
ENGLISH = r"Next|Previous|Search|Home|Close|Submit|Back|Loading|Error|Filters?|Sort|Results?|Unknown|Read more|Page not"
FAULTS_OF_TEXT = {
    "a value that is not there": r"\b(?:None|True|False|undefined|NaN)\b",
    "an unfinished template": r"\{\{|\}\}|\{%|%\}|%\(|&\w+;",
    "a plain space where it may break": r" [;:!?»]|« ",
    "two spaces, or one too many": r"[ \u00a0\u202f]{2,}[;:!?»,.)…]|[ \u00a0\u202f][,.)](?!\d)",
    "no space before the sign": r"(?<!\w)\w+[;!?»](?!\w)|«\w",
    "a typewriter's apostrophe or quotation mark": r"['\"]",
    "English": rf"\b(?:{ENGLISH})\b",
}


def assert_none(faults):
    """Says all of them: pytest would show the first five."""
    assert not faults, "".join(f"\n{what}: {detail}" for what, detail in faults.items())


@pytest.fixture(scope="module")
def found(real_site):
    """{address: Answer}, from the home page and the plan of the site."""
    return crawl(real_site, "/", "/plan-du-site/")


@pytest.fixture(scope="module")
def pages(found):
    """{address: Page} of those that answered with a page."""
    return {address: answer.page for address, answer in found.items() if answer.is_page}


def test_no_link_is_dead(found):
    assert len(found) > 300
    assert_none({address: answer.status for address, answer in found.items() if answer.status not in (200, 302)})
    for address, answer in found.items():
        if answer.status == 302:
            assert REDIRECTS.fullmatch(address), address
            assert found[answer.location].status == 200


def test_no_link_holds_a_criterion_that_the_list_does_not_know(pages):
    assert_none({address: page.text for address, page in pages.items() if "n’a pas été compris" in page.text})


def test_the_part_of_a_page_that_a_link_names_is_there(real_site, found, pages):
    dead = {
        (link, fragment): address
        for address, page in pages.items()
        for link, fragment in page.internal_links(real_site)
        if fragment and link in found and unquote(fragment) not in pages[link].ids
    }

    assert_none(dead)


def test_what_the_sitemap_lists_is_reached_by_links(real_site, pages):
    listed = ElementTree.fromstring(fetch(real_site, "/sitemap.xml").body)
    addresses = {node.text.removeprefix(real_site) for node in listed.iterfind(".//{*}loc")}

    assert len(addresses) > 300
    assert_none(dict.fromkeys(addresses - pages.keys(), "in the sitemap, in no page"))


def test_every_page_is_valid(pages):
    assert_none({address: page.faults for address, page in pages.items() if page.faults})


def test_every_page_says_what_it_is(pages):
    faults = {}
    for address, page in pages.items():
        headings = [words_of(heading) for heading in page.all("h1")]
        if page.root.get("lang") != "fr" or len(headings) != 1 or not headings[0] or not page.title:
            faults[address] = (page.root.get("lang"), page.title, headings)
        if len(page.description) < 30:
            faults[address] = page.description

    assert_none(faults)


def test_every_page_has_one_canonical_address_and_no_other_has_its_title(real_site, pages):
    canonical = {address: tidied(page.canonical.removeprefix(real_site)) for address, page in pages.items()}
    by_title = defaultdict(set)
    for address, page in pages.items():
        by_title[page.title].add(canonical[address])

    assert_none({address: one for address, one in canonical.items() if one not in pages})
    assert_none({address: one for address, one in canonical.items() if "?" not in address and one != address})
    assert_none({title: addresses for title, addresses in by_title.items() if len(addresses) > 1})


def test_no_page_has_a_style_or_a_script_of_its_own_nor_takes_anything_from_elsewhere(real_site, pages):
    inline = {address: page.inline for address, page in pages.items() if page.inline}
    foreign = {
        resource: address
        for address, page in pages.items()
        for resource in page.resources
        if not urljoin(real_site + address, resource).startswith(f"{real_site}/")
    }

    assert_none(inline)
    assert_none(foreign)


def test_what_pages_are_made_of_is_there(real_site, pages):
    resources = {urljoin(address, name) for address, page in pages.items() for name in page.resources}

    statuses = {name: fetch(real_site, name).status for name in resources}

    assert_none({name: status for name, status in statuses.items() if status != 200})


@pytest.mark.parametrize("fault", FAULTS_OF_TEXT)
def test_no_text_has(pages, fault):
    seen = defaultdict(list)
    for address, page in pages.items():
        for line in page.text.split("\n"):
            for match in re.finditer(FAULTS_OF_TEXT[fault], line):
                seen[line[max(0, match.start() - 30) : match.end() + 30]].append(address)

    assert_none({text: f"{addresses[0]} and {len(addresses) - 1} more" for text, addresses in seen.items()})
