"""A fault in the middle of an export cuts it, before a real server too: a short list never looks whole."""

import csv
import gzip
import io
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection, IncompleteRead

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from initiatives.exchange import batches, search
from initiatives.models import Initiative
from initiatives.models.search_text import refresh_search_texts
from tests import factories

BATCH = 5


def make_rows(number=30):
    places = factories.make_places()
    for position in range(number):
        factories.InitiativeFactory(published=True, name=f"N{position:02}", sites=[places.arles])
    refresh_search_texts()


def failing_read(real, on):
    """``batches.read`` that fails at the batch where this initiative is."""

    def read(ids):
        if on in ids:
            raise OperationalError("the database went away")
        return real(ids)

    return read


@pytest.fixture
def broken(db, monkeypatch):
    """An export whose fourth batch cannot be read."""
    make_rows()
    monkeypatch.setattr(batches, "BATCH", BATCH)
    sixteenth = Initiative.objects.published().order_by("sort_key")[16].pk
    monkeypatch.setattr(batches, "read", failing_read(batches.read, sixteenth))


def read_until_the_fault(client, extension):
    pieces = []
    response = client.get(f"/initiatives/export.{extension}?tri=nom")
    assert response.status_code == 200
    with pytest.raises(OperationalError):
        pieces.extend(response.streaming_content)
    return b"".join(pieces).decode()


def test_a_map_that_is_cut_is_no_json(client, broken):
    text = read_until_the_fault(client, "geojson")

    assert "N14" in text
    assert "N15" not in text
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_a_table_that_is_cut_has_a_quotation_mark_left_open(client, broken):
    text = read_until_the_fault(client, "csv")

    assert "N14" in text
    with pytest.raises(csv.Error):
        list(csv.reader(io.StringIO(text), delimiter=";", strict=True))


@pytest.mark.parametrize("extension", ["csv", "geojson"])
def test_a_fault_before_the_first_row_is_an_ordinary_error(client, db, monkeypatch, extension):
    make_rows(1)
    monkeypatch.setattr(batches, "read", failing_read(batches.read, Initiative.objects.get().pk))

    response = client.get(f"/initiatives/export.{extension}")

    assert response.status_code == 503
    assert "momentanément" in response.text


def test_a_row_that_is_not_there_cuts_the_export(client, db, monkeypatch):
    make_rows(10)
    monkeypatch.setattr(batches, "BATCH", BATCH)
    monkeypatch.setattr(search.Search, "ids", lambda self: [*Initiative.objects.values_list("pk", flat=True), 987_654])

    with pytest.raises(KeyError):
        list(client.get("/initiatives/export.csv").streaming_content)


# One state of the database


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extension", ["csv", "geojson"])
def test_what_is_published_or_withdrawn_meanwhile_changes_nothing_of_an_export(client, monkeypatch, extension):
    make_rows(12)
    monkeypatch.setattr(batches, "BATCH", BATCH)
    pieces = client.get(f"/initiatives/export.{extension}?tri=nom").streaming_content
    text = next(pieces).decode()

    elsewhere = connection.copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("UPDATE initiatives_initiative SET status = 'archived' WHERE name = 'N11'")
            cursor.execute("UPDATE initiatives_initiative SET name = 'Renamed' WHERE name = 'N10'")
    finally:
        elsewhere.close()
    text += b"".join(pieces).decode()

    assert "N11" in text
    assert "N10" in text
    assert "Renamed" not in text
    after = b"".join(client.get(f"/initiatives/export.{extension}?tri=nom").streaming_content).decode()
    assert "N11" not in after
    assert "Renamed" in after


@pytest.mark.django_db(transaction=True)
def test_an_export_that_is_left_in_the_middle_leaves_nothing_open(client, monkeypatch):
    make_rows(12)
    monkeypatch.setattr(batches, "BATCH", BATCH)
    response = client.get("/initiatives/export.csv?tri=nom")
    next(response.streaming_content)
    response.close()

    Initiative.objects.filter(name="N11").update(status="archived")

    assert b"N11" not in b"".join(client.get("/initiatives/export.csv").streaming_content)


# Before the production server

SERVED = """
from django.db import OperationalError, connections
from innovguide.wsgi import application
from initiatives.exchange import batches

connections["default"].settings_dict["NAME"] = {name!r}
batches.BATCH = {batch}
real = batches.read

def read(ids):
    known = real(ids)
    if any(one.fiche.name == "N16" for one in known):
        raise OperationalError("the database went away")
    return known

batches.read = read
"""


@contextmanager
def gunicorn(folder):
    """(host, port) of the site on the database of the tests, the sixteenth of whose rows cannot be read."""
    name = str(connection.settings_dict["NAME"])
    (folder / "served.py").write_text(SERVED.format(name=name, batch=BATCH))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:innovguide.server", "--workers", "1"]
    command += ["--bind", f"127.0.0.1:{port}", "--pythonpath", str(folder), "served:application"]
    log = (folder / "log").open("w")
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ}, stdout=log, stderr=log)
    try:
        for _ in range(300):
            assert process.poll() is None, (folder / "log").read_text()
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.2)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def fetch(host, port, path, **headers):
    link = HTTPConnection(host, port, timeout=30)
    try:
        link.request("GET", path, headers=headers)
        response = link.getresponse()
        assert response.status == 200
        return response, response.read()
    finally:
        link.close()


@pytest.mark.django_db(transaction=True)
def test_before_the_production_server_a_fault_cuts_the_connection(tmp_path):
    make_rows()
    with gunicorn(tmp_path) as (host, port):
        for extension in ("csv", "geojson"):
            path = f"/initiatives/export.{extension}?tri=nom"
            with pytest.raises(IncompleteRead) as cut:
                fetch(host, port, path)
            assert "N14" in cut.value.partial.decode()
            with pytest.raises(IncompleteRead) as cut:
                fetch(host, port, path, **{"Accept-Encoding": "gzip"})
            with pytest.raises(EOFError):
                gzip.decompress(cut.value.partial)
        # The server lives on, and an export that meets no fault is whole.
        response, body = fetch(host, port, "/initiatives/export.geojson?q=N03")
        assert json.loads(body)["metadata"]["nombre"] == 1
        assert response.getheader("Transfer-Encoding") == "chunked"

        # A proxy that speaks HTTP/1.0 sees the end of the connection only: the file itself says that it is cut.
        with socket.create_connection((host, port), timeout=30) as link:
            link.sendall(b"GET /initiatives/export.csv?tri=nom HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = b""
            while piece := link.recv(65536):
                answer += piece
        text = answer.partition(b"\r\n\r\n")[2].decode()
        with pytest.raises(csv.Error):
            list(csv.reader(io.StringIO(text), delimiter=";", strict=True))
    assert "the database went away" in (tmp_path / "log").read_text()
