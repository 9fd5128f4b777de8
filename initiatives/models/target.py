"""What may be about any of the three nouns of the directory: a submission, an ownership, an invitation, a question."""

from django.db import models
from django.db.models import Q

from initiatives.models.publication import exactly_one

NOUNS = ("initiative", "actor", "funding_source")


class TargetQuerySet(models.QuerySet):
    def about(self, fiche):
        """Those that concern this fiche."""
        return self.filter(**target(fiche))

    def with_fiche(self):
        return self.select_related(*NOUNS)


class Targeted(models.Model):
    """A row about one fiche, whatever its noun: ``fiche`` reads it, ``target(fiche)`` writes it.

    A fiche that somebody speaks of is not deleted beneath them: what is said goes first.
    """

    initiative = models.ForeignKey(
        "initiatives.Initiative", models.PROTECT, null=True, blank=True, related_name="%(class)ss", editable=False
    )
    actor = models.ForeignKey(
        "initiatives.Actor", models.PROTECT, null=True, blank=True, related_name="%(class)ss", editable=False
    )
    funding_source = models.ForeignKey(
        "initiatives.FundingSource", models.PROTECT, null=True, blank=True, related_name="%(class)ss", editable=False
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def fiche(self):
        """The initiative, the actor or the funding source that it is about, or None."""
        return self.initiative or self.actor or self.funding_source


def target(fiche) -> dict:
    """The column of a targeted row that names this fiche: ``Ownership(user=…, **target(fiche))``."""
    column = {"initiative": "initiative", "actor": "actor", "fundingsource": "funding_source"}
    return {column[fiche._meta.model_name]: fiche}


def one_target():
    """Condition: exactly one fiche."""
    return exactly_one(*NOUNS)


def one_target_at_most():
    """Condition: one fiche, or none yet."""
    return one_target() | Q(**{f"{noun}__isnull": True for noun in NOUNS})
