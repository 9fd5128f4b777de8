from django.db import models
from django.db.models import Q

from initiatives.models.publication import Line
from initiatives.models.vocabulary import FundingKind


class Funding(Line):
    """Financement reçu par une initiative : d’une source, d’un acteur ou des deux, avec son montant s’il est connu."""

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="fundings")
    source = models.ForeignKey(
        "initiatives.FundingSource",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fundings",
        verbose_name="source de financement",
    )
    actor = models.ForeignKey(
        "initiatives.Actor", models.PROTECT, null=True, blank=True, related_name="fundings", verbose_name="acteur"
    )
    amount = models.PositiveBigIntegerField("montant (euros)", null=True, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    kind = models.CharField("nature", max_length=30, choices=FundingKind, blank=True)
    detail = models.CharField("précision", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "financement reçu"
        verbose_name_plural = "financements reçus"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(actor__isnull=False),
                name="funding_comes_from_somewhere",
                violation_error_message="Indiquez la source de financement, l’acteur, ou les deux.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="funding_amount_is_positive",
                violation_error_message="Le montant est supérieur à zéro ; laissez vide s’il n’est pas connu.",
            ),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(1800, 2100)),
                name="funding_year_is_sane",
                violation_error_message="L’année est comprise entre 1800 et 2100.",
            ),
        ]

    def __str__(self):
        return f"{self.source or self.actor} → {self.initiative}"
