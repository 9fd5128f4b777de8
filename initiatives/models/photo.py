from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from initiatives.models.publication import Line, exactly_one

# The widths that pages use, in pixels: half a phone, a phone or the 38 rem of a fiche, the same on a fine screen.
PHOTO_WIDTHS = (480, 960, 1440)


def widths_of(width: int) -> list[int]:
    """Which of the widths exist for an original so wide. Nothing is enlarged: the last one may hold fewer pixels."""
    return [wanted for smaller, wanted in zip((0, *PHOTO_WIDTHS), PHOTO_WIDTHS, strict=False) if smaller < width]


def file_of_width(original: str, width: int) -> str:
    """Name of the file of a width, beside that of the original."""
    return str(PurePosixPath(original).with_name(f"{width}.webp"))


class Photo(Line):
    """Photo d’une initiative ou logo d’un acteur : décrite, créditée, visible tant que la fiche est publiée.

    Made by ``submission.images.store_photo``, which gives ``file``, ``width`` and ``height``. Not a file field: those
    write what they are given as it is.
    """

    initiative = models.ForeignKey(
        "initiatives.Initiative", models.CASCADE, null=True, blank=True, related_name="photos"
    )
    actor = models.OneToOneField("initiatives.Actor", models.CASCADE, null=True, blank=True, related_name="logo")
    file = models.CharField("original", max_length=200, unique=True, editable=False)
    width = models.PositiveIntegerField("largeur en pixels", editable=False)
    height = models.PositiveIntegerField("hauteur en pixels", editable=False)
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
                condition=~Q(alt="") & ~Q(credit="") & ~Q(licence=""),
                name="photo_is_described_and_credited",
                violation_error_message="Une photo a une description, un crédit et une licence.",
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="photo_has_a_size"),
        ]

    # Of a photo that is shown before it is public: the address of a width.
    seen_at = None

    def __str__(self):
        return self.alt

    @property
    def fiche(self):
        """The initiative or the actor that it shows."""
        return self.initiative or self.actor

    @property
    def widths(self):
        """The widths that pages may ask for."""
        return widths_of(self.width)

    def url(self, width):
        return self.seen_at(width) if self.seen_at else reverse("photo", args=[self.uuid, width])

    @property
    def src(self):
        """Address for those who do not choose by themselves: the middle width, or the widest below it."""
        return self.url(self.widths[:2][-1])

    @property
    def smallest(self):
        return self.url(self.widths[0])

    @property
    def srcset(self):
        """Every address with the width that its file really has."""
        return ", ".join(f"{self.url(width)} {min(width, self.width)}w" for width in self.widths)

    def path(self, width) -> Path:
        """Where the file of this width is."""
        return Path(settings.MEDIA_ROOT) / file_of_width(self.file, width)
