from django.db import models
from django.db.models import Q

from initiatives.models.publication import Line, exactly_one
from initiatives.models.vocabulary import Reading


class Source(Line):
    """Source d’une fiche : un texte public, comment il a été lu, et quels champs il appuie."""

    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, null=True, blank=True, related_name="sources"
    )
    actor = models.ForeignKey("initiatives.Actor", models.CASCADE, null=True, blank=True, related_name="sources")
    funding_source = models.ForeignKey(
        "initiatives.FundingSource", models.CASCADE, null=True, blank=True, related_name="sources"
    )
    title = models.CharField("titre", max_length=250, blank=True)
    title_from_address = models.BooleanField("titre lu dans l’adresse", default=False)
    publisher = models.CharField("éditeur", max_length=150)
    url = models.URLField("adresse", max_length=500, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    reading = models.CharField("lecture", max_length=10, choices=Reading, default=Reading.EXTRACT)
    consulted_on = models.DateField("consultée le", null=True, blank=True)
    supports = models.JSONField("champs appuyés", default=list, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "source"
        verbose_name_plural = "sources"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("initiative", "actor", "funding_source"), name="source_has_one_owner"
            ),
            models.CheckConstraint(condition=~Q(publisher=""), name="source_has_a_publisher"),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(1000, 2100)),
                name="source_year_is_sane",
                violation_error_message="L’année est comprise entre 1000 et 2100.",
            ),
        ]

    def __str__(self):
        return self.title or self.publisher
