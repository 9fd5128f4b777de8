from django.core.management.base import BaseCommand
from django.db import transaction

from initiatives.models.search_text import refresh_search_texts


class Command(BaseCommand):
    help = "Analyse les mots des initiatives qui ne le sont pas, ou pas comme il faut. Peut être relancée."

    @transaction.atomic
    def handle(self, *args, **options):
        count = refresh_search_texts()
        self.stdout.write(f"Recherche : les mots de {count} initiative{'s' if count > 1 else ''} analysés.")
