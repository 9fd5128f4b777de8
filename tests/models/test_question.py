import pytest

from initiatives.models import Ownership, Question
from initiatives.models.target import target
from tests.factories import SOME_TIME, InitiativeFactory, UserFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def question(**values):
    said = {"name": "Ana", "email": "ana@exemple.fr", "message": "Peut-on venir ?", "asked_at": SOME_TIME}
    return Question(**({"initiative": InitiativeFactory(published=True)} | said | values))


@pytest.mark.parametrize("column", ["name", "email", "message"])
def test_a_question_is_whole(column):
    with breaks("question_is_whole"):
        question(**{column: ""}).save()


def test_its_owners_are_those_of_now():
    asked = question()
    asked.save()
    stays, left, closed = UserFactory(), UserFactory(), UserFactory(is_active=False)
    for user, ended_at in ((stays, None), (left, SOME_TIME), (closed, None)):
        Ownership.objects.create(
            user=user, how="equipe", since=SOME_TIME, ended_at=ended_at, **target(asked.initiative)
        )

    assert asked.owners == [stays]
    assert str(asked) == f"Question : {asked.initiative}"
