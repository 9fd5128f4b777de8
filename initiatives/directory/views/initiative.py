"""The fiche of an initiative."""

from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.access import published_fiche
from initiatives.directory.cards import dress
from initiatives.directory.echoes import echoes
from initiatives.models import FundingSource, Initiative, Offer
from initiatives.models.vocabulary import Stage


@published_fiche(Initiative)
def initiative(request, fiche):
    [fiche] = dress(Initiative.objects.filter(pk=fiche.pk).with_fiche_details())
    today = timezone.localdate()
    context = {
        "initiative": fiche,
        "seat": next(iter(fiche.sites.all()), None),
        "notices": fiche.notices.current(today),
        "participations": [line for line in fiche.participations.all() if line.actor.is_published],
        "fundings": fiche.fundings.all(),
        "lineage": [line for line in fiche.lineage.all() if line.other is None or line.other.is_published],
        "descendants": fiche.lineage_in.filter(initiative__status="published").select_related("initiative"),
        "helpers": _who_helps(fiche, today),
        "echoes": dress(echoes(fiche)),
    }
    return render(request, "initiatives/fiche.html", context)


def _who_helps(fiche, today):
    """Support and money that say they serve this stage: offers of actors, then funding sources, not the ended ones."""
    if fiche.stage == Stage.UNKNOWN:
        return {"offers": [], "sources": []}
    offers = Offer.objects.filter(stages__has=fiche.stage, actor__status="published").select_related("actor")
    sources = FundingSource.objects.published().with_availability(today).filter(stages__has=fiche.stage)
    return {
        "offers": offers.order_by("actor__sort_key", "position")[:3],
        "sources": sources.exclude(availability__in=("historique", "clos")).order_by("sort_key")[:4],
    }
