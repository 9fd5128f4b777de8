from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.exchange.content_check import problems


class Command(BaseCommand):
    help = "Vérifie que chaque fiche a une source, un lieu, un résumé, des codes qui existent et des dates possibles."

    def handle(self, *args, **options):
        found = problems(timezone.localdate())
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{len(found)} point(s) à corriger.")
        self.stdout.write("Contenu vérifié : rien à corriger.")
