"""The vocabulary of the fiches of a load test: words of the field, then invented ones, drawn by Zipf's law."""

from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from django.conf import settings

FORMS = 30_000
# Zipf–Mandelbrot: the nth word comes as 1 / (n + 2.7); « de » makes some 3 % of a text, half of the forms are rare.
FLATTENED = 2.7

ONSETS, VOWELS, ENDINGS = (
    parts.split()
    for parts in (
        "b bl br c ch cl cr d dr f fl fr g gl gr j l m n p pl pr qu r s t tr v",
        "a a e é i i o o u ou an on in ai eu oi è ê î ô",
        "tion ment age erie eur euse ité ance ique isme iste able ade ette elle ois oise ier ière eau al ale ure el",
    )
)


@cache
def vocabulary():
    """(forms, their cumulated weights), from the most common to the rarest; a form may be a phrase of two words."""
    lines = (Path(settings.BASE_DIR) / "fixtures" / "seed" / "words.txt").read_text(encoding="utf-8").splitlines()
    forms = dict.fromkeys(line for line in lines if line and not line.startswith("#"))
    draw = Random("les mots inventés")
    while len(forms) < FORMS:
        forms.setdefault(_invented(draw))
    return [*forms], [*accumulate(1 / (rank + FLATTENED) for rank in range(1, FORMS + 1))]


@cache
def field_words():
    """The words of the field alone, for names: neither articles nor phrases."""
    forms, _ = vocabulary()
    return [form for form in forms[30:330] if len(form) > 5 and " " not in form and "’" not in form]


def some_words(draw: Random, count: int) -> list[str]:
    forms, weights = vocabulary()
    return draw.choices(forms, cum_weights=weights, k=count)


def sentences(words: list[str]) -> str:
    """These words as sentences of a dozen, with their capitals and full stops."""
    parts = [" ".join(words[start : start + 12]) for start in range(0, len(words), 12)]
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts)


def _invented(draw):
    syllables = "".join(draw.choice(ONSETS) + draw.choice(VOWELS) for _ in range(draw.randint(1, 3)))
    return syllables + draw.choice(ONSETS) + draw.choice(ENDINGS)
