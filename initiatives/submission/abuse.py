"""Against abuse, without asking people to prove that they are people.

For a view, in this order::

    now = timezone.now()
    form = QuestionForm(request.POST or None, now=now)      # class QuestionForm(Guarded, forms.Form)
    if form.is_valid():
        blocked = refuse_if_too_many(request, "question", at=now, email=form.cleaned_data["email"])
        if blocked:
            return blocked.again(request, "submission/question.html", {"form": form})   # 429, nothing typed is lost
        ask_question(...)
        return redirect(...)
    return render(request, "submission/question.html", {"form": form})

Its template has, inside its ``<form method="post" novalidate>``: ``{% csrf_token %}``,
``{% include "components/guards.html" with form=form only %}``, and the ``components/error_summary.html`` of the form.
A view without a form answers ``blocked.page(request)``. A test fills the guards with
``tests.submission.people.by_a_person({...})``.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.core.signing import BadSignature, Signer
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.html import format_html

from initiatives.models import RateCount, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# How many


@dataclass(frozen=True)
class Limit:
    """At most ``most`` times per ``period``, for one ``who``.

    « address » (of the visitor), « email », or « fiche »: an e-mail about one fiche.
    """

    who: str
    most: int
    period: timedelta


# An address of the network may be that of a whole town hall or of a shared workplace: its limits are wide.
LIMITS = {
    # A new draft.
    "deposit": (Limit("address", 30, HOUR), Limit("email", 6, HOUR), Limit("email", 20, DAY)),
    # Any message sent to an address that nobody has confirmed yet.
    "mail": (Limit("address", 60, HOUR), Limit("email", 6, HOUR), Limit("email", 15, DAY)),
    # Asking for a link to sign in.
    "connection": (Limit("address", 30, HOUR), Limit("email", 5, HOUR), Limit("email", 15, DAY)),
    # Opening a link to sign in, good or not.
    "link": (Limit("address", 60, HOUR),),
    "proposal": (Limit("address", 30, HOUR), Limit("email", 15, HOUR), Limit("email", 50, DAY)),
    # A proposal of which the owners of the fiche are told, who did not ask for it.
    "opinion": (Limit("fiche", 3, DAY), Limit("email", 10, DAY)),
    "report": (Limit("address", 20, HOUR), Limit("address", 60, DAY)),
    "claim": (Limit("address", 20, HOUR), Limit("email", 10, DAY)),
    # A question to a holder, who did not ask for it.
    "question": (Limit("address", 10, HOUR), Limit("email", 5, HOUR), Limit("email", 10, DAY)),
    "photo": (Limit("address", 120, HOUR), Limit("email", 60, HOUR)),
    # Seeing a draft as it will look: nobody else writes meanwhile.
    "preview": (Limit("address", 240, HOUR), Limit("email", 60, HOUR)),
}


def refuse_if_too_many(request, action: str, *, at: datetime, email: str = "", fiche=None) -> "Blocked | None":
    """Count this action for the visitor's address, for ``email`` if given, and for what it sends about ``fiche``.

    What to answer when it is too much, None when it may go on. Not within a transaction that may be undone: what was
    counted would be undone with it.
    """
    asking = {"address": client_address(request)} | ({"email": _mailbox(email)} if email else {})
    if email and fiche:
        asking["fiche"] = f"{_mailbox(email)} {fiche.uuid}"
    full = _first_full(action, asking, at)
    return Blocked(until=_end(full, at), at=at, action=action) if full else None


def purge_rate_counts(at: datetime) -> int:
    """Forget the counts whose period is over; returns how many."""
    return RateCount.objects.filter(until__lte=at).delete()[0]


def client_address(request) -> str:
    """The visitor's address as a count knows it. A home has a whole /64 of IPv6: it counts as one.

    ``REMOTE_ADDR`` is the work of ``read_client_address``, which hears no header but those of trusted proxies.
    """
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "inconnue"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address.packed, 64), strict=False)) if address.version == 6 else str(address)


def _first_full(action, asking, at):
    """The first limit that is reached, None when there is none and all have counted."""
    for limit in LIMITS[action]:
        if value := asking.get(limit.who):
            key = _key(limit, value)
            if not RateCount.objects.take(action, key, _end(limit, at), limit.most):
                return limit
    return None


def _key(limit, value):
    return salted_hmac("initiatives.rate", f"{limit.who}:{limit.period}:{value}", algorithm="sha256").hexdigest()


def _mailbox(email):
    """« lea+1@… » and « lea+2@… » are read by the same person."""
    local, _, domain = User.objects.normalize_email(email).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _end(limit, at):
    """When the period that is running ends. Periods follow each other from the epoch, whoever asks."""
    length = limit.period.total_seconds()
    return datetime.fromtimestamp((at.timestamp() // length + 1) * length, UTC)


# What to answer

# Action → what is said of it.
TOO_MANY = {
    "": "Trop d’envois en peu de temps, depuis votre connexion ou pour cette adresse électronique.",
    "opinion": "Les porteurs de la fiche ont déjà reçu plusieurs messages à cause de vos propositions d’aujourd’hui. "
    "Réunissez ce qui reste à dire en une seule.",
}


@dataclass(frozen=True)
class Blocked:
    """Too many: when one may try again, and the two ways to say it."""

    until: datetime
    at: datetime
    action: str = ""

    @property
    def minutes(self) -> int:
        return max(1, math.ceil((self.until - self.at).total_seconds() / 60))

    @property
    def wait(self) -> str:
        """« 12 minutes », « 3 heures »."""
        if self.minutes > 90:
            return f"{math.ceil(self.minutes / 60)} heures"
        return "une minute" if self.minutes == 1 else f"{self.minutes} minutes"

    @property
    def sentence(self) -> str:
        """HTML: the way to the Cress opens beside the page, where everything typed stays."""
        return format_html(
            "{} Rien n’est perdu : renvoyez ce formulaire dans {}, ou "
            '<a href="{}" target="_blank" rel="noopener">écrivez à la Cress (nouvel onglet)</a>.',
            TOO_MANY.get(self.action, TOO_MANY[""]),
            self.wait,
            reverse("contact"),
        )

    def again(self, request, template, context):
        """The page of ``context["form"]`` once more, with all that was typed and the reason at its top; 429."""
        context["form"].add_error(None, self.sentence)
        return self._answer(render(request, template, context, status=429))

    def page(self, request):
        """A page that says so, where there is no form to show again; 429."""
        return self._answer(render(request, "429.html", {"wait": self.wait}, status=429))

    def _answer(self, response):
        response["Retry-After"] = str(math.ceil((self.until - self.at).total_seconds()))
        response["Cache-Control"] = "no-store"
        return response


# What only a machine does to a form

TRAP, SHOWN_AT = "objet_complementaire", "affiche_a"
LONGEST = DAY

TRAPPED = "Un champ qui doit rester vide était rempli. Il est de nouveau vide : renvoyez le formulaire."
TOO_FAST = "Le formulaire est parti très vite, comme le ferait un robot. Relisez vos réponses, puis renvoyez-le."
TOO_OLD = "Cette page était ouverte depuis trop longtemps. Vos réponses sont toujours là : renvoyez le formulaire."


class Guarded:
    """Mixin of forms for strangers, put first: an empty field that people do not see, and a signed time.

    Neither is a field of the form, so that what walks its fields meets only questions. ``now`` is the moment of the
    request. Refusals are errors of the form as a whole: everything typed is kept, and sending it again is enough.
    """

    # A form of one field, which browsers fill by themselves, may ask for less.
    least = timedelta(seconds=3)

    def __init__(self, *args, now=None, **kwargs):
        self.now = now or timezone.now()
        super().__init__(*args, **kwargs)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and (refusal := self._what_a_person_would_not_do()):
            self.add_error(None, refusal)

    def _what_a_person_would_not_do(self):
        if self.data.get(TRAP):
            return TRAPPED
        shown = read_form_time(self.data.get(SHOWN_AT, ""))
        if shown is None or not timedelta() <= self.now - shown <= LONGEST:
            return TOO_OLD
        # A form with something to correct is not sent yet: its own sentences are the useful ones.
        return TOO_FAST if self.now - shown < self.least and not self.errors else ""

    @property
    def guards(self):
        """What ``components/guards.html`` prints. A form shown again keeps its first time, if it is still good."""
        shown = read_form_time(self.data.get(SHOWN_AT, "")) if self.is_bound else self.now
        if shown is None or not timedelta() <= self.now - shown < LONGEST - HOUR:
            shown = self.now - self.least  # it may be sent again at once
        return {"trap": TRAP, "name": SHOWN_AT, "time": form_time(shown)}


def form_time(at: datetime) -> str:
    """The signed moment at which a form was shown."""
    return _signer().sign(str(int(at.timestamp())))


def read_form_time(text: str) -> datetime | None:
    """The moment that ``form_time`` signed; None when it is missing or was changed."""
    try:
        return datetime.fromtimestamp(int(_signer().unsign(text)), UTC)
    except (BadSignature, ValueError):
        return None


def _signer():
    return Signer(salt="initiatives.form")
