"""What initiatives, actors and funding sources share: an identity, a public life, an origin."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

ONCE_PUBLISHED = ("published", "archived", "merged")


class PublicationStatus(models.TextChoices):
    """The public life of an actor or a funding source."""

    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    ARCHIVED = "archived", "Archivée"
    MERGED = "merged", "Fusionnée"


class PublicationQuerySet(models.QuerySet):
    def published(self):
        """Those that anybody may see now."""
        return self.filter(status="published")

    def once_published(self):
        """Published now or before: they keep an address for ever."""
        return self.filter(status__in=ONCE_PUBLISHED)


class Publication(models.Model):
    """A fiche: an integer key inside, a public UUID that never changes, a slug given at publication."""

    uuid = models.UUIDField("identifiant public", default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField("adresse", max_length=120, unique=True, null=True, editable=False)
    name = models.CharField("nom", max_length=150)
    summary = models.CharField("résumé", max_length=300, blank=True, help_text="300 caractères au plus.")
    website = models.URLField("site", max_length=300, blank=True)

    published_at = models.DateTimeField("publiée le", null=True, editable=False)
    modified_at = models.DateTimeField("modifiée le", null=True, editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    checked_on = models.DateField("vérifiée le", null=True, blank=True)
    checked_by = models.ForeignKey(
        "initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="vérifiée par"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged_from", editable=False, verbose_name="fusionnée avec"
    )
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    completeness = models.PositiveSmallIntegerField("complétude", default=0, editable=False)

    to_verify = models.JSONField(
        "à vérifier", default=dict, blank=True, help_text="Champ incertain → une phrase qui dit le doute."
    )
    origin = models.CharField("origine", max_length=40, default="saisie", editable=False)
    origin_id = models.CharField("identifiant d’origine", max_length=200, blank=True, editable=False)
    loaded_fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ONCE_PUBLISHED, published_at__isnull=False)
                | (~Q(status__in=ONCE_PUBLISHED) & Q(published_at=None)),
                name="%(class)s_published_at_tells_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | (~Q(name="") & ~Q(summary="") & Q(slug__isnull=False) & ~Q(slug="")),
                name="%(class)s_published_is_presentable",
                violation_error_message="Une fiche publiée garde son nom et son résumé.",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="%(class)s_merged_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("summary"), 300),
                name="%(class)s_summary_is_short",
                violation_error_message="Le résumé compte 300 caractères au plus.",
            ),
            models.UniqueConstraint(
                fields=["origin", "origin_id"], condition=~Q(origin_id=""), name="%(class)s_origin_once"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_published(self):
        return self.status == "published"


class GivenSlug(models.Model):
    """Adresse donnée un jour à une fiche : elle mène toujours à elle, et n’est jamais donnée à une autre."""

    noun = models.CharField(max_length=20)
    slug = models.SlugField(max_length=120)
    uuid = models.UUIDField()

    class Meta:
        verbose_name = "adresse donnée"
        verbose_name_plural = "adresses données"
        ordering = ["noun", "slug"]
        constraints = [models.UniqueConstraint(fields=["noun", "slug"], name="given_slug_once")]

    def __str__(self):
        return f"{self.noun}/{self.slug}"


class Line(models.Model):
    """A line of a fiche (site, source, participation…), known by its UUID when two versions are compared."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


def exactly_one(*fields):
    """Condition: one of these columns is set, the others are null."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition
