from datetime import date

import pytest

from initiatives.models import SearchMiss
from tests.models.breaking import breaks

DAY = date(2026, 6, 15)


@pytest.mark.django_db
def test_words_are_counted_once_a_day_and_are_never_empty():
    SearchMiss.objects.create(day=DAY, words="cantine lunaire")
    SearchMiss.objects.create(day=date(2026, 6, 16), words="cantine lunaire")

    with breaks("search_miss_once_a_day"):
        SearchMiss.objects.create(day=DAY, words="cantine lunaire")
    with breaks("search_miss_has_words"):
        SearchMiss.objects.create(day=DAY, words="")
