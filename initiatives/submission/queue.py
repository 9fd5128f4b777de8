"""What waits for the team: which submissions, since when, and what is late by what the site announces."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from initiatives.models import Actor, FundingSource, Initiative, Submission, Territory, Theme
from initiatives.models.vocabulary import Presence

State = Submission.State
# Days before the announced delay from which an item is shown as close to it.
CLOSE = 2


@dataclass(frozen=True)
class Delay:
    """How long the team has to answer. ``late_before``: what waits since before is past what was announced."""

    days: int
    today: datetime.date

    @property
    def late_before(self) -> datetime.datetime:
        first_day = self.today - datetime.timedelta(days=self.days)
        return timezone.make_aware(datetime.datetime.combine(first_day, datetime.time.min))

    def state_of(self, waited: int) -> str:
        """« dépassé », « proche » or "" after so many days."""
        if waited > self.days:
            return "dépassé"
        return "proche" if waited >= self.days - CLOSE else ""

    def waited(self, submission: Submission) -> int:
        return (self.today - timezone.localdate(submission.waiting_since)).days


@dataclass(frozen=True)
class Backlog:
    """What waits: how many, for how many days the oldest has, how many for longer than announced."""

    count: int
    days: int
    late: int


def backlog(delay: Delay) -> Backlog:
    """Of all that waits for the team; one query."""
    waiting = Submission.objects.filter(state=State.WAITING)
    found = waiting.aggregate(
        count=Count("pk"),
        oldest=Min("waiting_since"),
        late=Count("pk", filter=Q(waiting_since__lt=delay.late_before)),
    )
    oldest = found.pop("oldest")
    return Backlog(days=(delay.today - timezone.localdate(oldest)).days if oldest else 0, **found)


def counts_by_kind(rows: QuerySet) -> dict[str, int]:
    return dict(rows.order_by().values_list("kind").annotate(Count("pk")))


def in_queue(*, at_the_holder: bool = False) -> QuerySet:
    """What waits for the team, or for the people who were asked for more; the oldest first."""
    state = State.CHANGES_REQUESTED if at_the_holder else State.WAITING
    return Submission.objects.filter(state=state).order_by("waiting_since", "pk")


def in_territory(rows: QuerySet, territory: Territory) -> QuerySet:
    """Those about a fiche that is based in a territory, or acts there."""
    initiatives = Initiative.objects.with_presence(territory).filter(presence__in=[Presence.BASED, Presence.ACTS])
    return rows.filter(
        Q(initiative__in=initiatives.order_by().values("pk"))
        | Q(actor__in=Actor.objects.acting_in(territory).order_by().values("pk"))
        | Q(funding_source__in=FundingSource.objects.for_territory(territory).order_by().values("pk"))
    )


def about_theme(rows: QuerySet, theme: Theme) -> QuerySet:
    """Those about a fiche of a theme or of its sub-themes."""
    themes = Q(themes=theme) | Q(themes__parent=theme)
    return rows.filter(
        Q(initiative__in=Initiative.objects.about(theme).order_by().values("pk"))
        | Q(actor__in=Actor.objects.filter(themes).order_by().values("pk"))
        | Q(funding_source__in=FundingSource.objects.filter(themes).order_by().values("pk"))
    )


def with_row_details(rows: QuerySet) -> QuerySet:
    """All that a row of the queue shows, in a fixed number of queries."""
    return rows.select_related("initiative", "actor__seat__commune", "funding_source", "assignee").prefetch_related(
        "initiative__sites__territory__commune", "initiative__coverage"
    )


def initials(user) -> str:
    """How the desk calls a colleague: « C. R. »; the beginning of the address of who has no name."""
    words = user.name.replace("-", " ").split() or [user.email]
    return "\N{NO-BREAK SPACE}".join(f"{word[0].upper()}." for word in words[:3])
