"""The themes: all of them, and the page of each."""

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, render

from initiatives.directory.cards import dress
from initiatives.models import Actor, Initiative, InitiativeTheme, Theme

ROWS = 20


def themes(request):
    context = {"themes": themes_with_counts(), "total": Initiative.objects.published().count()}
    return render(request, "themes/list.html", context)


def theme(request, slug):
    this = get_object_or_404(Theme.objects.select_related("parent"), slug=slug)
    initiatives = Initiative.objects.published().about(this)
    context = {
        "theme": this,
        "children": _children(this),
        "total": initiatives.count(),
        "rows": dress(initiatives.order_by("sort_key", "pk").with_card_details()[:ROWS]),
        "stages": initiatives.order_by().values_list("stage").annotate(Count("pk")),
        "departments": _departments(initiatives),
        "actors": Actor.objects.published()
        .filter(themes__in=[this, *this.children.all()])
        .distinct()
        .order_by("sort_key"),
        "others": [other for other in Theme.objects.top() if other != this.top],
    }
    return render(request, "themes/theme.html", context)


def themes_with_counts():
    """The themes of first level, each with ``count``: its published initiatives, sub-themes included."""
    links = InitiativeTheme.objects.filter(initiative__status="published")
    top = links.annotate(top=Coalesce("theme__parent", "theme")).order_by()
    counts = dict(top.values_list("top").annotate(Count("initiative", distinct=True)))
    found = list(Theme.objects.top().prefetch_related("children"))
    for item in found:
        item.count = counts.get(item.pk, 0)
    return found


def _children(theme):
    """Sub-themes with their ``count``. Their parent is this theme: no need to fetch it again."""
    links = InitiativeTheme.objects.filter(initiative__status="published", theme__parent=theme).order_by()
    counts = dict(links.values_list("theme").annotate(Count("initiative", distinct=True)))
    children = list(theme.children.all())
    for child in children:
        child.count = counts.get(child.pk, 0)
    return children


def _departments(initiatives):
    """(département, number of initiatives based there), the largest first."""
    based = initiatives.order_by().values(
        key=F("sites__territory__department__code"), name=F("sites__territory__department__name")
    )
    counts = based.annotate(count=Count("pk", distinct=True)).exclude(key=None)
    return counts.order_by("-count", "name")
