import json
import os
import platform
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.bench.report import markdown
from initiatives.bench.sizes import measure_here, measure_sizes


class Command(BaseCommand):
    help = "Mesure 200 recherches de bout en bout, dans l’annuaire tel qu’il est ou dans des bases d’essai."

    def add_arguments(self, parser):
        parser.add_argument("--sizes", default="", help="Nombres d’initiatives de bases d’essai : 1000,10000,100000.")
        parser.add_argument("--passes", type=int, default=3, help="Fois que chaque page est mesurée (3 par défaut).")
        parser.add_argument(
            "--crowd", action="store_true", help="Mesurer aussi les pages par seconde de deux processus."
        )
        parser.add_argument(
            "--throw-away", action="store_true", help="La base mesurée est une base d’essai : y écrire est permis."
        )
        parser.add_argument("--json", type=Path, help="Fichier où écrire aussi les chiffres.")
        parser.add_argument("--join", type=Path, nargs="+", help="Ne rien mesurer : un tableau de ces fichiers.")

    def handle(self, *args, sizes, passes, crowd, **options):
        if options["join"]:
            self._report([result for path in options["join"] for result in json.loads(path.read_text("utf-8"))])
            return
        sizes = _sizes(sizes)
        if not 1 <= passes <= 100:
            raise CommandError(f"--passes vaut {passes} : attendu un nombre de 1 à 100.")
        shared = {"passes": passes, "with_crowd": crowd, "tell": self.stderr.write}
        try:
            if sizes:
                results = measure_sizes(sizes, **shared)
            else:
                results = measure_here(may_write=options["throw_away"], **shared)
        except LookupError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            options["json"].write_text(json.dumps(results, ensure_ascii=False, indent=2), encoding="utf-8")
        self._report(results)

    def _report(self, results):
        results.sort(key=lambda result: result["initiatives"])
        command = " ".join(["manage.py", *sys.argv[1:]])
        machine = f"{os.cpu_count()} cœurs, Python {platform.python_version()}"
        self.stdout.write(markdown(results, day=timezone.localdate(), command=command, machine=machine))


def _sizes(text):
    sizes = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) <= 1_000_000 for part in sizes):
        raise CommandError(f"--sizes vaut « {text} » : attendu des nombres de 1 à 1000000, séparés par des virgules.")
    return [int(part) for part in sizes]
