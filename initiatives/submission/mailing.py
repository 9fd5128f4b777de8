"""Mails: written from their templates and queued, in the transaction of what they tell of.

``queue_mail`` is the one way to write to somebody. Nothing is sent here: the worker does it (``sender.py``), once the
transaction is committed. A mail has three templates in ``templates/emails``: ``<name>.subject.txt``, ``<name>.txt``
and ``<name>.html``; the last two extend ``base.txt`` and ``base.html``.
"""

import re
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.template import Context
from django.template.loader import get_template, render_to_string
from post_office.models import PRIORITY, STATUS, Email
from post_office.settings import get_message_id_fqdn

from initiatives.directory.context import site

FOLDER = "emails"
MAX_SUBJECT = 200  # characters
# How long mails are kept, for who has to tell what was written to somebody: they hold links and texts.
SENT_KEPT = timedelta(days=30)
FAILED_KEPT = timedelta(days=90)
# What would begin another header, or hide one: line ends of all kinds, control characters.
BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def queue_mail(
    to: str,
    template: str,
    context: dict,
    *,
    unsubscribe: str | None = None,
    one_click: bool = False,
    reply_to: str | None = None,
    priority: str = "medium",
) -> Email:
    """Queue one mail to one person; it leaves with the transaction's commit, or never.

    ``to``: an address alone, without a name. ``context``: what the templates name; ``site``, ``subject`` and
    ``unsubscribe`` are added. Links in it are absolute (``absolute``). ``unsubscribe``: the page, absolute or from the
    root of the site, where the person says that they no longer want such mails; to be given whenever they can.
    ``one_click``: a POST without anything else to that address is enough (RFC 8058). ``reply_to``: who reads the
    answers, the contact of the site unless told. ``priority``: "low" for what can wait for the rest (digests),
    "medium", "high" for what somebody waits for in front of a page (sign-in links).

    Raises ``ValueError`` for what is not an address.
    """
    for address in [to, reply_to] if reply_to else [to]:
        _refuse_what_is_no_address(address)
    unsubscribe = absolute(unsubscribe) if unsubscribe else ""
    values = context | {"site": site(None)["site"], "unsubscribe": unsubscribe}
    subject = BREAKS.sub(" ", _text(f"{template}.subject.txt", values)).strip()[:MAX_SUBJECT]
    values["subject"] = subject
    # Not through post_office.mail: it reads what it is given as a template, and people's words are none.
    return Email.objects.create(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        subject=subject,
        message=_tidy(_text(f"{template}.txt", values)),
        html_message=_tidy(render_to_string(f"{FOLDER}/{template}.html", values)),
        headers=_headers(unsubscribe, one_click, reply_to or settings.CONTACT_EMAIL),
        message_id=make_msgid(domain=get_message_id_fqdn()),
        priority=getattr(PRIORITY, priority),
        status=STATUS.queued,
    )


def absolute(address: str) -> str:
    """The address of a page as a mail gives it: with the site's own name, whatever host the request was made to."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def purge_mails(at: datetime) -> int:
    """Delete the mails that were sent, or given up, long enough ago. How many."""
    old_sent = Q(status=STATUS.sent, last_updated__lt=at - SENT_KEPT)
    old_failed = Q(status=STATUS.failed, last_updated__lt=at - FAILED_KEPT)
    _, deleted = Email.objects.filter(old_sent | old_failed).delete()
    return deleted.get(Email._meta.label, 0)


def _refuse_what_is_no_address(address):
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError("not an e-mail address") from None


def _headers(unsubscribe, one_click, reply_to):
    headers = {"Auto-Submitted": "auto-generated"}
    if reply_to:
        headers["Reply-To"] = reply_to
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        if one_click:
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _text(name, values):
    """A template of plain text: nothing is escaped in it, without its saying so."""
    return get_template(f"{FOLDER}/{name}").template.render(Context(values, autoescape=False))


def _tidy(text):
    """Without the blank lines that tags leave behind, nor what PostgreSQL does not take."""
    text = text.replace("\x00", "")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)[ \t]+$", "", text)).strip() + "\n"
