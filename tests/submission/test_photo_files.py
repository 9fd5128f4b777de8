"""The files of photos: removed with them once it is sure, and purged when nothing points to them."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from initiatives.submission import photo_files
from initiatives.submission.images import store_photo
from tests.factories import PhotoFactory
from tests.photos import upload, with_files

DAY = 24 * 3600


def folders():
    return {path.name for path in (Path(settings.MEDIA_ROOT) / "photos").iterdir()}


def folder_of(name):
    return (Path(settings.MEDIA_ROOT) / name).parent


def age(path, seconds):
    moment = timezone.now().timestamp() - seconds
    os.utime(path, (moment, moment))


def purge(*options):
    out, err = StringIO(), StringIO()
    call_command("purge_files", *options, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.mark.django_db
def test_only_what_no_row_points_to_for_a_day_is_an_orphan():
    used, old, new = with_files(PhotoFactory), store_photo(upload()), store_photo(upload())
    unfinished = folder_of(old.name).with_name(".0123")
    unfinished.mkdir()
    stray = unfinished.with_name("stray.txt")
    stray.write_text("")
    for path in (folder_of(used.file), folder_of(old.name), unfinished, stray):
        age(path, DAY + 60)
    age(folder_of(new.name), DAY - 60)

    found = photo_files.orphans(timezone.now())

    assert found == sorted([folder_of(old.name), unfinished, stray])


@pytest.mark.django_db
def test_the_command_says_what_it_would_remove_and_removes_it_when_asked():
    used, orphan = with_files(PhotoFactory), store_photo(upload())
    age(folder_of(used.file), 2 * DAY)
    age(folder_of(orphan.name), 2 * DAY)
    name = folder_of(orphan.name).name

    said = [f"Fichiers : {name} ne sert à aucune photo.", "Fichiers : 1 à supprimer (--apply)."]
    assert purge() == (said, [])
    assert name in folders()
    assert purge("--apply") == ([said[0], "Fichiers : 1 supprimé(s)."], [])
    assert folders() == {folder_of(used.file).name}
    assert purge("--apply") == (["Fichiers : 0 supprimé(s)."], [])


@pytest.mark.django_db
def test_the_command_says_which_photos_have_lost_their_files():
    whole = with_files(PhotoFactory)
    half = with_files(PhotoFactory, alt="La serre")
    half.path(480).unlink()
    lost = PhotoFactory(alt="Le four")

    assert purge()[1] == [
        f"Fichiers : ceux de la photo « La serre » ({half.initiative}) manquent.",
        f"Fichiers : ceux de la photo « Le four » ({lost.initiative}) manquent.",
    ]
    assert whole.path(480).exists()


@pytest.mark.django_db
def test_the_command_finds_nothing_where_there_was_never_a_photo():
    assert purge("--apply") == (["Fichiers : 0 supprimé(s)."], [])


@pytest.mark.django_db(transaction=True)
def test_files_leave_once_the_change_is_sure():
    stored = store_photo(upload())

    with transaction.atomic():
        photo_files.remove_after_commit(stored.name)
        assert photo_files.exists(stored.name)

    assert folders() == set()


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_change_is_undone():
    stored = store_photo(upload())

    def undone():
        with transaction.atomic():
            photo_files.remove_after_commit(stored.name)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert photo_files.exists(stored.name)


@pytest.mark.django_db(transaction=True)
def test_files_that_were_already_gone_stop_nothing():
    photo_files.remove_after_commit(f"photos/{0:032x}/original.webp")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "photos/original.webp",
        "photos/../original.webp",
        "../photos/x/original.webp",
        "/etc/passwd",
        "photos/" + "g" * 32 + "/original.webp",
    ],
)
def test_a_name_that_is_not_ours_leads_nowhere(name):
    with pytest.raises(ValueError, match="not the name of a photo"):
        photo_files.exists(name)
