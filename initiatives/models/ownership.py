"""Who answers for a fiche, who was asked to, and the yearly question whether it is still true."""

import uuid

from django.db import models
from django.db.models import Q

from initiatives.models.target import NOUNS, Targeted, TargetQuerySet, one_target


class OwnershipQuerySet(TargetQuerySet):
    def current(self):
        return self.filter(ended_at=None, user__is_active=True)


class Ownership(Targeted):
    """Porteur reconnu d’une fiche : il propose, il ne publie pas. Une fiche peut en avoir plusieurs."""

    class How(models.TextChoices):
        DEPOSIT = "depot", "A déposé la fiche"
        DOMAIN = "domaine", "Adresse du site de la structure"
        STAFF = "equipe", "Reconnu par l’équipe"
        INVITATION = "invitation", "Invité par l’équipe"
        HAND_OVER = "passation", "Passation"

    user = models.ForeignKey("initiatives.User", models.CASCADE, related_name="ownerships", verbose_name="porteur")
    role = models.CharField("rôle dans la structure", max_length=150, blank=True)
    how = models.CharField("comment", max_length=12, choices=How)
    since = models.DateTimeField("depuis")
    granted_by = models.ForeignKey(
        "initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="accordé par"
    )
    ended_at = models.DateTimeField("jusqu’au", null=True, blank=True)

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        verbose_name = "porteur reconnu"
        verbose_name_plural = "porteurs reconnus"
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=one_target(), name="ownership_has_one_target"),
            *(
                models.UniqueConstraint(
                    fields=["user", noun], condition=Q(ended_at=None), name=f"ownership_once_{noun}"
                )
                for noun in NOUNS
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.fiche}"


class Invitation(Targeted):
    """Invitation d’un porteur à relire sa fiche : il la confirme, la corrige ou s’y oppose."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmée"
        CORRECTED = "corrected", "Correction proposée"
        OBJECTED = "objected", "Opposition"

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("adresse électronique")
    name = models.CharField("nom", max_length=150, blank=True)
    sent_by = models.ForeignKey("initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField("envoyée le")
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=10, choices=Answer, blank=True, default="")
    note = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=one_target(), name="invitation_has_one_target"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="invitation_is_answered_on_a_day",
            ),
            *(
                models.UniqueConstraint(fields=["email", noun], condition=Q(answer=""), name=f"invitation_once_{noun}")
                for noun in NOUNS
            ),
        ]

    def __str__(self):
        return f"Invitation : {self.fiche}"


class Recheck(Targeted):
    """Question de l’année aux porteurs d’une fiche : est-elle toujours à jour ?"""

    class Answer(models.TextChoices):
        STILL_TRUE = "still_true", "Toujours à jour"
        CORRECTED = "corrected", "Correction proposée"
        CLOSED = "closed", "Close par l’équipe"

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField("posée le")
    last_sent_at = models.DateTimeField("dernier envoi le")
    reminders = models.PositiveSmallIntegerField("rappels", default=0)
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)
    answered_by = models.ForeignKey("initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField("réponse", max_length=12, choices=Answer, blank=True, default="")

    class Meta:
        verbose_name = "question de l’année"
        verbose_name_plural = "questions de l’année"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=one_target(), name="recheck_has_one_target"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="recheck_is_answered_on_a_day",
            ),
            *(
                models.UniqueConstraint(fields=[noun], condition=Q(answer=""), name=f"recheck_one_open_{noun}")
                for noun in NOUNS
            ),
        ]

    def __str__(self):
        return f"Toujours à jour ? {self.fiche}"
