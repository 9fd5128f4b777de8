from math import cos, radians

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Coalesce, Sqrt

from initiatives.models.publication import Line

KM_PER_DEGREE = 111.2


class SiteQuerySet(models.QuerySet):
    def with_distance(self, latitude, longitude):
        """Annotate ``distance`` in km to a point: flat, right to a few metres at 30 km and to 1 % across the region.

        A site without a point of its own stands at that of its commune; without either, its distance is null.
        """
        north = (Coalesce("latitude", "territory__latitude") - Value(latitude)) * Value(KM_PER_DEGREE)
        east_of = Value(KM_PER_DEGREE * cos(radians(latitude)))
        east = (Coalesce("longitude", "territory__longitude") - Value(longitude)) * east_of
        squared = self.annotate(north=north, east=east)
        return squared.annotate(
            distance=Sqrt(F("north") * F("north") + F("east") * F("east"), output_field=FloatField())
        )


class Site(Line):
    """Lieu où une initiative est installée, dans une commune ou un arrondissement ; le premier est son siège."""

    initiative = models.ForeignKey("initiatives.Initiative", models.CASCADE, related_name="sites")
    territory = models.ForeignKey(
        "initiatives.Territory",
        models.PROTECT,
        related_name="sites",
        limit_choices_to={"kind__in": ["com", "arm"]},
        verbose_name="commune ou arrondissement",
    )
    label = models.CharField("nom du lieu", max_length=150, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux (le premier est le siège)"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, latitude__range=(-90, 90))
                & Q(longitude__isnull=False, longitude__range=(-180, 180)),
                name="site_point_is_whole",
                violation_error_message="La latitude va de −90 à 90, la longitude de −180 à 180.",
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
