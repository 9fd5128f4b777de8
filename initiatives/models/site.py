from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from initiatives.models.publication import Line


class Site(Line):
    """Lieu où une initiative est installée, dans une commune ou un arrondissement ; le premier est son siège."""

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="sites")
    territory = models.ForeignKey(
        "initiatives.Territory", models.PROTECT, related_name="sites", verbose_name="commune ou arrondissement"
    )
    label = models.CharField("nom du lieu", max_length=150, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux (le premier est le siège)"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="site_point_is_whole",
            ),
        ]

    def __str__(self):
        return self.label or str(self.territory)

    @property
    def point(self):
        """(latitude, longitude) of the site, else of its commune, else None. Reads ``territory``."""
        place = self if self.latitude is not None else self.territory
        return None if place.latitude is None else (place.latitude, place.longitude)

    def clean(self):
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError("Un point se donne par sa latitude et sa longitude, ou pas du tout.")
        if self.territory_id and self.territory.kind not in ("com", "arm"):
            raise ValidationError({"territory": "Un lieu est dans une commune ou un arrondissement municipal."})
