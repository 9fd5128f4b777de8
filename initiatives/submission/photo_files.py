"""The files of photos: one folder a photo under ``MEDIA_ROOT/photos``, there whole or not at all."""

import logging
import os
import re
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from initiatives.models import Photo, SentPhoto

ROOM = "photos"
ORIGINAL = re.compile(rf"{ROOM}/[0-9a-f]{{32}}/original\.webp")
# How old a file must be to be an orphan: a form that was refused still holds the photo that it kept.
ORPHAN_AGE = 24 * 3600

log = logging.getLogger(__name__)


def write(files: dict[str, bytes]) -> str:
    """Write the files of a photo into a folder of their own. Returns the name of ``original.webp`` under MEDIA_ROOT.

    The folder takes its name once all is on the disk: a kill leaves at most an unfinished one, that ``orphans`` finds.
    Raises ``OSError``.
    """
    name = f"{ROOM}/{uuid4().hex}/original.webp"
    folder = _folder(name)
    unfinished = folder.with_name(f".{folder.name}")
    try:
        unfinished.mkdir(parents=True)
        for file, content in files.items():
            _write_to_disk(unfinished / file, content)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return name


def exists(name: str) -> bool:
    return _folder(name).is_dir()


def remove_after_commit(name: str) -> None:
    """Remove the files of a photo that is deleted or replaced, unless the transaction that does it is undone."""
    transaction.on_commit(partial(_remove, name), robust=True)


def orphans(now: datetime) -> list[Path]:
    """What lies in the folder of photos for a day at least and that no row points to, unfinished folders included."""
    names = [name for model in (Photo, SentPhoto) for name in model.objects.values_list("file", flat=True)]
    used = {PurePosixPath(name).parent.name for name in names}
    found = [entry for entry in _room().glob("*") if entry.name not in used]
    return sorted(entry for entry in found if now.timestamp() - entry.stat().st_mtime > ORPHAN_AGE)


def purge(found: list[Path]) -> None:
    for entry in found:
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def without_files() -> list[Photo]:
    """The photos that a restored database knows and that the disk does not have."""
    photos = Photo.objects.select_related("initiative", "actor")
    return [photo for photo in photos if not _is_whole(photo)]


def _is_whole(photo):
    return (Path(settings.MEDIA_ROOT) / photo.file).is_file() and all(photo.path(w).is_file() for w in photo.widths)


def _room():
    return Path(settings.MEDIA_ROOT) / ROOM


def _folder(name):
    """The folder that is named so. What does not look like a name of ours is refused: folders are removed whole."""
    if not ORIGINAL.fullmatch(name):
        raise ValueError(f"not the name of a photo: {name}")
    return Path(settings.MEDIA_ROOT) / PurePosixPath(name).parent


def _write_to_disk(path, content):
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(name):
    try:
        shutil.rmtree(_folder(name))
    except FileNotFoundError:
        log.info("the files of a removed photo were already gone")
