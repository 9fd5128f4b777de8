"""What the team writes to who sent something: kept with the submission, and mailed in the same transaction."""

from django.urls import reverse

from initiatives.models import Submission, SubmissionMessage
from initiatives.submission.documents import label
from initiatives.submission.links import tracking_link
from initiatives.submission.mailing import absolute, queue_mail
from initiatives.submission.replies import called


def answer(submission: Submission, template: str, message: str, *, by, at, fiche=None, **context) -> None:
    """Tell who sent it what was decided. Nobody is written to when nobody left an address."""
    _keep(submission, "", message, by, at)
    if submission.email:
        queue_mail(submission.email, template, _context(submission, message, fiche or submission.fiche) | context)


def ask(submission: Submission, questions: dict[str, str], message: str, *, by, at) -> None:
    """Ask who sent it for more: ``questions``, field → text."""
    _keep(submission, "", message, by, at)
    for field, text in questions.items():
        _keep(submission, field, text, by, at)
    model = type(submission.fiche)
    said = [(label(model, field), text) for field, text in questions.items()]
    queue_mail(
        submission.email,
        "changes_requested",
        _context(submission, message, submission.fiche) | {"questions": said},
    )


def _keep(submission, field, text, by, at):
    if text.strip():
        SubmissionMessage.objects.create(
            submission=submission, at=at, by=by, is_from_team=True, field=field, text=text.strip()
        )


def _context(submission, message, fiche):
    return {
        "submission": submission,
        "called": called(submission),
        "message": message.strip(),
        "reason": "",
        "address": absolute(fiche.get_absolute_url()) if fiche is not None and fiche.is_published else "",
        "tracking": tracking_link(submission),
        "charter": absolute(reverse("charter")),
    }
