"""How alike two names are, word by word: pure functions, for the rule of likely duplicates.

A name is read as its folded words, in the singular, without the small ones. A word that tells a kind of thing
(« épicerie », « solidaire ») weighs less than one that few things bear. A number that one name has and not the other
tells two things apart. What says where (« Marseille », « 05 ») is forgotten when the other thing is there.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from initiatives.text import fold, sort_key

SMALL_WORDS = """
a ami asso association au aux avec by c ce chez d dans de des du en et l la le les n ou par pour s sous sur the un une y
"""
# In the singular, as words are compared.
KIND_WORDS = """
accompagnement action agglomeration aide alimentaire alimentation amap appel atelier bio biocoop boutique bureau cafe
cantine capital ccas centrale centre chantier citoyen citoyenne club collectif communaute comptoir conciergerie coop
cooperatif cooperative cuisine culture culturel culturelle defi developpement dispositif durable eco ecole ecolieu
economie emploi energie entraide entreprise epicerie espace ess fabrique federation ferme festival fond fondation
formation foyer friche garage groupe groupement habitat hameau incubateur innovation insertion itinerant itinerante
jardin jeune laboratoire lieu local locale logement maison metropole mobile mobilite monnaie mutuelle numerique
observatoire paca partage partagee participatif participative plateforme pole pret prix programme projet quartier
recherche recyclerie regie region regional regionale reseau ressource ressourcerie restaurant restaurante rural rurale
sante scic scop service social sociale societe solidaire solidarite sud syndicat territoire territorial territoriale
tier trophee union universite urbain urbaine ville
"""
SMALL, KINDS = frozenset(SMALL_WORDS.split()), frozenset(KIND_WORDS.split())
KIND_WEIGHT = 0.35
PHRASES = {
    "provence alpes cote d azur": "paca",
    "region sud": "paca",
    "region paca": "paca",
    "centre communal d action sociale": "ccas",
    "economie sociale et solidaire": "ess",
}
SAME_WORD = {"st": "saint", "ste": "sainte", "mairie": "ville", "commune": "ville"}
# What is written in several ways, and how it sounds.
SOUNDS = (
    (r"ph", "f"),
    (r"ch", "5"),
    (r"c(?=[eiy])", "s"),
    (r"qu|ck|c|q", "k"),
    (r"g(?=[eiy])", "j"),
    (r"y", "i"),
    (r"h", ""),
    (r"eau|au", "o"),
    (r"z", "s"),
    (r"(.)\1", r"\1"),
    (r"(?<=..)e$", ""),
)
PARENTHESIS, SUBTITLE = re.compile(r"\(([^()]*)\)"), re.compile(r"(?:,|\s[:–—-]\s).*")

# From them, two names are said to be the same, or near.
SAME, NEAR = 0.99, 0.8
CONTAINED, CONTAINED_WITH_KINDS, SAME_INITIALS = 0.75, 0.82, 0.9
# Names whose numbers differ are never near; a name without its subtitle is never quite the same.
OTHER_NUMBER, WITHOUT_SUBTITLE = 0.7, 0.95


@dataclass(frozen=True)
class NameLikeness:
    """``score``: from 0 to 1. ``reason``: a few words. ``weight``: of the words that both names have."""

    score: float
    reason: str
    weight: float

    @property
    def is_same(self):
        return self.score > SAME


def compare_names(first, second, *, first_places=(), second_places=(), acronyms=("", "")) -> NameLikeness:
    """How alike two names are. ``…_places``: the words that say where each thing is, as ``name_words`` gives them."""
    best = NameLikeness(0, "", 0)
    said = {word for place in (*first_places, *second_places) for word in place}
    for one, other, share in _readings(first, second):
        one_words, other_words = name_words(one), name_words(other)
        bare = (
            _without_place(one_words, other_words, second_places),
            _without_place(other_words, one_words, first_places),
        )
        for words in {(one_words, other_words), bare}:  # one reading, when nothing says where
            best = max(best, _compare_words(*words, said, share), key=lambda item: item.score)
    if best.score < SAME_INITIALS and _share_an_acronym(first, second, acronyms):
        return NameLikeness(SAME_INITIALS, "même sigle", 1)
    return best


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """The words that tell a name from others, in its order."""
    folded = f" {fold(name)} "
    for phrase, word in PHRASES.items():
        folded = folded.replace(f" {phrase} ", f" {word} ")
    words = [SAME_WORD.get(word, word) for word in re.findall(r"[^\W\d_]+|\d+", folded)]
    return tuple(_singular(word) for word in words if word not in SMALL) or tuple(words)


@lru_cache(maxsize=8192)
def initials(name: str) -> set[str]:
    """The acronyms that its words may make: « association d’aide aux jeunes travailleurs » is « aajt » or « ajt »."""
    words = [word for word in fold(name).split() if len(word) > 3 or word not in SMALL]
    shorter = [word for word in words if word not in SMALL]
    return {"".join(word[0] for word in some) for some in (words, shorter) if len(some) > 2}


@lru_cache(maxsize=8192)
def acronyms_in(name: str) -> set[str]:
    """Those that it gives itself: « Fonds européen de développement régional (Feder) »."""
    return {fold(inside) for inside in PARENTHESIS.findall(name) if fold(inside).isalpha()}


def pieces(word: str) -> set[str]:
    """What one of two spellings of a word has in common with the other: either end, or what it stands for."""
    size = min(max(3, len(word) // 2), 6)
    phrases = {sort_key(phrase) for phrase, short in PHRASES.items() if short == word}
    return {word[:size], word[-size:], *phrases}


def _readings(first, second):
    """The two names; then one of them without its subtitle."""
    yield first, second, 1
    for short in _shorter(first):
        yield short, second, WITHOUT_SUBTITLE
    for short in _shorter(second):
        yield first, short, WITHOUT_SUBTITLE


@lru_cache(maxsize=8192)
def _shorter(name):
    """Without what stands between parentheses, or after a comma, a colon or a dash."""
    return {PARENTHESIS.sub("", name), SUBTITLE.sub("", name)} - {name}


def _compare_words(first, second, said, share):
    """``said``: words that say where, which weigh no more than a kind."""
    pairs, alone, others = _match(first, second)
    weighed = [(likeness, (_weight(some, said) + _weight(more, said)) / 2) for some, more, likeness in pairs]
    matched = sum(likeness * weight for likeness, weight in weighed)
    weight = sum(weight for _, weight in weighed)
    total = (_weight(first, said) + _weight(second, said)) / 2
    score = share * matched / total if total else 0
    own_words_agree = any(weight > KIND_WEIGHT for _, weight in weighed)
    if any(word.isdigit() for word in (*alone, *others)):
        return NameLikeness(min(score, OTHER_NUMBER), "", weight)
    if own_words_agree and not (alone and others):
        extra_kinds_only = {*alone, *others} <= KINDS
        score = max(score, share * (CONTAINED_WITH_KINDS if extra_kinds_only else CONTAINED))
        return NameLikeness(score, _said(score) or "un nom contient l’autre", weight)
    return NameLikeness(score, _said(score), weight)


def _said(score):
    return "même nom" if score > SAME else "nom proche" if score >= NEAR else ""


def _match(first, second):
    """(alike words with their likeness, words of the first left alone, words of the second left alone)."""
    pairs, alone, others = [], [], list(second)
    for word in first:
        if word in others:
            others.remove(word)
            pairs.append(((word,), (word,), 1))
        else:
            alone.append(word)
    for step in (_in_two_words, _with_a_mistake, _by_initials):
        for some, more, likeness in step(alone, others) if alone and others else ():
            pairs.append((some, more, likeness))
            alone = [word for word in alone if word not in some and word not in more]
            others = [word for word in others if word not in some and word not in more]
    return pairs, alone, others


def _in_two_words(alone, others):
    """« Tri Logik », « Trilogik »."""
    for words, singles in ((alone, others), (others, alone)):
        for two in pairwise(words):
            for word in singles:
                if likeness := _likeness("".join(two), word):
                    return [(two, (word,), likeness)]
    return []


def _with_a_mistake(alone, others):
    """« Habeilles », « Abeilles »."""
    found = sorted(((_likeness(one, other), one, other) for one in alone for other in others), reverse=True)
    seen = set()
    for likeness, one, other in found:
        if likeness and one not in seen and other not in seen:
            seen |= {one, other}
            yield (one,), (other,), likeness


def _by_initials(alone, others):
    """« Fonds social européen », « FSE »."""
    for words, singles in ((alone, others), (others, alone)):
        if len(words) > 2 and "".join(word[0] for word in words) in singles:
            return [(tuple(words), ("".join(word[0] for word in words),), 1)]
    return []


def _likeness(one, other):
    """Of two words, 0 unless one may be the other with a mistake or two."""
    if min(len(one), len(other)) < 4 or not (one + other).isalpha():
        return 0
    if _sound(one) == _sound(other):
        return 0.95
    likeness = ratio(one, other) / 100
    wanted = 0.9 if (one in KINDS) != (other in KINDS) else 0.8 if one[0] == other[0] else 0.88
    return likeness if likeness >= wanted else 0


@lru_cache(maxsize=8192)
def _sound(word):
    """Roughly how a French word sounds: « fabrique » and « fabrik », « Lucisol » and « Lussisol »."""
    for written, heard in SOUNDS:
        word = re.sub(written, heard, word)
    return word


def _weight(words, said):
    return sum(KIND_WEIGHT if word in KINDS or word in said else 1 for word in words)


def _without_place(words, other, places):
    """``words`` without what says where the other thing is, unless it says it too, or nothing would be left."""
    for place in places:
        if set(place) <= set(words) and not set(place) & set(other):
            words = tuple(word for word in words if word not in place) or words
    return words


def _share_an_acronym(first, second, acronyms):
    known_as = [
        acronyms_in(name) | ({_plain(acronym)} - {""}) for name, acronym in zip((first, second), acronyms, strict=True)
    ]
    return bool(
        known_as[0] & known_as[1]
        or _plain(first) in known_as[1] | initials(second)
        or _plain(second) in known_as[0] | initials(first)
    )


_plain = lru_cache(maxsize=8192)(fold)


def _singular(word):
    if word in KINDS:
        return word
    if len(word) > 4 and word.endswith("aux") and word[-4] != "e":
        return f"{word[:-3]}al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
