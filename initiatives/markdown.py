"""Markdown of the team → clean HTML in the words of our style sheets. Pure: no model, no request, no file.

What is understood: ``##`` and ``###`` headings, paragraphs, ``-`` and ``1.`` lists, **bold**, *italic*,
[links](/charte/), tables, ``code``, and four things of our own:

- ``## L’ordre des listes {#ordre}``: the address of the part, which else is made from its words;
- ``> **Attention.** …``: a box; ``> …`` that begins otherwise: a note in the margin;
- a line, then a line that begins with « : » : a term and its definition;
- ``{nombre d’initiatives}``: an insertion, when the caller gives it.

Raw HTML stays text. Links lead to our pages, to http(s) or to a mail address; what leads elsewhere stays text.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from initiatives.text import fold

LONGEST = 100_000  # characters
LONGEST_ID = 60

TEXT_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "div", "span", "dl", "dt", "dd"}
TAGS = TEXT_TAGS | {"h2", "h3", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"*": set(), "a": {"href"}, "h2": {"id"}, "h3": {"id"}, "ol": {"start"}, "div": {"aria-label"}}
VALUES = {"div": {"role": {"note", "region"}, "tabindex": {"0"}}, "th": {"scope": {"col"}}}
CLASSES = {
    "ul": {"tirets"},
    "dl": {"dl"},
    "div": {"note", "encadre", "defile"},
    "span": {"discret"},
    "table": {"tableau"},
    "td": {"num"},
    "th": {"num"},
}
IMAGE = {"img": {"src", "alt", "loading"}}
SCHEMES = {"http", "https", "mailto"}

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
NAMED_ID = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]*)\}\s*$")
LINES = re.compile(r"\s*[\r\n]+\s*")
INSERTION = re.compile(r"\{([^{}\n]{1,60})\}")
DEFINITION = re.compile(r"^:\s+(?=\S)")


class TooLong(ValueError):
    """The text is longer than ``LONGEST``."""


@dataclass(frozen=True)
class Heading:
    """A part of the text. ``level``: 2 or 3."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Insertion:
    """What takes the place of a ``{name}``: safe HTML of ours. A block stands alone, in the place of a paragraph."""

    html: SafeString
    is_block: bool = False


@dataclass(frozen=True)
class Rendered:
    """Clean HTML, and what a caller may want to check. ``links``: their addresses, in order.

    ``unknown``: insertions that were asked for and not given. ``misplaced``: blocks asked for inside a paragraph.
    ``images``: the sources of images, shown or not.
    """

    html: SafeString
    headings: tuple[Heading, ...] = ()
    links: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


@dataclass
class _Asked:
    """What the caller gives, and what is noted on the way; markdown-it's ``env`` carries it to each rule."""

    insertions: Mapping[str, Insertion]
    taken: set[str]
    image_address: Callable[[str], str | None] | None
    headings: list = field(default_factory=list)
    links: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    misplaced: list = field(default_factory=list)
    images: list = field(default_factory=list)
    tables: int = 0


def render(
    markdown: str,
    *,
    insertions: Mapping[str, Insertion] | None = None,
    taken: Collection[str] = (),
    image_address: Callable[[str], str | None] | None = None,
) -> Rendered:
    """A whole text. Raises ``TooLong``.

    ``insertions``: by folded name (``text.fold``). ``taken``: ids that the page around already has. ``image_address``:
    from the source of an image to its address on the site, None when there is none; without it no image is shown, and
    its description stands in its place.
    """
    return _rendered(_parser().parse, markdown, _Asked(insertions or {}, {*taken}, image_address))


def render_line(markdown: str, *, insertions: Mapping[str, Insertion] | None = None) -> Rendered:
    """A message of one paragraph, without its ``<p>``: bold, italic, links and insertions. Raises ``TooLong``."""
    return _rendered(_parser().parseInline, LINES.sub(" ", markdown).strip(), _Asked(insertions or {}, set(), None))


