"""bin/serve as a newcomer runs it: a folder without var/, a bare environment, a real server."""

import os
import re
import signal
import socket
import subprocess
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psycopg
import pytest
from django.conf import settings

from tests.mail_server import wait_for
from tests.serving import checkout, served

ROOT = settings.BASE_DIR
PASSWORD = re.compile(r"Compte de l’équipe\s: \S+, mot de passe (\S+)")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """What the first start in a copy of the project did, before it was killed; the copy may be served again."""
    folder = tmp_path_factory.mktemp("checkout")
    with checkout(folder) as environment:
        with served(folder, environment) as (address, printed):
            where, found = _page(f"{address}/initiatives/?lieu=Arles")
            facts = {
                "printed": printed.read_text(),
                "health": _page(f"{address}/sante/")[1],
                "where": where,
                "found": found,
                "fiche": _page(f"{address}/initiatives/solid-arles/")[0],
            }
        yield SimpleNamespace(folder=folder, environment=environment, **facts)


def _page(address):
    with urlopen(address, timeout=20) as response:
        return response.geturl(), response.read().decode()


def _raw(address, request):
    """What the server answers to bytes that no client library would send."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer.decode()


def test_it_fills_an_empty_folder_then_starts_again_after_a_kill_and_loses_nothing(first):
    assert PASSWORD.search(first.printed)
    assert first.health == '{"status": "ok"}'
    assert first.where.endswith("?territoire=com-13004")
    assert "Solid’Arles" in first.found
    assert first.fiche.endswith("/initiatives/solid-arles/")
    assert (first.folder / "var").stat().st_mode & 0o077 == 0
    assert (first.folder / "var" / "secret-key").stat().st_mode & 0o077 == 0
    key = (first.folder / "var" / "secret-key").read_text()

    with served(first.folder, first.environment) as (address, printed):
        assert not PASSWORD.search(printed.read_text())
        assert "Contenu" not in printed.read_text()
        assert "Solid’Arles" in _page(f"{address}/initiatives/?territoire=com-13004")[1]
        assert (first.folder / "var" / "secret-key").read_text() == key


def test_the_server_itself_refuses_in_french_and_says_nothing_of_the_request(first):
    with served(first.folder, first.environment) as (address, printed):
        too_long = _raw(address, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        unreadable = _raw(address, b"secret-de-quelqu-un\r\n\r\n")

        assert too_long.startswith("HTTP/1.1 414 ")
        assert "adresse est trop longue" in too_long
        assert unreadable.startswith("HTTP/1.1 400 ")
        assert "Cette requête n’est pas lisible." in unreadable
        assert "Content-Security-Policy: default-src 'none'" in unreadable
        assert "secret-de-quelqu-un" not in printed.read_text()


def test_the_worker_begins_again_when_it_dies_and_ends_with_the_server_even_killed(first):
    with served(first.folder, first.environment) as (_, printed):
        wait_for(lambda: "The worker begins." in printed.read_text(), printed.read_text)
        [worker] = _processes(first.folder, "run_worker")
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: printed.read_text().count("The worker begins.") == 2, printed.read_text)
        [again] = _processes(first.folder, "run_worker")
        assert again != worker

        [parent] = [pid for pid in _processes(first.folder, "gunicorn") if pid == os.getpgid(pid)]
        os.kill(parent, signal.SIGKILL)

        wait_for(lambda: not _processes(first.folder, ""))
        assert "The worker ends." in printed.read_text()


def test_a_forgotten_password_becomes_a_file_when_there_is_no_mail_server(first):
    with served(first.folder, first.environment) as (address, _):
        visitor = build_opener(HTTPCookieProcessor())
        page = f"{address}/admin/mot-de-passe/"
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', visitor.open(page).read().decode())[1]
        form = {"csrfmiddlewaretoken": token, "email": "equipe@innovguide.example"}
        visitor.open(page, urlencode(form).encode())

        [link] = _letters(first.folder, "equipe@innovguide.example", "/admin/mot-de-passe/", count=1)
        assert link.startswith(f"{address}/admin/mot-de-passe/")


def test_a_deposit_outlives_two_kills_of_the_server_and_one_of_the_database_and_its_mails_leave(first):
    """Killed once a draft is begun, then once it is sent: the next start takes up the draft, its link and its mail."""
    visitor = build_opener(HTTPCookieProcessor())
    with served(first.folder, first.environment) as (address, _):
        page = visitor.open(f"{address}/deposer/nouvelle/").read().decode()
        theme = re.search(r'<option value="([a-z-]+)">', page)[1]
        essential = {
            "name": "Le Lavoir du bas",
            "commune": "Arles",
            "summary": "Un lavoir fermé. Ses voisins l’ont rouvert.",
            "theme": theme,
            "email": "lavoir@exemple.fr",
        }
        time.sleep(3.2)  # sooner, no person has typed so much
        answer = visitor.open(f"{address}/deposer/nouvelle/", _filled(page, **essential, faire="continuer"))
        step = urlsplit(answer.geturl()).path
        assert step.startswith("/deposer/brouillon/")

    with served(first.folder, first.environment) as (address, _):
        [draft] = _letters(first.folder, "lavoir@exemple.fr", "/deposer/brouillon/", count=1)
        mailed, given = (path.split("/")[3] for path in (urlsplit(draft).path, step))
        # Two tokens of one draft, each with the second at which it was made.
        assert mailed.split(".")[0] == given.split(".")[0]
        _cut_off_the_database(first.environment)
        last = f"/deposer/brouillon/{mailed}/envoi/"
        page = visitor.open(f"{address}{last}").read().decode()
        assert "Ses voisins l’ont rouvert." in page
        accepted = dict.fromkeys(("publication", "charter", "licence", "privacy"), "on")
        sent = visitor.open(f"{address}{last}", _filled(page, **accepted, faire="envoyer"))
        assert "/deposer/suivi/" in sent.geturl()

    with served(first.folder, first.environment) as (address, _):
        [link] = _letters(first.folder, "lavoir@exemple.fr", "/deposer/confirmer/", count=1)
        confirm = f"{address}{urlsplit(link).path}"
        page = visitor.open(confirm).read().decode()
        assert "C’est envoyé" in visitor.open(confirm, _filled(page)).read().decode()


def _cut_off_the_database(environment):
    """What a restart of PostgreSQL does to those who were connected."""
    if "DATABASE_URL" in environment:
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def _filled(page, **answers):
    """The body of the form of a page: what it holds by itself, and these answers."""
    form = page[page.index('method="post"') :]
    hidden = dict(re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', form))
    return urlencode(hidden | answers).encode()


def _letters(folder, to, path, *, count):
    """The links under a path in the mails written to somebody, once there are so many."""

    def found():
        mails = [message_from_bytes(file.read_bytes(), policy=default) for file in (folder / "var/mails").glob("*.eml")]
        texts = [mail.get_body(("plain",)).get_content() for mail in mails if to in mail["To"]]
        return [link for text in texts for link in re.findall(rf"http://\S+{path}\S+", text)]

    wait_for(lambda: len(found()) >= count)
    return found()


def _processes(folder, words):
    """The processes that run in a folder and whose command says these words."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if (process / "cwd").readlink() == folder and words in (process / "cmdline").read_text():
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("port", ["0", "99999", "abc", ""])
def test_a_port_that_cannot_be_is_refused_in_one_sentence(port):
    result = subprocess.run(
        ["bin/serve", "--port", port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        env={"PATH": os.environ["PATH"]},
    )

    assert result.returncode == 1
    assert result.stderr == f"--port vaut « {port} » : attendu un nombre de 1 à 65535.\n"


def test_a_port_that_is_taken_is_said():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = subprocess.run(["bin/serve", f"--port={port}"], cwd=ROOT, capture_output=True, text=True, timeout=30)

    assert result.returncode == 1
    assert f"Le port {port} est déjà pris." in result.stderr


def test_the_two_commands_and_the_checks_can_be_run():
    for name in ("bin/serve", "bin/test", ".ci/run"):
        assert os.access(Path(ROOT) / name, os.X_OK), name
