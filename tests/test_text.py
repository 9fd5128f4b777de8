"""Text without Django: folding for comparison, keys for order, French typography."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from initiatives.text import (
    NARROW,
    NO_BREAK,
    district_names,
    fold,
    fold_place,
    grouped,
    place_names,
    sort_key,
    typographic,
)

pytestmark = pytest.mark.once

# Texts that look like ours: what the rules speak of comes often, beside any other character.
PIECES = [*"«»\"'’“” :;!?(),.-€%\n\ufdd0", "km", "12", "000", "1234", "2018", "habitants", "l'eau", "&amp;"]
PIECES += ["https://exemple.fr/a?b=c:d", "x@exemple.fr"]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a slow machine proves nothing


def spaced(text):
    """``text`` whose ``_`` are narrow no-break spaces, and ``~`` no-break spaces."""
    return text.replace("_", NARROW).replace("~", NO_BREAK)


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇ", "aaaeeeeiioouuuyc"),
        ("àâäéèêëîïôöùûüÿç", "aaaeeeeiioouuuyc"),
        ("Œuvres et Ægagropiles, cœur et vitæ", "oeuvres et aegagropiles coeur et vitae"),
        ("e\u0301te\u0301", "ete"),  # accents typed apart from their letters
        ("Saint-Rémy-de-Provence", "saint remy de provence"),
        ("L’Isle–sur — la_Sorgue", "l isle sur la sorgue"),
        ("l'eau, l’eau", "l eau l eau"),
        ("  Des   espaces\u00a0\u202f\tet\ndes lignes  ", "des espaces et des lignes"),
        ("13e arrondissement (2 000 m²)", "13e arrondissement 2 000 m2"),
        ("ﬁnancement, n° 1er", "financement n 1er"),
        ("Marque™, ℡, Straße", "marquetm tel strasse"),
        ("« !? … »", ""),
        ("", ""),
    ],
)
def test_what_is_folded_keeps_only_plain_letters_and_digits(text, folded):
    assert fold(text) == folded


@unhurried
@given(st.text())
@example("℡ ™ Ⅻ ŉ ß İ")
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@unhurried
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzàâäéèêëîïôöùûüÿçœæ' -"))
def test_french_letters_fold_alike_in_either_case(text):
    assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [("L’Étang-Neuf", "letangneuf"), ("Œuvre n° 12", "oeuvren12"), ("Ça bâche !", "cabache"), ("…", "")],
)
def test_a_sort_key_is_made_of_letters_and_digits_only(name, key):
    assert sort_key(name) == key


def test_names_in_the_order_of_their_keys_are_in_the_order_of_a_french_index():
    names = ["Éco", "Les Éoliennes", "écaille", "Ebre", "Eau", "L’École", "Le Cœur"]

    assert sorted(names, key=sort_key) == ["Eau", "Ebre", "écaille", "Éco", "Le Cœur", "L’École", "Les Éoliennes"]


# Places, as people type them


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("St-Rémy", "saint remy"),
        ("Ste Tulle", "sainte tulle"),
        ("Pont-St-Esprit", "pont saint esprit"),
        ("Stes-Maries", "stes maries"),
        ("Istres", "istres"),
        ("Èze", "eze"),
    ],
)
def test_a_saint_may_be_shortened(words, folded):
    assert fold_place(words) == folded


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Arles", ["arles"]),
        ("À la Ciotat", ["a la ciotat", "la ciotat", "ciotat"]),
        ("dans l’Isère", ["dans l isere", "l isere", "isere"]),
        ("Les", ["les"]),
        ("Eau", ["eau"]),
        ("…", [""]),
    ],
)
def test_what_comes_before_the_name_of_a_place_is_set_aside(words, names):
    assert place_names(words) == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Marseille 3ème", ["marseille 3e arrondissement"]),
        ("le 1er arrondissement de Lyon", ["lyon 1er arrondissement"]),
        ("Paris 20", ["paris 20e arrondissement"]),
        ("Marseille 101", []),
        ("13", []),
        ("3e", []),
        ("arrondissement", []),
        ("13003", []),
    ],
)
def test_an_arrondissement_is_a_city_and_a_number(words, names):
    assert district_names(words) == names


def test_an_arrondissement_without_its_city_may_be_of_any_that_has_some():
    assert {"marseille 3e arrondissement", "lyon 3e arrondissement"} <= {*district_names("3e arrondissement")}


# Typography


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        # apostrophes
        ("L'atelier d'Arles, aujourd'hui", "L’atelier d’Arles, aujourd’hui"),
        # high punctuation
        ("Vous cherchez un local ?", "Vous cherchez un local_?"),
        ("Vous cherchez un local?", "Vous cherchez un local_?"),
        ("Quoi ?! Non !", "Quoi_?! Non_!"),
        ("Ouvert : le lundi ; le mardi", "Ouvert~: le lundi_; le mardi"),
        ("Ouvert: le lundi; le mardi", "Ouvert~: le lundi_; le mardi"),
        ("Trois lieux (Arles, Gap, Apt) :", "Trois lieux (Arles, Gap, Apt)~:"),
        ("Est-ce « un lieu »?", "Est-ce «_un lieu_»_?"),
        ("Une ligne ?\nUne autre !", "Une ligne_?\nUne autre_!"),
        # quotation marks
        ('CC Alpes-Provence-Verdon "Sources de lumière"', "CC Alpes-Provence-Verdon «_Sources de lumière_»"),
        ('"Un" et "deux"', "«_Un_» et «_deux_»"),
        ("«Collé» et « aéré »", "«_Collé_» et «_aéré_»"),
        (
            '« Un mot "rare" et un autre "rare" » et "hors d\'eux"',
            "«_Un mot “rare” et un autre “rare”_» et «_hors d’eux_»",
        ),
        ("« Un mot « rare » ici »", "«_Un mot «_rare_» ici_»"),
        ('Un écran de 24" et rien d’autre', 'Un écran de 24" et rien d’autre'),
        # units
        ("45% des 20€, 3,5 M€ et 12 ‰", "45~% des 20~€, 3,5~M€ et 12~‰"),
        ("à 12 km, 3 m², 40 ha, 5 kWh, 250 g et 8 h", "à 12~km, 3~m², 40~ha, 5~kWh, 250~g et 8~h"),
        ("à 5 km ; 100 % bio !", "à 5~km_; 100~% bio_!"),
        ("3 hommes, 2 tables et 1 gage", "3 hommes, 2 tables et 1 gage"),
        # numbers, when what they count is said
        ("12000 habitants, 20000 € et 1500,50 €", "12_000 habitants, 20_000~€ et 1_500,50~€"),
        ("1234567 euros", "1_234_567 euros"),
        ("12 000 personnes et 1 234 567 euros", "12_000 personnes et 1_234_567 euros"),
        ("2500 salariées, 3100 bénévoles", "2_500 salariées, 3_100 bénévoles"),
        ("2000 euros, 2000 €", "2_000 euros, 2_000~€"),
        ("800 repas par jour", "800 repas par jour"),
    ],
)
def test_a_sentence_is_set_as_a_french_printer_sets_it(typed, printed):
    assert typographic(typed) == spaced(printed)
    assert typographic(spaced(printed)) == spaced(printed)


@pytest.mark.parametrize(
    "text",
    [
        "Ouverte en 2015, fermée en 2019",
        "En 2018 habitants et élus se sont réunis",
        "13200 Arles, 83000 Toulon et 04300 Forcalquier",
        "Code Insee 13055, Siret 12345678900012, RNA W132001234",
        "04 91 00 00 00, +33 4 91 00 00 00, 0491000000",
        "Siret 123 456 789 00012",
        "Loi n° 2014-856 du 31 juillet 2014, article 15",
        "de 2015-2016 à 2019/2020",
        "Version 1.2.3, réf. A1234-5678 et B-12345",
        "à 12:30, ratio 3:4, score 12-10",
        "13e arrondissement, 1er étage, XIXe siècle, CO2",
        "de 12.345,67, réf. 12 3456 fiches",
        "https://exemple.fr/l'eau?q='12000-euros';page=2:3!",
        "www.exemple.fr/a?b=c; http://exemple.fr:8000/?",
        "ecrire+a.l-equipe@exemple.fr",
        "\n\n",
        "",
    ],
)
def test_what_is_no_sentence_is_left_alone(text):
    assert typographic(text) == text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Voir https://exemple.fr/l'eau : c'est là !", "Voir https://exemple.fr/l'eau~: c’est là_!"),
        ("L'adresse est « https://exemple.fr/?a=1 ».", "L’adresse est «_https://exemple.fr/?a=1_»."),
        ('Dites "www.exemple.fr", pas l\'autre', "Dites «_www.exemple.fr_», pas l’autre"),
        ("L'équipe (une-equipe.12@exemple.fr) ?", "L’équipe (une-equipe.12@exemple.fr)_?"),
    ],
)
def test_the_sentence_around_an_address_is_set_and_the_address_is_not(typed, printed):
    assert typographic(typed) == spaced(printed)


@unhurried
@given(texts)
@example('"«a"')
@example('« "a" » "b"')
@example('« "https://exemple.fr/" ?')
def test_a_text_that_is_set_is_left_as_it_is(text):
    once = typographic(text)

    assert typographic(once) == once


@unhurried
@given(texts)
def test_only_spaces_quotes_and_apostrophes_change(text):
    def words(text):
        return [char for char in text if not char.isspace() and char not in "\"«»“”'’"]

    assert words(typographic(text)) == words(text)


@pytest.mark.parametrize(
    ("digits", "printed"),
    [("", ""), ("7", "7"), ("999", "999"), ("1000", "1_000"), ("12345", "12_345"), ("1234567", "1_234_567")],
)
def test_digits_go_by_threes_from_the_right(digits, printed):
    assert grouped(digits) == spaced(printed)