def _rendered(parse, markdown, asked):
    if len(markdown) > LONGEST:
        raise TooLong(f"{len(markdown)} > {LONGEST}")
    env = {"asked": asked}
    tokens = parse(markdown, env)
    _dress(tokens, asked)
    parser = _parser()
    html = nh3.clean(
        parser.renderer.render(tokens, parser.options, env),
        tags=TAGS | {*IMAGE} if asked.image_address else TAGS,
        attributes=ATTRIBUTES | IMAGE if asked.image_address else ATTRIBUTES,
        tag_attribute_values=VALUES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    # Typography works on spaces, not on their names.
    html = mark_safe(html.replace("&nbsp;", "\N{NO-BREAK SPACE}"))
    noted = (asked.headings, asked.links, asked.unknown, asked.misplaced, asked.images)
    return Rendered(html, *map(tuple, noted))


@cache
def _parser():
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # An indent, a line of dashes or a line under another are accidents of typing: they stay text.
    parser.disable(["html_block", "html_inline", "code", "hr", "lheading"])
    parser.validateLink = is_allowed
    parser.core.ruler.before("inline", "named_ids", _named_ids)
    parser.core.ruler.before("inline", "definitions", _definitions)
    parser.inline.ruler.before("link", "insertion", _insertion)
    for name, rule in (("image", _image), ("insertion", _inserted), ("block_insertion", _inserted)):
        parser.add_render_rule(name, rule)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *given: "</table></div>\n")
    return parser


def is_allowed(address: str) -> bool:
    """Whether a link may lead there: a page of ours, http(s), a mail address."""
    if scheme := SCHEME.match(address):
        return scheme[1].lower() in SCHEMES
    return not re.match(r"[/\\]{2}", address)


# Reading: what our notations become


