from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse


class ThemeQuerySet(models.QuerySet):
    def top(self):
        return self.filter(parent=None)

    def in_order(self):
        """Each theme of first level followed by its own, their parent read with them."""
        return self.select_related("parent").order_by(
            Coalesce("parent__position", "position"),
            Coalesce("parent", "pk"),
            F("parent").asc(nulls_first=True),
            "position",
            "pk",
        )

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Theme(models.Model):
    """Thème : ce dont s’occupe une initiative, sur deux niveaux ; chaque thème de premier niveau a sa toile."""

    NEUTRAL_CLOTH = "neutre"

    slug = models.SlugField("identifiant", max_length=60, unique=True)
    name = models.CharField("nom", max_length=80)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="thème parent"
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    own_cloth = models.SlugField(
        "toile",
        max_length=60,
        blank=True,
        help_text="Nom d’une toile du site ; vide : toile neutre ou celle du parent.",
    )

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = "thème"
        verbose_name_plural = "thèmes"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="theme_is_not_its_own_parent",
                violation_error_message="Un thème n’est pas son propre parent.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return _address(self.slug)

    def natural_key(self):
        return (self.slug,)

    @property
    def top(self):
        """The theme of first level it belongs to. Reads ``parent``: select it first."""
        return self.parent or self

    @property
    def cloth(self):
        """Name of the cloth that stands for it (CSS class ``t-<cloth>``). Reads ``parent``: select it first."""
        return self.own_cloth or (self.parent.own_cloth if self.parent_id else "") or self.NEUTRAL_CLOTH

    def clean(self):
        super().clean()
        if self.parent_id and self.parent.parent_id:
            raise ValidationError({"parent": "Deux niveaux seulement : choisissez un thème de premier niveau."})
        if self.parent_id and self.pk and self.children.exists():
            raise ValidationError({"parent": "Ce thème a des sous-thèmes : il reste au premier niveau."})


@lru_cache(500)
def _address(slug):
    """Written some forty times on a page, of few themes."""
    return reverse("theme", args=[slug])
