"""The default words of the texts that the team writes: each is loaded once, and followed until somebody changes it."""

from datetime import datetime
from pathlib import Path

from initiatives.directory.editorial import TEXTS, Words, is_default, read_file
from initiatives.exchange.importers.shapes import ContentError
from initiatives.models import EditorialText
from initiatives.submission.actions import record_text
from initiatives.submission.history import act


def load_texts(folder: Path, *, at: datetime) -> None:
    """The texts alone, for each start of the site: a text that a new version brings is there, and can be changed."""
    with act(verb="Chargement des contenus", at=at, apart=True):
        follow_texts(folder, None, at=at)


def follow_texts(folder: Path, report, *, at: datetime) -> None:
    """In the act of a load, bring each text to what its file says. ``report``: that of ``load_content``, or None."""
    rows = {row.key: row for row in EditorialText.objects.all()}
    for path in sorted(folder.glob("*.md")):
        row = rows.get(path.stem)
        done = _follow(path.stem, row, _read(path), at)
        if report and done == "left":
            report.left.append((row, "ce texte a été modifié ici"))
        elif report:
            getattr(report, done)[EditorialText._meta.verbose_name] += 1


def _read(path):
    if path.stem not in TEXTS:
        raise ContentError(f"{path.name} : aucun texte du site ne porte ce nom.")
    try:
        return read_file(path)
    except (TypeError, ValueError) as error:
        raise ContentError(f"{path.name} : {error}") from error


def _follow(key, row, words: Words, at) -> str:
    """What was done: created, updated, unchanged or left."""
    if row and not is_default(row):
        return "left"
    if row and row.loaded_fingerprint == words.fingerprint:
        return "unchanged"
    done = "updated" if row else "created"
    row = row or EditorialText(key=key)
    row.title, row.lead, row.body = words.title, words.lead, words.body
    row.loaded_fingerprint = words.fingerprint
    row.save()
    record_text(text=row, at=at)
    return done
