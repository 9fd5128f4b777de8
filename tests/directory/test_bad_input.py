"""Whatever an address holds, the pages of the directory answer, and never by a fault of ours."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.directory.criteria import CRITERIA
from tests.directory.sample import make_directory

ADDRESSES = ("/initiatives/", "/carte/", "/carte/points.json", "/carte/fiches/", "/suggestions/lieux/")
NAMES = [*(criterion.name for criterion in CRITERIA), "tri", "page", "par_page", "lieu", "emprise", "zoom", "point"]
VALUES = [
    "dep-13",
    "com-13004",
    "zone-crau",
    "basee",
    "20",
    "43.68,4.63",
    "alimentation",
    "inconnu",
    "2020",
    "2026-06-01",
    "cantine",
    "-cantine",
    "« pain",
    '"',
    "a" * 201,
    "1' OR '1'='1",
    "{name summary} : x NEAR(a b)",
    "!&|<->:*",
    "%00",
    "\x00",
    "🥖",
    "1e400",
    "nan,inf",
    "-1",
    "9" * 30,
    "٣",
    "0000-00-00",
    "com-",
    "-",
    "",
]


@pytest.fixture
def directory(places):
    return make_directory(places)


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=30))), max_size=7)
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameter_makes_a_fault_of_ours(client, directory, pairs):
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in pairs)

    for address in ADDRESSES:
        assert client.get(f"{address}?{query}").status_code in (200, 302, 400, 404, 414), f"{address}?{query}"


def test_several_territories_are_read_in_one_question(client, directory, django_assert_num_queries):
    address = "/initiatives/?territoire=dep-13&territoire=dep-84&territoire=com-13004&territoire=com-99999"
    client.get(address)  # names of places are kept

    # The version, the places, the fiches, their lines, the notice.
    with django_assert_num_queries(5):
        client.get(address)
