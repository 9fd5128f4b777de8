"""Rows for the tests, as in ``InitiativeFactory(published=True, sites=[places.arles])``, and a small France."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory
from post_office.models import STATUS, Email, Log

from initiatives import models
from initiatives.directory.editorial import TEXTS, default_of
from initiatives.models.target import target
from initiatives.models.vocabulary import ActorKind, FundingKind, LineageRelation, Role, Sought, TieKind, WayToTakePart
from initiatives.text import fold

SOME_TIME = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User

    email = factory.Sequence(lambda n: f"personne{n}@exemple.test")


class TerritoryFactory(DjangoModelFactory):
    """A commune of nowhere; ``make_places`` gives places that are somewhere."""

    class Meta:
        model = models.Territory

    kind = models.Territory.Kind.COMMUNE
    code = factory.Sequence(lambda n: f"x{n:04}")
    name = factory.Sequence(lambda n: f"Village {n}")
    name_at = factory.LazyAttribute(lambda row: f"à {row.name}")
    name_of = factory.LazyAttribute(lambda row: f"de {row.name}")
    in_scope = True
    is_unit = factory.LazyAttribute(lambda row: row.kind in ("com", "arm"))
    unit_count = factory.LazyAttribute(lambda row: int(row.is_unit))


class TerritoryFigureFactory(DjangoModelFactory):
    class Meta:
        model = models.TerritoryFigure

    territory = factory.SubFactory(TerritoryFactory)
    label = factory.Sequence(lambda n: f"établissements employeurs {n}")
    value = 226
    source = "Observatoire de l’essai"


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = models.Theme

    slug = factory.Sequence(lambda n: f"theme-{n}")
    name = factory.Sequence(lambda n: f"Thème {n}")
    position = factory.Sequence(lambda n: n)


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = models.Audience

    slug = factory.Sequence(lambda n: f"public-{n}")
    name = factory.Sequence(lambda n: f"Public {n}")


class LabelFactory(DjangoModelFactory):
    class Meta:
        model = models.Label

    code = factory.Sequence(lambda n: f"label-{n}")
    name = factory.Sequence(lambda n: f"Label {n}")


class EditorialTextFactory(DjangoModelFactory):
    """One of our texts as it is loaded; another one each time, until all are there."""

    class Meta:
        model = models.EditorialText
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: [*TEXTS][n % len(TEXTS)])
    title = factory.LazyAttribute(lambda text: default_of(text.key).title)
    lead = factory.LazyAttribute(lambda text: default_of(text.key).lead)
    body = factory.LazyAttribute(lambda text: default_of(text.key).body)
    loaded_fingerprint = factory.LazyAttribute(lambda text: default_of(text.key).fingerprint)


class SynonymFactory(DjangoModelFactory):
    class Meta:
        model = models.Synonym

    words = factory.Sequence(lambda n: f"mot{n}, terme{n}")


class ReplyTemplateFactory(DjangoModelFactory):
    class Meta:
        model = models.ReplyTemplate

    name = factory.Sequence(lambda n: f"Modèle {n}")
    act = models.ReplyTemplate.Act.PUBLISH
    body = "Merci pour « {fiche} »."


class ModerationRulesFactory(DjangoModelFactory):
    """The one row."""

    class Meta:
        model = models.ModerationRules
        django_get_or_create = ("pk",)

    pk = 1


class PublicationFactory(DjangoModelFactory):
    """What the three nouns share. A draft, unless ``published``, ``archived`` or ``merged_into=…``."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(status="published", published_at=SOME_TIME, modified_at=SOME_TIME)
        archived = factory.Trait(status="archived", published_at=SOME_TIME, modified_at=SOME_TIME)

    summary = "Un résumé qui tient en une phrase."
    slug = factory.LazyAttribute(lambda row: slugify(fold(row.name)) if row.published_at else None)

    @classmethod
    def _create(cls, model, *args, **values):
        if values.get("merged_into"):
            values |= {"status": "merged", "published_at": SOME_TIME, "modified_at": SOME_TIME}
            values["slug"] = values["slug"] or slugify(fold(values["name"]))
        fiche = super()._create(model, *args, **values)
        if fiche.slug:
            models.GivenSlug.objects.create(noun=model._meta.model_name, slug=fiche.slug, uuid=fiche.uuid)
        return fiche


