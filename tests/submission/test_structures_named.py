"""A structure that is typed without a script: the directory offers what the words may mean, on the next page."""

import pytest

from initiatives.submission.forms.actors import ANOTHER
from tests.factories import ActorFactory, FundingSourceFactory
from tests.submission.depositing import address, fill, rows, started
from tests.submission.test_deposit_pages import _as_shown, _no_lines, places, read, words  # noqa: F401

pytestmark = pytest.mark.django_db
PARTNER, FUNDER = "partenaires-0-partner_key", "financements-0-funder_key"


@pytest.fixture
def draft(client):
    return started(client)


@pytest.fixture
def coop():
    return ActorFactory(published=True, name="Coopérative des Alpilles")


def means(client, draft, **more):
    return fill(client, draft, "moyens", more=_no_lines() | more)


def offered(page, name):
    return [control["value"] for control in page.select(f'input[type="radio"][name="{name}"]')]


def refused(client, draft, **more):
    response = means(client, draft, **more)
    assert response.status_code == 200
    return read(response)


def test_words_that_a_name_holds_are_enough_for_the_structure(client, draft, coop):
    ActorFactory(name="Coopérative en brouillon")

    page = read(fill(client, draft, "moyens", structure="coopérative", more=_no_lines()))

    assert offered(page, "structure_key") == [str(coop.uuid), ANOTHER]
    assert "dites si c’est elle" in words(page)


def test_a_partner_is_offered_and_the_choice_is_kept(client, draft, coop):
    line = {"partner": "Alpilles", "role": "partenaire"}
    page = refused(client, draft, **rows("partenaires", line))
    assert offered(page, PARTNER) == [str(coop.uuid), ANOTHER]
    assert page.select_one("#id_partenaires-0-partner")["value"] == "Alpilles"

    means(client, draft, **rows("partenaires", line | {"partner_key": str(coop.uuid)}))

    draft.refresh_from_db()
    assert [line["actor"] for line in draft.answers["participations"]] == [str(coop.uuid)]


def test_another_one_is_described_and_is_not_asked_about_again(client, draft, coop):
    line = {"partner": "Alpilles", "role": "partenaire"}
    assert means(client, draft, **rows("partenaires", line | {"partner_key": ANOTHER})).status_code == 302

    page = read(client.get(address(draft, "moyens")))
    again = client.post(address(draft, "moyens"), {**_as_shown(page), "faire": "continuer"})

    draft.refresh_from_db()
    assert again.status_code == 302
    assert [line["new_actor"]["name"] for line in draft.answers["participations"]] == ["Alpilles"]


def test_a_funder_is_a_source_or_a_structure(client, draft, coop):
    source = FundingSourceFactory(published=True, name="Le Fonds des Alpilles")
    page = refused(client, draft, **rows("financements", {"funder": "alpilles", "amount": "500"}))
    assert {*offered(page, FUNDER)} == {str(source.uuid), str(coop.uuid), ANOTHER}
    assert "Le Fonds des Alpilles (financement)" in words(page)

    for row, column in ((source, "source"), (coop, "actor")):
        line = {"funder": "alpilles", "funder_key": str(row.uuid), "amount": "500"}
        assert means(client, draft, **rows("financements", line)).status_code == 302
        draft.refresh_from_db()
        assert draft.answers["fundings"][0][column] == str(row.uuid)


def test_an_exact_name_and_a_name_like_no_other_ask_nothing(client, draft, coop):
    ActorFactory(published=True, name="Coopérative des Alpilles et de la Crau")
    lines = rows(
        "partenaires",
        {"partner": "cooperative des alpilles", "role": "partenaire"},
        {"partner": "Le Fournil", "role": "financeur"},
    )

    assert means(client, draft, **lines).status_code == 302

    draft.refresh_from_db()
    first, second = draft.answers["participations"]
    assert (first["actor"], second["new_actor"]["name"]) == (str(coop.uuid), "Le Fournil")


def test_a_key_that_goes_with_other_words_chooses_nothing(client, draft, coop):
    other = ActorFactory(published=True, name="Le Moulin")

    page = refused(client, draft, **rows("partenaires", {"partner": "Alpilles", "partner_key": str(other.uuid)}))

    assert str(other.uuid) not in offered(page, PARTNER)


def test_the_script_is_proposed_the_same_names_those_that_begin_so_first(client, coop):
    ActorFactory(name="Alpilles en brouillon")
    first = ActorFactory(published=True, name="Alpilles solidaires")
    source = FundingSourceFactory(published=True, name="Le Fonds des Alpilles")

    def proposed(**asked):
        return [item["key"] for item in client.get("/suggestions/structures/", asked).json()["suggestions"]]

    assert proposed(q="alpilles") == [str(first.uuid), str(coop.uuid)]
    assert proposed(q="alpilles", avec="financements") == [str(first.uuid), str(coop.uuid), str(source.uuid)]
    assert proposed(q="a") == []
