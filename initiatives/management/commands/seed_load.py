import time

from django.core.management.base import BaseCommand, CommandError

from initiatives.exchange.seed.loading import NOUNS, SeedRefused, seed_load
from initiatives.exchange.seed.surroundings import NothingToStandOn

MOST = 1_000_000


class Command(BaseCommand):
    help = "Remplit une base d’essai de fiches inventées, toujours les mêmes pour un même nombre et un même tirage."

    def add_arguments(self, parser):
        parser.add_argument("--initiatives", type=int, required=True, help="Nombre d’initiatives.")
        parser.add_argument("--seed", type=int, default=1, help="Tirage (1 par défaut).")
        parser.add_argument("--force", action="store_true", help="Charger même si la base contient déjà des fiches.")

    def handle(self, *args, initiatives, seed, force, **options):
        if not 1 <= initiatives <= MOST:
            raise CommandError(f"--initiatives vaut {initiatives} : attendu un nombre de 1 à {MOST}.")
        self.stdout.write(f"Fiches d’essai : chargement de {initiatives} initiatives inventées (tirage {seed})…")
        started = time.monotonic()
        try:
            loaded = seed_load(initiatives=initiatives, seed=seed, among_others=force)
        except (SeedRefused, NothingToStandOn) as error:
            raise CommandError(str(error)) from error
        for noun in NOUNS:
            self.stdout.write(f"Fiches d’essai : {loaded[noun]} {noun._meta.verbose_name_plural}.")
        seconds = time.monotonic() - started
        self.stdout.write(f"Fiches d’essai : {loaded.total()} lignes en tout, en {seconds:.0f} s. Aucune n’est vraie.")
