from django.db import models
from django.db.models import F, Q

from initiatives.models.publication import Line
from initiatives.models.vocabulary import LineageRelation


class Lineage(Line):
    """Lignée : ce dont une initiative s’inspire, et où elle a essaimé (une autre fiche, ou un lieu d’ailleurs)."""

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="lineage")
    relation = models.CharField("lien", max_length=12, choices=LineageRelation)
    other = models.ForeignKey(
        "initiatives.Initiative",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="lineage_in",
        verbose_name="autre initiative",
    )
    place = models.CharField("lieu hors de l’annuaire", max_length=150, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    detail = models.CharField("précision", max_length=200, blank=True)

    class Meta:
        verbose_name = "lien de lignée"
        verbose_name_plural = "lignée"
        ordering = ["relation", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=False, place="") | (Q(other=None) & ~Q(place="")),
                name="lineage_leads_to_one_thing",
                violation_error_message="Indiquez une autre initiative, ou un lieu hors de l’annuaire, pas les deux.",
            ),
            models.CheckConstraint(
                condition=~Q(initiative=F("other")),
                name="lineage_joins_two_initiatives",
                violation_error_message="Une initiative ne descend pas d’elle-même.",
            ),
            models.UniqueConstraint(
                fields=["initiative", "relation", "other"],
                condition=Q(other__isnull=False),
                name="lineage_once",
                violation_error_message="Ce lien existe déjà.",
            ),
        ]

    def __str__(self):
        return f"{self.get_relation_display()} {self.other or self.place}"