class ActorFactory(PublicationFactory):
    class Meta:
        model = models.Actor
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Structure {n}")
    kind = ActorKind.SSE_ENTERPRISE

    @factory.post_generation
    def coverage(actor, create, territories):
        if territories:
            actor.coverage.set(territories)

    @factory.post_generation
    def themes(actor, create, themes):
        if themes:
            actor.themes.set(themes)


class FundingSourceFactory(PublicationFactory):
    class Meta:
        model = models.FundingSource
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Dispositif {n}")
    kinds = [FundingKind.GRANT]

    @factory.post_generation
    def territories(source, create, territories):
        if territories:
            source.territories.set(territories)

    @factory.post_generation
    def themes(source, create, themes):
        if themes:
            source.themes.set(themes)


class InitiativeFactory(PublicationFactory):
    """``sites`` and ``coverage`` are territories, ``themes`` are themes (the first is the main one)."""

    class Meta:
        model = models.Initiative
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Initiative {n}")

    @factory.post_generation
    def sites(initiative, create, territories):
        for position, territory in enumerate(territories or [], 1):
            SiteFactory(initiative=initiative, territory=territory, position=position)

    @factory.post_generation
    def coverage(initiative, create, territories):
        if territories:
            initiative.coverage.set(territories)

    @factory.post_generation
    def themes(initiative, create, themes):
        for position, theme in enumerate(themes or [], 1):
            models.InitiativeTheme.objects.create(initiative=initiative, theme=theme, position=position)

    @factory.post_generation
    def audiences(initiative, create, audiences):
        if audiences:
            initiative.audiences.set(audiences)

    @factory.post_generation
    def lead(initiative, create, actor):
        if actor:
            ParticipationFactory(initiative=initiative, actor=actor, role=Role.HOLDER, is_lead=True)


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = models.Site

    initiative = factory.SubFactory(InitiativeFactory)
    territory = factory.SubFactory(TerritoryFactory)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = models.Participation

    initiative = factory.SubFactory(InitiativeFactory)
    actor = factory.SubFactory(ActorFactory)
    role = Role.PARTNER


class FundingFactory(DjangoModelFactory):
    class Meta:
        model = models.Funding

    initiative = factory.SubFactory(InitiativeFactory)
    source = factory.SubFactory(FundingSourceFactory)


class SourceFactory(DjangoModelFactory):
    """A source of an initiative; give ``initiative=None`` and another owner for the other nouns."""

    class Meta:
        model = models.Source

    initiative = factory.SubFactory(InitiativeFactory)
    title = "Un article"
    publisher = "La gazette de l’essai"
    url = factory.Sequence(lambda n: f"https://gazette.exemple.test/{n}")


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = models.Milestone

    initiative = factory.SubFactory(InitiativeFactory)
    year = 2015
    text = "Ouverture du premier atelier"


class LineageFactory(DjangoModelFactory):
    class Meta:
        model = models.Lineage

    initiative = factory.SubFactory(InitiativeFactory)
    relation = LineageRelation.INSPIRED_BY
    other = factory.SubFactory(InitiativeFactory)


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = models.Notice

    initiative = factory.SubFactory(InitiativeFactory)
    kind = models.Notice.Kind.SEEKS
    value = Sought.PREMISES
    said_on = date(2026, 3, 2)


class TakingPartFactory(DjangoModelFactory):
    class Meta:
        model = models.TakingPart

    initiative = factory.SubFactory(InitiativeFactory)
    way = WayToTakePart.BUY
    how = "À l’épicerie, aux heures d’ouverture."


class PhotoFactory(DjangoModelFactory):
    """A photo of an initiative, without its files; give ``initiative=None`` and an actor for a logo."""

    class Meta:
        model = models.Photo

    initiative = factory.SubFactory(InitiativeFactory)
    file = factory.Sequence(lambda n: f"photos/{n:032x}/original.webp")
    width, height = 1200, 800
    alt = "Des vélos suspendus au mur d’un atelier"
    credit = "L’atelier"
    licence = "CC BY 4.0"


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = models.Offer

    actor = factory.SubFactory(ActorFactory)
    what = "Six mois d’accompagnement"


