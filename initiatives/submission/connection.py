"""Holders sign in by a link sent to them: of one use, for half an hour. The team signs in by password, at the desk."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, login
from django.db import transaction
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from sesame.utils import get_token, get_user

from initiatives.models import User
from initiatives.submission.mailing import absolute, queue_mail

SCOPE = "connexion"
BACKEND = "sesame.backends.ModelBackend"


def send_link(email: str, then: str = "") -> None:
    """Queue the link of whoever has this address, to sign in and go on to the page ``then``.

    Somebody of the team gets the address of the desk instead; an address that is unknown, or whose account is closed,
    gets nothing.
    """
    user = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
    if user is None:
        return
    if user.is_staff:
        queue_mail(user.email, "connection_team", {"page": absolute(reverse("admin:login"))}, priority="high")
        return
    page = reverse("connection_link", args=[get_token(user, SCOPE)]) + (
        f"?{urlencode({'suite': then})}" if then else ""
    )
    context = {"page": absolute(page), "minutes": settings.SESAME_MAX_AGE // 60}
    queue_mail(user.email, "connection", context, priority="high")


def holder_of(token: str) -> User | None:
    """Whom a link signs in; None when it is damaged, used, or too old. It is not used up by that."""
    user = get_user(token, SCOPE, update_last_login=False)
    return None if user is None or user.is_staff else user


@transaction.atomic
def sign_in(request, token: str) -> bool:
    """Use a link up: sign its holder in, in a session with a new key; False when it is no good.

    A link is void once somebody signed in after it was made: of two who use it at once, the lock lets one in.
    """
    holder = holder_of(token)
    if holder is None:
        return False
    User.objects.select_for_update().get(pk=holder.pk)
    holder = holder_of(token)
    if holder is None:
        return False
    login(request, holder, backend=BACKEND)
    request.session.set_expiry(settings.HOLDER_SESSION_AGE)
    return True


def came_by_link(request) -> bool:
    """Whether whoever is signed in never typed a password: the desk is not opened by a link."""
    return request.session.get(BACKEND_SESSION_KEY) == BACKEND


def safe_page(request, then: str) -> str:
    """The page of our own where one wanted to go, else « Mes fiches »."""
    is_safe = then.startswith("/") and url_has_allowed_host_and_scheme(
        then, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return then if is_safe else reverse("my_fiches")
