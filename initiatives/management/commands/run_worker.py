import sys

from django.core.management.base import BaseCommand

from initiatives.submission.worker import Ending, Worker


class Command(BaseCommand):
    help = "Envoie les messages en attente et fait ce qui se fait chaque jour, jusqu’à ce qu’on l’arrête."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="s’arrêter dès que plus rien n’est à faire")
        parser.add_argument(
            "--with-server", action="store_true", help="s’arrêter avec le serveur, qui tient l’entrée standard ouverte"
        )

    def handle(self, *args, **options):
        ending = Ending(sys.stdin.fileno() if options["with_server"] else None)
        ending.listen()
        Worker(ending).run(once=options["once"])
