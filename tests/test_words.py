"""What people ask, and what is highlighted."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from initiatives.words import LONGEST_QUERY, MOST_WORDS_ASKED, expression_key, highlight, parse_query, synonym_ways

SYNONYMS = synonym_ways(
    [["ressourcerie", "recyclerie"], ["ESS", "économie sociale et solidaire"], ["jardin partagé", "jardin collectif"]]
)
HOSTILE = [
    "",
    '"',
    "-",
    "--",
    '-"',
    '"" ""',
    "NEAR(a b)",
    "name:vélo AND NOT *",
    "a' OR 1=1 --",
    "'; DROP TABLE initiatives_searchtext; --",
    "\0",
    "vélo\0cargo",
    "🌱🌱",
    "*" * 300,
    '"' * 301,
    "-" * 301,
    "a" * 10_000,
    "mot " * 3000,
    "\\ % _ & | ! ( ) <->",
    "\ud800",
    "é" * 250,
    "İstanbul ẞ ﬁn ½",
    "كلمة 漢字 ελλάδα",
]


def typed(words):
    return [word.typed for word in words]


def marked(text, asked, synonyms=None):
    return [piece for piece, is_match in highlight(text, parse_query(asked, synonyms)) if is_match]


def test_a_query_is_words_phrases_and_what_is_excluded():
    query = parse_query('Jardins "ferme du Pré" -vélo «\u202fà bras\u202f» -"trop cher" bio ')

    assert typed(query.words) == ["Jardins", "bio"]
    assert [word.ways for word in query.phrases] == [((("ferme du pre",),),), ((("a bras",),),)]
    assert typed(query.excluded) == ["vélo", '"trop cher"']
    assert not query.prefix
    assert not query.is_cut


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("jard", "jard"),
        ("vélo jard", "jard"),
        ("jard ", ""),
        ("vélo j", ""),
        ("vélo -jard", ""),
        ('"jard"', ""),
        ("tiers-li", "li"),
        ("l’atel", "atel"),
        ("jard!", ""),
        ("avec", ""),
    ],
)
def test_the_last_word_may_be_unfinished(text, prefix):
    assert parse_query(text).prefix == prefix


def test_a_query_of_stop_words_is_no_words_and_says_so():
    query = parse_query("le la des")

    assert not query
    assert query.has_only_stop_words
    assert query.ignored == ("le", "la", "des")
    assert not parse_query("").has_only_stop_words
    assert not parse_query("!?").has_only_stop_words


def test_a_dash_between_spaces_or_inside_a_word_excludes_nothing():
    assert parse_query("tri - réemploi, porte-à-porte").excluded == ()


def test_a_long_query_is_cut_and_says_so():
    long = parse_query("mots " * MOST_WORDS_ASKED + "toiture")
    wide = parse_query("a" * (LONGEST_QUERY + 1))

    assert len(long.words) == MOST_WORDS_ASKED
    assert long.is_cut
    assert wide.is_cut
    phrase = parse_query('"' + "x " * 30 + '" reste')
    assert phrase.is_cut
    assert not phrase.words


def test_words_of_one_group_of_synonyms_are_ways_of_one_word():
    (word,) = parse_query("Ressourceries ", SYNONYMS).words

    assert word.ways == ((("=ressourcer",),), (("=recycler",),))


def test_an_expression_of_several_words_is_known_whole_and_one_that_is_not_is_left():
    one = parse_query("l’économie sociale et solidaire locale ", SYNONYMS)
    other = parse_query("économie sociale ", SYNONYMS)

    assert len(one.words) == 2
    assert (("=ess",),) in one.words[0].ways
    assert len(other.words) == 2


def test_an_excluded_word_has_no_synonym():
    assert parse_query("-recyclerie", SYNONYMS).excluded[0].ways == ((("=recycler",),),)


def test_an_expression_is_known_by_its_stems():
    assert expression_key("Économies sociales, solidaires") == expression_key("economie sociale et solidaire")
    assert expression_key("le la") == ()


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("Les Vélos d’Arles", "velo ", ["Vélos"]),
        ("L’éco-construction", "construction ", ["construction"]),
        ("L’éco-construction", "écoconstruction ", ["éco-construction"]),
        ("L’ÉCO-CONSTRUCTION", "éco-construction ", ["ÉCO-CONSTRUCTION"]),
        ("Jardinage et jardins", "jard", ["Jardinage", "jardins"]),
        ("la ferme du pré, la ferme", '"ferme du pré"', ["ferme du pré"]),
        ("vélo", "-vélo", []),
        ("vélo", "", []),
        ("Une recyclerie", "ressourcerie ", ["recyclerie"]),
        ("économie verte", "ESS ", []),
        ("économie sociale, solidaire", "ESS ", ["économie", "sociale", "solidaire"]),
        ("économie verte", "économie sociale et solidaire ", ["économie"]),
        ("un, deux. Trois", '"deux trois"', ["deux. Trois"]),
        ("cafe\u0301 chaud", "café ", ["cafe\u0301"]),
    ],
)
def test_what_is_highlighted_is_what_the_search_matches(text, asked, found):
    assert marked(text, asked, SYNONYMS) == found


def test_markup_stays_text():
    pieces = highlight("<b>vélo</b>", parse_query("vélo b"))

    assert "".join(piece for piece, _ in pieces) == "<b>vélo</b>"
    assert all(isinstance(piece, str) and not hasattr(piece, "__html__") for piece, _ in pieces)


@given(st.text(), st.text())
def test_the_pieces_joined_are_the_text_and_none_is_empty(text, asked):
    pieces = highlight(text, parse_query(asked, SYNONYMS))

    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)
    assert all(one[1] != other[1] for one, other in zip(pieces, pieces[1:], strict=False))


@given(st.text())
@example("\ud800")
@example("-" + "a-" * 100)
def test_any_text_is_a_query_of_plain_atoms(text):
    query = parse_query(text, SYNONYMS)

    assert len(query.words) + len(query.excluded) <= MOST_WORDS_ASKED
    for word in query.wanted + query.excluded:
        assert word.ways
        for way in word.ways:
            for group in way:
                for atom in group:
                    plain = atom.removeprefix("=").removesuffix("*")
                    assert plain
                    assert all(surface.isalnum() for surface in plain.split(" "))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_read_like_others(text):
    query = parse_query(text, SYNONYMS)

    assert len(query.text) <= LONGEST_QUERY
    highlight(text, query)
