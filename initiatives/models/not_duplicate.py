from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class NotDuplicate(models.Model):
    """Faux doublon : deux fiches du même genre que quelqu’un a comparées, et qui ne disent pas la même chose.

    The pair is stored in the order of its UUID, so that it is one row whichever was looked at first.
    """

    noun = models.CharField(max_length=20)
    first = models.UUIDField()
    second = models.UUIDField()
    decided_by = models.ForeignKey("initiatives.User", models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "faux doublon"
        verbose_name_plural = "faux doublons"
        ordering = ["-decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["noun", "first", "second"], name="not_duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_duplicate_in_order"),
        ]

    def __str__(self):
        return f"{self.noun} {self.first} ≠ {self.second}"
