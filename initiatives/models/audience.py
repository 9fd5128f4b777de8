from django.db import models


class AudienceQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Audience(models.Model):
    """Public : les personnes à qui une initiative s’adresse d’abord."""

    slug = models.SlugField("identifiant", max_length=60, unique=True)
    name = models.CharField("nom", max_length=80)
    position = models.PositiveSmallIntegerField("rang", default=0)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = "public"
        verbose_name_plural = "publics"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)
