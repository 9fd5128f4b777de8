"""Every change of state of a fiche: verbs, keyword-only, atomic; each ends by moving the directory's version."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from initiatives.models import ALL, Actor, FundingSource, GivenSlug, Initiative, record_change
from initiatives.text import fold

TRANSITIONS = {
    Initiative: {
        "draft": {"pending", "published"},
        "pending": {"changes_requested", "published", "rejected", "withdrawn"},
        "changes_requested": {"pending", "published", "rejected", "withdrawn"},
        "published": {"archived", "merged"},
        "archived": {"published", "merged"},
    },
    Actor: {"draft": {"published"}, "published": {"archived", "merged"}, "archived": {"published", "merged"}},
    FundingSource: {"draft": {"published"}, "published": {"archived", "merged"}, "archived": {"published", "merged"}},
}


class Refused(Exception):
    """The change cannot be made; ``str(error)`` is the sentence that says why."""


@transaction.atomic
def publish(*, fiche, at: datetime, slug: str = "") -> None:
    """Make a fiche public, for the first time or again. ``slug``: the address wished for, else made from the name.

    Raises ``Refused`` when its status forbids it or when something that a reader needs is missing.
    """
    fiche = _locked(fiche)
    _check_transition(fiche, "published")
    missing = what_is_missing(fiche)
    if missing:
        raise Refused(f"« {fiche} » ne peut pas être publiée : {', '.join(missing)}.")
    if not fiche.slug:
        fiche.slug = _give_slug(fiche, slug)
    fiche.published_at = fiche.published_at or at
    _move(fiche, "published", at)


@transaction.atomic
def archive(*, fiche, at: datetime) -> None:
    """Take a published fiche off the directory; its address says that it is archived."""
    fiche = _locked(fiche)
    _check_transition(fiche, "archived")
    if isinstance(fiche, Initiative):
        fiche.is_featured = False
    _move(fiche, "archived", at)


@transaction.atomic
def merge(*, fiche, into, at: datetime) -> None:
    """Leave a tombstone: the addresses of ``fiche`` lead to ``into`` from now on."""
    first, second = sorted((fiche, into), key=lambda item: item.pk)
    rows = {first.pk: _locked(first), second.pk: _locked(second)}
    fiche, into = rows[fiche.pk], rows[into.pk]
    if fiche.pk == into.pk:
        raise Refused("Une fiche ne se fusionne pas avec elle-même.")
    if not into.is_published:
        raise Refused(f"« {into} » n’est pas publiée : rien ne peut être fusionné avec elle.")
    _check_transition(fiche, "merged")
    fiche.merged_into = into
    if isinstance(fiche, Initiative):
        fiche.is_featured = False
    _move(fiche, "merged", at)


@transaction.atomic
def rename_address(*, fiche, slug: str) -> None:
    """Give another address to a fiche; the old one keeps leading to it."""
    fiche = _locked(fiche)
    if not fiche.slug:
        raise Refused(f"« {fiche} » n’a pas encore d’adresse.")
    fiche.slug = _give_slug(fiche, slug)
    fiche.save(update_fields=["slug"])
    record_change(_concerned(fiche))


def record_edit(*, fiche, at: datetime) -> None:
    """After any edit of a fiche or of its lines: one revision more, its date, the directory's version.

    Runs in the transaction of the edit.
    """
    fiche.revision += 1
    fiche.modified_at = at
    fiche.save(update_fields=["revision", "modified_at"])
    record_change(_concerned(fiche))


def what_is_missing(fiche) -> list[str]:
    """What a reader needs and does not have yet, in words; empty when the fiche can be published."""
    missing = []
    if not fiche.name.strip():
        missing.append("il manque son nom")
    if not fiche.summary.strip():
        missing.append("il manque son résumé")
    if isinstance(fiche, Initiative):
        if not fiche.sites.exists() and not fiche.coverage.exists():
            missing.append("il manque un lieu ou un territoire d’intervention")
        if not fiche.theme_links.exists():
            missing.append("il manque un thème")
    return missing


def _locked(fiche):
    return type(fiche).objects.select_for_update().get(pk=fiche.pk)


def _check_transition(fiche, status):
    if status not in TRANSITIONS[type(fiche)].get(fiche.status, ()):
        wanted = fiche.Status(status).label.lower()
        raise Refused(f"« {fiche} » est {fiche.get_status_display().lower()} : elle ne peut pas devenir {wanted}.")


def _move(fiche, status, at):
    fiche.status = status
    fiche.save()
    record_edit(fiche=fiche, at=at)


def _give_slug(fiche, wished):
    """An address that was never given to another fiche of this noun."""
    base = slugify(fold(wished or fiche.name))[:100].rstrip("-") or "fiche"
    slug, number = base, 1
    while True:
        given, _ = GivenSlug.objects.get_or_create(
            noun=fiche._meta.model_name, slug=slug, defaults={"uuid": fiche.uuid}
        )
        if given.uuid == fiche.uuid:
            return slug
        number += 1
        slug = f"{base}-{number}"


def _concerned(fiche):
    return [fiche.pk] if isinstance(fiche, Initiative) else ALL
