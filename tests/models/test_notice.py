from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from initiatives.models import Notice
from tests.factories import NoticeFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def test_a_notice_is_current_for_less_than_twelve_months():
    kept = NoticeFactory(said_on=TODAY - timedelta(days=364))
    NoticeFactory(said_on=TODAY - timedelta(days=365))
    new = NoticeFactory(said_on=TODAY)

    assert {*Notice.objects.current(TODAY)} == {kept, new}
    assert {*Notice.objects.current(TODAY + timedelta(days=1))} == {new}


def test_a_notice_is_current_until_its_own_end():
    last_day = NoticeFactory(said_on=TODAY, until=TODAY)
    later = NoticeFactory(said_on=TODAY, until=TODAY + timedelta(days=1))

    assert {*Notice.objects.current(TODAY)} == {last_day, later}
    assert {*Notice.objects.current(TODAY + timedelta(days=1))} == {later}


def test_its_own_end_does_not_make_it_last_more_than_twelve_months():
    NoticeFactory(said_on=TODAY - timedelta(days=365), until=TODAY + timedelta(days=30))

    assert not Notice.objects.current(TODAY).exists()


def test_a_notice_is_made_once():
    notice = NoticeFactory()

    with breaks("notice_once"):
        Notice.objects.bulk_create(
            [Notice(initiative=notice.initiative, kind=notice.kind, value=notice.value, said_on=TODAY)]
        )


@pytest.mark.parametrize(
    ("kind", "value"), [("cherche", "visite"), ("propose", "local"), ("cherche", "lune"), ("autre", "local")]
)
def test_what_is_sought_is_not_what_is_offered(kind, value):
    NoticeFactory(kind="propose", value="visite")

    with breaks("notice_value_fits_its_kind"):
        NoticeFactory(kind=kind, value=value)


def test_a_notice_ends_after_it_is_said():
    notice = NoticeFactory(said_on=TODAY, until=TODAY)

    with breaks("notice_dates_in_order"):
        Notice.objects.filter(pk=notice.pk).update(until=TODAY - timedelta(days=1))


def test_a_form_says_that_a_value_is_not_of_that_kind():
    Notice(kind="propose", value="visite").clean()

    with pytest.raises(ValidationError, match="que l’on cherche ou propose"):
        Notice(kind="cherche", value="visite").clean()


def test_a_notice_reads_as_a_sentence():
    assert str(Notice(kind="cherche", value="benevoles")) == "Cherche : Des bénévoles"