class ActorLabelFactory(DjangoModelFactory):
    class Meta:
        model = models.ActorLabel

    actor = factory.SubFactory(ActorFactory)
    label = factory.SubFactory(LabelFactory)


class ActorTieFactory(DjangoModelFactory):
    class Meta:
        model = models.ActorTie

    actor = factory.SubFactory(ActorFactory)
    other = factory.SubFactory(ActorFactory)
    kind = TieKind.MEMBER


# (attribute, kind, code, name, what it is in)
PLACES = [
    ("france", "pays", "FR", "France", {}),
    ("paca", "reg", "93", "Provence-Alpes-Côte d’Azur", {}),
    ("aura", "reg", "84", "Auvergne-Rhône-Alpes", {}),
    ("mayotte", "reg", "06", "Mayotte", {}),
    ("bouches_du_rhone", "dep", "13", "Bouches-du-Rhône", {"region": "paca"}),
    ("vaucluse", "dep", "84", "Vaucluse", {"region": "paca"}),
    ("drome", "dep", "26", "Drôme", {"region": "aura"}),
    ("mayotte_dep", "dep", "976", "Mayotte", {"region": "mayotte"}),
    ("metropole", "epci", "200054807", "Aix-Marseille-Provence", {"region": "paca"}),
    ("accm", "epci", "241300417", "Arles-Crau-Camargue-Montagnette", {"region": "paca"}),
    ("enclave", "epci", "200040681", "Enclave des Papes – Pays de Grignan", {"region": "paca"}),
    ("marseille", "com", "13055", "Marseille", {"department": "bouches_du_rhone", "epci": "metropole"}),
    ("aix", "com", "13001", "Aix-en-Provence", {"department": "bouches_du_rhone", "epci": "metropole"}),
    ("pertuis", "com", "84089", "Pertuis", {"department": "vaucluse", "epci": "metropole"}),
    ("arles", "com", "13004", "Arles", {"department": "bouches_du_rhone", "epci": "accm"}),
    ("saint_martin", "com", "13097", "Saint-Martin-de-Crau", {"department": "bouches_du_rhone", "epci": "accm"}),
    ("tarascon", "com", "13108", "Tarascon", {"department": "bouches_du_rhone", "epci": "accm"}),
    ("avignon", "com", "84007", "Avignon", {"department": "vaucluse"}),
    ("valreas", "com", "84138", "Valréas", {"department": "vaucluse", "epci": "enclave"}),
    ("grignan", "com", "26146", "Grignan", {"department": "drome", "epci": "enclave"}),
    ("valence", "com", "26362", "Valence", {"department": "drome"}),
    ("mamoudzou", "com", "97611", "Mamoudzou", {"department": "mayotte_dep"}),
    ("dzaoudzi", "com", "97608", "Dzaoudzi", {"department": "mayotte_dep"}),
    ("marseille_1", "arm", "13201", "Marseille 1er arrondissement", {"commune": "marseille"}),
    ("marseille_2", "arm", "13202", "Marseille 2e arrondissement", {"commune": "marseille"}),
    ("marseille_3", "arm", "13203", "Marseille 3e arrondissement", {"commune": "marseille"}),
    ("crau", "zone", "crau", "Crau", {}),
    ("littoral", "zone", "littoral", "Littoral", {}),
    ("old_port", "zone", "vieux-port", "Vieux-Port", {}),
]
OUT_OF_SCOPE = {"aura", "drome", "valence", "mayotte", "mayotte_dep", "mamoudzou", "dzaoudzi"}
POINTS = {"arles": (43.67668, 4.62778), "aix": (43.52953, 5.44742), "marseille": (43.29658, 5.36978)}
POPULATIONS = {"arles": 50968, "saint_martin": 13600, "tarascon": 15600, "aix": 147478, "marseille": 877215}
ZONES = {
    "crau": ("arles", "saint_martin", "aix"),  # meets ACCM without containing it, nor being contained
    "littoral": ("arles", "saint_martin", "tarascon", "marseille"),  # contains all of ACCM, and Marseille
    "old_port": ("marseille_1", "marseille_2"),  # a part of Marseille
}


