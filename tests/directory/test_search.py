"""The index answers what the database answers: how many, which ones in which order, how many each value would give."""

import pytest

from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.index import Snapshot
from initiatives.directory.live import Live, holder
from initiatives.directory.search import FACETS, DatabaseSearch, IndexedSearch
from initiatives.models import Initiative, record_change
from tests.directory.random_directory import TODAY, RandomDirectory

SEARCHES = 60
PLAIN_ORDERS = ("jour", "nom", "recentes", "verifiees")


@pytest.fixture(params=[1, 2, 3])
def directory(db, request):
    return RandomDirectory(request.param)


def compare(asked, snapshot):
    by_index, by_database = IndexedSearch(asked, snapshot), DatabaseSearch(asked)
    assert by_index.total == by_database.total
    orders = [*PLAIN_ORDERS, *["proximite"] * bool(by_index.territories), *["distance"] * bool(by_index.distances)]
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
    return by_index.total


def test_index_and_database_agree(directory):
    live = holder.current(TODAY)

    totals = []
    for _ in range(SEARCHES):
        query = directory.ask(live)
        asked = InitiativeFilter(query, Initiative.objects.published(), live)
        assert asked.ignored == [], query
        totals.append(compare(asked, live.snapshot))

    assert sum(total > 0 for total in totals) > SEARCHES / 4


def test_a_refreshed_index_is_the_one_that_would_be_built(directory):
    before = holder.current(TODAY)
    record_change([fiche.pk for fiche in directory.change_some()])

    after = holder.current(TODAY)

    assert after.snapshot is not before.snapshot
    assert contents(after.snapshot) == contents(Snapshot.build(0, TODAY, after.geography))
    assert contents(before.snapshot) != contents(after.snapshot)


def test_a_new_day_changes_what_depends_on_it(directory):
    holder.current(TODAY)
    tomorrow = TODAY.replace(year=2027)

    after = holder.current(tomorrow)

    assert contents(after.snapshot) == contents(Snapshot.build(0, tomorrow, after.geography))


def test_a_snapshot_never_changes(directory):
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

    without = client.get(asked)

    assert without.status_code == 200
    assert [line for line in without.text.split("<") if 'class="n"' in line] == [
        line for line in with_index.split("<") if 'class="n"' in line
    ]
    assert holder.failure == "ZeroDivisionError"


def test_live_is_one_query_when_nothing_changed(directory, django_assert_num_queries):
    holder.current(TODAY)

    with django_assert_num_queries(1):
        live = holder.current(TODAY)

    assert isinstance(live, Live)
