"""The same answers in the same order from SQLite, PostgreSQL and memory: a corpus, a list of queries, then any."""

from itertools import groupby

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.analysis import ANALYSIS, stored
from initiatives.directory import fulltext
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.postings import MOST_APART, Postings
from initiatives.directory.search import DatabaseSearch
from initiatives.models import ALL, Initiative, SearchText, record_change
from initiatives.models.search_text import CLASSES
from initiatives.words import parse_query, synonym_ways
from tests import factories
from tests.directory.naive import naive_match
from tests.test_words import HOSTILE

pytestmark = pytest.mark.django_db

SYNONYMS = synonym_ways(
    [["ressourcerie", "recyclerie"], ["ESS", "économie sociale et solidaire"], ["vélo", "bicyclette"]]
)
# name, summary, body, themes, actors, places
CORPUS = {
    "A": ("La Recyclerie du Pré", "Un atelier de réemploi à vélo.", "On y répare des bicyclettes.", "Réemploi", "", ""),
    "B": ("Jardins partagés", "Des potagers collectifs.", "L’éco-construction d’une serre.", "Jardins", "", ""),
    "C": ("L’Épicerie solidaire", "Des produits locaux, à petit prix.", "Solidarités rurales.", "", "Les Cabas", ""),
    "D": ("Vélo-cargo", "Livrer sans moteur.", "Deux tiers-lieux partagent les vélos.", "Mobilité", "", "Arles"),
    "E": ("Tiers-lieu de l’Étoile", "Un lieu pour tous.", "Au tiers de la ville.", "", "La Ruche", "Marseille"),
    "F": ("Maïs bio", "Une filière de semences paysannes.", "Mais aussi du blé.", "Agriculture", "", ""),
    "G": ("1 000 repas", "Cuisine de quartier en 2024.", "1\u202f000 repas par jour, 13e arrondissement.", "", "", ""),
    "H": ("Coopérative ESS", "L’économie sociale et solidaire.", "Statut de S.C.I.C.", "", "Scic L’ESS", ""),
    "I": ("Economie verte", "SOLIDARITE ET ECONOMIE SOCIALE", "La ferme du pré vert.", "Énergie", "", ""),
    "J": ("Écoconstruction", "Bâtir en paille.", "La ferme ; du pré aux murs.", "", "Bâtir", ""),
    "K": ("Citoyen·ne·s", "Le droit de cité.", "Prud’hommes et entr’aide.", "Droits", "", ""),
    "L": ("Amis des villageois", "Un habitat partagé.", "Un jardin, une épicerie et un vélo.", "Habitat", "", "Arles"),
}
# What is asked → what is found, in order; « / » where the relevance falls.
QUERIES = {
    "recyclerie ": "A",
    "ressourcerie ": "A",
    "ressourceries ": "A",
    "vélo ": "D / A / L",  # D: name; A: summary, bicyclette in its body; L: body
    "velo ": "D / A / L",
    "VÉLOS ": "D / A / L",
    "bicyclette ": "D / A / L",
    "vélos cargo ": "D",
    "vélo-cargo ": "D",
    "vélocargo ": "D",
    "-vélo ": "B C E F G H I J K",
    "-vélo -épicerie ": "B E F G H I J K",
    "jardin ": "B / L",
    "jardins partagés ": "B / L",
    "partagé jardin ": "B / L",
    "partagé ": "B / L",
    "éco-construction ": "J / B",
    "écoconstruction ": "J / B",
    "ecoconstruction ": "J / B",
    "construction ": "B",
    "tiers-lieu ": "E / D",
    "tiers lieux ": "E / D",
    "tierslieu ": "E / D",
    '"tiers-lieu" ': "E",
    '"tiers lieux" ': "D",
    "-tiers-lieu lieu ": "",
    "lieu ": "E / D",
    "lieu -ville ": "D",
    "solidarité ": "I / C",
    "solidarite ": "I / C",
    "SOLIDARITÉS ": "I / C",
    "solidaire ": "C / H",
    '"solidaire" ': "C / H",
    "solid": "C / H I",  # the beginning of a word
    "soli": "C / H I",
    "économie ": "I / H",
    "ESS ": "H",
    "ess ": "H",
    "économie sociale et solidaire ": "H",
    "économie sociale ": "I / H",
    '"économie sociale" ': "H I",
    '"sociale et solidaire" ': "H",
    '"ferme du pré" ': "I J",
    '"ferme du pré" -vert ': "J",
    '"du pré" ': "A / I J",
    "ferme pré ": "I J",
    "scic ": "H",
    "S.C.I.C. ": "H",
    "1000 ": "G",
    "1000 repas ": "G",
    "repas 2024 ": "G",
    "13": "G",
    "maïs ": "F",
    "mais ": "",
    "le la les ": "",
    "citoyennes ": "K",
    "citoyen ": "K",
    "prud'hommes ": "K",
    "entraide ": "K",
    "ami ": "L",
    "villageoise ": "L",
    "arles ": "D L",
    "vélo arles ": "D / L",
    "marseille ": "E",
    "ruche ": "E",
    "les cabas ": "C",
    "agriculture ": "F",
    "réemploi ": "A",
    "énergie verte ": "I",
    "répare ": "A",
    "semence paysanne ": "F",
    "local ": "C",
    "batir ": "J",
    "bâtir paille ": "J",
    "introuvable ": "",
    "vélo introuvable ": "",
    "-introuvable vélo ": "D / A / L",
    "épicerie ": "C / L",
    "epic": "C / L",
    "co": "H / B",
}


