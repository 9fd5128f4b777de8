from datetime import UTC, datetime

import pytest

from initiatives.models import RateCount
from tests.models.breaking import breaks

UNTIL = datetime(2026, 6, 15, 11, tzinfo=UTC)


@pytest.mark.django_db
def test_a_key_has_one_count_a_period():
    RateCount.objects.create(action="question", key="k", until=UNTIL)
    RateCount.objects.create(action="claim", key="k", until=UNTIL)

    with breaks("rate_count_once_a_period"):
        RateCount.objects.create(action="question", key="k", until=UNTIL)
