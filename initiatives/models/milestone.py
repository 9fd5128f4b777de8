from django.db import models
from django.db.models import Q

from initiatives.models.publication import Line, exactly_one


class Milestone(Line):
    """Date marquante d’une initiative ou d’un acteur."""

    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, null=True, blank=True, related_name="milestones"
    )
    actor = models.ForeignKey("initiatives.Actor", models.CASCADE, null=True, blank=True, related_name="milestones")
    year = models.PositiveSmallIntegerField("année")
    text = models.CharField("quoi", max_length=250)
    source = models.ForeignKey(
        "initiatives.Source", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="source"
    )

    class Meta:
        verbose_name = "date"
        verbose_name_plural = "dates"
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("initiative", "actor"), name="milestone_has_one_owner"),
            models.CheckConstraint(
                condition=Q(year__range=(1000, 2100)),
                name="milestone_year_is_sane",
                violation_error_message="L’année est comprise entre 1000 et 2100.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="milestone_says_what"),
        ]

    def __str__(self):
        return f"{self.year} : {self.text}"
