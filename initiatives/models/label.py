from django.db import models


class Label(models.Model):
    """Label ou agrément qu’une structure peut avoir reçu (nomenclature)."""

    code = models.SlugField("code", max_length=30, unique=True)
    name = models.CharField("nom", max_length=120)
    nature = models.CharField("nature", max_length=60, blank=True)
    legal_basis = models.CharField("fondement", max_length=200, blank=True)

    class Meta:
        verbose_name = "label de la nomenclature"
        verbose_name_plural = "labels de la nomenclature"
        ordering = ["name"]

    def __str__(self):
        return self.name
