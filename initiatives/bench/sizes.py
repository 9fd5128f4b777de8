"""The measure of several sizes, each a directory of invented fiches in a database of its own."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from initiatives.bench.crowd import crowd
from initiatives.bench.databases import apart, throw_away_databases
from initiatives.bench.measuring import measure
from initiatives.bench.queries import mix
from initiatives.exchange.importers.reference import load_reference
from initiatives.exchange.seed.loading import seed_load

SEED = 1


def prepare() -> None:
    """An empty directory, with the official territories."""
    call_command("migrate", interactive=False, verbosity=0)
    folder = Path(settings.BASE_DIR) / "fixtures" / "reference"
    load_reference(folder, region=settings.REGION, at=timezone.now())


def measure_here(*, may_write=False, passes, with_crowd, tell) -> list[dict]:
    """The directory of the site as it is; nothing is written unless it is a throw-away one."""
    tell("Mesure de l’annuaire tel qu’il est…")
    result = apart(_measure, passes, may_write)
    if with_crowd:
        result["crowd"] = apart(crowd)
    return [result]


def measure_sizes(sizes, *, passes, with_crowd, tell, prepare=prepare) -> list[dict]:
    """One result a size, from the smallest."""
    results = []
    with throw_away_databases() as databases:
        tell("Base d’essai : tables et référentiel…")
        empty = databases.create("vide")
        apart(prepare, database=empty)
        for size in sorted(sizes):
            database = databases.copy(empty, size)
            tell(f"{size} initiatives : chargement…")
            loading = apart(_fill, size, database=database)
            tell(f"{size} initiatives : chargées en {loading:.0f} s, mesure…")
            result = apart(_measure, passes, True, database=database) | {"loading": loading}
            if with_crowd:
                result["crowd"] = apart(crowd, database=database)
            results.append(result)
    return results


def _fill(size):
    started = time.monotonic()
    seed_load(initiatives=size, seed=SEED)
    return time.monotonic() - started


def _measure(passes, may_write):
    return measure(mix(), passes=passes, may_write=may_write)
