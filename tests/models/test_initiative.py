from datetime import date, timedelta

import pytest
from django.db.models import ProtectedError

from initiatives.models import Initiative, InitiativeTheme
from initiatives.models.initiative import DAILY_RANKS
from tests.factories import ActorFactory, InitiativeFactory, ParticipationFactory, ThemeFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def test_it_ends_after_it_starts():
    initiative = InitiativeFactory(start_year=2012, end_year=2012)
    InitiativeFactory(end_year=2010)

    with breaks("initiative_ends_after_it_starts"):
        Initiative.objects.filter(pk=initiative.pk).update(end_year=2011)


@pytest.mark.parametrize(
    ("column", "first", "last"), [("start_year", 1800, 2100), ("end_year", 1800, 2100), ("stage_as_of", 1990, 2100)]
)
def test_its_years_are_sane(column, first, last):
    initiative = InitiativeFactory()
    rows = Initiative.objects.filter(pk=initiative.pk)
    for year in (first, last, None):
        rows.update(**{column: year})

    for year in (first - 1, last + 1):
        with breaks("initiative_years_are_sane"):
            rows.update(**{column: year})


def test_an_ended_one_is_not_featured():
    initiative = InitiativeFactory(activity="terminee")
    InitiativeFactory(activity="inconnu", is_featured=True)

    with breaks("initiative_ended_is_not_featured"):
        Initiative.objects.filter(pk=initiative.pk).update(is_featured=True)


def test_those_that_ended_are_not_alive_and_the_others_may_be():
    InitiativeFactory(activity="terminee")
    others = [InitiativeFactory(activity=activity) for activity in ("en-activite", "en-sommeil", "inconnu")]

    assert {*Initiative.objects.alive()} == {*others}


# Themes


def test_a_theme_is_given_once():
    theme = ThemeFactory()
    initiative = InitiativeFactory(themes=[theme])

    with breaks("initiative_theme_once"):
        InitiativeTheme.objects.create(initiative=initiative, theme=theme, position=2)


def test_two_themes_do_not_share_a_position():
    initiative = InitiativeFactory(themes=[ThemeFactory()])

    with breaks("initiative_theme_position_once"):
        InitiativeTheme.objects.create(initiative=initiative, theme=ThemeFactory(), position=1)


@pytest.mark.parametrize("position", [0, 4])
def test_an_initiative_has_three_themes_at_most(position):
    initiative = InitiativeFactory(themes=[ThemeFactory() for _ in range(3)])

    with breaks("initiative_has_three_themes_at_most"):
        InitiativeTheme.objects.bulk_create(
            [InitiativeTheme(initiative=initiative, theme=ThemeFactory(), position=position)]
        )


def test_the_main_theme_comes_first():
    initiative, main, second, third = InitiativeFactory(), ThemeFactory(), ThemeFactory(), ThemeFactory()
    for position, theme in ((3, third), (1, main), (2, second)):
        InitiativeTheme.objects.create(initiative=initiative, theme=theme, position=position)

    assert initiative.theme_list == [main, second, third]
    assert Initiative.objects.with_card_details().get().theme_list == [main, second, third]


def test_a_theme_in_use_is_not_deleted():
    theme = ThemeFactory()
    InitiativeFactory(themes=[theme])

    with pytest.raises(ProtectedError):
        theme.delete()


def test_a_theme_brings_those_of_its_children_once_each():
    food, mobility = ThemeFactory(), ThemeFactory()
    gardens, canteens = ThemeFactory(parent=food), ThemeFactory(parent=food)
    both = InitiativeFactory(themes=[food, gardens, canteens])
    garden = InitiativeFactory(themes=[mobility, gardens])
    InitiativeFactory()

    assert sorted(Initiative.objects.about(food).values_list("pk", flat=True)) == [both.pk, garden.pk]
    assert {*Initiative.objects.about(canteens)} == {both}
    assert {*Initiative.objects.about(canteens, mobility)} == {both, garden}
    assert not Initiative.objects.about(ThemeFactory()).exists()


# Who carries it


def test_the_lead_is_the_structure_that_carries_it():
    lead = ActorFactory()
    initiative = InitiativeFactory(lead=lead)
    ParticipationFactory(initiative=initiative, role="porteur")

    assert initiative.lead_actor == lead
    assert Initiative.objects.with_card_details().get().lead_actor == lead


def test_an_initiative_may_have_no_lead():
    initiative = InitiativeFactory()
    ParticipationFactory(initiative=initiative, role="porteur")

    assert initiative.lead_actor is None
    assert Initiative.objects.with_card_details().get().lead_actor is None


# The daily rotation


def test_each_one_comes_first_some_day():
    """The last rank is there too: with the largest shift, it still is an integer of PostgreSQL."""
    for rank in (DAILY_RANKS // 4, DAILY_RANKS // 3, DAILY_RANKS // 2, DAILY_RANKS - 1):
        InitiativeFactory(daily_rank=rank)
    day = date(2026, 3, 2)

    orders = [tuple(Initiative.objects.in_daily_order(day + timedelta(days=n))) for n in range(40)]

    assert {order[0] for order in orders} == {*Initiative.objects.all()}
    assert all(len(order) == 4 for order in orders)


def test_the_order_changes_each_day_and_holds_for_the_day():
    Initiative.objects.bulk_create([Initiative(name=str(n), daily_rank=n * DAILY_RANKS // 40) for n in range(40)])
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(20)]

    orders = [tuple(Initiative.objects.in_daily_order(day)) for day in days]

    assert len({*orders}) == len(days)
    assert [tuple(Initiative.objects.in_daily_order(day)) for day in days[:3]] == orders[:3]


def test_the_rotation_goes_after_the_orders_that_are_asked_for():
    late, early = InitiativeFactory(daily_rank=1, start_year=2015), InitiativeFactory(daily_rank=2, start_year=2010)

    for day in (date(2026, 3, 2), date(2026, 3, 3)):
        assert [*Initiative.objects.in_daily_order(day, after=["start_year"])] == [early, late]


def test_a_rank_that_is_drawn_is_one_of_the_rotation():
    assert all(0 <= InitiativeFactory.build().daily_rank < DAILY_RANKS for _ in range(20))
