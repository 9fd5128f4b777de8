"""What people ask in words, and where a text answers: pure, made of the atoms of ``analysis.py``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from initiatives.analysis import WORD, analyse_word

LONGEST_QUERY, MOST_WORDS_ASKED = 200, 12
SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class Word:
    """Something asked: any of its ``ways`` will do.

    A way is groups that must all be found, a group is atoms of which any will do. The first way is what was typed.
    ``typed``: as it was. ``key``: its plain stems, by which synonyms know it.
    """

    typed: str
    ways: tuple[tuple[tuple[str, ...], ...], ...]
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """What a person asks in words. ``text``: what was read of it.

    ``prefix``: the beginning of a word with which it ends, "" for none. ``ignored``: the stop words. ``is_cut``: it was
    too long, and the rest was not read.
    """

    text: str = ""
    words: tuple[Word, ...] = ()
    phrases: tuple[Word, ...] = ()
    excluded: tuple[Word, ...] = ()
    prefix: str = ""
    ignored: tuple[str, ...] = ()
    is_cut: bool = False

    def __bool__(self):
        return bool(self.words or self.phrases or self.excluded)

    @property
    def wanted(self) -> tuple[Word, ...]:
        """All that a result must have."""
        return self.words + self.phrases

    @property
    def has_only_stop_words(self) -> bool:
        return bool(self.ignored) and not self


QUOTES = str.maketrans(dict.fromkeys("«»“”„", '"'))
ASKED = re.compile(r'(?<!\S)(-)?"([^"]*)"|"([^"]*)"|(?<!\S)(-)?([^\s"]+)|([^\s"]+)')


def parse_query(text: str, synonyms=None) -> Query:
    """What these words ask: ``"…"`` for a phrase, ``-`` before what is not wanted; the last word may be unfinished.

    ``synonyms``: see ``synonym_ways``. Any text is a query: what means nothing is left out, a long one is cut.
    """
    reading = _Reading(text[:LONGEST_QUERY], is_cut=len(text) > LONGEST_QUERY)
    for match in ASKED.finditer(reading.text):
        quoted = match[2] if match[2] is not None else match[3]
        if quoted is not None:
            reading.phrase(quoted, is_excluded=bool(match[1]))
        else:
            reading.chunk(match, 5 if match[5] is not None else 6, is_excluded=bool(match[4]))
    return Query(
        text=reading.text.strip(),
        words=_with_synonyms(reading.words, synonyms or {}),
        phrases=tuple(reading.phrases),
        excluded=tuple(reading.excluded),
        prefix=reading.prefix,
        ignored=tuple(reading.ignored),
        is_cut=reading.is_cut,
    )


class _Reading:
    """A query while it is being read: so many words, and no more."""

    def __init__(self, text, is_cut):
        self.text, self.is_cut = text.translate(QUOTES), is_cut
        self.words, self.phrases, self.excluded, self.ignored, self.prefix = [], [], [], [], ""
        self.left = MOST_WORDS_ASKED

    def phrase(self, quoted, is_excluded):
        found = [part.surface for written in WORD.findall(quoted) for part in analyse_word(written).parts]
        surfaces = found[: self.left]
        self.is_cut |= len(found) > self.left
        self.left -= len(surfaces)
        if surfaces:
            asked = Word(f'"{quoted.strip()}"', (((" ".join(surfaces),),),))
            (self.excluded if is_excluded else self.phrases).append(asked)

    def chunk(self, match, group, is_excluded):
        """What stands between two spaces: one word most often."""
        for found in WORD.finditer(match[group]):
            word, is_last = analyse_word(found[0]), match.start(group) + found.end() == len(self.text)
            if not any(part.stems for part in word.all):
                self.ignored.append(found[0])
            elif self.left == 0:
                self.is_cut = True
            elif is_excluded:
                self.left -= 1
                self.excluded.append(_excluded(found[0], word))
            else:
                self.left -= 1
                is_prefix = is_last and len(word.parts[-1].surface) >= SHORTEST_PREFIX
                self.prefix = word.parts[-1].surface if is_prefix else ""
                self.words.append(_asked(found[0], word, is_prefix))


def _asked(typed, word, is_prefix=False):
    """A compound may be written in one piece, or its parts may stand anywhere."""
    groups = [[f"={stem}" for stem in part.stems] for part in word.parts]
    if is_prefix:
        groups[-1].append(f"{word.parts[-1].surface}*")
    ways = [tuple(tuple(group) for group in groups if group)]
    if word.whole:
        whole = [f"={stem}" for stem in word.whole.stems] + ([f"{word.whole.surface}*"] if is_prefix else [])
        ways.append((tuple(whole),))
    key = tuple(part.plain_stem for part in word.parts if part.stems)
    return Word(typed, tuple(way for way in ways if way and all(way)), key)


def _excluded(typed, word):
    """A compound is excluded as such, not wherever its parts may stand."""
    if not word.whole:
        return _asked(typed, word)
    together = " ".join(part.surface for part in word.parts)
    return Word(typed, (((*(f"={stem}" for stem in word.whole.stems), together),),))


# Synonyms


def expression_key(expression: str) -> tuple[str, ...]:
    """By what an expression is known among synonyms: plain stems of its words, () when it has stop words only."""
    return tuple(stem for word in _expression(expression) for stem in word.key)


def synonym_ways(groups) -> dict:
    """Key of each expression → the ways of the others. ``groups``: lists of expressions that mean the same."""
    ways = {}
    for group in groups:
        known = [(expression_key(expression), _ways(_expression(expression))) for expression in group]
        for key, own in known:
            others = [way for other, found in known for way in found if other != key]
            ways.setdefault(key, []).extend(way for way in dict.fromkeys(others) if way not in own)
    return {key: tuple(dict.fromkeys(found)) for key, found in ways.items() if key and found}


def _expression(expression):
    words = [(written, analyse_word(written)) for written in WORD.findall(expression)]
    return [_asked(written, word) for written, word in words if any(part.stems for part in word.parts)]


def _ways(words):
    """The ways to find several words: all their groups; a compound alone has its own."""
    if len(words) == 1:
        return words[0].ways
    together = tuple(group for word in words for group in word.ways[0])
    return (together,) if together else ()


def _with_synonyms(words, synonyms):
    """The longest expressions first, from left to right; several words that are one expression become one."""
    longest = max(map(len, synonyms), default=0)
    found, at = [], 0
    while at < len(words):
        for end in range(min(len(words), at + longest), at, -1):
            others = synonyms.get(tuple(stem for word in words[at:end] for stem in word.key))
            if others:
                run = words[at:end]
                typed, key = " ".join(word.typed for word in run), tuple(stem for word in run for stem in word.key)
                found.append(Word(typed, tuple(dict.fromkeys((*_ways(run), *others))), key))
                at = end
                break
        else:
            found.append(words[at])
            at += 1
    return tuple(found)


# Where a text answers


def highlight(text: str, query: Query) -> list[tuple[str, bool]]:
    """``text`` in pieces, each with whether it is what the query found; joined, they are ``text``.

    Plain pieces: whoever shows them escapes them as any text.
    """
    shown = list(_parts(text))
    surfaces = [part.surface for part, is_whole in shown if not is_whole]
    spans = [(part.start, part.end) for part, _ in shown] if query.wanted else []
    simple = [span for span, (_, is_whole) in zip(spans, shown, strict=True) if not is_whole] if spans else []
    marked = []
    for word in query.wanted if spans else ():
        for number, way in enumerate(word.ways):
            found = [_spans(group, shown, spans, surfaces, simple) for group in way]
            # What was typed shows wherever it stands; several words that mean the same, only together.
            if number == 0 or all(found):
                marked += [span for spans_of_group in found for span in spans_of_group]
    return _pieces(text, sorted(marked))


def _parts(text) -> Iterator:
    for match in WORD.finditer(text):
        word = analyse_word(match[0])
        for part in word.all:
            placed = replace(part, start=match.start() + part.start, end=match.start() + part.end)
            yield placed, part is word.whole


def _spans(group, shown, spans, surfaces, simple):
    """Where a text holds any of these atoms."""
    stems = {atom[1:] for atom in group if atom.startswith("=")}
    prefixes = tuple(atom[:-1] for atom in group if atom.endswith("*"))
    phrases = [atom.split(" ") for atom in group if atom[0] != "=" and atom[-1] != "*"]
    found = [
        span
        for (part, _), span in zip(shown, spans, strict=True)
        if not stems.isdisjoint(part.stems) or (prefixes and part.surface.startswith(prefixes))
    ]
    for phrase in phrases:
        for at in range(len(surfaces) - len(phrase) + 1):
            if surfaces[at : at + len(phrase)] == phrase:
                found.append((simple[at][0], simple[at + len(phrase) - 1][1]))
    return found


def _pieces(text, spans):
    pieces, done = [], 0
    for start, end in spans:
        if end <= done:
            continue
        start = max(start, done)
        if start > done:
            pieces.append((text[done:start], False))
        if pieces and pieces[-1][1] and start == done:
            pieces[-1] = (pieces[-1][0] + text[start:end], True)
        else:
            pieces.append((text[start:end], True))
        done = end
    if done < len(text):
        pieces.append((text[done:], False))
    return pieces
