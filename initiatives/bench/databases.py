"""Databases that are made for a measure and thrown away after it, each used in a process of its own."""

import gc
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from django.db import connection, connections

from initiatives.stack import with_room


@contextmanager
def throw_away_databases():
    """A maker of databases on the engine of the site; all that it made is gone at the end."""
    connections.close_all()
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="innovguide-") as folder:
            yield SqliteDatabases(Path(folder))
    else:
        databases = PostgresqlDatabases()
        try:
            yield databases
        finally:
            databases.drop_all()


class SqliteDatabases:
    def __init__(self, folder: Path):
        self.folder = folder

    def create(self, label) -> str:
        return str(self.folder / f"{label}.sqlite3")

    def copy(self, name, label) -> str:
        return shutil.copyfile(name, self.create(label))


class PostgresqlDatabases:
    """Beside that of the site, under its name and the number of this process."""

    def __init__(self):
        self.prefix = f"{connection.settings_dict['NAME']}_mesure_{os.getpid()}"
        self.made = []

    def create(self, label) -> str:
        return self._create(label, "")

    def copy(self, name, label) -> str:
        return self._create(label, f" TEMPLATE {_quoted(name)}")

    def drop_all(self):
        for name in self.made:
            self._execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    def _create(self, label, template):
        name = f"{self.prefix}_{label}"
        self._execute(f"CREATE DATABASE {_quoted(name)}{template}")
        self.made.append(name)
        return name

    @staticmethod
    def _execute(statement):
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


def apart(work, *arguments, database=None):
    """What ``work`` returns, done by a child process of its own, on this database or on that of the site.

    A process that has measured one size remembers it: the next size begins anew.
    """
    connections.close_all()
    gc.collect()
    gc.freeze()  # as the site's server does: to look for garbage there would copy all that is shared
    try:
        with get_context("fork").Pool(1) as pool:
            return pool.apply(_in_child, (work, arguments, database))
    finally:
        gc.unfreeze()


def _in_child(work, arguments, database):
    if database is not None:
        # That of the threads to come too: they read the same dictionary.
        connection.settings_dict["NAME"] = database
    # In a thread, with room for its calls, as a page of the site's server.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(with_room(_done), work, arguments).result()


def _done(work, arguments):
    try:
        return work(*arguments)
    finally:
        connections.close_all()


def _quoted(name):
    return connection.ops.quote_name(name)
