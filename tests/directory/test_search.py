"""The index answers what the database answers: how many, which ones in which order, how many each value would give."""

from contextlib import contextmanager
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import integers

from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.index import Snapshot
from initiatives.directory.live import Holder, Live, holder
from initiatives.directory.search import FACETS, DatabaseSearch, IndexedSearch
from initiatives.directory.sorts import SORTS, is_possible
from initiatives.models import Initiative, record_change
from initiatives.words import parse_query
from tests.directory.random_directory import QUERIES, TODAY, RandomDirectory

SEARCHES = 20
CLOSE_KM = 60


def compare(asked, snapshot):
    by_index, by_database = IndexedSearch(asked, snapshot), DatabaseSearch(asked)
    assert by_index.total == by_database.total
    orders = [name for name in SORTS if is_possible(name, asked.values)]
    for order in orders:
        for start in (0, 3):
            assert by_index.keys(order, start, 20) == by_database.keys(order, start, 20), order
    for name in FACETS:
        assert by_index.counts(name) == by_database.counts(name), name
    for department in asked.live.options.departments:
        assert by_index.count_with_territory(department) == by_database.count_with_territory(department)
    if by_index.territories:
        assert by_index.presence_counts() == by_database.presence_counts()
        reasons = [[row.presence for row in found.rows("nom", 0, 20)] for found in (by_index, by_database)]
        assert reasons[0] == reasons[1]
    if by_index.territories:
        here = by_index.territories[0]
        assert by_index.count_with("territoire", [here]) == by_database.count_with("territoire", [here])
        places = asked.live.geography.within((43.68, 4.63), CLOSE_KM)
        assert by_index.closest(places, 3) == by_database.closest(places, 3)
    for name in by_index.values:
        assert by_index.count_without(name) == by_database.count_without(name), name
    return by_index.total


@pytest.fixture
def directory(db):
    return RandomDirectory(Random(1))


@contextmanager
def drawn(seed):
    """A directory of this seed; undone afterwards, for hypothesis draws several in a test."""
    with transaction.atomic():
        yield RandomDirectory(Random(seed))
        transaction.set_rollback(True)


def each_draw(most):
    def wrap(test):
        # A directory drawn from a seed has no simpler one beside it: nothing is to be gained by looking for it.
        phases = [Phase.explicit, Phase.reuse, Phase.generate]
        slow = settings(max_examples=most, deadline=None, phases=phases, suppress_health_check=list(HealthCheck))
        return slow(given(seed=integers(0, 2**32))(test))

    return wrap


@each_draw(4)
def test_index_and_database_agree(db, seed):
    with drawn(seed) as directory:
        live = Holder().current(TODAY)

        totals = []
        for _ in range(SEARCHES):
            query = directory.ask(live)
            asked = InitiativeFilter(query, Initiative.objects.published(), live)
            assert asked.ignored == [], query
            totals.append(compare(asked, live.snapshot))

        assert any(totals)


@each_draw(3)
def test_a_refreshed_index_is_the_one_that_would_be_built(db, seed):
    with drawn(seed) as directory:
        holder = Holder()
        before = holder.current(TODAY)
        record_change([fiche.pk for fiche in directory.change_some()])

        after = holder.current(TODAY)

        assert after.snapshot.geography is before.snapshot.geography
        built = Snapshot.build(0, TODAY, after.geography).with_postings()
        assert contents(after.snapshot) == contents(built)
        for query in [parse_query(words, after.options.synonyms) for words in QUERIES]:
            assert after.snapshot.postings.match(query).buckets == built.postings.match(query).buckets
        assert contents(before.snapshot) != contents(after.snapshot)


def test_a_new_day_changes_what_depends_on_it(directory):
    holder = Holder()
    holder.current(TODAY)
    tomorrow = TODAY.replace(year=2027)

    after = holder.current(tomorrow)

    assert contents(after.snapshot) == contents(Snapshot.build(0, tomorrow, after.geography))


def test_a_snapshot_never_changes(directory):
    holder = Holder()
    live = holder.current(TODAY)
    kept = contents(live.snapshot)
    record_change([fiche.pk for fiche in directory.change_some()])
    holder.current(TODAY)

    assert contents(live.snapshot) == kept


def contents(snapshot):
    """All that a snapshot holds, to be compared."""
    return {
        "everything": set(snapshot.everything),
        "carried": {
            name: {value: set(held) for value, held in values.items()} for name, values in snapshot.carried.items()
        },
        "sites": {place: set(held) for place, held in snapshot.sites.items()},
        "plain": {place: set(held) for place, held in snapshot.plain.items()},
        "own points": [*snapshot.own_points],
        "coverages": {place: set(held) for place, held in snapshot.coverages.items()},
        "orders": {
            name: [pair for block in order.blocks for pair in block.pairs] for name, order in snapshot.orders.items()
        },
    }


def test_without_an_index_the_database_answers(client, directory, monkeypatch):
    asked = "/initiatives/?etape=essaimage&etape=emergence"
    with_index = client.get(asked).text
    monkeypatch.setattr(Snapshot, "build", lambda *given: 1 / 0)
    holder.forget()

    without = client.get(asked)

    assert without.status_code == 200
    assert [line for line in without.text.split("<") if 'class="n"' in line] == [
        line for line in with_index.split("<") if 'class="n"' in line
    ]
    assert client.get("/sante/").json()["causes"] == [
        "L’index de recherche n’a pas pu être fait (ZeroDivisionError) : la base de données répond à sa place."
    ]


def test_live_is_one_query_when_nothing_changed(directory, django_assert_num_queries):
    holder.current(TODAY)

    with django_assert_num_queries(1):
        live = holder.current(TODAY)

    assert isinstance(live, Live)
