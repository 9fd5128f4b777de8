from django.db import models

from initiatives.models.publication import Line
from initiatives.models.vocabulary import WayToTakePart


class TakingPart(Line):
    """Façon de prendre part à une initiative : acheter, adhérer, aider, visiter, en parler ; une ligne dit comment."""

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="ways_to_take_part")
    way = models.CharField("façon", max_length=12, choices=WayToTakePart)
    how = models.CharField("comment", max_length=200)

    class Meta:
        verbose_name = "façon de prendre part"
        verbose_name_plural = "façons de prendre part"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "way"],
                name="taking_part_once",
                violation_error_message="Cette façon de prendre part est déjà dite.",
            ),
            models.CheckConstraint(condition=~models.Q(how=""), name="taking_part_says_how"),
        ]

    def __str__(self):
        return self.get_way_display()
