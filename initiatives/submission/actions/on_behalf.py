"""A deposit made by the team for somebody who called or wrote: it waits for them to confirm it, as any other."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from initiatives.models import Initiative, ModerationRules, Submission, Territory, Theme, User, take_turn
from initiatives.submission import documents, lifecycle
from initiatives.submission.actions.confirming import confirm
from initiatives.submission.consents import keep_consents
from initiatives.submission.links import confirmation_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.replies import called

# The same entry sent again within so long is a double click.
AGAIN = timedelta(minutes=10)


@transaction.atomic
def deposit_for(
    *,
    email: str,
    name: str,
    initiative: str,
    summary: str,
    place: Territory,
    theme: Theme,
    by: User,
    at: datetime,
    role: str = "",
    source_url: str = "",
    publisher: str = "",
    note: str = "",
    distinct=(),
) -> Submission:
    """Write what a person said on the telephone or on paper, and send them the link by which they confirm it.

    ``initiative``: its name. ``note``: how it came, for the team. ``distinct``: the fiches that it is not.
    """
    email = User.objects.normalize_email(email)
    document = documents.blank(Initiative) | {
        "name": initiative,
        "summary": summary,
        "themes": [theme.slug],
        "sites": [{"uuid": str(uuid4()), "territory": place.key, "label": "", "address": ""}],
    }
    if source_url:
        source = {"uuid": str(uuid4()), "title": "", "publisher": publisher, "url": source_url, "year": None}
        document["sources"] = [source]
    take_turn()
    same = Submission.objects.filter(
        email=email, is_on_behalf=True, state=Submission.State.UNCONFIRMED, sent_at__gt=at - AGAIN
    )
    for submission in same:
        if submission.answers.get("name") == initiative:
            return submission
    submission = Submission.objects.create(
        kind=Submission.Kind.NEW,
        door=Submission.Door.EXISTS,
        is_on_behalf=True,
        email=email,
        name=name,
        role=role,
        answers=document,
        distinct=[str(fiche.uuid) for fiche in distinct],
        comment=note,
        created_at=at,
        saved_at=at,
    )
    lifecycle.move(submission, Submission.State.UNCONFIRMED, at=at, by=by, note="Saisie par l’équipe.")
    context = {
        "submission": submission,
        "called": called(submission),
        "confirmation": confirmation_link(submission),
        "days": ModerationRules.current().draft_days,
    }
    queue_mail(email, "on_behalf", context)
    return submission


@transaction.atomic
def accept(
    *,
    submission: Submission,
    consents: dict[str, str],
    name: str,
    role: str,
    name_is_public: bool,
    at: datetime,
) -> Submission:
    """The person has read what was typed for them, and accepts the texts (text → version): it enters the queue."""
    take_turn()
    submission = lifecycle.locked(submission)
    if submission.confirmed_at is None:
        submission.name, submission.role, submission.name_is_public = name, role, name_is_public
        submission.save(update_fields=["name", "role", "name_is_public"])
        keep_consents(submission, consents, at=at)
    return confirm(submission=submission, at=at)
