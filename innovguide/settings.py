"""The settings, one file for every machine.

What differs from one machine to another comes from the environment, which `environment` reads.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from innovguide.environment import (
    read,
    read_address,
    read_allowed_hosts,
    read_database,
    read_email,
    read_line,
    read_region,
    read_secret_key,
    read_site_url,
    read_tiles_url,
    read_trusted_proxies,
    refuse,
    refuse_unknown_variables,
    stop,
)
from innovguide.logs import LOGGING as LOGGING

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

refuse_unknown_variables()


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
SECRET_KEY = read_secret_key(VAR / "secret-key")
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

DATABASES = {"default": read_database(VAR / "innovguide.sqlite3")}
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

globals().update(read_email(VAR / "mails"))
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
