"""What is known elsewhere and not yet here: for each theme that a territory lacks, the closest fiche."""

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from initiatives.directory.cards import place_name
from initiatives.models import Initiative, InitiativeTheme, Site


def known_elsewhere(here, themes):
    """For each of these themes of first level, the closest living fiche: {theme, initiative, place, distance, start}.

    ``distance``: km, at least 1, from ``start``, the place of the territory that distances are counted from. Nothing
    when that place has no point.
    """
    start = here.main_place() if themes else None
    if start is None:
        return []
    alive = Initiative.objects.published().alive().values("pk")
    sites = Site.objects.with_distance(start.latitude, start.longitude).exclude(distance=None)
    nearest = sites.filter(initiative=OuterRef("initiative")).order_by("distance", "pk")
    links = (
        InitiativeTheme.objects.annotate(top=Coalesce("theme__parent", "theme"))
        .filter(top__in=[theme.pk for theme in themes], initiative__in=alive)
        .annotate(distance=Subquery(nearest.values("distance")[:1]), site=Subquery(nearest.values("pk")[:1]))
        .exclude(distance=None)
        .annotate(rank=Window(RowNumber(), partition_by=F("top"), order_by=["distance", "initiative"]))
        .filter(rank=1)
        .select_related("initiative")
    )
    closest = {link.top: link for link in links}
    places = Site.objects.select_related("territory__commune").in_bulk([link.site for link in closest.values()])
    return [
        {
            "theme": theme,
            "initiative": closest[theme.pk].initiative,
            "place": place_name(places[closest[theme.pk].site].territory),
            "distance": max(1, round(closest[theme.pk].distance)),
            "start": start,
        }
        for theme in themes
        if theme.pk in closest
    ]
