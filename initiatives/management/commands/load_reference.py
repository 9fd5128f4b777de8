from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.exchange.importers.reference import load_reference


class Command(BaseCommand):
    help = "Charge les territoires officiels, les thèmes, les publics et les labels. Peut être relancée sans risque."

    def add_arguments(self, parser):
        parser.add_argument("--region", default=settings.REGION, help="Code Insee de la région (93 par défaut).")

    def handle(self, *args, region, **options):
        folder = Path(settings.BASE_DIR) / "fixtures" / "reference"
        try:
            report = load_reference(folder, region=region, at=timezone.now())
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not report.changed:
            self.stdout.write("Référentiel : rien de nouveau.")
            return
        for word, counts in (("ajouté", report.created), ("mis à jour", report.updated)):
            for kind, count in counts.items():
                self.stdout.write(f"Référentiel : {count} {kind} {word}(s).")
        if report.closed:
            self.stdout.write(f"Référentiel : fermés car absents des listes officielles : {', '.join(report.closed)}.")
