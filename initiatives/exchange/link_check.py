"""Trying the addresses that published fiches cite: politely, a few at a time, never while a page is being served.

One request at a time, and a pause between two requests to the same host. An address is first asked for with HEAD, then
with GET when HEAD is refused; five redirections at most are followed. Fiches hold addresses that people typed: none may
make the server speak to its own network, so that every host is resolved first, private and local addresses are refused,
and the connection goes to the very address that was judged. Each answer is kept at once: a run that is killed leaves
only truths behind.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.db import transaction

from initiatives.models import Actor, FundingSource, Initiative, LinkCheck, Source

TIMEOUT = 10  # seconds, for each connection and each silence
PAUSE = 2.0  # seconds between two requests to one host
MOST_REDIRECTIONS = 5
PATIENCE = 30  # seconds, for a whole answer: a server may let it come drop by drop
# Answers to HEAD that say nothing of what GET would get.
REFUSALS_OF_HEAD = {400, 403, 404, 405, 406, 429, 500, 501, 503}
# The page is there, for readers if not for programs: asking for a sign-in, or for patience.
ANSWERED = {401, 403, 407, 429, 451, 999}
SAFE_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"


class Refused(Exception):
    """The address must not be asked for; ``str(error)`` is the sentence that says why."""


@dataclass(frozen=True)
class Answer:
    """What an address answered. ``status``: the last HTTP status, None when there was none."""

    status: int | None
    error: str = ""

    @property
    def is_dead(self) -> bool:
        return bool(self.error)


class Manners:
    """Waits until a host may be asked again."""

    def __init__(self, pause: float = PAUSE):
        self.pause = pause
        self.last = {}

    def wait(self, host: str) -> None:
        due = self.last.get(host, -self.pause) + self.pause - time.monotonic()
        if due > 0:
            time.sleep(due)
        self.last[host] = time.monotonic()

    def done(self, host: str) -> None:
        """The pause begins when the answer has come."""
        self.last[host] = time.monotonic()


def cited_addresses() -> set[str]:
    """Every web address that a published fiche gives: its site and those of its sources."""
    addresses = set()
    for noun in (Initiative, Actor, FundingSource):
        published = noun.objects.published()
        addresses.update(published.exclude(website="").values_list("website", flat=True))
        owner = {f"{noun_column(noun)}__in": published}
        addresses.update(Source.objects.filter(**owner).exclude(url="").values_list("url", flat=True))
    return addresses


def noun_column(noun) -> str:
    """The column of a source that leads to a fiche of this noun."""
    return {Initiative: "initiative", Actor: "actor", FundingSource: "funding_source"}[noun]


def check_links(
    *, now: Callable[[], datetime], most: int, manners: Manners | None = None, allow_local: bool = False
) -> Iterator[tuple[str, Answer]]:
    """Try ``most`` addresses at most, those never tried first, then those tried longest ago; yield what each answered.

    Addresses that no published fiche cites any more are forgotten. ``allow_local``: only for tests, whose server is on
    this machine.
    """
    cited = cited_addresses()
    _forget(cited)
    manners = manners or Manners()
    for address in _in_turn(cited)[:most]:
        answer = try_address(address, manners=manners, allow_local=allow_local)
        keep(address, answer, at=now())
        yield address, answer


@transaction.atomic
def keep(address: str, answer: Answer, *, at: datetime) -> None:
    """Write down what an address answered; the date of its first failure stays until it answers again."""
    check, _ = LinkCheck.objects.select_for_update().get_or_create(url=address)
    check.checked_at, check.status, check.error = at, answer.status, answer.error[:200]
    check.failing_since = (check.failing_since or at) if answer.is_dead else None
    check.save()


def try_address(address: str, *, manners: Manners, allow_local: bool = False) -> Answer:
    """What an address answers, its redirections followed."""
    status = None
    for _ in range(MOST_REDIRECTIONS + 1):
        try:
            status, location = _ask("HEAD", address, manners, allow_local)
            if status in REFUSALS_OF_HEAD:
                status, location = _ask("GET", address, manners, allow_local)
        except Refused as error:
            return Answer(status, str(error))
        except TimeoutError:
            return Answer(None, "Pas de réponse en dix secondes.")
        except socket.gaierror:
            return Answer(None, "Ce nom de site n’existe pas ou plus.")
        except ssl.SSLError:
            return Answer(None, "Le certificat du site n’est pas valable.")
        except (OSError, http.client.HTTPException):
            return Answer(None, "Le site ne répond pas.")
        if status in (301, 302, 303, 307, 308) and location:
            address = urljoin(address, location)
        else:
            return _judged(status)
    return Answer(status, f"Plus de {MOST_REDIRECTIONS} redirections.")


def _judged(status):
    if status < 400 or status in ANSWERED:
        return Answer(status)
    if status in (404, 410):
        return Answer(status, "La page n’existe plus.")
    return Answer(status, f"Le site répond par une erreur ({status}).")


def _ask(method, address, manners, allow_local):
    """(status, where it redirects to) of one request."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused("L’adresse est mal formée.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("L’adresse n’est pas celle d’une page du web.")
    host = _ascii(parts.hostname)
    port = port or {"http": 80, "https": 443}[parts.scheme]
    judged = _public_address(host, port, allow_local)
    target = quote(parts.path or "/", safe=SAFE_IN_ADDRESSES)
    if parts.query:
        target += "?" + quote(parts.query, safe=SAFE_IN_ADDRESSES)
    manners.wait(host)
    connection = _Connection(host, port, judged, secure=parts.scheme == "https")
    watch = threading.Timer(PATIENCE, connection.hang_up)
    watch.start()
    try:
        connection.request(method, target, headers={"User-Agent": user_agent(), "Accept": "*/*"})
        # Its status and its headers say enough: nothing of the page itself is read, whatever its size.
        response = connection.getresponse()
        return response.status, response.getheader("Location")
    finally:
        watch.cancel()
        connection.close()
        manners.done(host)


def user_agent() -> str:
    """Says who asks, and where to learn more."""
    return f"InnovGuide-liens/1.0 (+{settings.SITE_URL})"


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was judged, whatever the name would resolve to the next time."""

    def __init__(self, host, port, judged, *, secure):
        super().__init__(host, port, timeout=TIMEOUT)
        self.judged = judged
        self.secure = secure
        if secure:
            self.default_port = 443  # left out of the Host header

    def connect(self):
        self.sock = socket.create_connection((self.judged, self.port), TIMEOUT)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def hang_up(self):
        """From another thread: whoever waits for this connection waits no more."""
        if self.sock:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _ascii(host):
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise Refused("Le nom du site est mal formé.") from None


def _public_address(host, port, allow_local):
    """The first network address of a host; refuses a host any of whose addresses is not on the public internet."""
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        if not allow_local and not _is_public(ipaddress.ip_address(text.partition("%")[0])):
            raise Refused("L’adresse mène à un réseau privé.")
    return found[0]


def _is_public(address):
    inside = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inside is not None:
        return _is_public(inside)
    return address.is_global and not address.is_multicast and not getattr(address, "is_site_local", False)


def _in_turn(cited):
    """Those never tried first, then those tried longest ago."""
    tried = dict(LinkCheck.objects.values_list("url", "checked_at"))
    tried = {url: at.timestamp() if at else 0 for url, at in tried.items()}
    return sorted(cited, key=lambda url: (tried.get(url, 0), url))


def _forget(cited):
    gone = [pk for pk, url in LinkCheck.objects.values_list("pk", "url") if url not in cited]
    for start in range(0, len(gone), 500):
        LinkCheck.objects.filter(pk__in=gone[start : start + 500]).delete()
