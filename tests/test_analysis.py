"""How texts and queries are cut into words, surfaces and stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.analysis import LONGEST_TOKEN, MOST_REPEATED, MOST_WORDS, WORD, analyse_word, stored


def surfaces(text):
    return [part.surface for written in WORD.findall(text) for part in analyse_word(written).parts]


def stems(word):
    return {stem for written in WORD.findall(word) for part in analyse_word(written).all for stem in part.stems}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’atelier d'Arles", ["atelier", "arles"]),
        ("qu’on, jusqu'ici, lorsqu’il", ["on", "ici", "il"]),
        ("aujourd’hui", ["aujourdhui"]),
        ("Prud'hommes et entr’aide", ["prudhommes", "et", "entraide"]),
        ("main-d’œuvre", ["main", "oeuvre"]),
        ("Éco‑construction", ["eco", "construction"]),
        ("citoyen·ne·s", ["citoyen", "ne", "s"]),
        ("1\u202f000 m² en 2024", ["1000", "m2", "en", "2024"]),
        ("1 000", ["1", "000"]),
        ("la S.C.I.C. du lieu", ["la", "scic", "du", "lieu"]),
        ("cafe\u0301", ["cafe"]),
        ("ŒUVRE", ["oeuvre"]),
        ("tri – réemploi (et plus)", ["tri", "reemploi", "et", "plus"]),
        ("🌱 <b>vélo</b>", ["b", "velo", "b"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_folded_words(text, words):
    assert surfaces(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("solidarité", "solidarites"),
        ("solidarité", "SOLIDARITÉ"),
        ("solidarité", "SOLIDARITE"),
        ("vélo", "vélos"),
        ("ami", "amis"),
        ("potager", "potagers"),
        ("atelier", "ateliers"),
        ("tissu", "tissus"),
        ("lieu", "lieux"),
        ("travail", "travaux"),
        ("local", "locaux"),
        ("rénovée", "rénovation"),
        ("villageois", "villageoises"),
        ("éco-construction", "écoconstruction"),
        ("tiers-lieux", "tierslieu"),
        ("œuvre", "oeuvres"),
    ],
)
def test_words_of_one_kind_share_a_stem(one, other):
    assert stems(one) & stems(other)


@pytest.mark.parametrize(("one", "other"), [("maïs", "mai"), ("poste", "positif"), ("solidaire", "solide")])
def test_words_apart_share_none_that_matters(one, other):
    assert stems(one) != stems(other)


def test_a_stop_word_has_no_stem_and_keeps_its_place():
    assert stems("le") == stems("des") == set()
    assert stems("maïs")
    assert stored(["la ferme du pré"]).split(" | ")[0] == "la ferme du pre"


def test_what_is_stored_holds_surfaces_then_whole_compounds_and_stems_once():
    text = stored(["Éco-construction", "vélos, vélo"])

    assert text == "eco construction | velos velo | ecoconstruction =eco =construct =ecoconstruct =velo =velos"


def test_nothing_is_stored_of_nothing():
    assert stored([]) == stored(["", " – !"]) == ""


def test_what_is_stored_is_bounded():
    text = stored(["mot " * 5000, "après"])

    assert len(text.split()) <= MOST_WORDS + 10
    assert text.split().count("mot") == MOST_REPEATED
    assert max(map(len, stored(["x" * 500]).split())) == LONGEST_TOKEN + 1


@given(st.text())
def test_any_text_has_an_analysis_made_of_plain_atoms(text):
    atoms = stored([text]).split(" ")

    for atom in filter(None, atoms):
        assert atom == "|" or atom.removeprefix("=").isalnum()


@given(st.text(), st.text())
def test_words_are_the_same_whatever_stands_beside_them(before, after):
    words = {"vélo", "tiers-lieu"}

    atoms = set(stored([f"{before} vélo, tiers-lieu {after}"]).split())

    assert set(stored(words).split()) <= atoms


@given(st.text(min_size=1))
def test_the_case_never_counts(text):
    def plain(text):
        return set(surfaces(text))

    assert plain(text.lower()) == plain(text.lower().casefold())
