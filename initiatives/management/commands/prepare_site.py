import secrets

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from initiatives.directory.editorial import FOLDER
from initiatives.exchange.importers.texts import load_texts
from initiatives.models import Actor, FundingSource, Initiative
from initiatives.submission.replies import load_replies

STAFF_EMAIL = "equipe@innovguide.example"


class Command(BaseCommand):
    help = "Charge le référentiel, remplit un annuaire vide et crée le premier compte de l’équipe. Peut être relancée."

    def handle(self, *args, **options):
        call_command("load_reference", stdout=self.stdout)
        if not any(noun.objects.exists() for noun in (Initiative, Actor, FundingSource)):
            # All or nothing: a start that is killed half-way leaves the directory empty, and the next one fills it.
            with transaction.atomic():
                call_command("load_content", stdout=self.stdout)
        # A newer version may bring other words.
        load_texts(FOLDER, at=timezone.now())
        call_command("create_staff_groups", stdout=self.stdout)
        load_replies()
        # A newer version may count otherwise.
        call_command("refresh_completeness", stdout=self.stdout)
        call_command("refresh_words", stdout=self.stdout)
        if not get_user_model().objects.filter(is_staff=True).exists():
            password = secrets.token_urlsafe(16)
            get_user_model().objects.create_superuser(STAFF_EMAIL, password)
            self.stdout.write(
                f"Compte de l’équipe : {STAFF_EMAIL}, mot de passe {password} (affiché cette seule fois)."
            )
