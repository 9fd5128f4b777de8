from django.db import models
from django.db.models import Q

from initiatives.models.publication import Line, exactly_one


class Photo(Line):
    """Photo d’une initiative ou logo d’un acteur : décrite, créditée, visible tant que la fiche est publiée."""

    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, null=True, blank=True, related_name="photos"
    )
    actor = models.OneToOneField("initiatives.Actor", models.CASCADE, null=True, blank=True, related_name="logo")
    file = models.FileField("fichier", max_length=200, upload_to="photos/")
    alt = models.CharField("description pour qui ne la voit pas", max_length=250)
    credit = models.CharField("crédit", max_length=150)
    licence = models.CharField("licence", max_length=100)
    print_allowed = models.BooleanField("peut être imprimée", default=False)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "photo"
        verbose_name_plural = "photos"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("initiative", "actor"), name="photo_has_one_owner"),
            models.CheckConstraint(
                condition=~Q(alt="") & ~Q(credit="") & ~Q(licence=""), name="photo_is_described_and_credited"
            ),
        ]

    def __str__(self):
        return self.alt
