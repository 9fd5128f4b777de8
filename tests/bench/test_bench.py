"""The measure of the directory: what it asks, what it counts, what it says; never how fast this machine is."""

import gc
import gzip
import json
import sys
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from initiatives.bench import crowd, sizes
from initiatives.bench.databases import apart, throw_away_databases
from initiatives.bench.measuring import measure
from initiatives.bench.queries import FAMILIES, Query, mix, typed_places
from initiatives.bench.report import markdown
from initiatives.bench.timing import repeated, spread, without_garbage_collection
from initiatives.bench.visitor import Floor, Visitor
from initiatives.directory import live
from initiatives.directory.suggest import forget
from initiatives.exchange.seed.loading import seed_load
from initiatives.models import Initiative, current_version
from tests.factories import InitiativeFactory, ThemeFactory, make_places

COUNT = 45


@pytest.fixture(autouse=True)
def fresh():
    live.holder.forget()
    forget()
    yield
    live.holder.forget()
    forget()


def fill():
    make_places()
    for slug in ("alimentation", "habitat", "mobilite"):
        ThemeFactory(slug=slug)
    seed_load(initiatives=COUNT, seed=1)


@pytest.fixture
def directory(transactional_db):
    # Not in a transaction: the server's own way of ending a request would close it.
    fill()


# What is asked


def test_two_hundred_searches_of_every_family_always_the_same(directory):
    queries = mix()

    assert len(queries) == 200
    assert Counter(query.family for query in queries) == FAMILIES
    assert queries == mix()
    asked = Counter(name for query in queries for name, _ in query.parameters)
    assert {"q", "territoire", "presence", "rayon", "theme", "etape", "tri", "page", "par_page", "pres_de"} <= {*asked}
    kinds = {value.split("-")[0] for query in queries for name, value in query.parameters if name == "territoire"}
    assert kinds == {"pays", "reg", "dep", "epci", "com", "arm", "zone"}
    words = [value for query in queries for name, value in query.parameters if name == "q"]
    assert any(word.startswith('"') for word in words)
    assert any(" -" in word for word in words)


def test_places_are_typed_letter_after_letter(directory):
    assert {"M", "Ma", "Mar", "Marse", "Marseille"} <= {*typed_places()}


def test_an_empty_directory_cannot_be_measured(db):
    InitiativeFactory()

    with pytest.raises(LookupError, match="Aucune fiche publiée"):
        mix()


# Times


def test_the_spread_of_some_times():
    assert spread([]) is None
    assert spread([7.0]) == {"p50": 7, "p95": 7, "p99": 7, "max": 7}
    assert spread([float(number) for number in range(101)]) == {"p50": 50, "p95": 95, "p99": 99, "max": 100}


def test_the_first_time_does_not_count():
    calls = []
    repeated(lambda: calls.append(gc.isenabled()), 3)

    assert calls == [True, False, False, False]


def test_garbage_is_collected_again_after_a_failure():
    with pytest.raises(ZeroDivisionError), without_garbage_collection():
        1 / 0  # noqa: B018

    assert gc.isenabled()


# The floor


def test_the_floor_is_the_page_itself_without_a_question(directory, django_assert_num_queries):
    visitor = Visitor()
    page = visitor.get("/initiatives/")
    floor = Floor(visitor, "/initiatives/")

    with django_assert_num_queries(0):
        rendered = floor()

    assert page.headers["Content-Encoding"] == rendered["Content-Encoding"] == "gzip"
    assert gzip.decompress(rendered.content) == gzip.decompress(page.body)
    assert b"Fiche d" in gzip.decompress(rendered.content)


def test_a_page_that_fails_makes_no_floor(directory):
    with pytest.raises(LookupError, match="404"):
        Floor(Visitor(), "/initiatives/?page=99")


# The measure


def test_everything_is_measured(directory):
    version = current_version()
    queries = mix()[::12]

    result = measure(queries, passes=1, may_write=False)

    assert result["published"] == Initiative.objects.published().count()
    assert result["floor"] > 0
    assert result["floor_queries"] == 0
    assert 0 < result["quiet"] <= 1
    assert result["faults"] == []
    for name in ("page", "facets", "words", "suggestions"):
        assert 0 < result["measures"][name]["p50"] <= result["measures"][name]["max"], name
    assert {*result["families"]} == {query.family for query in queries}
    assert result["queries"]["max"] >= result["queries"]["p50"] > 0
    assert result["index"]["refresh"] is None
    assert current_version() == version
    json.dumps(result)


@pytest.mark.once
def test_a_throw_away_directory_is_changed_to_see_the_index_follow(directory):
    version = current_version()

    result = measure(mix()[:3], passes=1, may_write=True)

    assert result["index"]["refresh"] > 0
    assert current_version() > version


