"""Signed links: the token of one purpose says of what row it speaks, and opens nothing else.

    make("tracking", submission.uuid)              → "…", for an address
    read("tracking", token)                        → the UUID again; raises ``BadToken``

A view reached by a token is ``@private_page``: it may let ``BadToken`` go, people then read what to do. Nothing changes
on its GET: mail scanners open links (``templates/submission/one_button.html`` is the page that asks first).
"""

import base64
from datetime import UTC, datetime, timedelta
from functools import wraps
from uuid import UUID

from django.core.signing import BadSignature, Signer, b62_decode, b62_encode
from django.shortcuts import render
from django.utils import timezone

# For how long a link holds; None: as long as what it leads to.
PURPOSES = {
    "draft": None,
    "tracking": None,
    "confirmation": timedelta(days=7),
    "fresh": timedelta(days=30),
    "withdrawal": timedelta(days=30),
    "invitation": timedelta(days=60),
    "opinion": timedelta(days=60),
    "question": timedelta(days=1),
    "handover": timedelta(days=30),
    "deletion": timedelta(days=1),
    "unsubscribe": None,
}

DAMAGED = "Ce lien n’est pas complet, ou il a été modifié."
OUT_OF_DATE = "Ce lien n’est plus valable : il l’a été {days} après son envoi."


class BadToken(Exception):
    """A link that leads nowhere; ``str(error)`` is a sentence for the person, ``is_expired`` whether it once led."""

    def __init__(self, sentence, *, is_expired=False):
        super().__init__(sentence)
        self.is_expired = is_expired


def make(purpose: str, value: UUID | str, *, at: datetime | None = None) -> str:
    """A token for an address: letters, digits, ``-``, ``_`` and ``.``. ``value``: a row's UUID, or a short text."""
    seconds = b62_encode(int((at or timezone.now()).timestamp()))
    return _signer(purpose).sign(f"{_pack(value)}.{seconds}")


def read(purpose: str, token: str, *, at: datetime | None = None) -> UUID | str:
    """The value of a token of this purpose; raises ``BadToken`` when it is damaged, of another purpose, or too old."""
    try:
        packed, seconds = _signer(purpose).unsign(token).split(".")
    except BadSignature:
        raise BadToken(DAMAGED) from None
    made, longest = datetime.fromtimestamp(b62_decode(seconds), UTC), PURPOSES[purpose]
    if longest is not None and (at or timezone.now()) > made + longest:
        days = "un jour" if longest.days == 1 else f"{longest.days} jours"
        raise BadToken(OUT_OF_DATE.format(days=days), is_expired=True)
    return _unpack(packed)


def _signer(purpose):
    if purpose not in PURPOSES:
        raise KeyError(purpose)
    return Signer(salt=f"initiatives.link.{purpose}", sep=".")


def _pack(value):
    is_uuid = isinstance(value, UUID)
    packed = base64.urlsafe_b64encode(value.bytes if is_uuid else str(value).encode())
    return ("u" if is_uuid else "t") + packed.decode().rstrip("=")


def _unpack(packed):
    kind, text = packed[0], packed[1:]
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return UUID(bytes=content) if kind == "u" else content.decode()


# Pages that only whoever has the link may see


def private_page(view):
    """A view that is for one person: kept by nobody, found by no search engine, its address told to no other site.

    A ``BadToken`` that it lets go becomes a page that says what to do: 410 when the link is too old, 404 otherwise.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except BadToken as trouble:
            response = link_trouble(request, trouble)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answer


def link_trouble(request, trouble: BadToken):
    """What somebody reads whose link leads nowhere; also for a link whose row is gone: ``BadToken("…")``."""
    context = {"sentence": str(trouble), "is_expired": trouble.is_expired}
    return render(request, "submission/link_trouble.html", context, status=410 if trouble.is_expired else 404)
