"""How an initiative concerns a territory: based here, acting here, acting more widely, or not at all."""

import pytest

from initiatives.models import Initiative
from tests.factories import InitiativeFactory, SiteFactory

pytestmark = pytest.mark.django_db


def presence(initiative, *territories):
    """How it concerns these territories; its lists are asked too, as they must agree."""
    found = Initiative.objects.with_presence(*territories).get(pk=initiative.pk).presence
    assert Initiative.objects.concerning(*territories).filter(pk=initiative.pk).exists() == bool(found)
    assert Initiative.objects.based_in(*territories).filter(pk=initiative.pk).exists() == (found == "basee")
    return found


@pytest.mark.parametrize(
    ("site", "based", "elsewhere"),
    [
        (
            "arles",
            ["arles", "accm", "bouches_du_rhone", "paca", "france", "crau", "littoral"],
            ["tarascon", "marseille", "marseille_1", "metropole", "vaucluse", "aura", "old_port"],
        ),
        (
            "marseille",
            [
                "marseille",
                "marseille_1",
                "marseille_3",
                "metropole",
                "bouches_du_rhone",
                "france",
                "old_port",
                "littoral",
            ],
            ["aix", "accm", "vaucluse", "crau"],
        ),
        (
            "marseille_1",
            ["marseille_1", "marseille", "metropole", "bouches_du_rhone", "paca", "france", "old_port", "littoral"],
            ["marseille_2", "crau", "accm"],
        ),
        ("marseille_3", ["marseille", "littoral"], ["old_port", "marseille_1"]),
        ("pertuis", ["metropole", "vaucluse", "paca"], ["bouches_du_rhone", "marseille"]),
        ("grignan", ["grignan", "enclave", "drome", "aura", "france"], ["paca", "vaucluse", "valreas"]),
        ("mamoudzou", ["mamoudzou", "mayotte_dep", "mayotte", "france"], ["paca", "dzaoudzi"]),
    ],
)
def test_a_site_is_based_in_what_it_meets(places, site, based, elsewhere):
    initiative = InitiativeFactory(sites=[getattr(places, site)])

    assert {name: presence(initiative, getattr(places, name)) for name in based} == dict.fromkeys(based, "basee")
    assert {name: presence(initiative, getattr(places, name)) for name in elsewhere} == dict.fromkeys(elsewhere)


@pytest.mark.parametrize(
    ("coverage", "acts", "wider", "elsewhere"),
    [
        (
            "arles",
            ["arles", "accm", "bouches_du_rhone", "paca", "france", "crau", "littoral"],
            [],
            ["tarascon", "marseille_1"],
        ),
        (
            "accm",
            ["accm", "bouches_du_rhone", "paca", "france", "crau", "littoral"],
            ["arles", "tarascon"],
            ["aix", "metropole", "vaucluse"],
        ),
        (
            "bouches_du_rhone",
            ["bouches_du_rhone", "metropole", "paca", "france"],
            ["arles", "accm", "crau", "littoral", "marseille", "marseille_2", "old_port"],
            ["pertuis", "vaucluse", "enclave"],
        ),
        (
            "metropole",
            ["metropole", "vaucluse", "bouches_du_rhone", "crau", "littoral"],
            ["pertuis", "marseille", "marseille_1", "old_port"],
            ["arles", "avignon"],
        ),
        (
            "enclave",
            ["enclave", "vaucluse", "drome", "paca", "aura", "france"],
            ["valreas", "grignan"],
            ["avignon", "arles"],
        ),
        (
            "paca",
            ["paca", "enclave", "france"],
            ["arles", "marseille_1", "metropole", "vaucluse", "crau", "old_port", "valreas"],
            ["grignan", "drome", "aura", "mayotte"],
        ),
        ("france", ["france"], ["arles", "marseille_1", "paca", "enclave", "crau", "mamoudzou", "mayotte"], []),
        (
            "marseille",
            ["marseille", "metropole", "littoral", "france"],
            ["marseille_1", "old_port"],
            ["aix", "crau"],
        ),
        ("marseille_1", ["marseille_1", "marseille", "old_port", "littoral"], [], ["marseille_2", "crau"]),
        (
            "crau",
            ["crau", "accm", "metropole", "littoral", "bouches_du_rhone", "paca"],
            ["arles", "aix"],
            ["tarascon", "marseille", "vaucluse"],
        ),
        (
            "littoral",
            ["littoral", "crau", "metropole", "bouches_du_rhone"],
            ["accm", "arles", "marseille", "marseille_3", "old_port"],
            ["aix", "pertuis"],
        ),
        ("old_port", ["old_port", "marseille", "littoral", "metropole"], ["marseille_1"], ["marseille_3", "crau"]),
        ("mayotte", ["mayotte", "mayotte_dep", "france"], ["mamoudzou"], ["paca"]),
        ("mayotte_dep", ["mayotte_dep", "mayotte", "france"], ["mamoudzou"], ["paca"]),
    ],
)
def test_a_coverage_acts_in_what_it_meets_and_more_widely_around_what_it_contains(
    places, coverage, acts, wider, elsewhere
):
    initiative = InitiativeFactory(coverage=[getattr(places, coverage)])

    assert {name: presence(initiative, getattr(places, name)) for name in acts} == dict.fromkeys(acts, "intervient")
    assert {name: presence(initiative, getattr(places, name)) for name in wider} == dict.fromkeys(wider, "large")
    assert {name: presence(initiative, getattr(places, name)) for name in elsewhere} == dict.fromkeys(elsewhere)


def test_the_closest_reason_wins(places):
    initiative = InitiativeFactory(sites=[places.arles], coverage=[places.accm, places.paca])

    assert presence(initiative, places.arles) == "basee"
    assert presence(initiative, places.accm) == "basee"
    assert presence(initiative, places.crau) == "basee"
    assert presence(initiative, places.tarascon) == "large"
    assert presence(initiative, places.vaucluse) == "large"
    assert presence(initiative, places.paca) == "basee"


def test_acting_here_goes_before_acting_more_widely(places):
    initiative = InitiativeFactory(coverage=[places.france, places.tarascon])

    assert presence(initiative, places.accm) == "intervient"
    assert presence(initiative, places.arles) == "large"


def test_an_initiative_of_nowhere_concerns_no_place(places):
    initiative = InitiativeFactory()

    assert presence(initiative, places.arles) is None
    assert presence(initiative, places.france) is None


def test_several_territories_are_any_of_them(places):
    initiative = InitiativeFactory(sites=[places.arles], coverage=[places.vaucluse])

    assert presence(initiative, places.tarascon, places.arles) == "basee"
    assert presence(initiative, places.tarascon, places.avignon) == "large"
    assert presence(initiative, places.tarascon, places.metropole) == "intervient"
    assert presence(initiative, places.tarascon, places.marseille) is None


def test_france_beside_a_commune_is_still_all_of_france(places):
    initiative = InitiativeFactory(sites=[places.grignan])

    assert presence(initiative, places.arles, places.france) == "basee"
    assert presence(initiative, places.france, places.arles) == "basee"


def test_each_initiative_is_listed_once_however_many_sites_it_has(places):
    initiative = InitiativeFactory(sites=[places.arles, places.tarascon], coverage=[places.paca, places.accm])
    SiteFactory(initiative=initiative, territory=places.arles)

    assert [*Initiative.objects.concerning(places.accm, places.arles)] == [initiative]
