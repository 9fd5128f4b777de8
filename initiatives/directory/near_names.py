"""Names that are nearly what somebody typed, for when nothing is found: « recyclodrom » is nearly « Recyclodrome »."""

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from initiatives.text import fold, sort_key

NEAR = 75  # of 100: one letter wrong in a word of five, two in one of nine
SHORTEST = 3


def nearest(words: str, names, limit: int = 10) -> list:
    """The keys of the names that bear nearly each of these words, or nearly the whole of them, the nearest first.

    ``names``: pairs (key, name).
    """
    typed = [word for word in fold(words).split() if len(word) >= SHORTEST]
    if not typed:
        return []
    names = dict(names)
    inside = {key: fold(name).split() for key, name in names.items()}
    known = list({word for found in inside.values() for word in found})
    scores = [dict(_near(word, known)) for word in typed]
    whole = dict(_near(sort_key(words), {key: sort_key(name) for key, name in names.items()}))
    near = {}
    for key, found in inside.items():
        by_word = [max((score.get(word, 0) for word in found), default=0) for score in scores]
        if score := max(whole.get(key, 0), sum(by_word) / len(typed) if all(by_word) else 0):
            near[key] = score
    return sorted(near, key=lambda key: (-near[key], fold(names[key])))[:limit]


def _near(words, choices):
    """(key, score) of the choices near these words; a list is its own keys."""
    found = extract(words, choices, scorer=ratio, score_cutoff=NEAR, limit=None)
    return [(choice if isinstance(choices, list) else key, score) for choice, score, key in found]
