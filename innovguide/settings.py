"""The settings, one file for every machine.

What differs from one machine to another comes from the environment (docs/operations.md). Each variable is read
strictly: a missing or wrong one stops the start with one sentence that says which, what it had and what was expected.
"""

import os
import re
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from innovguide.logs import LOGGING as LOGGING

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"


# Reading the environment

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
    without_password = re.sub(r"//[^/]*@", "//***@", value)
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


def read_secret_key():
    name, key_file = "DJANGO_SECRET_KEY", VAR / "secret-key"
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


def read_database():
    """SQLite in var/ by default; every value written here is read back in tests/test_settings.py."""
    value = read("DATABASE_URL")
    if not value:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "innovguide.sqlite3",
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


def read_email():
    """Django's EMAIL_* settings. Without a server, each message becomes a file under var/mails/."""
    value = read("EMAIL_URL")
    if not value:
        return {
            "EMAIL_BACKEND": "initiatives.submission.mail_files.MailFiles",
            "EMAIL_FILE_PATH": VAR / "mails",
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


for variable in os.environ:
    if variable.startswith("INNOVGUIDE_") and variable not in KNOWN_VARIABLES:
        stop(f"{variable} n’est pas une variable connue : attendu l’une de {', '.join(sorted(KNOWN_VARIABLES))}.")


# The site

SITE_URL = read_site_url()
IS_HTTPS = SITE_URL.startswith("https://")
REGION = read_region()
TILES_URL = read_tiles_url()
TRUSTED_PROXIES = read_trusted_proxies()
PUBLISHER = read_line("INNOVGUIDE_PUBLISHER")
PUBLICATION_DIRECTOR = read_line("INNOVGUIDE_PUBLICATION_DIRECTOR")
HOST_PROVIDER = read_line("INNOVGUIDE_HOST")
CONTACT_EMAIL = read_address("INNOVGUIDE_CONTACT_EMAIL")

if IS_HTTPS and not TRUSTED_PROXIES:
    # The server speaks http to the proxy that holds the certificate: unheard, every page would redirect to itself.
    refuse("INNOVGUIDE_TRUSTED_PROXIES", "0", "1 ou plus quand SITE_URL est en https")


# Django

DEBUG = False
SECRET_KEY = read_secret_key()
ALLOWED_HOSTS = read_allowed_hosts(urlsplit(SITE_URL).hostname)

INSTALLED_APPS = [
    "innovguide",
    "initiatives",
    # Our own AdminSite lives in initiatives.admin.site.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_filters",
    # Without its pages in the desk: its templates and its scripts of elsewhere are no use here.
    "post_office",
    "reversion",
]

MIDDLEWARE = [
    # Outermost: every answer gets its line and its id, those of the layers below included.
    "innovguide.middleware.log_requests",
    "innovguide.middleware.read_client_address",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "innovguide.middleware.add_permissions_policy",
    "innovguide.middleware.refuse_oversized_requests",
    # Above GZipMiddleware: static files are compressed once, by collectstatic.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "innovguide.middleware.AnswerUnavailable",
]

ROOT_URLCONF = "innovguide.urls"
WSGI_APPLICATION = "innovguide.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["initiatives.templatetags.innovguide"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "initiatives.directory.context.site",
            ],
        },
    },
]

DATABASES = {"default": read_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "initiatives.User"
# The team signs in by password, holders by a link sent to them.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "sesame.backends.ModelBackend"]
# Off by default: a link is used once, and within half an hour.
SESAME_ONE_TIME = True
SESAME_MAX_AGE = 30 * 60
SESAME_INVALIDATE_ON_EMAIL_CHANGE = True
SESAME_TOKENS = ["sesame.tokens_v2"]
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A day of work, and no longer than the browser stays open.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# That of a holder, who has no password to type: long enough to answer what the team asks.
HOLDER_SESSION_AGE = 14 * 24 * 3600
# How long the link to choose a password holds.
PASSWORD_RESET_TIMEOUT = 3 * 3600

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True


# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "innovguide.storage.HashedStaticFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Photos are served by a view that asks whether the fiche is published: no MEDIA_URL.
MEDIA_ROOT = VAR / "media"

# In bytes. The whole body is bounded by the middleware; Django bounds what of it is kept in memory. Files of one
# request: those that pass the bound are dropped, and the form says so without losing the rest.
MAX_BODY_SIZE = 32 * 1024 * 1024
MAX_UPLOAD_SIZE = 30 * 1000 * 1000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "initiatives.submission.uploads.BoundedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# The page of a fiche sends ten or so for each of its lines: beyond, all that was typed would be refused unread.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A form sends a part for each of its file fields, even empty: one a photo of a fiche.
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# In characters, as they come (percent-encoded). Below what the server itself reads of a request line.
MAX_PATH_LENGTH = 1000
MAX_QUERY_LENGTH = 6000


# E-mail

globals().update(read_email())
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read_address("DEFAULT_FROM_EMAIL", with_name=True)
if not DEFAULT_FROM_EMAIL:
    if read("EMAIL_URL"):
        stop(
            "DEFAULT_FROM_EMAIL est absente : attendu l’adresse électronique de l’expéditeur, "
            "puisque EMAIL_URL est donnée."
        )
    DEFAULT_FROM_EMAIL = "InnovGuide <ne-pas-repondre@innovguide.example>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Mails wait in the database; one worker sends them through EMAIL_BACKEND (initiatives/submission/sender.py). Their
# Message-ID is made when they are queued: whoever gets one twice can tell.
POST_OFFICE = {"MESSAGE_ID_ENABLED": True, "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname.strip("[]").replace(":", "-")}


# Security

SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = IS_HTTPS
# A probe on the machine itself asks in http.
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
# Without sub-domains nor preload: the domain may belong to someone who serves other things beside us.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Other sites learn where a visitor comes from, never what was searched; tile servers ask for that much.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# « Autour de moi » asks for the position; nothing else is asked of the device.
PERMISSIONS_POLICY = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
if TILES_URL:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] = [SELF, f"https://{urlsplit(TILES_URL).netloc}"]
