"""What must hold across tables, and that no database constraint can hold: checked by ``check_content``."""

from datetime import date

from django.db.models import Count, Q

from initiatives.models import Actor, FundingSource, Initiative, Site, Territory, Theme
from initiatives.submission.refusals import what_is_missing


def problems(today: date) -> list[str]:
    """One sentence for each thing that is not as it should be; empty when all is well."""
    return [
        sentence
        for check in (_published_without, _unsourced, _closed_places, _orphans, _insane_dates, _themes)
        for sentence in check(today)
    ]


def _published_without(today):
    for noun in (Initiative, Actor, FundingSource):
        for fiche in noun.objects.published():
            for missing in what_is_missing(fiche):
                yield f"« {fiche} » : {missing}."


def _unsourced(today):
    for noun in (Initiative, Actor, FundingSource):
        for fiche in noun.objects.published().filter(sources=None, origin="redaction"):
            yield f"« {fiche} » n’a pas de source."


def _closed_places(today):
    for site in Site.objects.exclude(territory__kind__in=("com", "arm")).select_related("initiative", "territory"):
        yield f"« {site.initiative} » : {site.territory} n’est ni une commune ni un arrondissement."
    closed = Territory.objects.exclude(closed_on=None)
    for fiche in Initiative.objects.filter(Q(sites__territory__in=closed) | Q(coverage__in=closed)).distinct():
        yield f"« {fiche} » a un lieu ou un territoire d’intervention supprimé."


def _orphans(today):
    """Lines of a published fiche that lead to something that nobody can see."""
    hidden = ~Q(status="published")
    for fiche in (
        Initiative.objects.published().filter(participations__actor__in=Actor.objects.filter(hidden)).distinct()
    ):
        yield f"« {fiche} » cite un acteur qui n’est pas publié."
    sources = FundingSource.objects.filter(hidden)
    for fiche in Initiative.objects.published().filter(fundings__source__in=sources).distinct():
        yield f"« {fiche} » cite une source de financement qui n’est pas publiée."
    for actor in Actor.objects.filter(hidden, funding_sources__status="published").distinct():
        yield f"« {actor} » propose un financement publié et n’est pas publié."


def _insane_dates(today):
    late = Q(start_year__gt=today.year) | Q(stage_as_of__gt=today.year) | Q(milestones__year__gt=today.year + 10)
    for fiche in Initiative.objects.filter(late | Q(checked_on__gt=today)).distinct():
        yield f"« {fiche} » a une date dans l’avenir."
    for source in FundingSource.objects.filter(checked_on__gt=today):
        yield f"« {source} » a été vérifiée dans l’avenir."


def _themes(today):
    for theme in Theme.objects.filter(parent__parent__isnull=False):
        yield f"Le thème « {theme} » est au troisième niveau."
    for fiche in Initiative.objects.annotate(themes_count=Count("theme_links")).filter(themes_count__gt=3):
        yield f"« {fiche} » a plus de trois thèmes."
