"""The texts that the team writes itself: which there are, where they show, what they say until somebody changes them.

A text is a row of ``EditorialText``; without a row, the page says what its file in ``fixtures/content/texts`` says. A
page asks the database once for its text and the notice that stands on top of every page (``words_of``).
"""

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from json import dumps
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from initiatives.directory.insertions import INSERTIONS
from initiatives.markdown import INSERTION, Insertion, Rendered, render, render_line
from initiatives.models import EditorialText
from initiatives.text import fold

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "content" / "texts"
# Ids that the page around a text already has.
TAKEN = {"contenu", "dans-cette-page", "pied-chercher", "pied-comprendre", "pied-participer"}
TAKEN |= {"recherche", "t-parametres", "donnees-ouvertes", "colonnes", "t-colonnes"}


@dataclass(frozen=True)
class Words:
    """What a text says. ``body``: in Markdown. A message has no lead, and its title is only its name."""

    title: str
    lead: str = ""
    body: str = ""

    @property
    def fingerprint(self) -> str:
        return sha256(dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Text:
    """One of our texts. ``name``: what the team calls it. ``shown``: where, in words; ``route`` and ``query``: there.

    A page also has a ``description``, which search engines show. ``parts``: those to which other pages lead.
    """

    key: str
    name: str
    shown: str
    route: str
    query: str = ""
    is_page: bool = False
    description: str = ""
    parts: tuple[str, ...] = ()
    may_be_empty: bool = False
    longest: int = 600  # characters of its body

    @property
    def address(self) -> str:
        return reverse(self.route) + self.query


def _page(key, name, route, description, parts=()):
    shown = "page entière"
    return Text(key, name, shown, route, is_page=True, description=description, parts=parts, longest=40_000)


TEXTS = {
    text.key: text
    for text in (
        _page(
            "charte",
            "La charte",
            "charter",
            "Ce qui entre dans l’annuaire, ce qui n’y entre pas, et comment une fiche vit : les règles d’InnovGuide.",
        ),
        _page(
            "methode",
            "La méthode",
            "method",
            "D’où viennent les fiches d’InnovGuide, ce qui est un fait, ce qui est notre lecture, comment les nombres "
            "sont comptés et comment citer l’annuaire.",
            parts=("ordre", "une", "cartes"),
        ),
        _page(
            "contact",
            "Nous écrire",
            "contact",
            "Proposer une initiative, corriger une fiche, demander un retrait, signaler une difficulté : écrire à "
            "l’équipe d’InnovGuide.",
        ),
        _page(
            "donnees-personnelles",
            "Données personnelles",
            "privacy",
            "Ce qu’InnovGuide sait de vous (presque rien), pourquoi, combien de temps, et vos droits.",
        ),
        _page(
            "accessibilite",
            "Accessibilité : non conforme",
            "accessibility",
            "La déclaration d’accessibilité d’InnovGuide : son état, ce que nous vérifions, et à qui s’adresser.",
        ),
        Text("bandeau", "Bandeau", "en haut de toutes les pages, tant qu’il n’est pas vide", "home", may_be_empty=True),
        Text("accueil", "Phrase de l’accueil", "sous le grand titre de l’accueil", "home"),
        Text(
            "recherche-vide",
            "Recherche sans résultat",
            "quand aucune initiative ne répond à une recherche",
            "initiatives",
            query="?q=introuvable",
        ),
    )
}
NOTICE = "bandeau"


# What they say


def read_file(path: Path) -> Words:
    """A default text: its title and lead in TOML between two lines « +++ », then its body. Raises ``ValueError``."""
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    return Words(**tomllib.loads(head), body=body.strip())


@cache
def default_of(key: str) -> Words:
    """What a text says while nobody has changed it."""
    return read_file(FOLDER / f"{key}.md")


def words_in(row: EditorialText) -> Words:
    return Words(row.title, row.lead, row.body)


def is_default(row: EditorialText) -> bool:
    """Whether it says what was loaded: nobody has changed it, or somebody brought it back."""
    return words_in(row).fingerprint == row.loaded_fingerprint


def words_of(request, *keys: str) -> list[Words]:
    """What these texts say now. One query for a page, the notice included, however many times it is asked."""
    known = request.__dict__.setdefault("editorial_words", {})
    if wanted := {*keys, NOTICE} - {*known}:
        rows = EditorialText.objects.filter(key__in=wanted).order_by().values_list("key", "title", "lead", "body")
        known |= {key: default_of(key) for key in wanted} | {key: Words(*said) for key, *said in rows}
    return [known[key] for key in keys]


def say_instead(request, key: str, words: Words) -> None:
    """Have the page that answers ``request`` say these words, whatever is stored."""
    request.__dict__.setdefault("editorial_words", {})[key] = words


def message(request, key: str) -> SafeString:
    """What a message says now, in HTML; empty when it says nothing."""
    [words] = words_of(request, key)
    return render_words(key, words).html if words.body else SafeString()


def render_words(key: str, words: Words) -> Rendered:
    """The body of a text. Raises ``TooLong``."""
    asked = {fold(name) for name in INSERTION.findall(words.body)}
    insertions = {name: Insertion(made.make(), made.is_block) for name, made in INSERTIONS.items() if name in asked}
    if TEXTS[key].is_page:
        return render(words.body, insertions=insertions, taken=TAKEN)
    return render_line(words.body, insertions=insertions)
