"""The facets of a list: for each value of a criterion, how many results it alone would give, the others kept."""

from django.db.models import Count
from django.db.models.functions import Coalesce

from initiatives.models import Territory, Theme


def choice_facet(search, name, column, choices):
    """A criterion that is a column with a closed list of values."""
    counts = dict(search.without(name).order_by().values_list(column).annotate(Count("pk")))
    return _values(choices, counts, search.values.get(name) or [])


def set_facet(search, name, column, choices):
    """A criterion that is a set of values of a closed list: a row counts for each of its values."""
    counts = {}
    for values in search.without(name).order_by().values_list(column, flat=True):
        for value in values:
            counts[value] = counts.get(value, 0) + 1
    return _values(choices, counts, search.values.get(name) or [])


def presence_facet(search, choices, counts):
    """How the results concern the territory; ``counts``: the number of results for each presence."""
    return _values(choices, counts, search.values.get("presence") or [])


def theme_facet(search):
    """The themes of first level, sub-themes included in their counts; a sub-theme follows its own when it is chosen."""
    chosen = search.values.get("theme") or []
    around = search.without("theme").order_by().exclude(theme_links=None)
    top = Coalesce("theme_links__theme__parent", "theme_links__theme")
    counts = dict(around.values_list(top).annotate(Count("pk", distinct=True)))
    counts |= dict(
        around.filter(theme_links__theme__in=[theme for theme in chosen if theme.parent_id])
        .values_list("theme_links__theme")
        .annotate(Count("pk", distinct=True))
    )
    values = []
    for theme in Theme.objects.top():
        for item in [theme, *(item for item in chosen if item.parent_id == theme.pk)]:
            values.append(
                {
                    "value": item.slug,
                    "label": item.name,
                    "theme": item,
                    "count": counts.get(item.pk, 0),
                    "chosen": item in chosen,
                }
            )
    return values


def territory_facet(search):
    """The départements of the directory, after any other territory that is chosen."""
    chosen = search.values.get("territoire") or []
    departments = list(Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT).order_by("sort_key"))
    others = [territory for territory in chosen if territory not in departments]
    return [
        {
            "value": territory.key,
            "label": territory.name,
            "count": search.with_values(territoire=[territory]).order_by().count(),
            "chosen": territory in chosen,
        }
        for territory in [*others, *departments]
    ]


def _values(choices, counts, chosen):
    return [
        {"value": value, "label": label, "count": counts.get(value, 0), "chosen": value in chosen}
        for value, label in choices
    ]
