"""The links that mails carry: signed for one purpose, absolute, and each opens a page that asks before it acts."""

from django.urls import reverse

from initiatives.submission.mailing import absolute
from initiatives.submission.tokens import make


def mailed_link(page: str, purpose: str, uuid) -> str:
    """The address of a page (its name in ``urls``) reached by a token of this purpose about the row of this UUID."""
    return absolute(reverse(page, args=[make(purpose, uuid)]))


def tracking_link(submission) -> str:
    return mailed_link("tracking", "tracking", submission.uuid)


def draft_link(submission) -> str:
    """Where a draft waits, with the way to go on."""
    return absolute(reverse("deposit_step", args=[make("draft", submission.uuid), "plus-tard"]))


def confirmation_link(submission) -> str:
    return mailed_link("confirm", "confirmation", submission.uuid)
