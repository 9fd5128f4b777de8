"""What an export does not understand is refused with its name: a file is never about something else than was asked."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.directory.sample import make_directory

ADDRESSES = ["export.csv", "export.geojson", "flux.atom"]
EACH = pytest.mark.parametrize("address", ADDRESSES)
LONG = "x" * 3_000


@pytest.fixture
def directory(db):
    return make_directory(factories.make_places())


def refusal(client, query, address="export.csv"):
    response = client.get(f"/initiatives/{address}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert response["X-Robots-Tag"] == "noindex"
    assert "ETag" not in response
    body = response.json()
    assert body["erreur"]
    assert all(fault["message"].endswith(".") for fault in body["parametres"])
    return [(fault["parametre"], fault["valeur"]) for fault in body["parametres"]]


@EACH
@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("inconnu=1", [("inconnu", "1")]),
        ("THEME=habitat", [("THEME", "habitat")]),
        ("theme=rien", [("theme", "rien")]),
        ("theme=habitat&theme=rien&theme=non", [("theme", "rien"), ("theme", "non")]),
        ("territoire=dep-999", [("territoire", "dep-999")]),
        ("territoire=arles", [("territoire", "arles")]),
        ("territoire=dep-13%00", [("territoire", "dep-13")]),
        ("presence=basee", [("presence", "basee")]),
        ("presence=ici&territoire=dep-13", [("presence", "ici")]),
        ("etape=demarrage", [("etape", "demarrage")]),
        ("activite=", None),
        ("q=a&q=b", [("q", "a")]),
        ("q=%00", [("q", "")]),
        (f"q={LONG}", [("q", LONG[:60])]),
        ("tri=hasard", [("tri", "hasard")]),
        ("tri=proximite", [("tri", "proximite")]),
        ("tri=nom&tri=jour", [("tri", "nom"), ("tri", "jour")]),
        ("page=1", [("page", "1")]),
        ("par_page=100", [("par_page", "100")]),
        ("lieu=Arles", [("lieu", "Arles")]),
        ("utm_source=x&utm_x=y", None),
        ("utm=x", [("utm", "x")]),
        ("<script>=1", [("<script>", "1")]),
        ("&".join(f"theme=t{number}" for number in range(60)), [("theme", f"t{number}") for number in range(60)]),
    ],
)
def test_what_is_not_understood_is_named(client, directory, address, query, faults):
    if faults is None:
        assert client.get(f"/initiatives/{address}?{query}").status_code == 200
    else:
        assert refusal(client, query, address) == faults


def test_all_faults_are_named_at_once(client, directory):
    assert refusal(client, "theme=rien&page=2&etape=developpement&foo=1") == [
        ("theme", "rien"),
        ("page", "2"),
        ("foo", "1"),
    ]


def test_a_place_in_words_is_sent_to_the_parameter_that_takes_it(client, directory):
    body = client.get("/initiatives/export.csv?lieu=Arles").json()

    assert "« territoire »" in body["parametres"][0]["message"]
    assert body["documentation"].endswith("/methode/#donnees-ouvertes")


NAMES = ["q", "territoire", "presence", "theme", "etape", "activite", "tri", "page", "lieu", "utm_x"]


@given(st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=12)), st.text(max_size=40)), max_size=5))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameter_makes_a_fault_of_ours(client, directory, pairs):
    query = "&".join(f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in pairs)

    for address in ADDRESSES:
        response = client.get(f"/initiatives/{address}?{query}")
        assert response.status_code in (200, 400)
        if response.status_code == 400:
            assert response.json()["parametres"]
        elif response.streaming:
            assert b"".join(response.streaming_content)
