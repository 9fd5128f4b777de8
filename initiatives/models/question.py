"""A question to the holder of a fiche: relayed by mail, then forgotten."""

import uuid

from django.db import models
from django.db.models import Q

from initiatives.models.ownership import Ownership


class Question(models.Model):
    """Question posée au porteur d’une initiative : relayée par courriel quand son auteur a confirmé son adresse.

    Private; purged thirty days after it was asked (``purge_questions``).
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    initiative = models.ForeignKey("initiatives.Initiative", models.PROTECT, related_name="questions", editable=False)
    name = models.CharField("nom", max_length=150)
    email = models.EmailField("adresse électronique")
    message = models.TextField("message")
    asked_at = models.DateTimeField("posée le")
    relayed_at = models.DateTimeField("transmise le", null=True, blank=True)

    class Meta:
        verbose_name = "question à un porteur"
        verbose_name_plural = "questions aux porteurs"
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["asked_at"], name="question_asked_at")]
        constraints = [
            models.CheckConstraint(condition=~Q(message="") & ~Q(name="") & ~Q(email=""), name="question_is_whole"),
        ]

    def __str__(self):
        return f"Question : {self.initiative}"

    @property
    def owners(self):
        """Those who would get it now."""
        return [line.user for line in Ownership.objects.about(self.initiative).current().select_related("user")]