@pytest.fixture
def corpus(db):
    """Letter → key. Names are stored; each letter is also their order."""
    places = {name: factories.TerritoryFactory(name=name) for name in ("Arles", "Marseille")}
    keys = {}
    for letter, (name, summary, body, theme, actor, place) in CORPUS.items():
        fiche = factories.InitiativeFactory(
            name=name,
            summary=summary,
            response=body,
            published=True,
            slug=f"fiche-{letter.lower()}",
            themes=[factories.ThemeFactory(name=theme)] if theme else [],
            lead=factories.ActorFactory(name=actor, published=True) if actor else None,
            sites=[places[place]] if place else [],
        )
        keys[letter] = fiche.pk
        Initiative.objects.filter(pk=fiche.pk).update(sort_key=letter.lower())
    record_change(ALL)
    return keys


def told(matches, keys):
    """« A B / C »: the letters of each bucket."""
    letters = {pk: letter for letter, pk in keys.items()}
    buckets = [" ".join(sorted(letters[pk] for pk in bucket)) for bucket in matches.buckets]
    assert sorted(pk for bucket in matches.buckets for pk in bucket) == sorted(matches.ids)
    return " / ".join(buckets)


def test_each_query_finds_what_is_expected_in_order_in_the_database_and_in_memory(corpus):
    postings = Postings.build(fulltext.rows())
    wrong = {}
    for text, expected in QUERIES.items():
        query = parse_query(text, SYNONYMS)
        if not query:
            assert not expected, text
            continue
        answers = [told(source(query), corpus) for source in (fulltext.match, postings.match)]
        if answers != [expected, expected]:
            wrong[text] = answers
    assert wrong == {}


def test_the_order_is_by_relevance_then_by_name(corpus):
    letters = {pk: letter for letter, pk in corpus.items()}

    asked = InitiativeFilter(QueryDict("q=jardin"), Initiative.objects.published())

    assert [letters[pk] for pk in DatabaseSearch(asked).keys("pertinence", 0, 10)] == ["B", "L"]


def test_a_query_costs_one_question_whatever_it_holds(corpus):
    query = parse_query('vélo jardin -lieu "du pré" solid', SYNONYMS)
    postings = Postings.build(fulltext.rows())

    with CaptureQueriesContext(
        connection,
    ) as asked:
        fulltext.match(query)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        postings.match(query)
    assert len(asked) == 1  # the phrase
    with CaptureQueriesContext(connection) as asked:
        postings.match(parse_query('vélo "introuvable pré"'))
    assert len(asked) == 0


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_answered_like_others(corpus, text):
    postings = Postings.build(fulltext.rows())
    for asked in (text, f"{text} vélo", f"-{text}", f'"{text}"', f'"{text}'):
        query = parse_query(asked, SYNONYMS)
        assert fulltext.match(query).buckets == postings.match(query).buckets


def test_only_what_is_published_is_in_the_postings(corpus):
    Initiative.objects.filter(pk=corpus["A"]).update(status="archived")

    postings = Postings.build(fulltext.rows())

    assert corpus["A"] not in postings.ids
    assert set(postings.ids) == set(corpus.values()) - {corpus["A"]}
    assert corpus["A"] in fulltext.match(parse_query("recyclerie ")).ids


