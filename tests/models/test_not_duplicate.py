import uuid

import pytest

from initiatives.models import NotDuplicate
from tests.models.breaking import breaks

LOW, HIGH = sorted((uuid.UUID(int=1), uuid.UUID(int=2)))


@pytest.fixture
def decided(db):
    return NotDuplicate.objects.create(noun="initiative", first=LOW, second=HIGH)


def test_a_pair_is_decided_once(decided):
    with breaks("not_duplicate_once"):
        NotDuplicate.objects.create(noun="initiative", first=LOW, second=HIGH)

    NotDuplicate.objects.create(noun="actor", first=LOW, second=HIGH)


@pytest.mark.parametrize(("first", "second"), [(HIGH, LOW), (LOW, LOW)])
def test_a_pair_is_two_fiches_in_order(db, first, second):
    with breaks("not_duplicate_in_order"):
        NotDuplicate.objects.create(noun="initiative", first=first, second=second)
