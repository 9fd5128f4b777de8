import random

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse

from initiatives.models.fields import ChoiceSetField, DerivedField, DerivedTextField
from initiatives.models.publication import Publication, PublicationQuerySet
from initiatives.models.vocabulary import NEAR, Activity, Milieu, Novelty, Presence, ReadBy, Scale, Stage, YearPrecision
from initiatives.text import fold, sort_key

# Two of them still add up to an integer of PostgreSQL.
DAILY_RANKS = 2**30
# The golden section of the ranks, odd: each day begins far from the days before, and none returns before all have come.
DAILY_STEP = 663_608_941


def random_rank():
    """Place of an initiative in the daily rotation, drawn once."""
    return random.randrange(DAILY_RANKS)


class InitiativeQuerySet(PublicationQuerySet):
    def with_presence(self, *territories, near=()):
        """Annotate ``presence``: how each one concerns these territories (any of them), null when it does not.

        *basée ici*: a site meets one · *intervient ici*: not based, a coverage meets one without strictly containing
        it · *agit plus largement*: only coverages that strictly contain them. Between the last two, ``NEAR``: a site in
        one of the places ``near``.
        """
        coverage = self.model.coverage.through.objects.filter(initiative=OuterRef("pk"))
        relations = [territory.relations() for territory in territories]
        acting, wider = coverage, coverage.filter(territory__in=set().union(*(item.wider for item in relations)))
        if all(item.acting is not None for item in relations):
            acting = coverage.filter(territory__in=set().union(*(item.acting for item in relations)))
        return self.annotate(
            presence=Case(
                When(self._site_in(territories), then=Value(Presence.BASED)),
                When(Exists(acting), then=Value(Presence.ACTS)),
                *([When(self._site_among(near), then=Value(NEAR))] if near else []),
                When(Exists(wider), then=Value(Presence.WIDER)),
                default=None,
                output_field=models.CharField(),
            )
        )

    def concerning(self, *territories):
        """Those that are based in these territories, act in them, or act more widely around them."""
        return self.with_presence(*territories).exclude(presence=None)

    def based_in(self, *territories):
        return self.filter(self._site_in(territories))

    def _site_in(self, territories):
        places = Q()
        for territory in territories:
            places |= territory.place_condition("territory__")
        return Exists(self.model.sites.rel.related_model.objects.filter(places, initiative=OuterRef("pk")))

    def _site_among(self, places):
        sites = self.model.sites.rel.related_model.objects
        return Exists(sites.filter(territory__in=list(places), initiative=OuterRef("pk")))

    def about(self, *themes):
        """Those of any of these themes or of their sub-themes."""
        links = self.model.theme_links.rel.related_model.objects.filter(initiative=OuterRef("pk"))
        return self.filter(Exists(links.filter(Q(theme__in=themes) | Q(theme__parent__in=themes))))

    def in_daily_order(self, today, after=()):
        """A rotation that changes each day, so that it is not always the same ones that come first.

        ``after``: orders that go before it.
        """
        shift = today.toordinal() * DAILY_STEP % DAILY_RANKS
        return self.order_by(*after, (F("daily_rank") + Value(shift)) % Value(DAILY_RANKS), "pk")

    def alive(self):
        """Not known to have ended: what the headline number counts."""
        return self.exclude(activity=Activity.ENDED)

    def with_card_details(self):
        """All that a row of a list shows, in a fixed number of queries."""
        return self.prefetch_related(
            Prefetch(
                "theme_links",
                self.model.theme_links.rel.related_model.objects.select_related("theme", "theme__parent"),
            ),
            Prefetch(
                "sites",
                self.model.sites.rel.related_model.objects.select_related(
                    "territory", "territory__commune", "territory__department"
                ),
            ),
            "coverage",
            Prefetch(
                "participations",
                self.model.participations.rel.related_model.objects.filter(is_lead=True).select_related("actor"),
                to_attr="lead_participations",
            ),
        )

    def with_fiche_details(self):
        """All that a fiche shows, in a fixed number of queries."""
        related = {name: self.model._meta.get_field(name).related_model.objects for name in ("fundings", "lineage")}
        return self.with_card_details().prefetch_related(
            "audiences",
            "milestones",
            "photos",
            "sources",
            "ways_to_take_part",
            "sites__territory__epci",
            Prefetch("participations", self.model.participations.rel.related_model.objects.select_related("actor")),
            Prefetch("fundings", related["fundings"].select_related("source", "actor")),
            Prefetch("lineage", related["lineage"].select_related("other")),
        )


