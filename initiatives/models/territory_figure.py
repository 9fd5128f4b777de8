from django.db import models


class TerritoryFigure(models.Model):
    """Chiffre d’un territoire, avec son année et sa source : « 226 établissements employeurs »."""

    territory = models.ForeignKey(
        "initiatives.Territory", models.CASCADE, related_name="figures", verbose_name="territoire"
    )
    label = models.CharField("intitulé", max_length=120)
    value = models.PositiveBigIntegerField("valeur")
    unit = models.CharField("unité", max_length=20, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    source = models.CharField("source", max_length=200)
    source_url = models.URLField("adresse de la source", max_length=500, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "chiffre d’un territoire"
        verbose_name_plural = "chiffres des territoires"
        ordering = ["territory", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "label", "year"],
                name="territory_figure_once_a_year",
                violation_error_message="Ce chiffre est déjà donné pour cette année.",
            ),
            models.UniqueConstraint(
                fields=["territory", "label"],
                condition=models.Q(year=None),
                name="territory_figure_once_undated",
                violation_error_message="Ce chiffre est déjà donné, sans année.",
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="territory_figure_has_a_source"),
        ]

    def __str__(self):
        return f"{self.label} : {self.value}"
