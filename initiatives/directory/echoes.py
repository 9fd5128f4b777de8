"""Initiatives that answer one another: what a fiche shares with others, elsewhere."""

from django.db.models import Count, Q

from initiatives.models import Initiative

HOW_MANY = 4


def echoes(fiche):
    """A few published initiatives that share most themes and audiences with this one, elsewhere first.

    Exact themes weigh more than their families. The order is stable: shared things, then name.
    """
    themes = [theme.pk for theme in fiche.theme_list]
    families = [theme.parent_id or theme.pk for theme in fiche.theme_list]
    audiences = [audience.pk for audience in fiche.audiences.all()]
    places = [site.territory.epci_id for site in fiche.sites.all()]
    found = (
        Initiative.objects.published()
        .about(*fiche.theme_list, *[theme.top for theme in fiche.theme_list])
        .exclude(pk=fiche.pk)
        .annotate(
            same_themes=Count("theme_links", filter=Q(theme_links__theme__in=themes), distinct=True),
            same_families=Count(
                "theme_links",
                filter=Q(theme_links__theme__in=families) | Q(theme_links__theme__parent__in=families),
                distinct=True,
            ),
            same_audiences=Count("audiences", filter=Q(audiences__in=audiences), distinct=True),
            same_place=Count("sites", filter=Q(sites__territory__epci__in=[pk for pk in places if pk]), distinct=True),
        )
    )
    order = ("same_place", "-same_themes", "-same_families", "-same_audiences", "sort_key", "pk")
    return found.order_by(*order).with_card_details()[:HOW_MANY]
