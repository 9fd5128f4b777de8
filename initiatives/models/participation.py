from django.db import models
from django.db.models import F, Q

from initiatives.models.publication import Line
from initiatives.models.vocabulary import Role


class Participation(Line):
    """Participation d’un acteur à une initiative : porteur, partenaire, accompagnateur, financeur ou chercheur."""

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="participations")
    actor = models.ForeignKey("initiatives.Actor", models.PROTECT, related_name="participations", verbose_name="acteur")
    role = models.CharField("rôle", max_length=20, choices=Role)
    is_lead = models.BooleanField("structure porteuse principale", default=False)
    detail = models.CharField("précision", max_length=200, blank=True, help_text="« local prêté », « remet le prix »…")
    since = models.PositiveSmallIntegerField("depuis", null=True, blank=True)
    until = models.PositiveSmallIntegerField("jusqu’à", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "participation"
        verbose_name_plural = "participations"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "actor", "role"],
                name="participation_once",
                violation_error_message="Cet acteur a déjà ce rôle dans l’initiative.",
            ),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(is_lead=True),
                name="participation_one_lead",
                violation_error_message="Une seule structure porteuse principale par initiative.",
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(role=Role.HOLDER),
                name="participation_lead_is_holder",
                violation_error_message="La structure porteuse principale a le rôle de porteur.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="participation_years_in_order",
                violation_error_message="L’année de fin ne peut pas précéder celle du début.",
            ),
        ]

    def __str__(self):
        return f"{self.actor} ({self.get_role_display()})"