def _named_ids(state):
    """« ## Words {#id} » : the id goes to the heading, and leaves its words."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open" and (named := NAMED_ID.search(inline.content)):
            opening.attrSet("id", named[1])
            inline.content = inline.content[: named.start()]


def _definitions(state):
    """Paragraphs of terms and « : definitions » become a list; those that follow each other make one."""
    tokens, index = [], 0
    while index < len(state.tokens):
        token = state.tokens[index]
        pairs = _pairs(state.tokens[index + 1]) if token.type == "paragraph_open" else None
        if not pairs:
            tokens.append(token)
            index += 1
            continue
        if tokens and tokens[-1].type == "dl_close":
            tokens.pop()
        else:
            tokens.append(Token("dl_open", "dl", 1, attrs={"class": "dl"}, block=True))
        for tag, content in pairs:
            inline = Token("inline", "", 0, content=content, children=[], map=token.map)
            tokens += [Token(f"{tag}_open", tag, 1, block=True), inline, Token(f"{tag}_close", tag, -1, block=True)]
        tokens.append(Token("dl_close", "dl", -1, block=True))
        index += 3
    state.tokens[:] = tokens


def _pairs(inline):
    """[("dt", words), ("dd", words), …] when each line is a term followed by its definitions, else nothing."""
    pairs = []
    for line in inline.content.splitlines():
        said = DEFINITION.sub("", line)
        tag = "dt" if said == line else "dd"
        if tag == (pairs[-1][0] if pairs else "dd") == "dt" or (tag == "dd" and not pairs):
            return []
        pairs.append((tag, said))
    return pairs if pairs and pairs[-1][0] == "dd" else []


def _insertion(state, silent):
    if state.src[state.pos] != "{" or not (found := INSERTION.match(state.src, state.pos)):
        return False
    if not silent:
        state.push("insertion", "", 0).content = found[1]
    state.pos = found.end()
    return True


# Dressing: classes, ids, notes of what is there


def _dress(tokens, asked):
    is_first = True
    for index, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                _dress_heading(token, tokens[index + 1], tokens[index + 2], is_first, asked)
                is_first = False
            case "bullet_list_open":
                token.attrSet("class", "tirets")
            case "blockquote_open":
                _dress_box(token, tokens[index + 1 : index + 3])
            case "blockquote_close":
                token.tag = "div"
            case "th_open" | "td_open":
                _dress_cell(token)
            case "inline":
                _note(token, asked)
                if index and tokens[index - 1].type == "paragraph_open":
                    _lift(tokens[index - 1], token, tokens[index + 1], asked)
                asked.misplaced += [
                    child.content
                    for child in token.children
                    if child.type == "insertion" and _given(child, asked) and _given(child, asked).is_block
                ]


def _dress_heading(opening, inline, closing, is_first, asked):
    """Two levels under the title of the page, without a step left out; an id of its own."""
    level = 2 if is_first else min(max(int(opening.tag[1]), 2), 3)
    opening.tag = closing.tag = f"h{level}"
    text = _words(inline, asked)
    identity = opening.attrGet("id") or "-".join(fold(text).split())[:LONGEST_ID].rstrip("-") or "partie"
    number, unique = 1, identity
    while unique in asked.taken:
        number += 1
        unique = f"{identity}-{number}"
    asked.taken.add(unique)
    opening.attrSet("id", unique)
    asked.headings.append(Heading(level, unique, text))


def _dress_box(opening, beginning):
    """Bold at its beginning: a box in the text; else a note."""
    opening.tag = "div"
    inline = beginning[-1]
    # Nothing but an empty text comes before what begins a line.
    first = next((child for child in inline.children or () if child.type != "text" or child.content), None)
    if first and first.type == "strong_open":
        opening.attrSet("class", "encadre")
    else:
        opening.attrs = {"role": "note", "class": "note"}


def _dress_cell(token):
    style = token.attrs.pop("style", "")
    if token.tag == "th":
        token.attrSet("scope", "col")
    if "right" in style:
        token.attrSet("class", "num")


def _lift(opening, inline, closing, asked):
    """A block alone in its paragraph takes its place."""
    children = [child for child in inline.children if child.type != "text" or child.content.strip()]
    if len(children) == 1 and children[0].type == "insertion":
        given = _given(children[0], asked)
        if given and given.is_block:
            opening.hidden = closing.hidden = True
            children[0].type = "block_insertion"


def _note(inline, asked):
    for child in inline.children:
        if child.type == "link_open":
            asked.links.append(child.attrGet("href"))
        elif child.type == "image":
            asked.images.append(child.attrGet("src"))
        elif child.type == "insertion" and not _given(child, asked):
            asked.unknown.append(child.content)


def _given(token, asked):
    return asked.insertions.get(fold(token.content))


def _words(inline, asked):
    """The text of a heading, without marks."""
    said = []
    for child in inline.children:
        if child.type == "insertion":
            given = _given(child, asked)
            said.append(unescape(re.sub(r"<[^>]*>", "", given.html)) if given else f"{{{child.content}}}")
        elif child.type == "softbreak":
            said.append(" ")
        else:
            said.append(child.content)
    return "".join(said)


# Writing


def _inserted(renderer, tokens, index, options, env):
    given = _given(tokens[index], env["asked"])
    return given.html if given else escape(f"{{{tokens[index].content}}}")


def _image(renderer, tokens, index, options, env):
    token, find = tokens[index], env["asked"].image_address
    told = renderer.renderInlineAsText(token.children, options, env)
    address = find(token.attrGet("src")) if find else None
    return f'<img src="{escape(address)}" alt="{escape(told)}" loading="lazy">' if address else escape(told)


def _table_open(renderer, tokens, index, options, env):
    """A table scrolls in a box of its own; the box is named by the heads of its columns."""
    asked = env["asked"]
    asked.tables += 1
    end = next(place for place in range(index, len(tokens)) if tokens[place].type == "thead_close")
    heads = [_words(token, asked) for token in tokens[index:end] if token.type == "inline"]
    name = escape(f"Tableau {asked.tables}\N{NO-BREAK SPACE}: {', '.join(filter(None, heads))}")
    return f'<div class="defile" role="region" tabindex="0" aria-label="{name}"><table class="tableau">\n'
