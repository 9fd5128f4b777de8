from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.exchange.importers.content import load_content
from initiatives.exchange.importers.shapes import ContentError


class Command(BaseCommand):
    help = "Charge les initiatives, acteurs et financements sourcés. Ce qui a été modifié ici n’est pas touché."

    def handle(self, *args, **options):
        try:
            report = load_content(Path(settings.BASE_DIR) / "fixtures" / "content", at=timezone.now())
        except ContentError as error:
            raise CommandError(str(error)) from error
        for word, counts in (("créé", report.created), ("mis à jour", report.updated), ("inchangé", report.unchanged)):
            for noun, count in counts.items():
                self.stdout.write(f"Contenu : {count} {noun} {word}(s).")
        for fiche, reason in report.left:
            self.stdout.write(f"Contenu : « {fiche} » laissée telle quelle, {reason}.")