@pytest.mark.once
def test_what_is_no_page_is_told_and_left_out(directory):
    good, bad = Query("all", ()), Query("all", (("page", 99),))

    result = measure([good, bad], passes=1, may_write=False)

    assert result["faults"] == [{"status": 404, "url": "/initiatives/?page=99"}]
    assert [page["url"] for page in result["slowest"]] == ["/initiatives/"]


# The report


def figures(initiatives, page):
    """A result whose pages take so many floors."""
    times = {"p50": page * 10, "p95": page * 15, "p99": page * 18, "max": page * 20}
    return {
        "engine": "SQLite 3",
        "initiatives": initiatives,
        "published": initiatives,
        "floor": 10.0,
        "floor_work": 5.0,
        "quiet": 0.95,
        "floor_queries": 0,
        "bytes": 9000,
        "indexed": True,
        "first_page": 55.0,
        "queries": {"p50": 6, "max": 9, "worst": "/initiatives/"},
        "faults": [],
        "measures": {
            "page": times,
            "work": times,
            "facets": times,
            "words": times,
            "suggestions": times,
            "unchanged": None,
        },
        "families": {"words": times},
        "slowest": [{"ms": 123.4, "url": "/initiatives/?q=pain"}],
        "index": {"read": 10.0, "build": 15.0, "postings": 70.0, "refresh": None},
        "memory": {name: {"rss": size} for name, size in (("start", 100.0), ("index", 130.0), ("end", 140.0))},
    }


def row(text, label):
    [line] = [line for line in text.splitlines() if line.startswith(f"| {label}")]
    return [cell.strip() for cell in line.split("|")[3:-1]]


def test_each_figure_stands_beside_the_floor_and_what_is_to_be_reached():
    text = markdown([figures(1000, 1.5), figures(100_000, 3)], day=date(2026, 11, 28), command="c", machine="m")

    assert row(text, "initiatives") == ["1\u202f000", "100\u202f000"]
    assert row(text, "page, p50 |") == ["15 ms, 1,5 plancher ✓", "30 ms, 3 plancher ✗"]
    assert row(text, "page, p99") == ["27 ms, 2,7 plancher", "54 ms, 5,4 plancher"]
    assert row(text, "page, temps de processeur, p50") == ["15 ms, 3 plancher ✗", "30 ms, 6 plancher ✗"]
    assert row(text, "requêtes d’une page") == ["9 ✗", "9 ✗"]
    assert row(text, "index, facettes")[0] == "15 ms, 1,5 fois la lecture de ses lignes ✓"
    assert row(text, "mémoire d’un processus") == ["140 Mo, 30 de plus avec l’index qu’au départ"] * 2
    assert "plancher × 1, page, p50 × 2, page, p95 × 2" in text
    assert "vaut 2 fois celle de la plus petite (à tenir : ≤ 1,5) ✗." in text
    assert "- 123 ms : `/initiatives/?q=pain`" in text


def test_what_was_not_measured_is_said_plainly():
    text = markdown([figures(1000, 1)], day=date(2026, 11, 28), command="c", machine="m")

    assert row(text, "page inchangée (304), p50") == ["non mesuré"]
    assert row(text, "index remis à jour") == ["non mesuré"]
    assert row(text, "pages par seconde") == ["non mesuré"]
    assert "En erreur" not in text
    assert "au calme" not in text


def test_faults_are_told():
    result = figures(1000, 1) | {"faults": [{"status": 500, "url": "/initiatives/?q=a"}], "floor_queries": 2}
    result["quiet"] = 0.4

    text = markdown([result], day=date(2026, 11, 28), command="c", machine="m")

    assert "**En erreur 500, non mesurée** : `/initiatives/?q=a`" in text
    assert "Le plancher a interrogé la base 2 fois" in text
    assert row(text, "part du temps") == ["40\u00a0%"]
    assert "ces chiffres sont à reprendre au calme" in text


# Databases that are thrown away


def write(number):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS noted (number integer)")
        cursor.execute(f"INSERT INTO noted VALUES ({number})")


def read():
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM noted ORDER BY number")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_each_throw_away_database_is_on_its_own():
    with throw_away_databases() as databases:
        first = databases.create("a")
        apart(write, 1, database=first)
        second = databases.copy(first, "b")
        apart(write, 2, database=second)

        assert apart(read, database=first) == [1]
        assert apart(read, database=second) == [1, 2]
        assert "noted" not in connection.introspection.table_names()
    with pytest.raises(Exception, match="unable to open|does not exist"):
        apart(read, database=first)
    connections.close_all()


def prepare():
    call_command("migrate", interactive=False, verbosity=0)
    make_places()
    for slug in ("alimentation", "habitat", "mobilite"):
        ThemeFactory(slug=slug)


