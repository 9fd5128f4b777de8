"""Each variable wrong, one at a time: the start stops with one sentence. And what the settings promise, read back."""

import os
import re
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

WRONG = [
    ("DJANGO_SECRET_KEY", "court", "5 caractères"),
    ("DJANGO_SECRET_KEY", "a" * 60, "1 différents"),
    ("DATABASE_URL", "mysql://u:motdepasse@hote/base", "postgres://utilisateur"),
    ("DATABASE_URL", "postgres://u:motdepasse@hote:port/base", "postgres://utilisateur"),
    ("DATABASE_URL", "postgres://u:motdepasse@hote/", "postgres://utilisateur"),
    ("DATABASE_URL", "postgres://u:motdepasse/9@hote/base", "postgres://utilisateur"),
    ("DATABASE_URL", "postgres://u:motdepasse@hote/base?atomic_requests=true", "postgres://utilisateur"),
    ("DATABASE_URL", "sqlite:///base.sqlite3", "vide (SQLite)"),
    ("DJANGO_ALLOWED_HOSTS", "*", "sans port ni joker"),
    ("DJANGO_ALLOWED_HOSTS", "127.0.0.1:8000", "sans port ni joker"),
    ("DJANGO_ALLOWED_HOSTS", "innovguide.example", "l’hôte de SITE_URL, 127.0.0.1"),
    ("SITE_URL", "innovguide.example", "http ou https"),
    ("SITE_URL", "ftp://innovguide.example", "http ou https"),
    ("SITE_URL", "http://", "un nom d’hôte"),
    ("SITE_URL", "http://innovguide.example/", "sans chemin"),
    ("SITE_URL", "http://innovguide.example/annuaire", "sans chemin"),
    ("SITE_URL", "http://innovguide.example?q=1", "sans chemin"),
    ("SITE_URL", "http://innovguide.example:http", "http ou https"),
    ("SITE_URL", "http://moi@innovguide.example", "http ou https"),
    ("SITE_URL", "http://innov guide.example", "un nom d’hôte"),
    ("EMAIL_URL", "imap://u:motdepasse@hote", "smtp+tls://"),
    ("EMAIL_URL", "smtp+tls://u:motdepasse@hote:port", "smtp+tls://"),
    ("EMAIL_URL", "smtp+tls://", "smtp+tls://"),
    ("EMAIL_URL", "smtp+tls://hote:587/dossier", "smtp+tls://"),
    ("DEFAULT_FROM_EMAIL", "InnovGuide", "une adresse électronique"),
    ("INNOVGUIDE_PUBLISHER", "a" * 201, "200 caractères"),
    ("INNOVGUIDE_PUBLICATION_DIRECTOR", "Une\nPersonne", "une ligne"),
    ("INNOVGUIDE_HOST", "Un\thébergeur", "une ligne"),
    ("INNOVGUIDE_CONTACT_EMAIL", "contact", "une adresse électronique"),
    ("INNOVGUIDE_CONTACT_EMAIL", "InnovGuide <contact@innovguide.example>", "une adresse électronique"),
    ("INNOVGUIDE_REGION", "13", "le code Insee d’une région"),
    ("INNOVGUIDE_TRUSTED_PROXIES", "-1", "un nombre entier"),
    ("INNOVGUIDE_TRUSTED_PROXIES", "oui", "un nombre entier"),
    ("INNOVGUIDE_TRUSTED_PROXIES", "²", "un nombre entier"),
    ("INNOVGUIDE_TILES_URL", "http://tuiles.example/{z}/{x}/{y}.png", "en https"),
    ("INNOVGUIDE_TILES_URL", "https://tuiles.example/{z}/{x}.png", "{z}, {x} et {y}"),
    ("INNOVGUIDE_TILES_URL", "https://{s}.tuiles.example/{z}/{x}/{y}.png", "{z}, {x} et {y}"),
    ("INNOVGUIDE_PUBLISER", "Cress", "INNOVGUIDE_PUBLISHER"),
]


@pytest.fixture
def load(monkeypatch):
    """`load(NAME=value, …)`: the settings as that environment makes them, and nothing else of this one."""

    def load_(**environment):
        for name in ("DATABASE_URL", "SITE_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DJANGO_SECRET_KEY", SECRET)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(settings.BASE_DIR / "innovguide" / "settings.py")

    return load_


@pytest.mark.parametrize(("name", "value", "expected"), WRONG)
def test_a_wrong_variable_stops_the_start_with_one_sentence(load, name, value, expected):
    with pytest.raises(SystemExit) as stopped:
        load(**{name: value})

    sentence = stopped.value.code
    assert name in sentence
    assert "attendu" in sentence
    assert expected in sentence
    assert sentence.endswith(".")
    assert "motdepasse" not in sentence
    assert "\n" not in sentence or "\n" in value


