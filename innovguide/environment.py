"""What differs from one machine to another, read from the environment (docs/operations.md).

Each variable is read strictly: a missing or wrong one stops the start with one sentence that says which, what it had
and what was expected.
"""

import os
import re
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

KNOWN_VARIABLES = {
    "INNOVGUIDE_PUBLISHER",
    "INNOVGUIDE_PUBLICATION_DIRECTOR",
    "INNOVGUIDE_HOST",
    "INNOVGUIDE_CONTACT_EMAIL",
    "INNOVGUIDE_REGION",
    "INNOVGUIDE_TRUSTED_PROXIES",
    "INNOVGUIDE_TILES_URL",
}

# The regions of the official geographic code that have a regional council, overseas ones included.
REGIONS = ["01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"]

HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def stop(sentence):
    """Stop the start: the interpreter writes the sentence on stderr and leaves with 1, without a traceback."""
    raise SystemExit(sentence)


def refuse(name, value, expected):
    without_password = re.sub(r"//.*@", "//***@", value)
    stop(f"{name} vaut « {without_password} » : attendu {expected}.")


def read(name):
    """The value without surrounding spaces; a variable that is absent and one that is empty mean the same."""
    return os.environ.get(name, "").strip()


def is_host(text):
    if HOST_NAME.fullmatch(text):
        return True
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def read_secret_key(key_file: Path):
    """The variable, else the file, which bin/serve creates."""
    name = "DJANGO_SECRET_KEY"
    key = read(name)
    if not key and key_file.is_file():
        name, key = "var/secret-key", key_file.read_text().strip()
    if not key and name == "DJANGO_SECRET_KEY":
        stop(
            "DJANGO_SECRET_KEY est absente : attendu une suite secrète d’au moins 50 caractères, "
            "ou le fichier var/secret-key que bin/serve crée."
        )
    if len(key) < 50 or len(set(key)) < 5:
        stop(
            f"{name} compte {len(key)} caractères, dont {len(set(key))} différents : "
            "attendu au moins 50 caractères, dont 5 différents."
        )
    return key


def read_site_url():
    value = read("SITE_URL") or "http://127.0.0.1:8000"
    expected = (
        "une adresse en http ou https, avec un nom d’hôte, sans chemin ni barre finale "
        "(exemple : https://innovguide.example)"
    )
    try:
        url = urlsplit(value)
        host, _ = url.hostname, url.port
    except ValueError:
        refuse("SITE_URL", value, expected)
    if url.scheme not in ("http", "https") or value != f"{url.scheme}://{url.netloc}":
        refuse("SITE_URL", value, expected)
    if "@" in url.netloc or not host or not is_host(host):
        refuse("SITE_URL", value, expected)
    return value


def read_allowed_hosts(site_host):
    names = [name.strip() for name in read("DJANGO_ALLOWED_HOSTS").split(",") if name.strip()]
    for name in names:
        if not is_host(name.removeprefix(".")):
            refuse("DJANGO_ALLOWED_HOSTS", name, "des noms d’hôtes séparés par des virgules, sans port ni joker")
    if names and not any(site_host == name or (name[0] == "." and site_host.endswith(name)) for name in names):
        refuse("DJANGO_ALLOWED_HOSTS", ",".join(names), f"une liste où figure l’hôte de SITE_URL, {site_host}")
    return names or sorted({site_host, "localhost", "127.0.0.1", "[::1]"})


def read_database(sqlite_file: Path):
    """SQLite by default, in this file; every value written here is read back in tests/test_settings.py."""
    value = read("DATABASE_URL")
    if not value:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_file,
            # To open it costs a page a millisecond or two.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # Django itself turns foreign keys on. A transaction takes its write lock at once: one that began by
                # reading could not be upgraded while another writes, and would fail without waiting.
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
            },
        }
    expected = "vide (SQLite), ou postgres://utilisateur:mot-de-passe@hôte:5432/base (PostgreSQL 15 ou plus)"
    try:
        database = environ.Env.db_url_config(value)
    except ValueError:
        refuse("DATABASE_URL", value, expected)
    is_postgresql = value.startswith(("postgres://", "postgresql://"))
    if not is_postgresql or not database["NAME"] or "CONN_MAX_AGE" in database or "ATOMIC_REQUESTS" in database:
        refuse("DATABASE_URL", value, expected)
    database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    return database | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def read_email(mail_folder: Path):
    """Django's EMAIL_* settings. Without a server, each message becomes a file of this folder."""
    value = read("EMAIL_URL")
    if not value:
        return {
            "EMAIL_BACKEND": "initiatives.submission.mail_files.MailFiles",
            "EMAIL_FILE_PATH": mail_folder,
        }
    expected = "vide (fichiers sous var/mails/), ou smtp+tls://utilisateur:mot-de-passe@hôte:587"
    if not re.match(r"(smtp|smtps|smtp\+tls|smtp\+ssl)://", value):
        refuse("EMAIL_URL", value, expected)
    try:
        email = environ.Env.email_url_config(value)
    except ValueError:
        refuse("EMAIL_URL", value, expected)
    if not email["EMAIL_HOST"] or email.pop("EMAIL_FILE_PATH") or "OPTIONS" in email:
        refuse("EMAIL_URL", value, expected)
    return {name: setting for name, setting in email.items() if setting is not None}


def read_address(name, *, with_name=False):
    value = read(name)
    expected = "une adresse électronique" + (", précédée ou non d’un nom (InnovGuide <contact@…>)" if with_name else "")
    if value:
        try:
            validate_email(parseaddr(value)[1] if with_name else value)
        except ValidationError:
            refuse(name, value, expected)
    return value


def read_line(name):
    value = read(name)
    if len(value) > 200 or not value.isprintable():
        refuse(name, value[:200], "une ligne de 200 caractères au plus")
    return value


def read_region():
    value = read("INNOVGUIDE_REGION") or "93"
    if value not in REGIONS:
        refuse("INNOVGUIDE_REGION", value, f"le code Insee d’une région ({', '.join(REGIONS)})")
    return value


def read_trusted_proxies():
    value = read("INNOVGUIDE_TRUSTED_PROXIES") or "0"
    if not re.fullmatch(r"[0-9]{1,2}", value):
        refuse("INNOVGUIDE_TRUSTED_PROXIES", value, "un nombre entier, 0 ou plus")
    return int(value)


def read_tiles_url():
    value = read("INNOVGUIDE_TILES_URL")
    placeholders = sorted(re.findall(r"\{.*?\}", value))
    host = urlsplit(value.split("{")[0]).hostname
    if value and (not value.startswith("https://") or not host or placeholders != ["{x}", "{y}", "{z}"]):
        refuse(
            "INNOVGUIDE_TILES_URL",
            value,
            "vide (fond de carte local), ou une adresse en https avec {z}, {x} et {y}, chacun une fois",
        )
    return value


def refuse_unknown_variables():
    for variable in os.environ:
        if variable.startswith("INNOVGUIDE_") and variable not in KNOWN_VARIABLES:
            stop(f"{variable} n’est pas une variable connue : attendu l’une de {', '.join(sorted(KNOWN_VARIABLES))}.")
