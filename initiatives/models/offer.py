from django.db import models

from initiatives.models.fields import ChoiceSetField
from initiatives.models.publication import Line
from initiatives.models.vocabulary import Stage


class Offer(Line):
    """Offre d’un acteur : l’appui qu’il propose, à qui et à quelle étape. C’est par là qu’on trouve un appui."""

    actor = models.ForeignKey("initiatives.Actor", models.CASCADE, related_name="offers")
    what = models.CharField("quoi", max_length=200)
    description = models.TextField("description", blank=True)
    stages = ChoiceSetField("étapes", choices=[choice for choice in Stage.choices if choice[0] != Stage.UNKNOWN])
    for_whom = models.CharField("pour qui", max_length=250, blank=True)
    duration = models.CharField("durée", max_length=120, blank=True)
    cost = models.CharField("coût", max_length=120, blank=True)
    how_to_apply = models.CharField("comment faire", max_length=300, blank=True)
    url = models.URLField("page de l’offre", max_length=300, blank=True)
    checked_on = models.DateField("vérifiée le", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "offre"
        verbose_name_plural = "offres"
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(what=""), name="offer_says_what")]

    def __str__(self):
        return self.what
