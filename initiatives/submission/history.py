"""History: what happened to each fiche, one revision an act, with who did it and why; django-reversion keeps it.

A revision holds the fiche with all its lines as the act left them: they are read when the act ends, so that nothing
depends on the order of the saves inside it. Nothing goes back in time: a past state is shown (``changes``), never
written again, since that would go around the actions.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import reversion
from django.db import transaction
from django.db.models import ForeignKey, Prefetch
from django.utils import timezone

from initiatives.models import (
    Actor,
    Audience,
    EditorialText,
    FundingSource,
    Initiative,
    ModerationRules,
    ReplyTemplate,
    Synonym,
    Territory,
    Theme,
    take_turn,
)

# What history keeps, and the lines that go with each row. The private contact of an actor is nobody's history.
KEPT = {
    Initiative: (
        "theme_links",
        "sites",
        "participations",
        "fundings",
        "milestones",
        "lineage",
        "ways_to_take_part",
        "notices",
        "photos",
        "sources",
    ),
    Actor: ("labels", "ties", "offers", "milestones", "sources", "logo"),
    FundingSource: ("sources",),
    Territory: ("other_names", "figures"),
    Theme: (),
    Audience: (),
    EditorialText: (),
    Synonym: (),
    ReplyTemplate: (),
    ModerationRules: (),
}
# Columns that are made from the others, or that say nothing about the fiche.
LEFT_OUT = {
    "folded",
    "sort_key",
    "search_text",
    "completeness",
    "daily_rank",
    "directory_version",
    "loaded_fingerprint",
    "unit_count",
}
# Between what was done and why: a verb never holds it.
BECAUSE = "\N{NO-BREAK SPACE}: "
READ_AT_ONCE = 200

_open_act = ContextVar("open_act", default=None)


def register() -> None:
    """Tell django-reversion what is kept; once, when the models are ready."""
    for model, names in KEPT.items():
        _register(model, follow=names)
        for name in names:
            line = model._meta.get_field(name).related_model
            if not reversion.is_registered(line):
                _register(line)


def _register(model, **options):
    reversion.register(model, exclude=LEFT_OUT & {column.name for column in model._meta.fields}, **options)


@contextmanager
def act(*, verb: str, by=None, why: str = "", at: datetime | None = None, apart: bool = False):
    """One act: all that is done inside is one transaction and leaves one revision. An act inside an act joins it.

    ``verb``: what is done, in words (« Publication »). ``by``: the person, None for a command. ``why``: their reason.
    ``apart``: a load is many acts at once, and leaves one revision for each row that it keeps.
    """
    if _open_act.get() is not None:
        with transaction.atomic():
            yield
        return
    kept = {}
    token = _open_act.set(kept)
    try:
        with transaction.atomic():
            take_turn()
            yield
            comment = BECAUSE.join(filter(None, (verb, why.strip())))
            for rows in _revisions(kept, apart):
                _write(rows, by, comment, at or timezone.now())
    finally:
        _open_act.reset(token)


def keep(row) -> None:
    """Have the open act keep this row, with its lines, as they will be when it ends."""
    kept = _open_act.get()
    if kept is None:
        raise RuntimeError(f"{row!r} changed outside of an act: history would not know who did it.")
    kept.setdefault(type(row), set()).add(row.pk)


def told(revision) -> tuple[str, str]:
    """What was done, and why (often empty)."""
    verb, _, why = revision.comment.partition(BECAUSE)
    return verb, why


def _revisions(kept, apart):
    """The rows of each revision, read again with their lines."""
    rows = (
        row for model, keys in kept.items() for row in _with_lines(model).filter(pk__in=keys).iterator(READ_AT_ONCE)
    )
    if apart:
        yield from ([row] for row in rows)
    elif kept:
        yield list(rows)


def _write(rows, by, comment, at):
    with reversion.create_revision(manage_manually=True, atomic=False):
        reversion.set_user(by)
        reversion.set_comment(comment)
        reversion.set_date_created(at)
        for row in rows:
            reversion.add_to_revision(row)


def _with_lines(model):
    """All that a revision keeps of rows of this noun, names of related rows included, in a fixed number of queries."""
    lines = [model._meta.get_field(name) for name in KEPT[model]]
    return model._base_manager.prefetch_related(
        *(column.name for column in model._meta.many_to_many if column.remote_field.through._meta.auto_created),
        *(Prefetch(line.name, _with_names(line)) for line in lines),
    )


def _with_names(line):
    columns = line.related_model._meta.fields
    related = [column.name for column in columns if isinstance(column, ForeignKey) and column != line.field]
    return line.related_model._base_manager.select_related(*related)
