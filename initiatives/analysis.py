"""The one analysis of words, for both databases, the index and the pages: what is stored, asked and highlighted.

A word has a *surface*, folded (« Solidarités » is ``solidarites``), and *stems*, those of French: that of the word as
it is written, then folded, and that of the folded word, so that what is typed without accents meets what has them, both
ways (« solidarité » has ``solidar`` and ``solidarit``, « SOLIDARITE » has ``solidarit``). A compound word is its parts,
and the whole in one piece (« éco-construction »: ``eco``, ``construction``, ``ecoconstruction``).

Stored texts and queries are made of the same atoms: ``jardins``, a surface; ``=jardin``, a stem; ``jard*``, the
surfaces that begin so; ``jardins partages``, surfaces that follow each other.
"""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from initiatives.text import fold

# Raised when the analysis changes: stored texts are then made again.
ANALYSIS = 1

LONGEST_TOKEN = 40
# Of one field class: PostgreSQL counts 16 383 places, and 256 of each word; so neither database knows more.
MOST_WORDS, MOST_REPEATED = 2500, 60
BREAK = "|"  # stands between two fields, so that no phrase crosses

LETTERS = r"(?:[^\W_]++[\u0300-\u036f]*+)++"
GROUPED_NUMBER = r"\d{1,3}(?:[\u202f\u00a0]\d{3})+(?!\d)"
DOTTED_ACRONYM = r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"
HYPHENS, APOSTROPHES = r"\-‐‑·‧", "'’ʼ"
WORD = re.compile(rf"{GROUPED_NUMBER}|{DOTTED_ACRONYM}|{LETTERS}(?:[{APOSTROPHES}{HYPHENS}]{LETTERS})*")
PART = re.compile(f"[^{HYPHENS}]+")
ELIDED = re.compile(f"^(?:(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)[{APOSTROPHES}])+(?=.)", re.IGNORECASE)

# As they are written: « maïs » is not « mais ». Phrases keep them.
COMMON = """
a à afin ai ainsi alors après apres as au aucun aucune aussi autre autres aux avait avant avec avez avoir avons ayant
beaucoup c ça car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de des deçà
depuis dès donc dont du durant elle elles en encore entre es est et étaient était étant être etre eu eux il ils j je
jusque l la là le les leur leurs lors lorsque lui m ma mais me même mêmes meme memes mes moi moins mon n ne ni nos notre
nous on ont ou où par parce parmi pas pendant peu peut peuvent plus plusieurs pour pourquoi puis puisque qu quand que
quel quelle quelles quels qui quoi s sa sans se selon sera seront ses seulement si soi soit son sont sous suis sur t ta
te tel telle telles tels tes toi ton toujours tous tout toute toutes très tres trop tu un une vers via voici voilà vos
votre vous y
"""
STOP_WORDS = frozenset(COMMON.split())
# The plurals that the stemmer takes for other words: these, and below some of those in -s.
IN_X = (
    "adieu aveu bijou caillou cheveu chou dieu enjeu essieu feu genou hibou jeu joujou lieu milieu neveu pieu pou voeu"
)
PLURALS = {f"{singular}x": singular for singular in IN_X.split()} | {
    "baux": "bail",
    "coraux": "corail",
    "travaux": "travail",
    "vitraux": "vitrail",
    "yeux": "oeil",
}
PLURAL_IN_S = re.compile(r".{2,}[^s]s")

_stemmers = threading.local()


@dataclass(frozen=True)
class Part:
    """One word of a text: its surface, its stems (none for a stop word), and where it stands in what was read."""

    surface: str
    stems: tuple[str, ...]
    start: int
    end: int

    @property
    def plain_stem(self) -> str:
        """The stem of the folded word in the singular, that every text with this word holds; "" for a stop word."""
        return self.stems[0] if self.stems else ""


@dataclass(frozen=True)
class Analysed:
    """A word as it is written: its parts, and the whole of a compound (None for a simple word)."""

    parts: tuple[Part, ...]
    whole: Part | None

    @property
    def all(self) -> tuple[Part, ...]:
        return (*self.parts, self.whole) if self.whole else self.parts


@lru_cache(maxsize=2**12)
def analyse_word(written: str) -> Analysed:
    """What one match of ``WORD`` holds; the places are counted from its beginning."""
    parts = []
    for segment in PART.finditer(written):
        elided = ELIDED.match(segment[0])
        start = segment.start() + (elided.end() if elided else 0)
        if part := _part(written[start : segment.end()], start, segment.end()):
            parts.append(part)
    whole = None
    if len(parts) > 1:
        # Without what was elided, and in its own accents: it has its own stems.
        last = parts[-1]
        joined = "".join(written[part.start : part.end] for part in parts[:-1])
        joined += PLURALS.get(last.surface, written[last.start : last.end])
        whole = _part(joined, parts[0].start, parts[-1].end)
    return Analysed(tuple(parts), whole)


def _part(written, start, end):
    word = unicodedata.normalize("NFKC", written).casefold().replace("œ", "oe").replace("æ", "ae")
    word = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", word))[:LONGEST_TOKEN]
    surface = _folded(word)
    if not surface:
        return None
    return Part(surface, () if word in STOP_WORDS else _stems(word, surface), start, end)


def _stems(word, surface):
    found = [_folded(_stem(word)) or surface, _stem(surface)]
    if PLURAL_IN_S.fullmatch(surface):
        # « potagers » is also « potager », and « villageois » still meets « villageoise ».
        found.append(_stem(surface[:-1]))
    return tuple(dict.fromkeys(reversed(found)))


def _folded(word):
    return fold(word).replace(" ", "")[:LONGEST_TOKEN]


def _stem(word):
    if not hasattr(_stemmers, "french"):
        _stemmers.french = Stemmer.Stemmer("french", 0)  # one a thread: it is not safe to share
    return _stemmers.french.stemWord(PLURALS.get(word, word))


# What is stored


def stored(fields: Iterable[str]) -> str:
    """The atoms of the texts of one field class, separated by spaces: surfaces in their order, then the rest once."""
    sequence, others = [], {}
    for text in fields:
        for written in WORD.findall(text):
            surfaces, more = _atoms(written)
            sequence += surfaces
            others.update(more)
        sequence.append(BREAK)
        if len(sequence) > MOST_WORDS:
            break
    if len(sequence) > MOST_REPEATED:
        sequence = _bounded(sequence)
    return " ".join((*sequence, *others)) if others or any(atom != BREAK for atom in sequence) else ""


@lru_cache(maxsize=2**16)
def _atoms(written):
    word = analyse_word(written)
    others = {word.whole.surface: None} if word.whole else {}
    return tuple(part.surface for part in word.parts), others | {
        f"={stem}": None for part in word.all for stem in part.stems
    }


def _bounded(sequence):
    seen, kept = Counter(), []
    for surface in sequence[:MOST_WORDS]:
        seen[surface] += 1
        kept.append(surface if seen[surface] <= MOST_REPEATED else BREAK)
    return [*kept, BREAK]
