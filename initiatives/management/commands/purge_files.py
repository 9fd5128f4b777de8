from django.core.management.base import BaseCommand
from django.utils import timezone

from initiatives.submission import photo_files


class Command(BaseCommand):
    help = "Dit quels fichiers de photos ne servent à aucune fiche depuis un jour ; avec --apply, les supprime."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="supprimer, au lieu de dire seulement")

    def handle(self, *args, **options):
        orphans = photo_files.orphans(timezone.now())
        for entry in orphans:
            self.stdout.write(f"Fichiers : {entry.name} ne sert à aucune photo.")
        if options["apply"]:
            photo_files.purge(orphans)
            self.stdout.write(f"Fichiers : {len(orphans)} supprimé(s).")
        else:
            self.stdout.write(f"Fichiers : {len(orphans)} à supprimer (--apply).")
        for photo in photo_files.without_files():
            self.stderr.write(f"Fichiers : ceux de la photo « {photo} » ({photo.fiche}) manquent.")
