"""Trying links, against a real server on this machine: what is dead, what is polite, what is never asked."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command

from initiatives.exchange import link_check
from initiatives.exchange.link_check import Answer, Manners, check_links, cited_addresses, keep, try_address
from initiatives.models import LinkCheck
from tests import factories

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


class Pages(BaseHTTPRequestHandler):
    """``/200`` answers 200, and so on; some pages have a behaviour of their own."""

    def answer(self):  # noqa: C901
        path = self.path.partition("?")[0]
        self.server.asked.append((self.command, self.path, self.headers["User-Agent"], self.headers["Host"]))
        match path.split("/")[1:]:
            case ["tour", "0"]:
                self.reply(200)
            case ["tour", number]:
                self.reply(302, Location=f"/tour/{int(number) - 1}")
            case ["vers", "prive"]:
                self.reply(301, Location="http://10.0.0.1/secret")
            case ["vers", "fichier"]:
                self.reply(301, Location="file:///etc/passwd")
            case ["sans-head"]:
                self.reply(405 if self.command == "HEAD" else 200)
            case ["muet"]:
                self.server.release.wait(10)
            case ["goutte"]:
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                while not self.server.release.wait(0.05):
                    self.wfile.write(b"X-Goutte: 1\r\n")
            case ["charabia"]:
                self.wfile.write(b"\x00\x01 rien de tel\r\n\r\n")
            case [status] if status.isdigit():
                self.reply(int(status))
            case _:
                self.reply(200)

    do_GET = do_HEAD = answer

    def reply(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"x" * 10)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.asked, server.release = [], threading.Event()
    server.handle_error = lambda *args: None
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def attempt(server):
    return lambda path: try_address(server.address + path, manners=Manners(0), allow_local=True)


@pytest.mark.parametrize(
    "path", ["/200", "/204", "/401", "/403", "/429", "/tour/5", "/sans-head", "/é ?q=à", "/%C3%A9"]
)
def test_a_page_that_answers_is_alive(attempt, path):
    assert not attempt(path).is_dead


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/404", 404, "n’existe plus"),
        ("/410", 410, "n’existe plus"),
        ("/500", 500, "erreur (500)"),
        ("/tour/6", 302, "redirections"),
        ("/vers/fichier", 301, "page du web"),
        ("/charabia", None, "ne répond pas"),
    ],
)
def test_a_page_that_does_not_is_dead_and_says_why(attempt, path, status, words):
    answer = attempt(path)

    assert (answer.is_dead, answer.status) == (True, status)
    assert words in answer.error


def test_nothing_more_than_the_head_is_asked_when_the_head_answers(attempt, server):
    attempt("/200")
    assert [command for command, *_ in server.asked] == ["HEAD"]

    attempt("/sans-head")
    assert [command for command, *_ in server.asked[1:]] == ["HEAD", "GET"]


def test_a_request_says_who_asks(attempt, server, settings):
    settings.SITE_URL = "https://annuaire.exemple.test"
    attempt("/200")

    assert server.asked[0][2] == "InnovGuide-liens/1.0 (+https://annuaire.exemple.test)"
    assert server.asked[0][3] == server.address.removeprefix("http://")


def test_a_server_that_stays_silent_is_left(attempt, monkeypatch):
    monkeypatch.setattr(link_check, "TIMEOUT", 0.2)

    assert attempt("/muet").error == "Pas de réponse en dix secondes."


def test_a_server_that_answers_drop_by_drop_is_left_too(attempt, monkeypatch):
    monkeypatch.setattr(link_check, "PATIENCE", 0.3)
    start = time.monotonic()

    attempt("/goutte")

    assert time.monotonic() - start < 3


def test_a_port_where_nobody_listens_is_dead(server):
    server.server_close()

    assert try_address(server.address, manners=Manners(0), allow_local=True).error == "Le site ne répond pas."


PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://10.1.2.3/",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://[2002:7f00:1::]/",
    "http://224.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_leads_into_a_private_network(address):
    answer = try_address(address, manners=Manners(0))

    assert answer.error == "L’adresse mène à un réseau privé."


def test_a_redirection_does_not_lead_into_a_private_network_either(server, monkeypatch):
    judged = link_check._public_address
    monkeypatch.setattr(
        link_check, "_public_address", lambda host, port, local: judged(host, port, host == "127.0.0.1")
    )

    answer = try_address(server.address + "/vers/prive", manners=Manners(0))

    assert answer == Answer(301, "L’adresse mène à un réseau privé.")


@pytest.mark.parametrize(
    "address",
    ["ftp://exemple.test/", "javascript:alert(1)", "file:///etc/passwd", "http://", "rien", "http://a:99999/"],
)
def test_only_the_web_is_asked(address):
    assert try_address(address, manners=Manners(0)).is_dead


@pytest.mark.parametrize("address", ["http://a..b/", f"http://{'a' * 70}.test/", "http://[::1/", "http://a b/"])
def test_an_address_that_cannot_be_read_is_dead_and_breaks_nothing(address):
    assert try_address(address, manners=Manners(0)).is_dead


def test_a_host_is_asked_again_only_after_a_pause(server, monkeypatch):
    waits = []
    monkeypatch.setattr(link_check.time, "sleep", waits.append)
    manners = Manners(pause=5)

    for path in ("/200", "/204"):
        try_address(server.address + path, manners=manners, allow_local=True)

    assert len(waits) == 1
    assert 4 < waits[0] <= 5


@pytest.mark.django_db
def test_the_addresses_of_published_fiches_are_tried_and_no_other():
    published = factories.InitiativeFactory(published=True, website="https://a.exemple.test/")
    factories.SourceFactory(initiative=published, url="https://b.exemple.test/")
    factories.SourceFactory(initiative=published, url="")
    draft = factories.InitiativeFactory(website="https://c.exemple.test/")
    factories.SourceFactory(initiative=draft, url="https://d.exemple.test/")
    actor = factories.ActorFactory(published=True, website="https://a.exemple.test/")
    factories.SourceFactory(initiative=None, actor=actor, url="https://e.exemple.test/")
    funding = factories.FundingSourceFactory(archived=True, website="https://f.exemple.test/")
    factories.SourceFactory(initiative=None, funding_source=funding, url="https://g.exemple.test/")

    assert cited_addresses() == {f"https://{letter}.exemple.test/" for letter in "abe"}


@pytest.mark.django_db
def test_the_date_of_the_first_failure_is_kept_until_the_page_answers_again():
    days = [NOW + timedelta(days=number) for number in range(4)]
    answers = [Answer(200), Answer(404, "Non."), Answer(500, "Encore."), Answer(200)]
    seen = []

    for day, answer in zip(days, answers, strict=True):
        keep("https://a.exemple.test/", answer, at=day)
        check = LinkCheck.objects.get()
        assert (check.checked_at, check.status, check.error) == (day, answer.status, answer.error)
        seen.append(check.failing_since)

    assert seen == [None, days[1], days[1], None]


def run(**options):
    return dict(check_links(now=lambda: NOW, manners=Manners(0), allow_local=True, **{"most": 100} | options))


@pytest.mark.django_db
def test_a_run_tries_what_was_never_tried_then_what_was_tried_longest_ago(server):
    urls = [f"{server.address}/200?{number}" for number in range(4)]
    for url in urls:
        factories.InitiativeFactory(published=True, website=url)
    for url, days in ((urls[0], 1), (urls[1], 9)):
        LinkCheck.objects.create(url=url, checked_at=NOW - timedelta(days=days), status=200)

    assert list(run(most=3)) == [urls[2], urls[3], urls[1]]
    assert list(run(most=1)) == [urls[0]]
    assert Counter(LinkCheck.objects.values_list("checked_at", flat=True)) == {NOW: 4}


@pytest.mark.django_db
def test_an_address_that_nobody_cites_any_more_is_forgotten(server):
    LinkCheck.objects.create(url="https://oubliee.exemple.test/", checked_at=NOW, failing_since=NOW)
    factories.InitiativeFactory(published=True, website=server.address)
    run()

    assert [check.url for check in LinkCheck.objects.all()] == [server.address]


@pytest.mark.django_db
def test_a_run_that_is_stopped_leaves_what_it_learnt(server):
    for number in range(3):
        factories.InitiativeFactory(published=True, website=f"{server.address}/404?{number}")

    answers = check_links(now=lambda: NOW, most=10, manners=Manners(0), allow_local=True)
    next(answers)
    answers.close()

    assert LinkCheck.objects.dead().count() == 1


@pytest.mark.django_db
def test_the_command_tells_what_is_dead_and_obeys_its_limit(capsys):
    for number in range(2):
        factories.InitiativeFactory(published=True, website=f"http://127.0.0.1:{number + 1}/")

    call_command("check_links", most=1)

    told = capsys.readouterr().out
    assert "http://127.0.0.1:1/ : L’adresse mène à un réseau privé." in told
    assert "1 essayé(s), dont 1 mort(s)" in told
    assert LinkCheck.objects.count() == 1