@pytest.mark.django_db(transaction=True)
def test_several_sizes_are_measured_one_after_the_other(monkeypatch):
    monkeypatch.setattr(sizes, "mix", lambda: mix()[:3])
    monkeypatch.setattr(crowd, "mix", lambda: mix()[:3])
    monkeypatch.setattr(crowd, "REQUESTS", 6)
    told = []

    results = sizes.measure_sizes([30, 15], passes=1, with_crowd=True, tell=told.append, prepare=prepare)

    assert [result["initiatives"] for result in results] == [15, 30]
    assert all(result["crowd"]["rate"] > 0 for result in results)
    if sys.platform == "linux":
        # The server and its two processes, that share what the server read before they began.
        assert [len(result["crowd"]["memory"]) for result in results] == [3, 3]
        assert all(held["own"] <= held["pss"] <= held["rss"] for held in results[0]["crowd"]["memory"])
    assert all(result["loading"] > 0 for result in results)
    assert told[1] == "15 initiatives : chargement…"
    assert not Initiative.objects.exists()


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_the_directory_at_hand_is_measured_and_left_as_it_is(monkeypatch, tmp_path, capsys):
    fill()
    version = current_version()
    monkeypatch.setattr(sizes, "mix", lambda: mix()[:3])

    call_command("bench_directory", "--passes", "1", "--json", str(tmp_path / "mesure.json"))

    assert "| page, p50 |" in capsys.readouterr().out
    [result] = json.loads((tmp_path / "mesure.json").read_text())
    assert result["initiatives"] == COUNT
    assert current_version() == version


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_throw_away_directory_at_hand_may_be_written(monkeypatch, tmp_path):
    fill()
    version = current_version()
    monkeypatch.setattr(sizes, "mix", lambda: mix()[:3])

    call_command("bench_directory", "--passes", "1", "--throw-away", "--json", str(tmp_path / "mesure.json"))

    [result] = json.loads((tmp_path / "mesure.json").read_text())
    assert result["index"]["refresh"] > 0
    assert current_version() > version


def test_measures_made_apart_are_joined_in_one_table(tmp_path, capsys):
    for size in (100_000, 1000):
        (tmp_path / f"{size}.json").write_text(json.dumps([figures(size, 2)]))

    call_command("bench_directory", "--join", str(tmp_path / "100000.json"), str(tmp_path / "1000.json"))

    assert row(capsys.readouterr().out, "initiatives") == ["1\u202f000", "100\u202f000"]


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_there_is_nothing_to_measure():
    with pytest.raises(CommandError, match="Aucune fiche publiée"):
        call_command("bench_directory")


@pytest.mark.parametrize("sizes_asked", ["mille", "0", "10,-5", "1;2", "2000000"])
def test_sizes_that_make_no_sense_are_refused(sizes_asked):
    with pytest.raises(CommandError, match="attendu des nombres"):
        call_command("bench_directory", "--sizes", sizes_asked)


@pytest.mark.parametrize("passes", ["0", "101"])
def test_a_number_of_passes_that_makes_no_sense_is_refused(passes):
    with pytest.raises(CommandError, match="attendu un nombre"):
        call_command("bench_directory", "--passes", passes)


# The questions of a page

MOST_QUESTIONS = 8
# What asks the most: nothing found and what would be, what is near, elsewhere, rows that no list holds, mistakes.
DEMANDING = (
    "territoire=com-13001&q=zzyzx",
    "territoire=com-13001&presence=basee&theme=habitat",
    "territoire=com-13001&rayon=5&acteur=inconnu&acteur=autre&financement=inconnu&financement=autre",
    'territoire=com-69123&pres_de=45.76,4.84&acteur=a&acteur=b&financement=c&q="de la maison"',
    "territoire=com-13001&territoire=dep-13&territoire=com-69123&pres_de=com-13004&rayon=50&tri=distance",
    "pres_de=43.52,5.45&rayon=20",
    "q=alimentatoin&theme=habitat",
    'q="mots suivis" maison -jardin&theme=habitat&par_page=100',
    "theme=rien&etape=rien&territoire=rien&page=zero&par_page=1000&tri=rien",
)


@pytest.mark.parametrize("path", ["/initiatives/", "/carte/"])
def test_no_page_asks_more_than_eight_questions(directory, path):
    visitor = Visitor()
    visitor.get(path)
    asked = {}
    for address in [*(query.url.partition("?")[2] for query in mix()), *DEMANDING]:
        with CaptureQueriesContext(connection) as captured:
            answer = visitor.get(f"{path}?{address}")
        assert answer.status == 200, address
        asked[address] = len(captured)

    assert {address: count for address, count in asked.items() if count > MOST_QUESTIONS} == {}