def test_no_secret_key_at_all_stops_the_start(load, monkeypatch, tmp_path):
    source = (settings.BASE_DIR / "innovguide" / "settings.py").read_text()
    (tmp_path / "innovguide").mkdir()
    (tmp_path / "innovguide" / "settings.py").write_text(source)
    monkeypatch.delenv("DJANGO_SECRET_KEY")

    with pytest.raises(SystemExit, match="DJANGO_SECRET_KEY est absente"):
        runpy.run_path(tmp_path / "innovguide" / "settings.py")

    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret-key").write_text(SECRET + "\n")
    assert runpy.run_path(tmp_path / "innovguide" / "settings.py")["SECRET_KEY"] == SECRET

    (tmp_path / "var" / "secret-key").write_text("court")
    with pytest.raises(SystemExit, match="var/secret-key compte 5"):
        runpy.run_path(tmp_path / "innovguide" / "settings.py")


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "gunicorn", "--config", "python:innovguide.server", "--bind", "127.0.0.1:0", "innovguide.wsgi"],
        ["-m", "pytest", "tests/test_settings.py"],
    ],
    ids=["manage.py", "gunicorn", "pytest"],
)
def test_whatever_starts_the_site_says_the_sentence_alone_and_leaves_with_1(command):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))},
        "DATABASE_URL": "mysql://hote/base",
    }

    result = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )

    assert result.returncode == 1
    assert re.fullmatch(r"DATABASE_URL vaut .*: attendu .*\.\n", result.stderr)


def test_every_variable_of_the_contract_is_used(load):
    made = load(
        SITE_URL="https://innovguide.example",
        DJANGO_ALLOWED_HOSTS="innovguide.example, .cress.example",
        DATABASE_URL="postgres://u:mot%20de%20passe@hote:5433/base?sslmode=require",
        EMAIL_URL="smtp+tls://u:p@hote:587",
        DEFAULT_FROM_EMAIL="InnovGuide <contact@innovguide.example>",
        INNOVGUIDE_PUBLISHER="Une association",
        INNOVGUIDE_PUBLICATION_DIRECTOR="Sa présidente",
        INNOVGUIDE_HOST="Un hébergeur",
        INNOVGUIDE_CONTACT_EMAIL="contact@innovguide.example",
        INNOVGUIDE_REGION="53",
        INNOVGUIDE_TRUSTED_PROXIES="2",
        INNOVGUIDE_TILES_URL="https://tuiles.example:8443/{z}/{x}/{y}.png",
    )

    database = made["DATABASES"]["default"]
    assert (database["PASSWORD"], database["PORT"], database["NAME"]) == ("mot de passe", 5433, "base")
    assert database["OPTIONS"] == {"sslmode": "require", "connect_timeout": 5}
    assert database["CONN_HEALTH_CHECKS"]
    assert made["ALLOWED_HOSTS"] == ["innovguide.example", ".cress.example"]
    assert (made["EMAIL_HOST"], made["EMAIL_PORT"], made["EMAIL_USE_TLS"]) == ("hote", 587, True)
    assert made["DEFAULT_FROM_EMAIL"] == "InnovGuide <contact@innovguide.example>"
    assert (made["PUBLISHER"], made["PUBLICATION_DIRECTOR"]) == ("Une association", "Sa présidente")
    assert (made["HOST_PROVIDER"], made["CONTACT_EMAIL"]) == ("Un hébergeur", "contact@innovguide.example")
    assert (made["REGION"], made["TRUSTED_PROXIES"]) == ("53", 2)
    assert made["TILES_URL"] == "https://tuiles.example:8443/{z}/{x}/{y}.png"
    policy = made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["img-src"] == ["'self'", "https://tuiles.example:8443"]


def test_nothing_but_the_secret_key_has_to_be_given(load):
    made = load()

    assert made["DEBUG"] is False
    assert made["SITE_URL"] == "http://127.0.0.1:8000"
    assert "127.0.0.1" in made["ALLOWED_HOSTS"]
    assert made["REGION"] == "93"
    assert made["PUBLISHER"] == ""
    assert made["EMAIL_FILE_PATH"] == made["VAR"] / "mails"
    assert made["DATABASES"]["default"]["NAME"] == made["VAR"] / "innovguide.sqlite3"


def test_there_is_no_debug_variable(load):
    assert load(DEBUG="True", DJANGO_DEBUG="True")["DEBUG"] is False


def test_a_mail_server_needs_a_sender(load):
    with pytest.raises(SystemExit, match="DEFAULT_FROM_EMAIL est absente"):
        load(EMAIL_URL="smtp+tls://u:p@hote:587")


def test_https_needs_the_proxy_that_holds_the_certificate(load):
    with pytest.raises(SystemExit, match="INNOVGUIDE_TRUSTED_PROXIES"):
        load(SITE_URL="https://innovguide.example")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 5000)]
)
def test_sqlite_runs_with_the_pragmas_it_was_asked(pragma, value):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone()[0] == value


@pytest.mark.django_db(transaction=True)
def test_a_sqlite_transaction_takes_its_write_lock_at_once():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    assert connection.transaction_mode == "IMMEDIATE"
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False


@pytest.mark.django_db
def test_an_old_postgresql_is_refused(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(connection, "pg_version", 140011, raising=False)

    found = [error for error in run_checks(databases=["default"]) if error.id == "innovguide.E001"]

    assert "PostgreSQL\N{NO-BREAK SPACE}14 est trop ancien" in found[0].msg


def test_deployed_in_https_the_checks_of_django_find_nothing():
    environment = {
        **os.environ,
        "DJANGO_SECRET_KEY": SECRET,
        "SITE_URL": "https://innovguide.example",
        "INNOVGUIDE_TRUSTED_PROXIES": "1",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser's tests set it in this process

    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    # Sub-domains and preloading would bind a domain that others may share.
    found = set(re.findall(r"\((\w+\.\w+)\)", result.stdout + result.stderr))
    assert found <= {"security.W005", "security.W021"}, result.stderr
