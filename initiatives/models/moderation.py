"""How the team answers: its rules, and the letters that it starts from."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


class ModerationRules(models.Model):
    """Règles de modération : délais annoncés, questions de l’année, durées de conservation. Une seule ligne."""

    answer_days = models.PositiveSmallIntegerField(
        "délai de réponse annoncé (jours)", default=10, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    holiday_message = models.CharField(
        "message de congés",
        max_length=300,
        blank=True,
        help_text="Affiché à côté du délai, tant qu’il n’est pas vide.",
    )
    sends_digest = models.BooleanField("envoyer chaque jour un résumé à l’équipe", default=True)
    recheck_months = models.PositiveSmallIntegerField(
        "mois entre deux questions aux porteurs",
        default=12,
        validators=[MinValueValidator(3), MaxValueValidator(60)],
    )
    reminder_days = models.PositiveSmallIntegerField(
        "jours avant un rappel", default=14, validators=[MinValueValidator(3), MaxValueValidator(90)]
    )
    draft_days = models.PositiveSmallIntegerField(
        "jours de conservation d’un brouillon ou d’un envoi non confirmé",
        default=60,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
    )
    rejected_days = models.PositiveSmallIntegerField(
        "jours de conservation d’une demande refusée ou retirée",
        default=180,
        validators=[MinValueValidator(30), MaxValueValidator(730)],
    )
    accepted_days = models.PositiveSmallIntegerField(
        "jours de conservation des données d’une demande acceptée",
        default=1095,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
    )

    class Meta:
        verbose_name = "règles de modération"
        verbose_name_plural = "règles de modération"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="moderation_rules_have_one_row")]

    def __str__(self):
        return "Règles de modération"

    @classmethod
    def current(cls) -> "ModerationRules":
        """Those that hold now: the row, or the defaults while nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class ReplyTemplate(models.Model):
    """Modèle de réponse de l’équipe à une demande ; il se retouche avant chaque envoi."""

    class Act(models.TextChoices):
        PUBLISH = "publish", "Publier, accepter"
        ASK = "ask", "Demander des précisions"
        REJECT = "reject", "Refuser"

    name = models.CharField("nom", max_length=100, unique=True)
    act = models.CharField("pour", max_length=10, choices=Act)
    body = models.TextField("texte")
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "modèle de réponse"
        verbose_name_plural = "modèles de réponse"
        ordering = ["act", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(body=""),
                name="replytemplate_says_something",
                violation_error_message="Un modèle de réponse dit quelque chose.",
            )
        ]

    def __str__(self):
        return self.name
