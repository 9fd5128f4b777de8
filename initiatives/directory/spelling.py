"""« Vouliez-vous dire… » : for a word that nobody wrote, the nearest that somebody did, with its accents."""

from collections import Counter

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from initiatives.analysis import WORD, analyse_word
from initiatives.directory.postings import Postings
from initiatives.models import Initiative
from initiatives.models.search_text import BODY, links_of
from initiatives.words import Query, parse_query

SHORTEST = 3
LONG = 6  # letters from which a word may have two mistakes
MOST_COMPARED = 20
READ_FOR_ACCENTS = 5


def suggest_words(query: Query, vocabulary: Postings, synonyms=None) -> str:
    """The query, each of its words that no initiative holds replaced by the nearest; "" when that would find nothing.

    ``vocabulary``: the words of what is published. ``synonyms``: those that the query was read with.
    """
    replaced = {}
    for word in query.words:
        if any(all(any(vocabulary.find(group)) for group in way) for way in word.ways):
            continue
        for written in WORD.findall(word.typed):
            for part in analyse_word(written).parts:
                if part.stems and not vocabulary.holding(part.surface):
                    replaced[part.surface] = _nearest(part.surface, vocabulary)
    if not replaced or not all(replaced.values()):
        return ""
    accented = _as_written(set(replaced.values()), vocabulary)
    suggestion = _replace(query.text, {wrong: accented[right] for wrong, right in replaced.items()})
    return suggestion if vocabulary.match(parse_query(f"{suggestion} ", synonyms)).ids else ""


def _nearest(surface, vocabulary):
    """One mistake rather than two, seldom in the first letter; then what is written most."""
    if len(surface) < SHORTEST:
        return ""
    most = 2 if len(surface) >= LONG else 1
    near = []
    for length in range(len(surface) - most, len(surface) + most + 1):
        choices = vocabulary.of_length(length)
        near += extract(surface, choices, scorer=OSA.distance, score_cutoff=most, limit=MOST_COMPARED)
    near = [found for found in near if vocabulary.holding(found[0])]

    def rank(found):
        word, mistakes, _ = found
        return mistakes + (word[0] != surface[0]), -len(vocabulary.holding(word)), word

    return min(near, key=rank)[0] if near else ""


def _as_written(surfaces, vocabulary):
    """Folded word → the same as most fiches write it, among a few that hold it."""
    holding = {pk for surface in surfaces for pk in list(vocabulary.holding(surface))[:READ_FOR_ACCENTS]}
    texts = [name for names in links_of(holding).values() for name in names]
    for row in Initiative.objects.filter(pk__in=holding).values_list("name", "summary", *BODY):
        texts += row
    written = {surface: Counter() for surface in surfaces}
    for text in texts:
        for match in WORD.findall(text):
            for part in analyse_word(match).all:
                if part.surface in written:
                    written[part.surface][match[part.start : part.end].lower()] += 1
    return {surface: forms.most_common(1)[0][0] if forms else surface for surface, forms in written.items()}


def _replace(text, words):
    def corrected(match):
        pieces, done = [], 0
        for part in analyse_word(match[0]).parts:
            pieces += [match[0][done : part.start], words.get(part.surface, match[0][part.start : part.end])]
            done = part.end
        return "".join((*pieces, match[0][done:]))

    return WORD.sub(corrected, text)
