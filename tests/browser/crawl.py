"""Reads the site as a search engine does: by its links, in plain HTTP; and says what it saw of each page."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import html5lib

# How a list is shown is no criterion of its search.
DATA = ("application/ld+json", "application/json")
SHOWN = ("page", "tri", "par_page")
# The forms about a fiche: those of a few show what those of all are.
FORM = re.compile(
    r"/(?:initiatives|acteurs|financements)/(?!f)[^/]+/(?:proposer-une-modification|signaler|revendiquer)/"
)
INLINE = {
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "dfn",
    "em",
    "i",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
}
INLINE |= {"tspan", "textPath"}
READ_ALOUD = ("alt", "title", "aria-label", "placeholder")


@dataclass(frozen=True)
class Answer:
    """What the server says of an address, redirects not followed."""

    address: str
    status: int
    kind: str
    location: str
    body: bytes = field(repr=False)

    @property
    def is_page(self):
        return self.status == 200 and self.kind.startswith("text/html")

    @cached_property
    def page(self):
        return Page(self.address, self.body.decode())


def fetch(site, address):
    """`address` begins with a slash."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=30)
    try:
        connection.request("GET", address)
        response = connection.getresponse()
        kind, location = response.getheader("Content-Type", ""), response.getheader("Location", "")
        return Answer(address, response.status, kind, location, response.read())
    finally:
        connection.close()


class Page:
    """What a page holds, read as browsers read it; `faults`: where its HTML is not valid."""

    def __init__(self, address, source):
        self.address = address
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root = parser.parse(source)
        self.elements = [(name_of(node), node) for node in self.root.iter() if isinstance(node.tag, str)]
        self.ids = [node.get("id") for _, node in self.elements if node.get("id") is not None]
        self.faults = [f"{code} at {place}" for place, code, _ in parser.errors]
        self.faults += [f"id {name} given twice" for name, count in Counter(self.ids).items() if count > 1]

    def all(self, *names):
        return [node for name, node in self.elements if name in names]

    @cached_property
    def title(self):
        return self.root.findtext("head/title", "").strip()

    @property
    def canonical(self):
        return next((node.get("href") for node in self.all("link") if node.get("rel") == "canonical"), "")

    @property
    def description(self):
        return next((node.get("content") for node in self.all("meta") if node.get("name") == "description"), "")

    @property
    def inline(self):
        """Styles and scripts that the page holds itself; data are no script."""
        scripts = [node for node in self.all("script") if node.get("type") not in DATA]
        found = [name_of(node) for node in [*self.all("style"), *scripts] if not node.get("src")]
        return found + [f"{name} {key}" for name, node in self.elements for key in node.attrib if self._acts(key)]

    @staticmethod
    def _acts(attribute):
        return attribute == "style" or str(attribute).startswith("on")

    @property
    def resources(self):
        """The addresses of all that the page asks for by itself, and of its forms."""
        found = [node.get(key) for _, node in self.elements for key in ("src", "poster", "data", "action")]
        found += [node.get("href") for node in self.all("link") if node.get("rel") != "canonical"]
        found += [one.split()[0] for _, node in self.elements for one in (node.get("srcset") or "").split(",") if one]
        return [address for address in found if address is not None]

    def internal_links(self, site):
        """(address, fragment) of each link to the site itself, once."""
        found = {}
        for node in self.all("a"):
            target = urlsplit(urljoin(site + self.address, (node.get("href") or "").strip()))
            if node.get("href") is not None and f"{target.scheme}://{target.netloc}" == site:
                found[tidied(f"{target.path}?{target.query}"), target.fragment] = True
        return list(found)

    @cached_property
    def text(self):
        """What is read on the page, a line for each block; then what is only heard, or shown on hover."""
        lines = "".join(pieces_of(self.root)).split("\n")
        lines += [node.get(key, "") for _, node in self.elements for key in READ_ALOUD]
        return "\n".join(filter(None, (re.sub(r"[ \t\r\f]+", " ", line).strip(" ") for line in lines)))


def name_of(node):
    return node.tag.rpartition("}")[2]


def pieces_of(node):
    """Its text, inline elements within their line; what stands in a field to be corrected is typed as people type."""
    if isinstance(node.tag, str) and name_of(node) not in ("script", "style", "textarea"):
        edge = "" if name_of(node) in INLINE else "\n"
        yield edge
        yield (node.text or "").replace("\n", " ")
        for child in node:
            yield from pieces_of(child)
            yield (child.tail or "").replace("\n", " ")
        yield edge


def words_of(node):
    return " ".join("".join(pieces_of(node)).split())


def tidied(address):
    """One address for all the ways to write its parameters."""
    path, _, query = address.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return f"{path or '/'}?{urlencode(pairs)}" if pairs else path or "/"


def crawl(site, *starts):
    """Every address that links lead to, breadth first: {address: Answer}; `is_one_more` says what is left out."""
    found, waiting = {}, [*starts]
    while waiting:
        address = waiting.pop(0)
        if address in found:
            continue
        answer = found[address] = fetch(site, address)
        if answer.is_page:
            links = [link for link, _ in answer.page.internal_links(site)]
            waiting += [link for link in links if link not in found and not is_one_more(link, address)]
    return found


def is_one_more(link, address):
    """Whether a link leads to one more of what is found without it.

    A list of several criteria, or of one place among hundreds (test_numbers.py opens such lists); a commune named by
    its neighbour, since by their neighbours each leads to all; a form about a fiche that looks like the others.
    """
    searched = [(name, value) for name, value in parse_qsl(urlsplit(link).query) if name not in SHOWN]
    places = [value for name, value in searched if name == "territoire" and not value.startswith(("reg-", "dep-"))]
    neighbours = link.startswith("/territoires/com-") and address.startswith("/territoires/com-")
    return len(searched) > 1 or bool(places) or neighbours or bool(FORM.match(link))
