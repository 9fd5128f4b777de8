from django.db import models


class LinkCheckQuerySet(models.QuerySet):
    def dead(self):
        """Addresses that did not answer at the last check, those that have failed for longest first."""
        return self.exclude(failing_since=None).order_by("failing_since", "pk")


class LinkCheck(models.Model):
    """Essai d’un lien : ce qu’une adresse citée a répondu la dernière fois, et depuis quand elle échoue."""

    url = models.URLField("adresse", max_length=500, unique=True)
    checked_at = models.DateTimeField("essayée le", null=True)
    status = models.PositiveSmallIntegerField("réponse", null=True)
    error = models.CharField("raison", max_length=200, blank=True)
    failing_since = models.DateTimeField("en échec depuis", null=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "essai de lien"
        verbose_name_plural = "essais de liens"
        ordering = ["url"]

    def __str__(self):
        return self.url
