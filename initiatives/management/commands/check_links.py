from django.core.management.base import BaseCommand
from django.utils import timezone

from initiatives.exchange.link_check import check_links


class Command(BaseCommand):
    help = "Essaie les adresses que les fiches publiées citent, les plus anciennement essayées d’abord."

    def add_arguments(self, parser):
        parser.add_argument("--most", type=int, default=200, metavar="N", help="nombre d’adresses au plus (200)")

    def handle(self, *args, **options):
        tried = dead = 0
        for address, answer in check_links(now=timezone.now, most=max(options["most"], 0)):
            tried += 1
            if answer.is_dead:
                dead += 1
                self.stdout.write(f"{address} : {answer.error}")
        self.stdout.write(f"Liens : {tried} essayé(s), dont {dead} mort(s).")