def make_given_up(to, *, subject="Confirmez votre adresse", said="550 5.1.1 Nobody of that name", **values):
    """A mail that its server refused until it was given up."""
    mail = Email.objects.create(
        to=[to],
        from_email="nous@exemple.test",
        subject=subject,
        message="https://exemple.test/connexion/un-jeton-de-mail/",
        html_message="<p>https://exemple.test/connexion/un-jeton-de-mail/</p>",
        status=STATUS.failed,
        number_of_retries=12,
        **values,
    )
    Log.objects.create(email=mail, status=STATUS.failed, exception_type="SMTPRecipientsRefused", message=said)
    return mail


def make_places():
    """A France of some thirty rows; each row is an attribute (``places.arles``).

    One EPCI straddles two départements (metropole), another the region (enclave); Marseille has three arrondissements;
    Mayotte is a region of one département; three zones overlap the rest.
    """
    places = SimpleNamespace()
    for key, kind, code, name, within in PLACES:
        parents = {column: getattr(places, parent) for column, parent in within.items()}
        if "commune" in parents:
            commune = parents["commune"]
            parents |= {"epci": commune.epci, "department": commune.department}
        if "department" in parents:
            parents["region"] = parents["department"].region
        latitude, longitude = POINTS.get(key, (None, None))
        territory = models.Territory(
            kind=kind,
            code=code,
            name=name,
            name_at=f"à {name}",
            name_of=f"de {name}",
            population=POPULATIONS.get(key),
            latitude=latitude,
            longitude=longitude,
            in_scope=key not in OUT_OF_SCOPE,
            is_unit=kind == "arm" or (kind == "com" and key != "marseille"),
            **parents,
        )
        territory.save()
        setattr(places, key, territory)
    for zone, members in ZONES.items():
        getattr(places, zone).members.set([getattr(places, member) for member in members])
    for territory in vars(places).values():
        territory.unit_count = models.Territory.objects.filter(territory.unit_condition()).count()
    models.Territory.objects.bulk_update(vars(places).values(), ["unit_count"])
    return places


class SubmissionFactory(DjangoModelFactory):
    """What somebody sent: in the queue, unless told otherwise. ``fiche=…`` for what is about one."""

    class Meta:
        model = models.Submission

    kind = "new"
    state = "waiting"
    email = factory.Sequence(lambda n: f"porteur{n}@exemple.test")
    sent_at = SOME_TIME
    confirmed_at = factory.LazyAttribute(lambda row: None if row.state in ("draft", "unconfirmed") else SOME_TIME)
    waiting_since = factory.LazyAttribute(lambda row: row.confirmed_at)
    decided_at = factory.LazyAttribute(lambda row: SOME_TIME if row.state in models.Submission.ENDED else None)

    @classmethod
    def _create(cls, model, *args, **values):
        fiche = values.pop("fiche", None)
        return super()._create(model, *args, **(values | (target(fiche) if fiche else {})))


class TargetedFactory(DjangoModelFactory):
    """A row about a published initiative, or about ``fiche=…``."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model, *args, **values):
        fiche = values.pop("fiche", None) or InitiativeFactory(published=True)
        return super()._create(model, *args, **(values | target(fiche)))


class OwnershipFactory(TargetedFactory):
    class Meta:
        model = models.Ownership

    user = factory.SubFactory(UserFactory)
    how = "equipe"
    since = SOME_TIME


class InvitationFactory(TargetedFactory):
    class Meta:
        model = models.Invitation

    email = factory.Sequence(lambda n: f"invite{n}@exemple.test")
    sent_at = SOME_TIME


class RecheckFactory(TargetedFactory):
    class Meta:
        model = models.Recheck

    asked_at = SOME_TIME
    last_sent_at = SOME_TIME
