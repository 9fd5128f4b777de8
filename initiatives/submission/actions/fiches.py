"""Every change of state of a fiche: verbs, keyword-only, atomic; each leaves history and moves the directory's version.

``by``: who does it, None for a command. ``why``: their reason, in a sentence, if they gave one.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from initiatives.directory.completeness import completeness
from initiatives.directory.editorial import default_of, is_default
from initiatives.models import (
    Actor,
    EditorialText,
    Funding,
    FundingSource,
    GivenSlug,
    Initiative,
    InitiativeTheme,
    Participation,
    Theme,
    User,
    record_change,
    take_turn,
)
from initiatives.models.vocabulary import Activity
from initiatives.submission import merging
from initiatives.submission.history import act, keep
from initiatives.submission.people import move_people
from initiatives.submission.refusals import Refused, check_transition, what_is_missing
from initiatives.text import fold

MOST_THEMES = 3
# Where an initiative names another noun.
NAMING = {
    Actor: ((Participation, "actor"), (Funding, "actor"), (Funding, "source__offered_by")),
    FundingSource: ((Funding, "source"),),
}


@transaction.atomic
def publish(*, fiche, at: datetime, by: User | None = None, why: str = "", slug: str = "") -> None:
    """Make a fiche public, for the first time or again. ``slug``: the address wished for, else made from the name.

    Raises ``Refused`` when its status forbids it or when something that a reader needs is missing.
    """
    fiche = locked(fiche)
    check_transition(fiche, "published")
    missing = what_is_missing(fiche)
    if missing:
        raise Refused(f"« {fiche} » ne peut pas être publiée : {', '.join(missing)}.")
    with act(verb="Retour dans l’annuaire" if fiche.published_at else "Publication", by=by, why=why, at=at):
        if not fiche.slug:
            fiche.slug = _give_slug(fiche, slug)
        fiche.published_at = fiche.published_at or at
        _move(fiche, "published", at)


@transaction.atomic
def archive(*, fiche, at: datetime, by: User | None = None, why: str = "") -> None:
    """Take a published fiche off the directory; its address says that it is archived."""
    fiche = locked(fiche)
    check_transition(fiche, "archived")
    with act(verb="Archivage", by=by, why=why, at=at):
        if isinstance(fiche, Initiative):
            fiche.is_featured = False
        _move(fiche, "archived", at)


@transaction.atomic
def merge(*, fiche, into, at: datetime, choices: dict | None = None, by: User | None = None, why: str = "") -> None:
    """Make one fiche of two: ``into`` takes what is kept of ``fiche``, whose addresses lead to it from now on.

    ``choices``: field → which one to keep, as ``merging.apply_choices`` reads them. All the lines go to ``into``.
    """
    if fiche.pk == into.pk:
        raise Refused("Une fiche ne se fusionne pas avec elle-même.")
    fiche, into = locked(fiche), locked(into)
    if not into.is_published:
        raise Refused(f"« {into} » n’est pas publiée : rien ne peut être fusionné avec elle.")
    check_transition(fiche, "merged")
    others = merging.linked_fiches(fiche)
    reason = f"« {fiche} » rejoint « {into} ». {why}"
    with act(verb="Fusion", by=by, why=reason, at=at):
        fiche.status, fiche.merged_into = "merged", into
        if isinstance(fiche, Initiative):
            fiche.is_featured = False
        merging.apply_choices(fiche, into, choices or {})
        fiche.save()
        try:
            into.validate_constraints()
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        into.save()
        merging.move_lines(fiche, into)
        move_people(fiche, into, at)
        if missing := what_is_missing(into):
            raise Refused(f"« {into} » ne serait plus complète : {', '.join(missing)}.")
        for changed in (fiche, into, *others):
            changed.refresh_from_db()
            _stamp(changed, at)
        _tell_directory(fiche, into, *others)


@transaction.atomic
def verify(*, fiche, at: datetime, by: User | None = None, why: str = "") -> None:
    """Say that somebody has just read the fiche again against its sources."""
    fiche = locked(fiche)
    if fiche.status == "merged":
        raise Refused(f"« {fiche} » est fusionnée : vérifiez plutôt la fiche qui est restée.")
    with act(verb="Vérification", by=by, why=why, at=at):
        fiche.checked_on, fiche.checked_by = timezone.localdate(at), by
        fiche.save(update_fields=["checked_on", "checked_by"])
        record_edit(fiche=fiche, at=at)


@transaction.atomic
def feature(*, fiche: Initiative, at: datetime, by: User | None = None, why: str = "") -> None:
    """Put a published initiative on the front page."""
    fiche = _locked_initiative(fiche)
    if not fiche.is_published:
        raise Refused(f"« {fiche} » n’est pas publiée : elle ne peut pas être à la une.")
    if fiche.activity == Activity.ENDED:
        raise Refused(f"« {fiche} » est terminée : elle ne peut pas être à la une.")
    if fiche.is_featured:
        raise Refused(f"« {fiche} » est déjà à la une.")
    with act(verb="Mise à la une", by=by, why=why, at=at):
        _set_featured(fiche, True, at)


@transaction.atomic
def unfeature(*, fiche: Initiative, at: datetime, by: User | None = None, why: str = "") -> None:
    """Take an initiative off the front page."""
    fiche = _locked_initiative(fiche)
    if not fiche.is_featured:
        raise Refused(f"« {fiche} » n’est pas à la une.")
    with act(verb="Retrait de la une", by=by, why=why, at=at):
        _set_featured(fiche, False, at)


@transaction.atomic
def add_theme(
    *, fiche: Initiative, theme: Theme, at: datetime, as_main: bool = False, by: User | None = None, why: str = ""
) -> None:
    """Give an initiative one theme more, last, or first when ``as_main``: the others follow."""
    fiche = locked(fiche)
    if fiche.status == "merged":
        raise Refused(f"« {fiche} » est fusionnée : elle ne change plus.")
    links = list(fiche.theme_links.select_related("theme"))
    themes = [link.theme for link in links]
    wanted = [theme, *(other for other in themes if other != theme)] if as_main else [*themes, theme]
    if theme in themes and (not as_main or themes[0] == theme):
        raise Refused(f"« {fiche} » a déjà le thème « {theme} ».")
    if len(wanted) > MOST_THEMES:
        raise Refused(f"« {fiche} » a déjà {MOST_THEMES} thèmes.")
    with act(verb="Thème ajouté", by=by, why=why, at=at):
        fiche.theme_links.all().delete()
        for position, kept in enumerate(wanted, 1):
            InitiativeTheme.objects.create(initiative=fiche, theme=kept, position=position)
        record_edit(fiche=fiche, at=at)


@transaction.atomic
def rename_address(*, fiche, slug: str, at: datetime, by: User | None = None, why: str = "") -> None:
    """Give another address to a fiche; the old one keeps leading to it."""
    fiche = locked(fiche)
    if not fiche.slug:
        raise Refused(f"« {fiche} » n’a pas encore d’adresse.")
    with act(verb="Changement d’adresse", by=by, why=why, at=at):
        fiche.slug = _give_slug(fiche, slug)
        fiche.save(update_fields=["slug"])
        record_edit(fiche=fiche, at=at)


def record_edit(*, fiche, at: datetime) -> None:
    """After any edit of a fiche or of its lines: one revision more, its date, its history, the directory's version.

    Runs in the act (``history.act``) of the edit, and refuses to run without one.
    """
    _stamp(fiche, at)
    _tell_directory(fiche)


@transaction.atomic
def restore_text(*, text: EditorialText, at: datetime, by: User | None = None, why: str = "") -> None:
    """Give an editorial text its words of origin again; from now on it follows its file."""
    text = locked(text)
    if is_default(text):
        raise Refused(f"« {text} » est déjà le texte d’origine.")
    words = default_of(text.key)
    with act(verb="Retour au texte d’origine", by=by, why=why, at=at):
        text.title, text.lead, text.body = words.title, words.lead, words.body
        text.loaded_fingerprint = words.fingerprint
        text.save()
        record_text(text=text, at=at)


def record_text(*, text: EditorialText, at: datetime) -> None:
    """The same as ``record_edit`` after an edit of an editorial text."""
    text.revision += 1
    text.modified_at = at
    text.save(update_fields=["revision", "modified_at"])
    keep(text)
    record_change([])


def locked(row):
    """The row as it is now; nobody else changes the directory until the transaction ends."""
    take_turn()
    return type(row).objects.select_for_update().get(pk=row.pk)


def _locked_initiative(fiche):
    if not isinstance(fiche, Initiative):
        raise Refused(f"« {fiche} » n’est pas une initiative : seule une initiative est mise à la une.")
    return locked(fiche)


def _move(fiche, status, at):
    fiche.status = status
    fiche.save()
    record_edit(fiche=fiche, at=at)


def _set_featured(fiche, is_featured, at):
    fiche.is_featured = is_featured
    fiche.save(update_fields=["is_featured"])
    record_edit(fiche=fiche, at=at)


def _stamp(fiche, at):
    keep(fiche)
    fiche.revision += 1
    fiche.modified_at = at
    fiche.completeness, _ = completeness(fiche)
    fiche.save(update_fields=["revision", "modified_at", "completeness"])


def _tell_directory(*fiches):
    """An actor or a funding source concerns the initiatives that name it, by its name and by what it is."""
    own = {fiche.pk for fiche in fiches if isinstance(fiche, Initiative)}
    naming = set()
    for fiche in fiches:
        for lines, column in NAMING.get(type(fiche), ()):
            naming.update(lines.objects.filter(**{column: fiche}).values_list("initiative", flat=True))
    record_change(sorted(own), sorted(naming - own))


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
