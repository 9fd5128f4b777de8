from datetime import date, timedelta

import pytest

from initiatives.models import FundingSource
from tests.factories import FundingSourceFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
FRESH = {"checked_on": TODAY}


def availability(**values):
    source = FundingSourceFactory(**values)
    return FundingSource.objects.with_availability(TODAY).get(pk=source.pk).availability


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("clos", {"closes_on": TODAY - DAY}),
        ("bientot-clos", {"closes_on": TODAY}),
        ("bientot-clos", {"closes_on": TODAY + 30 * DAY}),
        ("ouvert", {"closes_on": TODAY + 31 * DAY}),
        ("a-venir", {"opens_on": TODAY + DAY}),
        ("ouvert", {"opens_on": TODAY}),
        ("a-verifier", {"checked_on": None}),
        ("a-verifier", {"checked_on": TODAY - 366 * DAY}),
        ("ouvert", {"checked_on": TODAY - 365 * DAY}),
        ("permanent", {"is_permanent": True}),
        ("historique", {"ended": True}),
        ("ouvert", {}),
    ],
)
def test_each_state_holds_up_to_its_day(state, values):
    assert availability(**FRESH | values) == state


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("historique", {"ended": True, "closes_on": TODAY - DAY}),
        ("historique", {"ended": True, "opens_on": TODAY + DAY}),
        ("historique", {"ended": True, "checked_on": None}),
        ("historique", {"ended": True, "is_permanent": True}),
        ("clos", {"closes_on": TODAY - DAY, "checked_on": None}),
        ("a-venir", {"opens_on": TODAY + DAY, "checked_on": None}),
        ("a-venir", {"opens_on": TODAY + DAY, "closes_on": TODAY + 2 * DAY}),
        ("a-venir", {"opens_on": TODAY + DAY, "is_permanent": True}),
        ("a-verifier", {"checked_on": None, "closes_on": TODAY + DAY}),
        ("a-verifier", {"checked_on": None, "is_permanent": True}),
    ],
)
def test_the_first_state_that_holds_wins(state, values):
    assert availability(**FRESH | values) == state


def test_every_source_has_a_state_that_can_be_asked_for():
    closed = FundingSourceFactory(closes_on=TODAY - DAY)
    FundingSourceFactory(is_permanent=True, checked_on=TODAY)

    assert [*FundingSource.objects.with_availability(TODAY).filter(availability="clos")] == [closed]
    assert not FundingSource.objects.with_availability(TODAY).filter(availability=None).exists()


# Truths


def change(source, **values):
    FundingSource.objects.filter(pk=source.pk).update(**values)


def test_its_amounts_are_in_order():
    source = FundingSourceFactory(amount_min=1000, amount_max=1000)
    FundingSourceFactory(amount_min=1000)

    with breaks("fundingsource_amounts_in_order"):
        change(source, amount_max=999)


@pytest.mark.parametrize("share", [0, 101])
def test_its_share_is_a_percentage(share):
    source = FundingSourceFactory(max_share=1)
    change(source, max_share=100)

    with breaks("fundingsource_share_is_a_percentage"):
        change(source, max_share=share)


def test_it_closes_after_it_opens():
    source = FundingSourceFactory(opens_on=TODAY, closes_on=TODAY)

    with breaks("fundingsource_closes_after_it_opens"):
        change(source, closes_on=TODAY - DAY)


@pytest.mark.parametrize("month", [0, 13])
def test_the_month_when_it_returns_is_a_month(month):
    source = FundingSourceFactory(returns_in_month=1)
    change(source, returns_in_month=12)

    with breaks("fundingsource_month_is_a_month"):
        change(source, returns_in_month=month)


def test_a_permanent_one_never_closes():
    source = FundingSourceFactory(is_permanent=True)

    with breaks("fundingsource_permanent_never_closes"):
        change(source, closes_on=TODAY)


# Where


def test_one_fits_where_its_territories_meet_and_stays_where_they_are_to_be_checked(places):
    FundingSourceFactory(name="à vérifier")
    FundingSourceFactory(name="département", territories=[places.bouches_du_rhone])
    FundingSourceFactory(name="pays", territories=[places.france])
    FundingSourceFactory(name="villes", territories=[places.arles, places.avignon])

    def found(*territories):
        return [source.name for source in FundingSource.objects.for_territory(*territories)]

    assert found(places.arles) == ["à vérifier", "département", "pays", "villes"]
    assert found(places.tarascon) == ["à vérifier", "département", "pays"]
    assert found(places.vaucluse) == ["à vérifier", "pays", "villes"]
    assert found(places.marseille_1) == ["à vérifier", "département", "pays"]
    assert found(places.mayotte) == ["à vérifier", "pays"]
    assert found(places.mayotte, places.tarascon) == ["à vérifier", "département", "pays"]
    assert found(places.france) == ["à vérifier", "département", "pays", "villes"]
