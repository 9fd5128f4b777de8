from django.core.management.base import BaseCommand

from initiatives.directory.completeness import refresh


class Command(BaseCommand):
    help = "Recalcule la complétude de toutes les fiches : utile quand ses règles changent. Peut être relancée."

    def handle(self, *args, **options):
        self.stdout.write(f"Complétude : {refresh()} fiche(s) mise(s) à jour.")
