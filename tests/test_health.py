import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

ASK = """
import django; django.setup()
from django.conf import settings
from django.test import Client
settings.STATIC_ROOT = {static!r}
response = Client(raise_request_exception=False).get({path!r})
print(response.status_code, response.text.replace(chr(10), " "))
"""


@pytest.fixture
def ask_without_database():
    """`ask_without_database(path)`: status and text of the answer while PostgreSQL is down."""

    def ask(path):
        environment = {
            **os.environ,
            # Nothing listens on port 1.
            "DATABASE_URL": "postgres://personne@127.0.0.1:1/rien",
            "DJANGO_ALLOWED_HOSTS": "127.0.0.1,testserver",
        }
        result = subprocess.run(
            [sys.executable, "-c", ASK.format(path=path, static=str(site_settings.STATIC_ROOT))],
            cwd=site_settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        status, text = result.stdout.splitlines()[-1].split(" ", 1)
        return int(status), text

    return ask


@pytest.mark.django_db
def test_a_site_that_works_says_ok(client):
    response = client.get("/sante/")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_said(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    response = client.get("/sante/")

    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "causes": ["Migrations à appliquer\N{NO-BREAK SPACE}: 1."]}


@pytest.mark.django_db
def test_photos_that_could_not_be_written_are_said(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "absent"

    response = client.get("/sante/")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["causes"] == ["Le dossier des photos n’est pas accessible en écriture."]


def test_a_database_that_does_not_answer_is_the_only_503(ask_without_database):
    status, text = ask_without_database("/sante/")

    assert status == 503
    assert json.loads(text) == {"status": "down", "causes": ["La base de données ne répond pas."]}


def test_without_a_database_a_page_says_to_come_back(ask_without_database):
    status, text = ask_without_database("/")

    assert status == 503
    assert "indisponible" in text


@pytest.mark.django_db
def test_a_database_of_rubbish_does_not_answer_either(client, monkeypatch, tmp_path):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    rubbish = Path(tmp_path / "rubbish.sqlite3")
    rubbish.write_bytes(b"ceci n'est pas une base" * 1000)
    broken = connection.copy("default")
    broken.settings_dict["NAME"] = str(rubbish)
    monkeypatch.setattr("initiatives.directory.views.health.connection", broken)

    assert Client().get("/sante/").status_code == 503


def test_only_reading_is_answered(client):
    assert client.post("/sante/").status_code == 405
