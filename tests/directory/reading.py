"""Reading a page as a browser, a keyboard and a suspicious reader do."""

import re
from collections import Counter
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup
from django.urls import resolve

NUMBER = re.compile(r"[\d\u202f]+")


def read(response):
    """The page, once it is sure that its HTML is valid, that no id is there twice and that no link holds another."""
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(response.text)
    page = BeautifulSoup(response.text, "html.parser")
    ids = Counter(tag["id"] for tag in page.select("[id]"))
    assert [name for name, times in ids.items() if times > 1] == []
    assert page.select("a a, button a, a button") == []
    assert len(page.select("h1")) == 1
    for pointer in page.select("[aria-labelledby], [aria-describedby]"):
        for name in (pointer.get("aria-labelledby", "") + " " + pointer.get("aria-describedby", "")).split():
            assert name in ids, f"{name} is nowhere in the page"
    for link in page.select('a[href^="#"]'):
        assert link["href"][1:] in ids, f"{link['href']} leads nowhere"
    return page


def profile(client, territory):
    """The page of a territory, read."""
    return read(client.get(territory.get_absolute_url()))


def words(tag):
    """Its text, spaces of every kind made plain, and one between what stands in different tags."""
    return re.sub(r" (?=[.,)])", "", " ".join(tag.get_text(" ").split()))


def counted_links(page):
    """(address, number) of each link of the content that gives a number of initiatives by itself."""
    links = []
    for link in page.select("main a[href]"):
        alone = [piece for piece in link.stripped_strings if NUMBER.fullmatch(piece)]
        first = re.match(r"([\d\u202f]+)\s+initiative", link.get_text())
        if alone or first:
            number = alone[-1] if alone else first[1]
            links.append((link["href"], int(number.replace("\u202f", ""))))
    return links


def number_in(client, address):
    """The number of initiatives that the page at this address is about."""
    response = client.get(address)
    assert response.status_code == 200, address
    name = resolve(urlsplit(address).path).url_name
    return response.context["based_count" if name == "territory" else "total"]
