"""Once a year the owners of a fiche are asked whether it is still true; nothing is unpublished without an answer."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from initiatives.models import (
    Actor,
    FundingSource,
    Initiative,
    ModerationRules,
    Notice,
    Ownership,
    Recheck,
    Submission,
    User,
)
from initiatives.models.notice import LIFETIME
from initiatives.models.target import target
from initiatives.submission.actions.fiches import locked
from initiatives.submission.actions.rereading import askable_notices, close_recheck
from initiatives.submission.lifecycle import open_in_queue
from initiatives.submission.links import mailed_link
from initiatives.submission.mailing import queue_mail

MOST_A_DAY = 200
MOST_REMINDERS = 2
# What it looks for and offers falls silent after a year: asked so long before, and once.
BEFORE_SILENCE, ASKED_LATELY = timedelta(days=30), timedelta(days=60)
COLUMNS = {Initiative: "initiative", Actor: "actor", FundingSource: "funding_source"}

log = logging.getLogger(__name__)


def ask_owners(at: datetime, most: int = MOST_A_DAY) -> dict[str, int]:
    """The daily task: new questions, reminders, silences; ``most`` of each. Done twice in a day, it does nothing more.

    Returns how many of each. A fiche that fails is told to the log, and the others go on.
    """
    rules = ModerationRules.current()
    due = [fiche for model in COLUMNS for fiche in fiches_to_ask(model, at, rules).order_by("pk")[:most]]
    unanswered = Recheck.objects.filter(answer="", last_sent_at__lte=at - timedelta(days=rules.reminder_days))
    to_remind = unanswered.filter(reminders__lt=MOST_REMINDERS).order_by("last_sent_at", "pk").with_fiche()[:most]
    silent = _not_told(unanswered.filter(reminders__gte=MOST_REMINDERS)).order_by("pk").with_fiche()[:most]
    return {
        "asked": _each(_ask, due[:most], at, rules),
        "reminded": _each(_remind, to_remind, at, rules),
        "silent": _each(_tell_the_team, silent, at, rules),
    }


def fiches_to_ask(model, at: datetime, rules: ModerationRules):
    """The published fiches of a noun whose owners are to be asked: read by nobody for long, or about to fall silent."""
    period = timedelta(days=round(rules.recheck_months * 365.25 / 12))
    then, day = at - period, timezone.localdate(at - period)
    same = {COLUMNS[model]: OuterRef("pk")}
    owners = Ownership.objects.current().filter(**same)
    asked = Recheck.objects.filter(**same)
    long_ago = Q(published_at__lte=then) & (Q(checked_on=None) | Q(checked_on__lte=day))
    if model is Initiative:
        long_ago &= Q(holder_checked_on=None) | Q(holder_checked_on__lte=day)
    due = long_ago & Q(Exists(owners.filter(since__lte=then))) & ~Q(Exists(asked.filter(asked_at__gt=then)))
    if model is Initiative:
        due |= _about_to_fall_silent(timezone.localdate(at)) & ~Q(Exists(asked.filter(asked_at__gt=at - ASKED_LATELY)))
    return model.objects.published().filter(due, Exists(owners)).exclude(Exists(asked.filter(answer="")))


def _about_to_fall_silent(today):
    ending = Notice.objects.filter(Q(until=None) | Q(until__gte=today), initiative=OuterRef("pk"))
    soon = ending.filter(said_on__lte=today - LIFETIME + BEFORE_SILENCE, said_on__gt=today - LIFETIME)
    return Q(Exists(soon))


def token_value(recheck: Recheck, user: User) -> str:
    """What the token of a question says: which one, and which owner has it."""
    return f"{recheck.uuid} {user.pk}"


def read_token_value(value: str) -> tuple[Recheck, User] | None:
    """The question and the owner of a token; None when one of them is no more."""
    uuid, _, key = str(value).partition(" ")
    recheck = Recheck.objects.filter(uuid=uuid).with_fiche().first()
    user = User.objects.filter(pk=key, is_active=True).first()
    return (recheck, user) if recheck and user else None


def _not_told(rechecks):
    """Those of which the team has not been told yet."""
    for column in COLUMNS.values():
        told = Submission.objects.filter(kind=Submission.Kind.RECHECK, created_at__gte=OuterRef("asked_at"))
        rechecks = rechecks.exclude(Exists(told.filter(**{column: OuterRef(column)})))
    return rechecks


def _each(work, rows, at, rules):
    """One transaction for each; returns for how many something was done."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += work(row, at, rules)
        except Exception:
            log.exception("the question of the year failed for one fiche")
    return done


def _ask(fiche, at, rules):
    fiche = locked(fiche)
    if not fiches_to_ask(type(fiche), at, rules).filter(pk=fiche.pk).exists():
        return False
    recheck = Recheck.objects.create(asked_at=at, last_sent_at=at, **target(fiche))
    return _write(recheck, fiche, at)


def _remind(recheck, at, rules):
    fiche = locked(recheck.fiche)
    recheck = Recheck.objects.get(pk=recheck.pk)
    if recheck.answer or recheck.last_sent_at > at - timedelta(days=rules.reminder_days):
        return False
    recheck.reminders, recheck.last_sent_at = recheck.reminders + 1, at
    recheck.save(update_fields=["reminders", "last_sent_at"])
    return _write(recheck, fiche, at)


def _write(recheck, fiche, at):
    """Write to each owner; without any, or without a page to read, there is nothing to ask."""
    owners = Ownership.objects.about(fiche).current().select_related("user")
    if not owners or not fiche.is_published:
        close_recheck(fiche=fiche, at=at, answer=Recheck.Answer.CLOSED)
        return False
    notices = askable_notices(fiche, timezone.localdate(at)).exists()
    context = {"fiche": fiche, "reminder": recheck.reminders, "notices": notices}
    for owner in owners:
        link = mailed_link("fresh", "fresh", token_value(recheck, owner.user))
        queue_mail(owner.user.email, "fresh_question", context | {"link": link}, unsubscribe=reverse("my_fiches"))
    return True


def _tell_the_team(recheck, at, rules):
    """Silence after the last reminder: the team reads the fiche again itself. An answer that comes late counts."""
    fiche = locked(recheck.fiche)
    if not _not_told(Recheck.objects.filter(pk=recheck.pk, answer="")).exists():
        return False
    if not fiche.is_published:
        close_recheck(fiche=fiche, at=at, answer=Recheck.Answer.CLOSED)
        return False
    submission = Submission(kind=Submission.Kind.RECHECK, base_revision=fiche.revision, created_at=at, **target(fiche))
    open_in_queue(submission, at=at, note="Sans réponse de ses porteurs")
    return True
