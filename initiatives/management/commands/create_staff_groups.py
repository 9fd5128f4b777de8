"""What each group of the team may do, declared once here and written in the database."""

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction

FICHES = ("initiative", "actor", "fundingsource")
TEXTS = ("editorialtext",)
REFERENCE = ("territory", "theme", "audience", "label", "synonym")
MISSES = ("searchmiss",)


def _may(verbs, nouns):
    return {f"{verb}_{noun}" for verb in verbs.split() for noun in nouns}


READS = _may("view", FICHES + TEXTS + REFERENCE + MISSES)
WRITES = READS | _may("add change", FICHES) | _may("delete", MISSES)
# Deletes only what was never published: see ``FicheAdmin``.
MODERATES = WRITES | _may("publish delete", FICHES) | _may("change", TEXTS) | {"change_privatecontact"}
# What people send, and how the team answers it.
MODERATES |= {"moderate"} | _may("view add change delete", ["replytemplate"]) | _may("view change", ["moderationrules"])
PERSONS = _may("view add change delete", ["user"]) | {"manage_team"}
ADMINISTERS = MODERATES | _may("add change delete", REFERENCE) | PERSONS

GROUPS = {"Lecture": READS, "Rédaction": WRITES, "Modération": MODERATES, "Administration": ADMINISTERS}


class Command(BaseCommand):
    help = "Crée les groupes de l’équipe, ou leur rend les droits déclarés. Peut être relancée."

    @transaction.atomic
    def handle(self, *args, **options):
        """Their members stay."""
        for name, codenames in GROUPS.items():
            rights = Permission.objects.filter(content_type__app_label="initiatives", codename__in=codenames)
            if unknown := codenames - set(rights.values_list("codename", flat=True)):
                raise LookupError(f"Droits inconnus : {', '.join(sorted(unknown))}.")
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set(rights)
        self.stdout.write(f"Groupes de l’équipe : {', '.join(GROUPS)}.")
