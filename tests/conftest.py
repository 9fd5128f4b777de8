"""What every test stands on: a known environment, no network, no unknown template variable."""

import fcntl
import os
import socket

import pytest

# The tests run with the same settings whatever this machine's environment says; only the database is bin/test's choice.
# Hence no settings module in pyproject.toml: it would be read before these lines.
OTHERS = ("DJANGO_ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL")
for name in [*os.environ]:
    if name.startswith("INNOVGUIDE_") or name in OTHERS:
        del os.environ[name]
os.environ["DJANGO_SECRET_KEY"] = "une-suite-pour-les-tests-qui-ne-protege-rien-0123456789"
os.environ["DJANGO_SETTINGS_MODULE"] = "innovguide.settings"


def pytest_configure():
    """Read the settings, so that pytest-django, whose turn comes next, sets Django up."""
    from django.conf import settings

    settings.DATABASES  # noqa: B018


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """A test that leaves the machine fails: only this machine's own addresses answer."""
    connect = socket.socket.connect

    def guarded_connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test tried to reach {address[0]}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        yield


class UnknownVariable(str):
    """Makes Django raise where a template names a variable that the view does not give."""

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, variable):
        raise AssertionError(f"The template names an unknown variable: {variable}")


@pytest.fixture(autouse=True, scope="session")
def unknown_template_variables_are_errors():
    from django.template import engines

    engines["django"].engine.string_if_invalid = UnknownVariable()


@pytest.fixture(autouse=True, scope="session")
def static_files(tmp_path_factory, request):
    """The static files as production serves them, hashed and compressed: collected once, shared by the workers."""
    from django.conf import settings
    from django.core.management import call_command

    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent
    settings.STATIC_ROOT = shared / "static"
    with open(shared / "static.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "static.done").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
            (shared / "static.done").touch()
    return settings.STATIC_ROOT


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Photos and messages of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """SQLite runs on a file, as in production: one in memory has no WAL, and shares one connection between threads."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
