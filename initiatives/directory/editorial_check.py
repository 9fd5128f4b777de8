"""What keeps a text of the team from being saved: each thing in a sentence that says how to put it right."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import resolve

from initiatives.directory.editorial import TEXTS, Words, default_of, render_words, words_in
from initiatives.directory.insertions import INSERTIONS
from initiatives.directory.visitor import is_found
from initiatives.markdown import Rendered
from initiatives.models import EditorialText
from initiatives.text import grouped, typographic

LONGEST_LEAD = 600
TAG = re.compile(r"<(code|pre)>.*?</\1>|<[^>]*>", re.DOTALL)
# What is left of a link that was not understood.
BROKEN_LINK = re.compile(r"\[[^\]\n]*\]\([^)\n]*\)?")


def refusals(key: str, words: Words) -> list[tuple[str, str]]:
    """(field, sentence) for each thing to put right; nothing when the text can be shown."""
    return [(field, typographic(sentence)) for field, sentence in _refusals(TEXTS[key], words)]


def _refusals(text, words) -> Iterator[tuple[str, str]]:
    if len(words.lead) > LONGEST_LEAD:
        yield "lead", f"Ce chapô a {_signs(words.lead)} ; il en faut {LONGEST_LEAD} au plus."
    if len(words.body) > text.longest:
        yield "body", f"Ce texte a {_signs(words.body)} ; il en faut {grouped(str(text.longest))} au plus."
        return
    if not words.body.strip() and not text.may_be_empty:
        yield "body", "Ce texte ne peut pas être vide : écrivez-le, ou revenez au texte d’origine."
    rendered = render_words(text.key, words)
    for sentence in (*_insertions(rendered), *_parts(text, rendered), *_links(text, rendered)):
        yield "body", sentence


def _signs(said):
    return f"{grouped(str(len(said)))} signes"


def _insertions(rendered: Rendered):
    for name in dict.fromkeys(rendered.unknown):
        known = ", ".join(f"{{{insertion.name}}}" for insertion in INSERTIONS.values())
        yield f"« {{{name}}} » n’est pas une insertion connue. Il y a {known}."
    for name in dict.fromkeys(rendered.misplaced):
        yield f"« {{{name}}} » est un paragraphe entier : mettez-le seul, entre deux lignes vides, dans une page."
    if rendered.images:
        yield "Une image ne peut pas être mise dans ce texte : retirez « ! » et gardez un lien, ou décrivez-la."


def _parts(text, rendered: Rendered):
    there = {part.id for part in rendered.headings}
    for part in text.parts:
        if part not in there:
            yield f"D’autres pages mènent à la partie « {part} » : gardez un titre qui finit par {{#{part}}}."


def _links(text, rendered: Rendered):
    for broken in BROKEN_LINK.findall(TAG.sub("", rendered.html)):
        yield f"Le lien « {broken} » n’a pas été compris : il mène à une page du site, à https://… ou à mailto:…"
    page = urlsplit(text.address).path
    for link in dict.fromkeys(rendered.links):
        path, fragment = _internal(link, page)
        if path is None:
            continue
        if path != page and not is_found(path):
            hint = "" if link.startswith("/") else " Pour un autre site, commencez par https://."
            yield f"Le lien « {unquote(link)} » ne mène à aucune page publique du site.{hint}"
        elif fragment and not _has_part(path, fragment, page, rendered):
            yield f"Le lien « {unquote(link)} » mène à une partie qui n’existe pas."


def _internal(link, page):
    """(path, fragment) of a link to a page of ours, else (None, "")."""
    parts = urlsplit(urljoin(f"{settings.SITE_URL}{page}", link))
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return None, ""
    return unquote(parts.path) or "/", unquote(parts.fragment)


def _has_part(path, fragment, page, rendered) -> bool:
    """Whether a page that the team writes has this part; what the other pages have is not looked at."""
    if path == page:
        return fragment in {part.id for part in rendered.headings}
    route = resolve(path).url_name
    key = next((text.key for text in TEXTS.values() if text.is_page and text.route == route), None)
    if key is None:
        return True
    row = EditorialText.objects.filter(key=key).first()
    words = words_in(row) if row else default_of(key)
    return fragment in {part.id for part in render_words(key, words).headings}
