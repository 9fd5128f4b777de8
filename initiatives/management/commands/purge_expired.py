from django.core.management.base import BaseCommand
from django.utils import timezone

from initiatives.submission.purging import purge_expired, what_would_go


class Command(BaseCommand):
    help = (
        "Efface ce dont la durée de conservation est passée : brouillons, demandes, invitations, comptes, messages. "
        "Le site le fait de lui-même chaque jour (run_worker). Peut être relancée."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Dit ce qui serait effacé, et n’efface rien.")

    def handle(self, *args, **options):
        """``--dry-run`` counts what the rules of moderation bound; mails, counters and sessions have their own."""
        at = timezone.now()
        if options["dry_run"]:
            for name, count in what_would_go(at):
                self.stdout.write(f"À effacer : {name}, {count}.")
            return
        for name, count in purge_expired(at):
            self.stdout.write(f"Effacement : {name}, {count}.")
