"""What every test stands on: a known environment, no network, no unknown template variable."""

import fcntl
import hashlib
import os
import shutil
import socket
import time
from collections.abc import Sequence

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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Each test has the room that a request has: pytest itself stands dozens of calls deep."""
    from initiatives.stack import with_room

    return with_room(item.config.pluginmanager.get_plugin("runner").pytest_runtest_protocol)(item, nextitem)


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
def static_files():
    """The static files as production serves them, hashed and compressed: collected once for all runs and workers.

    Collected again, in a folder of their own, when a source changed.
    """
    from django.conf import settings
    from django.core.management import call_command

    kept = settings.VAR / "test-static"
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        settings.STATIC_ROOT = kept / _fingerprint(settings.BASE_DIR)
        if not settings.STATIC_ROOT.exists():
            wanted, settings.STATIC_ROOT = settings.STATIC_ROOT, kept / "unfinished"
            # Another run may still serve those of today.
            for folder in kept.iterdir():
                if folder.name == "unfinished" or (folder.is_dir() and folder.stat().st_mtime < time.time() - 86400):
                    shutil.rmtree(folder)
            call_command("collectstatic", interactive=False, verbosity=0)
            settings.STATIC_ROOT = settings.STATIC_ROOT.rename(wanted)
    return settings.STATIC_ROOT


def _fingerprint(project):
    made_from = [*(project / "static").rglob("*"), project / "innovguide" / "storage.py", project / "requirements.txt"]
    digest = hashlib.sha256()
    for path in sorted(path for path in made_from if path.is_file()):
        digest.update(f"{path.relative_to(project)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(autouse=True)
def nothing_is_remembered(request):
    """Rows of tests come and go without the directory's version, which what is kept in memory relies on."""
    from django.db import connection

    from initiatives.directory import live, suggest

    is_left_alone = request.node.get_closest_marker("remembers")

    def forget():
        live.holder.forget()
        suggest.forget()

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not is_left_alone and "initiatives_" in sql and not sql.lstrip("(").startswith("SELECT"):
            forget()
        return result

    forget()
    with connection.execute_wrapper(watch):
        yield


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Photos and messages of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class QueuedMails(Sequence):
    """The mails that wait or were sent, as they are when looked at, in the order in which they were queued."""

    def _rows(self):
        from post_office.models import Email

        return list(Email.objects.order_by("pk"))

    def __len__(self):
        return len(self._rows())

    def __getitem__(self, place):
        return self._rows()[place]

    def __eq__(self, others):
        return self._rows() == list(others)

    def __repr__(self):
        return repr(self._rows())


@pytest.fixture
def queued_mails():
    """What was queued: ``[mail] = queued_mails``, then ``mail.to`` (a list), ``subject``, ``message``, ``headers``…"""
    return QueuedMails()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """SQLite runs on a file, as in production: one in memory has no WAL, and shares one connection between threads.

    A connection ends with its request: a browser that keeps its own open would keep the database from being dropped.
    """
    from django.db import connection

    connection.settings_dict["CONN_MAX_AGE"] = 0
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
