from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from initiatives.models import ALL, DirectoryVersion, Initiative, current_version, record_change
from tests.factories import InitiativeFactory
from tests.models.breaking import breaks


@pytest.mark.django_db
def test_an_empty_directory_has_version_0():
    assert current_version() == 0


@pytest.mark.django_db
def test_each_change_moves_the_version_and_stamps_what_it_concerns():
    changed, other = InitiativeFactory(), InitiativeFactory()

    numbers = [record_change([changed.pk]), record_change([changed.pk, other.pk]), record_change([changed.pk])]

    assert numbers == [1, 2, 3]
    assert current_version() == 3
    assert Initiative.objects.get(pk=changed.pk).directory_version == 3
    assert Initiative.objects.get(pk=other.pk).directory_version == 2
    assert DirectoryVersion.objects.get().rebuild_from == 0


@pytest.mark.django_db
def test_a_change_of_all_is_told_once_for_all():
    initiative = InitiativeFactory()
    record_change([initiative.pk])

    record_change(ALL)

    assert DirectoryVersion.objects.get().rebuild_from == current_version() == 2
    assert Initiative.objects.get().directory_version == 1


@pytest.mark.django_db
def test_a_change_of_no_fiche_moves_the_version_too():
    record_change([])

    assert current_version() == 1


@pytest.mark.django_db
def test_the_version_has_one_row():
    with breaks("directory_version_has_one_row"):
        DirectoryVersion.objects.bulk_create([DirectoryVersion(pk=2)])


@pytest.mark.django_db
def test_a_change_that_is_undone_leaves_the_version_where_it_was():
    with transaction.atomic():
        record_change(ALL)
        transaction.set_rollback(True)

    assert current_version() == 0


@pytest.mark.django_db(transaction=True)
def test_changes_made_at_once_each_have_their_number():
    ids = [InitiativeFactory().pk for _ in range(12)]

    def change(pk):
        try:
            return record_change([pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        numbers = [*people.map(change, ids)]

    assert sorted(numbers) == [*range(1, 13)]
    stamps = dict(Initiative.objects.values_list("pk", "directory_version"))
    assert stamps == dict(zip(ids, numbers, strict=True))
