"""What « Mes fiches » shows a holder: the fiches that they answer for, what they sent, what they are asked."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse

from initiatives.directory.completeness import LINES, completeness, missing
from initiatives.models import (
    Initiative,
    InitiativeTheme,
    Opinion,
    Ownership,
    Recheck,
    Submission,
    SubmissionMessage,
)
from initiatives.submission import documents
from initiatives.submission.lifecycle import State
from initiatives.submission.nouns import propose_page
from initiatives.submission.rechecks import COLUMNS
from initiatives.submission.tokens import make

NOT_SENT = (State.DRAFT, State.UNCONFIRMED)
MOST_SENT = 50


@dataclass(frozen=True)
class Owned:
    """A published fiche of a holder. ``is_asked``: the question of the year waits for its answer."""

    ownership: Ownership
    fiche: object
    notices: list
    is_asked: bool
    withdrawal: Submission | None

    @property
    def missing(self) -> list[str]:
        return missing(self.fiche)

    @property
    def met(self) -> int:
        """How many rules of completeness it meets, of ``total``."""
        return completeness(self.fiche)[0]

    @property
    def total(self) -> int:
        return completeness(self.fiche)[1]

    @property
    def cloth(self) -> str:
        """That of its main theme; "" for what has none."""
        return self.fiche.theme_list[0].cloth if isinstance(self.fiche, Initiative) and self.fiche.theme_list else ""

    @property
    def said_on(self):
        """When somebody last said that it is true."""
        days = [self.fiche.checked_on, getattr(self.fiche, "holder_checked_on", None)]
        return max(filter(None, days), default=None)

    @property
    def propose_page(self) -> str:
        return propose_page(self.fiche)


def owned_by(user, today) -> list[Owned]:
    """In a fixed number of queries, by name."""
    lines = {COLUMNS[model]: {} for model in COLUMNS}
    for line in Ownership.objects.current().filter(user=user):
        for column in lines:
            if key := getattr(line, f"{column}_id"):
                lines[column][key] = line
    found = []
    for model, column in COLUMNS.items():
        asked = set(
            Recheck.objects.filter(answer="", **{f"{column}__in": lines[column]}).values_list(column, flat=True)
        )
        withdrawals = {
            getattr(row, f"{column}_id"): row
            for row in Submission.objects.filter(
                kind=Submission.Kind.WITHDRAWAL, state=State.WAITING, user=user, **{f"{column}__in": lines[column]}
            )
        }
        for fiche in _with_lines(model).filter(pk__in=lines[column]):
            notices = _askable(fiche, today) if model is Initiative else []
            key = fiche.pk
            found.append(Owned(lines[column][key], fiche, notices, key in asked, withdrawals.get(key)))
    return sorted(found, key=lambda owned: (owned.fiche.sort_key, owned.fiche.pk))


def _with_lines(model):
    themes = Prefetch("theme_links", InitiativeTheme.objects.select_related("theme__parent"))
    more = (themes, "notices") if model is Initiative else ()
    lines = [name for name in LINES[model] if not (more and name == "theme_links")]
    return model.objects.published().prefetch_related(*lines, *more)


def _askable(fiche, today):
    return [notice for notice in fiche.notices.all() if notice.until is None or notice.until >= today]


def sent_by(user) -> list[Submission]:
    """What they sent, the last first, each with ``team_messages`` and its ``tracking`` page."""
    team = SubmissionMessage.objects.filter(is_from_team=True)
    rows = Submission.objects.of(user).exclude(state__in=NOT_SENT).exclude(kind=Submission.Kind.RECHECK)
    rows = rows.with_fiche().prefetch_related(Prefetch("messages", team, to_attr="team_messages"))
    found = list(rows.order_by("-sent_at", "-pk")[:MOST_SENT])
    for row in found:
        row.tracking = _page("tracking", row.uuid)
        row.called = called(row)
        row.may_be_withdrawn = row.state in (State.WAITING, State.CHANGES_REQUESTED)
        for message in row.team_messages:
            message.field_label = documents.label(type(row.fiche), message.field) if row.fiche else message.field
    return found


def drafts_of(user) -> list[Submission]:
    """What they have not sent yet, or not confirmed, the last saved first, each with the page that goes on with it."""
    found = list(Submission.objects.of(user).filter(state__in=NOT_SENT).with_fiche().order_by("-saved_at", "-pk"))
    for row in found:
        row.called = called(row)
        row.resume = _resume(row)
    return found


def opinions_asked_of(user) -> list[Opinion]:
    """Changes that others propose for their fiches, and that the team has not decided yet."""
    open_states = (State.WAITING, State.CHANGES_REQUESTED)
    asked = Opinion.objects.filter(user=user, agrees=None, submission__state__in=open_states)
    found = list(asked.select_related(*(f"submission__{column}" for column in COLUMNS.values())).order_by("asked_at"))
    followed = {_about(line) for line in Ownership.objects.current().filter(user=user)}
    found = [opinion for opinion in found if _about(opinion.submission) in followed]
    for opinion in found:
        opinion.page = _page("opinion", opinion.uuid)
    return found


def _about(row):
    """The keys of the fiche that a row is about, one of them set."""
    return tuple(getattr(row, f"{column}_id") for column in COLUMNS.values())


def called(row: Submission) -> str:
    """What a submission is about, in a name."""
    return str(row.fiche or row.answers.get("name") or "Sans nom")


def _resume(row):
    """The page that goes on with a draft, or sends its message again; "" when its fiche is published no more."""
    if row.state != State.DRAFT:
        return _page("tracking", row.uuid)
    token = make("draft", row.uuid)
    if row.kind == Submission.Kind.NEW:
        return reverse("deposit_step", args=[token, "essentiel"])
    if row.kind == Submission.Kind.CHANGE and row.fiche.is_published:
        return f"{propose_page(row.fiche)}?{urlencode({'brouillon': token})}"
    return ""


def _page(purpose, value):
    """The page that bears the name of the purpose of its token."""
    return reverse(purpose, args=[make(purpose, value)])