def test_a_snapshot_follows_what_changed_and_the_one_before_does_not_move(corpus):
    before = Postings.build(fulltext.rows())
    fiche = Initiative.objects.get(pk=corpus["A"])
    fiche.name = "La Halle"
    fiche.save()
    Initiative.objects.filter(pk=corpus["B"]).update(status="archived")
    record_change([fiche.pk, corpus["B"]])

    after = before.with_changes([fiche.pk, corpus["B"]])

    halle, recyclerie, jardin = map(parse_query, ("halle ", "recyclerie ", "jardin "))
    assert told(after.match(halle), corpus) == "A"
    assert told(after.match(recyclerie), corpus) == ""
    assert told(after.match(jardin), corpus) == "L"
    assert told(before.match(recyclerie), corpus) == "A"
    assert told(before.match(jardin), corpus) == "B / L"
    assert after.table is before.table
    again = after.with_changes([corpus["B"]], [(corpus["B"], stored(["halle"]), "", "", "")])
    assert told(again.match(halle), corpus) == "A B"


WORDS = ["vélo", "vélos", "jardin", "jardinage", "pré", "la", "de", "éco-construction", "écoconstruction", "tiers-lieu"]
WORDS += [
    "tiers",
    "lieux",
    "solidarité",
    "SOLIDARITE",
    "recyclerie",
    "ressourcerie",
    "ess",
    "économie",
    "sociale",
    "13e",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
ROWS = st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), max_size=8)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f"-{word}"),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2).map(lambda words: f'-"{" ".join(words)}"'),
    st.sampled_from(["vé", "jar", "sol", "ti", "économie sociale et solidaire"]),
)
ASKED = st.tuples(st.lists(PIECES, min_size=1, max_size=4).map(" ".join), st.sampled_from(["", " "])).map("".join)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def fiches(db):
    return [factories.InitiativeFactory(published=True, name=f"F{n}").pk for n in range(8)]


def _stored(fiches, texts):
    """These texts as the words of these fiches."""
    rows = [(pk, *(stored([text]) for text in fields)) for pk, fields in zip(fiches, texts, strict=False)]
    SearchText.objects.all().delete()
    SearchText.objects.bulk_create(
        SearchText(pk, **dict(zip(CLASSES, fields, strict=True)), analysis=ANALYSIS) for pk, *fields in rows
    )
    return rows


def _ranked(found, fiches):
    """What the naive search says, as buckets."""
    return [{pk for *_, pk in bucket} for _, bucket in groupby(sorted(found), key=lambda rank: rank[:2])]


@SLOW
@given(texts=ROWS, asked=st.lists(ASKED, min_size=1, max_size=5))
def test_any_query_finds_the_same_everywhere(fiches, texts, asked):
    rows = _stored(fiches, texts)
    postings = Postings.build(fulltext.rows())
    for text in asked:
        query = parse_query(text, SYNONYMS)
        expected = _ranked(naive_match(query, rows), fiches)
        assert [set(bucket) for bucket in fulltext.match(query).buckets] == expected
        assert [set(bucket) for bucket in postings.match(query).buckets] == expected


@SLOW
@given(texts=ROWS, later=ROWS, asked=ASKED, gone=st.sets(st.integers(0, 7)))
def test_any_change_gives_what_building_anew_would(fiches, texts, later, asked, gone):
    before = [(pk, *(stored([text]) for text in fields)) for pk, fields in zip(fiches, texts, strict=False)]
    changed = [(pk, *(stored([text]) for text in fields)) for pk, fields in zip(fiches[3:], later, strict=False)]
    removed = {fiches[number] for number in gone} - {pk for pk, *_ in changed}
    now = {row[0]: row for row in before} | {row[0]: row for row in changed}
    anew = Postings.build([row for pk, row in now.items() if pk not in removed])
    query = parse_query(asked.replace('"', ""), SYNONYMS)

    by_steps = Postings.build(before).with_changes([row[0] for row in changed], changed).with_changes(removed, [])
    joined = Postings.build(before).table.joined(anew.ids, anew.table)

    assert by_steps.match(query).buckets == anew.match(query).buckets
    assert by_steps.ids == anew.ids
    for atom in anew.table.entries:
        assert set(joined.entries[atom]) >= set(anew.table.entries[atom])


def test_many_changes_are_made_one_with_the_rest():
    rows = [(pk, f"mot mot{pk % 7} =mot", "", "", "") for pk in range(1, 3 * MOST_APART)]
    postings = Postings.build(rows)

    changed = [(pk, stored(["nouveau"]), "", "", "") for pk in range(1, MOST_APART + 2)]
    after = postings.with_changes([pk for pk, *_ in changed], changed)

    assert after.table is not postings.table
    assert not after.masked
    assert len(after.match(parse_query("nouveau ")).ids) == MOST_APART + 1
    assert len(after.match(parse_query("mot ")).ids) == len(rows) - MOST_APART - 1
    assert after.ids == postings.ids
