import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email

from initiatives.models import DailyTask

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


@pytest.fixture
def now():
    return timezone.now()


def queued(**values):
    """A mail as it stands in the queue."""
    mail = Email.objects.create(to=["lea@exemple.test"], from_email="nous@exemple.test", status=STATUS.queued)
    Email.objects.filter(pk=mail.pk).update(**values)


def causes(client):
    answer = client.get("/sante/")
    assert answer.status_code == 200
    assert "@" not in answer.text
    return [cause.replace("\N{NO-BREAK SPACE}", " ") for cause in answer.json().get("causes", [])]


@pytest.mark.django_db
def test_mails_that_wait_too_long_are_said(client, now):
    queued(created=now - timedelta(minutes=14))
    queued(created=now - timedelta(days=2), status=STATUS.requeued, scheduled_time=now + timedelta(hours=1))
    queued(created=now - timedelta(days=2), status=STATUS.sent)
    assert causes(client) == []

    queued(created=now - timedelta(minutes=16))
    queued(created=now - timedelta(days=2), status=STATUS.requeued, scheduled_time=now - timedelta(minutes=16))

    [cause] = causes(client)
    assert cause.startswith("Messages qui devraient être partis depuis plus d’un quart d’heure : 2.")


@pytest.mark.django_db
def test_mails_that_were_given_up_are_said_for_a_week(client, now):
    queued(status=STATUS.failed, last_updated=now - timedelta(days=8))
    assert causes(client) == []

    queued(status=STATUS.failed, last_updated=now - timedelta(days=6))

    assert causes(client) == [
        "Messages refusés par le serveur de courrier et abandonnés depuis sept jours : 1.",
    ]


@pytest.mark.django_db
def test_a_mail_that_the_team_has_left_at_that_is_said_no_more(client, now):
    queued(status=STATUS.failed, last_updated=now - timedelta(days=1), expires_at=now)

    assert causes(client) == []


@pytest.mark.django_db
def test_a_day_without_its_tasks_is_said(client):
    today = timezone.localdate()
    DailyTask.objects.create(name="hier", done_on=today - timedelta(days=1))
    assert causes(client) == []

    DailyTask.objects.create(name="remove_old_mails", done_on=date(2026, 1, 31))

    assert causes(client) == ["Ce qui se fait chaque jour ne s’est plus fait depuis le 31/01/2026 (remove_old_mails)."]
