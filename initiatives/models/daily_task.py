from datetime import timedelta

from django.db import models


class DailyTaskQuerySet(models.QuerySet):
    def late(self, today):
        """What was not done yesterday either: it fails, or nobody does it."""
        return self.filter(done_on__lt=today - timedelta(days=1)).order_by("done_on", "name")


class DailyTask(models.Model):
    """Tâche quotidienne : ce que le site fait de lui-même une fois par jour, et le dernier jour où il l’a fait."""

    name = models.CharField("nom", max_length=100, unique=True)
    done_on = models.DateField("faite le")

    objects = DailyTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche quotidienne"
        verbose_name_plural = "tâches quotidiennes"
        ordering = ["name"]

    def __str__(self):
        return self.name
