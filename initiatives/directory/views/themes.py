"""The themes: all of them, and the page of each."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from initiatives.directory.cards import dress
from initiatives.directory.counts import by_stage, by_subtheme, by_theme, list_url
from initiatives.models import Actor, Initiative, Theme
from initiatives.models.vocabulary import Presence

ROWS = 20
LINES = 12


def themes(request):
    published = Initiative.objects.published()
    tops = by_theme(published)
    children = by_subtheme(published, parents=tops)
    for top in tops:
        top.subthemes = [child for child in children if child.parent_id == top.pk]
    return render(request, "themes/list.html", {"themes": tops, "total": published.count()})


def theme(request, slug):
    this = get_object_or_404(Theme.objects.select_related("parent"), slug=slug)
    published = Initiative.objects.published()
    initiatives = published.about(this)
    total = initiatives.count()
    family = by_subtheme(published, parents=[this.top])
    context = {
        "theme": this,
        "parents": [this.parent] if this.parent else [],
        "cloths": [this],
        "family": family,
        "total": total,
        "url": list_url(theme=this.slug),
        "rows": dress(initiatives.order_by("sort_key", "pk").with_card_details()[:ROWS]),
        "stages": by_stage(initiatives, theme=this.slug),
        "departments": _departments(initiatives, this),
        "ways": [] if total else _ways(this, published),
        "actors": _actors(this, family),
        "others": [other for other in Theme.objects.top() if other != this.top],
    }
    return render(request, "themes/theme.html", context)


def _ways(theme, published):
    """Where to look when nothing is known: the theme above, then everything."""
    wider = (
        [(theme.parent.name, list_url(theme=theme.parent.slug), published.about(theme.parent))] if theme.parent else []
    )
    everything = ("tout l’annuaire", reverse("initiatives"), published)
    ways = [{"label": label, "url": url, "count": found.count()} for label, url, found in [*wider, everything]]
    return [way for way in ways if way["count"]]


def _departments(initiatives, theme):
    """The départements where some are based: {name, count, url}, the largest first."""
    place = "sites__territory__department"
    rows = initiatives.order_by().exclude(**{place: None}).values_list(f"{place}__code", f"{place}__name")
    return [
        {
            "name": name,
            "count": count,
            "url": list_url(theme=theme.slug, territoire=f"dep-{code}", presence=Presence.BASED),
        }
        for code, name, count in rows.annotate(count=Count("pk", distinct=True)).order_by(
            "-count", f"{place}__sort_key"
        )
    ]


def _actors(theme, family):
    """Some of the actors that declare this theme or one of its sub-themes."""
    themes = [theme, *(child for child in family if child.parent_id == theme.pk)]
    return Actor.objects.published().filter(themes__in=themes).distinct().order_by("sort_key", "pk")[:LINES]
