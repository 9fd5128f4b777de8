"""A directory drawn at random from a seed, and searches drawn at random in it."""

import random
from datetime import UTC, date, datetime, timedelta

from django.http import QueryDict

from initiatives.directory.criteria import CRITERIA, Bound, Values
from initiatives.models import Initiative, Notice, Territory
from initiatives.models.search_text import refresh_search_texts
from initiatives.models.vocabulary import (
    Activity,
    ActorKind,
    LegalForm,
    Milieu,
    Novelty,
    Offered,
    Presence,
    Scale,
    Sought,
    Stage,
)
from tests import factories

TODAY = date(2026, 6, 15)
WORDS = ["cantine", "vélo", "jardin", "solidaire", "énergie", "atelier"]
QUERIES = [
    "cantine",
    "cantines solidaires",
    "velo ou jardin",
    "atel",
    "« vélo jardin »",
    '"énergie atelier" jardin',
    "jardin -solidaire",
    "-vélo",
    "solidarité",
    "introuvable",
]


class RandomDirectory:
    """``fiches`` initiatives of every status, in the places of ``make_places``, drawn by ``draw``."""

    def __init__(self, draw: random.Random, fiches=40):
        self.draw = draw
        factories.make_places()
        self.places = list(Territory.objects.all())
        self.towns = [place for place in self.places if place.kind in ("com", "arm")]
        tops = factories.ThemeFactory.create_batch(3)
        self.themes = [*tops, *(factories.ThemeFactory(parent=self.draw.choice(tops)) for _ in range(4))]
        self.audiences = factories.AudienceFactory.create_batch(3)
        self.sources = [self._funding_source() for _ in range(3)]
        self.actors = [self._actor() for _ in range(6)]
        for _ in range(fiches):
            self.add()
        refresh_search_texts()

    def add(self):
        """One initiative more, with its lines."""
        draw = self.draw
        status = draw.choice(["published"] * 5 + ["archived", "draft"])
        at = datetime(2026, draw.randint(1, 6), draw.randint(1, 28), draw.randint(0, 23), tzinfo=UTC)
        name = f"{draw.choice(WORDS)} {draw.randint(1, 999)}"
        lead = draw.choice([None, *self.actors])
        fiche = factories.InitiativeFactory(
            name=name,
            slug=f"{name}-{draw.getrandbits(40)}".replace(" ", "-").replace("é", "e") if status != "draft" else None,
            summary=" ".join(draw.sample(WORDS, 3)),
            status=status,
            published_at=None if status == "draft" else at,
            stage=draw.choice(Stage.values),
            activity=draw.choice(Activity.values),
            scale=draw.choice(Scale.values),
            milieu=draw.choice(Milieu.values),
            novelties=draw.sample(Novelty.values, draw.randint(0, 2)),
            start_year=draw.choice([None, *range(2000, 2020)]),
            checked_on=draw.choice([None, TODAY - timedelta(draw.choice([10, 364, 365, 366, 900]))]),
            sites=draw.sample(self.towns, draw.choice([0, 1, 1, 2])),
            coverage=draw.sample(self.places, draw.choice([0, 0, 1, 2])),
            themes=draw.sample(self.themes, draw.randint(1, 3)),
            audiences=draw.sample(self.audiences, draw.choice([0, 1, 2])),
            lead=lead,
        )
        for kind, values in ((Notice.Kind.SEEKS, Sought.values), (Notice.Kind.OFFERS, Offered.values)):
            if draw.random() < 0.4:
                said = TODAY - timedelta(draw.choice([0, 100, 364, 365, 366]))
                factories.NoticeFactory(initiative=fiche, kind=kind, value=draw.choice(values), said_on=said)
        if draw.random() < 0.4:
            factories.FundingFactory(initiative=fiche, source=draw.choice(self.sources))
        if draw.random() < 0.3:
            factories.PhotoFactory(initiative=fiche)
        for site in fiche.sites.all():
            if draw.random() < 0.3:
                # Few points, so that some sites share one.
                site.latitude, site.longitude = 43 + draw.randint(0, 4) / 7, 5 + draw.randint(0, 4) / 7
                site.save()
        others = [actor for actor in self.actors if actor != lead]
        if draw.random() < 0.4:
            factories.ParticipationFactory(initiative=fiche, actor=draw.choice(others))
        return fiche

    def _actor(self):
        kind, form = self.draw.choice(ActorKind.values), self.draw.choice(LegalForm.values)
        return factories.ActorFactory(published=self.draw.random() < 0.8, kind=kind, legal_form=form)

    def _funding_source(self):
        return factories.FundingSourceFactory(published=True, offered_by=factories.ActorFactory(published=True))

    def ask(self, live) -> QueryDict:
        """An address that the list understands whole."""
        draw, query = self.draw, QueryDict(mutable=True)
        for criterion in CRITERIA:
            if draw.random() > 0.08:
                continue
            match criterion:
                case Values():
                    values = list(live.options.of(criterion)) or self._slugs(criterion)
                    query.setlist(criterion.name, draw.sample(values, min(len(values), draw.choice([1, 1, 2, 3]))))
                case Bound(is_year=True):
                    query[criterion.name] = str(draw.randint(1998, 2022))
                case Bound():
                    query[criterion.name] = f"2026-0{draw.randint(1, 6)}-{draw.randint(10, 28)}"
        self._ask_where(query)
        if draw.random() < 0.3:
            query["q"] = draw.choice(QUERIES)
        return query

    def _ask_where(self, query):
        draw = self.draw
        if draw.random() < 0.6:
            query.setlist("territoire", [place.key for place in draw.sample(self.places, draw.choice([1, 1, 2]))])
            if draw.random() < 0.4:
                query.setlist("presence", draw.sample(Presence.values, draw.choice([1, 2])))
            if draw.random() < 0.5:
                query["rayon"] = draw.choice(["1", "20", "60", "100"])
        if draw.random() < 0.2:
            query["pres_de"] = f"{draw.uniform(43, 44):.3f},{draw.uniform(4.5, 5.5):.3f}"

    def _slugs(self, criterion):
        return list(criterion.model.objects.published().values_list("slug", flat=True))

    def change_some(self):
        """What changed since, as actions tell the directory: (the initiatives that did)."""
        changed = [self.add() for _ in range(3)]
        for fiche in self.draw.sample(list(Initiative.objects.filter(status="published")), 6):
            if self.draw.random() < 0.4:
                fiche.status = "archived"
            fiche.stage, fiche.checked_on = self.draw.choice(Stage.values), TODAY
            fiche.name = f"{self.draw.choice(WORDS)} {self.draw.randint(1, 999)}"
            fiche.save()
            fiche.sites.all().delete()
            factories.SiteFactory(initiative=fiche, territory=self.draw.choice(self.towns))
            changed.append(fiche)
        return changed