class Initiative(Publication):
    """Initiative : une réponse nouvelle à un besoin de société, portée quelque part par quelqu’un ; sa fiche."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        PENDING = "pending", "En attente"
        CHANGES_REQUESTED = "changes_requested", "À compléter"
        PUBLISHED = "published", "Publiée"
        REJECTED = "rejected", "Refusée"
        WITHDRAWN = "withdrawn", "Retirée"
        ARCHIVED = "archived", "Archivée"
        MERGED = "merged", "Fusionnée"

    status = models.CharField("statut", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    sort_key = DerivedField(source="name", derive=sort_key)
    folded = DerivedField(source="name", derive=fold)
    search_text = DerivedTextField(
        source=("name", "summary", "social_need", "response", "innovation", "results"), derive=fold
    )

    social_need = models.TextField("besoin", blank=True)
    response = models.TextField("réponse", blank=True)
    innovation = models.TextField("ce qui est nouveau", blank=True)
    novelties = ChoiceSetField("nouveautés", choices=Novelty.choices)
    results = models.TextField("résultats et indicateurs", blank=True)
    difficulties = models.TextField("difficultés rencontrées", blank=True)

    stage = models.CharField("étape", max_length=20, choices=Stage, default=Stage.UNKNOWN)
    stage_as_of = models.PositiveSmallIntegerField("année de cette lecture", null=True, blank=True)
    stage_read_by = models.CharField("étape lue par", max_length=10, choices=ReadBy, default=ReadBy.STAFF)
    activity = models.CharField("activité", max_length=20, choices=Activity, default=Activity.UNKNOWN)
    start_year = models.PositiveSmallIntegerField("année de démarrage", null=True, blank=True)
    start_precision = models.CharField(
        "précision du démarrage", max_length=10, choices=YearPrecision, default=YearPrecision.EXACT
    )
    end_year = models.PositiveSmallIntegerField("année de fin", null=True, blank=True)
    end_precision = models.CharField(
        "précision de la fin", max_length=10, choices=YearPrecision, default=YearPrecision.EXACT
    )
    scale = models.CharField("échelle", max_length=20, choices=Scale, default=Scale.UNKNOWN)
    milieu = models.CharField("milieu", max_length=20, choices=Milieu, default=Milieu.UNKNOWN)

    coverage = models.ManyToManyField(
        "initiatives.Territory",
        blank=True,
        related_name="initiatives_covering",
        verbose_name="territoires d’intervention",
    )
    themes = models.ManyToManyField(
        "initiatives.Theme", through="initiatives.InitiativeTheme", related_name="initiatives", verbose_name="thèmes"
    )
    audiences = models.ManyToManyField(
        "initiatives.Audience", blank=True, related_name="initiatives", verbose_name="publics"
    )

    contact_email = models.EmailField("adresse électronique publique", blank=True)
    contact_phone = models.CharField("téléphone public", max_length=30, blank=True)
    contact_note = models.CharField("comment écrire", max_length=200, blank=True)

    redo_cost = models.CharField("budget de départ", max_length=250, blank=True)
    redo_duration = models.CharField("durée de mise en route", max_length=250, blank=True)
    redo_partners = models.TextField("ce et ceux qu’il faut", blank=True)
    redo_pitfalls = models.TextField("écueils", blank=True)

    holder_checked_on = models.DateField("relue par le porteur le", null=True, blank=True)
    text_licence = models.CharField("licence du texte", max_length=60, default="Licence Ouverte 2.0")
    is_featured = models.BooleanField("à la une", default=False)
    daily_rank = models.PositiveIntegerField(default=random_rank, editable=False)
    directory_version = models.PositiveBigIntegerField(default=0, editable=False)

    objects = InitiativeQuerySet.as_manager()

    class Meta(Publication.Meta):
        abstract = False
        verbose_name = "initiative"
        verbose_name_plural = "initiatives"
        permissions = [("publish_initiative", "Peut publier, archiver, fusionner, vérifier")]
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["status", "sort_key"], name="initiative_status_name"),
            models.Index(fields=["status", "-published_at"], name="initiative_status_published"),
            # What changed since: asked by each process after each publication.
            models.Index(fields=["directory_version"], name="initiative_directory_version"),
        ]
        constraints = [
            *Publication.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_year=None) | Q(end_year=None) | GreaterThanOrEqual(F("end_year"), F("start_year")),
                name="initiative_ends_after_it_starts",
                violation_error_message="L’année de fin ne peut pas précéder celle du démarrage.",
            ),
            models.CheckConstraint(
                condition=(Q(start_year=None) | Q(start_year__range=(1800, 2100)))
                & (Q(end_year=None) | Q(end_year__range=(1800, 2100)))
                & (Q(stage_as_of=None) | Q(stage_as_of__range=(1990, 2100))),
                name="initiative_years_are_sane",
                violation_error_message="Les années vont de 1800 à 2100, et de 1990 à 2100 pour la lecture de l’étape.",
            ),
            models.CheckConstraint(
                condition=~Q(is_featured=True, activity=Activity.ENDED),
                name="initiative_ended_is_not_featured",
                violation_error_message="Une initiative terminée ne peut pas être à la une.",
            ),
        ]

    def get_absolute_url(self):
        return reverse("initiative", args=[self.slug])

    @property
    def theme_list(self):
        """Its themes, the main one first. Reads ``theme_links``: prefetch them for a list."""
        return [link.theme for link in self.theme_links.all()]

    @property
    def lead_actor(self):
        """The structure that carries it, or None. Reads ``participations``: prefetch them for a list."""
        leads = getattr(self, "lead_participations", None)
        if leads is None:
            leads = [line for line in self.participations.all() if line.is_lead]
        return leads[0].actor if leads else None


class InitiativeTheme(models.Model):
    """Thème d’une initiative : un à trois, le premier est le principal."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey("initiatives.Theme", models.PROTECT, related_name="links", verbose_name="thème")
    position = models.PositiveSmallIntegerField("rang", default=1)

    class Meta:
        verbose_name = "thème de l’initiative"
        verbose_name_plural = "thèmes (le premier est le principal)"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "theme"], name="initiative_theme_once"),
            models.UniqueConstraint(fields=["initiative", "position"], name="initiative_theme_position_once"),
            models.CheckConstraint(condition=Q(position__range=(1, 3)), name="initiative_has_three_themes_at_most"),
        ]

    def __str__(self):
        return str(self.theme)
