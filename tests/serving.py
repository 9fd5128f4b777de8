"""The site as a newcomer gets it: a copy of the project without var/, served by bin/serve on a port of its own."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import psycopg
from django.conf import settings

from tests.test_house import project_files


@contextmanager
def checkout(folder):
    """The environment in which `folder`, made a copy of the project, is served; its database goes on the way out.

    On PostgreSQL each copy has a database of its own, on the cluster of DATABASE_URL: two servers never share one, and
    nothing is written in the one that is named there.
    """
    for path in project_files():
        copy = folder / path.relative_to(settings.BASE_DIR)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    (folder / ".venv").symlink_to(settings.BASE_DIR / ".venv")
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    cluster = os.environ.get("DATABASE_URL")
    if not cluster:
        yield environment
        return
    name = f"served_{uuid4().hex}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield environment | {"DATABASE_URL": urlsplit(cluster)._replace(path=f"/{name}").geturl()}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def served(folder, environment):
    """The address of the site served from a folder, and the file of what bin/serve prints; killed on the way out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    printed = Path(folder) / f"printed-{port}"
    with printed.open("w") as output:
        process = subprocess.Popen(
            ["bin/serve", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/sante/", process, printed)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def shared(folder):
    """The address of the one site that all workers visit: the first to ask starts it, and stops it after the last."""
    folder.mkdir(exist_ok=True)
    address, copy = folder / "address", folder / "copy"
    with (folder / "door").open("w") as door, (folder / "visitors").open("w") as visitors:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(visitors, fcntl.LOCK_SH)
        if address.exists():
            fcntl.flock(door, fcntl.LOCK_UN)
            yield address.read_text()
            return
        shutil.rmtree(copy, ignore_errors=True)
        with checkout(copy) as environment, served(copy, environment) as (site, _):
            address.write_text(site)
            fcntl.flock(door, fcntl.LOCK_UN)
            try:
                yield site
            finally:
                fcntl.flock(visitors, fcntl.LOCK_EX)
                address.unlink()


def _wait_for(address, process, printed):
    for _ in range(600):
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            assert process.poll() is None, printed.read_text()
            time.sleep(0.3)
    raise AssertionError(printed.read_text())
