import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from initiatives.models.publication import Line
from initiatives.models.vocabulary import Offered, Sought

LIFETIME = datetime.timedelta(days=365)


class NoticeQuerySet(models.QuerySet):
    def current(self, today):
        """Said or confirmed for less than twelve months, and not past their own end."""
        return self.filter(Q(until=None) | Q(until__gte=today), said_on__gt=today - LIFETIME)


class Notice(Line):
    """Annonce datée d’une initiative : ce qu’elle cherche ou propose ; tue après douze mois si rien ne la confirme."""

    class Kind(models.TextChoices):
        SEEKS = "cherche", "Cherche"
        OFFERS = "propose", "Propose"

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="notices")
    kind = models.CharField("genre", max_length=8, choices=Kind)
    value = models.CharField("quoi", max_length=20, choices=[*Sought.choices, *Offered.choices])
    text = models.CharField("précision", max_length=200, blank=True)
    said_on = models.DateField("dit ou confirmé le")
    until = models.DateField("jusqu’au", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce"
        verbose_name_plural = "cherche, propose"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "kind", "value"],
                name="notice_once",
                violation_error_message="Cette annonce existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(kind="cherche", value__in=Sought.values) | Q(kind="propose", value__in=Offered.values),
                name="notice_value_fits_its_kind",
                violation_error_message="Cette valeur n’est pas de celles que l’on cherche ou propose.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("said_on")),
                name="notice_dates_in_order",
                violation_error_message="La fin ne peut pas précéder la date de l’annonce.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.get_value_display()}"

    def clean(self):
        super().clean()
        allowed = Sought.values if self.kind == self.Kind.SEEKS else Offered.values
        if self.kind and self.value and self.value not in allowed:
            raise ValidationError({"value": "Cette valeur n’est pas de celles que l’on cherche ou propose."})
