"""« Aide »: the staff's handbook, ``docs/manuel-equipe.md``, as a page of the desk; each page leads to its chapter."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from PIL import Image

from initiatives.markdown import Heading, render

SOURCE = settings.BASE_DIR / "docs" / "manuel-equipe.md"
# The folder of its pictures, as the handbook names it from where it stands.
STATIC = "../static/"

# Page of the desk → chapter. The pages of a noun that are not named here lead to the chapter of the noun.
PAGES = {
    "undelivered": "les-messages-non-remis",
    "search_misses": "les-recherches-et-les-synonymes",
    "index": "la-page-d-accueil",
    "attention": "ce-qui-demande-attention",
    "attention_list": "ce-qui-demande-attention",
    "quick_entry": "la-saisie-rapide",
    "moderation": "lire-la-file",
    "moderation_item": "la-file-de-moderation",
    "moderation_preview": "la-file-de-moderation",
    "moderation_embedded": "la-file-de-moderation",
    "on_behalf": "saisir-pour-quelqu-un",
    "invite": "inviter-un-porteur",
    "password_change": "changer-de-mot-de-passe",
    "password_change_done": "changer-de-mot-de-passe",
}
LISTS = {"liens-morts": "les-liens-morts", "financements-a-verifier": "les-financements"}
ENDS = {
    "owners": "reconnaitre-un-porteur",
    "history": "lire-l-historique",
    "merge": "fusionner-deux-fiches",
    "delete": "ce-qu-il-ne-faut-pas-faire",
    "preview": "relire",
}
NOUNS = {
    "initiative": "completer-une-fiche",
    "actor": "les-acteurs",
    "fundingsource": "les-financements",
    "territory": "les-territoires",
    "theme": "les-themes-et-les-publics",
    "audience": "les-themes-et-les-publics",
    "label": "les-acteurs",
    "synonym": "les-recherches-et-les-synonymes",
    "replytemplate": "repondre",
    "moderationrules": "repondre",
    "editorialtext": "les-textes-du-site",
    "user": "les-comptes-et-les-droits",
}


@dataclass(frozen=True)
class Chapter:
    """A part of the handbook, with its tasks."""

    heading: Heading
    tasks: tuple[Heading, ...]


@dataclass(frozen=True)
class Handbook:
    """``html``: all but the title. ``links``: the addresses in it. ``images``: as the source names them."""

    title: str
    html: SafeString
    headings: tuple[Heading, ...]
    links: tuple[str, ...]
    images: tuple[str, ...]

    def chapters(self) -> list[Chapter]:
        starts = [place for place, heading in enumerate(self.headings) if heading.level == 2]
        ends = [*starts[1:], len(self.headings)]
        return [
            Chapter(self.headings[start], self.headings[start + 1 : end])
            for start, end in zip(starts, ends, strict=True)
        ]


@cache
def handbook() -> Handbook:
    """Read and rendered once: it changes with the code only."""
    title, _, text = SOURCE.read_text().partition("\n")
    sizes = {}

    def address_of(source):
        """None for a picture that is not there: its description stands in its place."""
        path = source.removeprefix(STATIC)
        if not (settings.BASE_DIR / "static" / path).is_file():
            return None
        with Image.open(settings.BASE_DIR / "static" / path) as picture:
            sizes[static(path)] = picture.size
        return static(path)

    # The page has a title, and places of its own.
    rendered = render(text, taken=["contents-title"], image_address=address_of)
    html = mark_safe(re.sub(r'<img src="([^"]+)"', lambda found: _sized(found, sizes), rendered.html))
    return Handbook(title.removeprefix("# "), html, rendered.headings, rendered.links, rendered.images)


def _sized(found, sizes):
    """An image with its size, so that nothing moves under the eyes when it comes."""
    width, height = sizes[found[1]]
    return f'{found[0]} width="{width}" height="{height}"'


@require_safe
def page(request, site):
    """The whole handbook, with its contents."""
    text = handbook()
    context = site.each_context(request) | {"title": text.title, "chapters": text.chapters(), "html": text.html}
    return TemplateResponse(request, "admin/help.html", context)


def address_for(request) -> str:
    """Of the chapter about the page that is asked, or of the handbook."""
    match = request.resolver_match
    chapter = _chapter_of(match.url_name or "", match.kwargs) if match else ""
    return reverse("admin:help") + (f"#{chapter}" if chapter else "")


def _chapter_of(name, arguments):
    if chapter := LISTS.get(arguments.get("slug")) or PAGES.get(name):
        return chapter
    _, _, of_noun = name.partition("_")
    noun, _, end = of_noun.partition("_")
    if (noun, end) == ("initiative", "changelist"):
        return "retrouver-une-fiche"
    return ENDS.get(end) or NOUNS.get(noun, "") if noun in NOUNS else ""
