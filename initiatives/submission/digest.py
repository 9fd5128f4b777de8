"""The daily letter to those who moderate: how much waits, since when, and what is past the announced delay."""

from datetime import date, datetime

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import reverse

from initiatives.models import ModerationRules, Submission, User
from initiatives.submission.mailing import absolute, queue_mail
from initiatives.submission.queue import Delay, backlog, counts_by_kind, in_queue


def send_digest(*, today: date, at: datetime) -> None:
    """One mail to each moderator, unless nothing waits or the rules say not to."""
    rules = ModerationRules.current()
    delay = Delay(rules.answer_days, today)
    waiting = backlog(delay)
    if not rules.sends_digest or not waiting.count:
        return
    counts = counts_by_kind(in_queue())
    context = {
        "backlog": waiting,
        "delay": delay,
        "counts": [(label, counts[kind]) for kind, label in Submission.Kind.choices if kind in counts],
        "queue": absolute(reverse("admin:moderation")),
    }
    for person in moderators():
        queue_mail(person.email, "digest", context, priority="low")


def moderators():
    """Those of the team who may moderate: by a group, in person, or because they may do everything."""
    right = Permission.objects.filter(content_type__app_label="initiatives", codename="moderate")
    may = Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return User.objects.filter(may, is_active=True, is_staff=True).distinct()
