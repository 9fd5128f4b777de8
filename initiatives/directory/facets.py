"""The facets of a list: for each value of a criterion, how many results there would be with it added."""

from collections import Counter

from django.db.models import Count

from initiatives.directory.search import FACETS
from initiatives.models import Territory, Theme
from initiatives.models.vocabulary import Presence


def choice_facet(search, name, column, choices):
    """A criterion that is a column with a closed list of values."""
    counts = dict(search.without(name).order_by().values_list(column).annotate(Count("pk")))
    chosen = search.values.get(name) or []
    return _values(choices, _added(choices, counts, chosen), chosen)


def set_facet(search, name, column, choices):
    """A criterion that is a set of values of a closed list: a row has any number of them."""
    chosen, counts = search.values.get(name) or [], Counter()
    for values in search.without(name).order_by().values_list(column, flat=True):
        is_already = not {*values}.isdisjoint(chosen)
        counts.update([value for value, _ in choices] if is_already else values)
    return _values(choices, counts, chosen)


def facets_of(found, presences):
    """The facets of the list of initiatives, in the order of the criteria: legend, values, whether one is chosen.

    ``found``: the search answered. ``presences``: the number of results for each reason, empty without a territory.
    """
    facets = {name: _criterion_facet(found, criterion) for name, criterion in FACETS.items()}
    departments = found.asked.live.options.departments
    territories = _territory_values(departments, found.territories, found.count_with_territory)
    facets["territoire"] = _facet("Territoire", territories)
    if presences:
        chosen = found.values.get("presence", [])
        facets["presence"] = _facet(
            "Présence", _values(Presence.choices, _added(Presence.choices, presences, chosen), chosen)
        )
    return facets


def _criterion_facet(found, criterion):
    counts, chosen = found.counts(criterion.name), found.values.get(criterion.name, [])
    options = found.asked.live.options
    if criterion.model is not Theme:
        return _facet(criterion.label, _values(options.of(criterion).items(), counts, chosen))
    return _facet(criterion.label, _theme_values(found, counts, chosen))


def _theme_values(found, counts, chosen):
    """The themes; those of one that is chosen, or among which one is, follow it.

    A theme holds its own: to add one of them to it changes nothing. So it may be asked for in its place, ``instead``:
    the themes of that search, whose results are counted.
    """
    themes = found.asked.live.options.themes
    slugs = {theme.pk: theme.slug for theme in themes}
    open_ones = {theme.parent_id or theme.pk for theme in themes if theme.slug in chosen}
    values = []
    for theme in themes:
        if theme.parent_id and theme.parent_id not in open_ones:
            continue
        value = {"value": theme.slug, "label": theme.name, "chosen": theme.slug in chosen, "is_under": theme.parent_id}
        value |= {"count": counts[theme.slug], "cloth": "" if theme.parent_id else theme.cloth, "instead": None}
        if theme.parent_id and slugs[theme.parent_id] in chosen and not value["chosen"]:
            value["instead"] = [slug for slug in chosen if slug != slugs[theme.parent_id]] + [theme.slug]
            value["count"] = found.count_with("theme", value["instead"])
        values.append(value)
    return values


def _territory_values(departments, chosen, count):
    """The départements, after any other territory that is chosen. ``count``: number of results with one added."""
    others = [territory for territory in chosen if territory not in departments]
    return [
        {
            "value": territory.key,
            "label": territory.name,
            "count": count(territory),
            "chosen": territory in chosen,
            "url": "",
        }
        for territory in [*others, *departments]
    ]


def _facet(legend, values):
    return {"legend": legend, "values": values, "is_chosen": any(value["chosen"] for value in values)}


def territory_facet(search):
    """The territories that a list of another noun may be narrowed to."""
    chosen = search.values.get("territoire") or []
    departments = list(Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT).order_by("sort_key"))

    def count(territory):
        return search.count_with("territoire", [*dict.fromkeys([*chosen, territory])])

    return _territory_values(departments, chosen, count)


def _added(choices, counts, chosen):
    """Value → results with it added to those chosen, of a criterion of which a row has one value."""
    already = sum(counts.get(value, 0) for value in chosen)
    return {value: already + (0 if value in chosen else counts.get(value, 0)) for value, _ in choices}


def _values(choices, counts, chosen):
    return [
        {"value": value, "label": label, "count": counts.get(value, 0), "chosen": value in chosen, "url": ""}
        for value, label in choices
    ]
