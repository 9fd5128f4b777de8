from collections.abc import Iterator

from django.db import models

from initiatives.analysis import ANALYSIS, stored

# The field classes, the one that weighs most first.
CLASSES = ("name", "summary", "links", "body")
BODY = ("social_need", "response", "innovation", "results", "difficulties", "redo_partners", "redo_pitfalls")
AT_ONCE = 500


class SearchText(models.Model):
    """Mots d’une initiative, analysés, une colonne par classe de champs : ce que la recherche lit à sa place.

    Derived from the fiche and from the names that it is linked to (themes, published actors, places); written by
    ``refresh_search_texts`` only. The full text of each database follows this table by itself (its migration): a
    migration that makes the table anew on SQLite must make its triggers anew.
    """

    initiative = models.OneToOneField("initiatives.Initiative", models.CASCADE, primary_key=True, related_name="+")
    name = models.TextField(default="")
    summary = models.TextField(default="")
    links = models.TextField(default="")
    body = models.TextField(default="")
    analysis = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "mots d’une initiative"
        verbose_name_plural = "mots des initiatives"

    def __str__(self):
        return f"mots de l’initiative {self.initiative_id}"


def refresh_search_texts(initiative_ids=None) -> int:
    """Bring the words of these initiatives in step, in the transaction of the change; returns how many were not.

    ``None``: all of them. Then what the fiches themselves say is read again only where it is missing or was analysed
    otherwise, since a change of a fiche is always told by its key; the names that they are linked to, everywhere.
    """
    from initiatives.models.initiative import Initiative

    if initiative_ids is not None:
        return _refresh_all(sorted(set(initiative_ids)))
    current = SearchText.objects.filter(analysis=ANALYSIS).order_by()
    stale = Initiative.objects.exclude(pk__in=current.values("pk")).order_by("pk")
    stale, known = (list(rows.values_list("pk", flat=True)) for rows in (stale, current.order_by("pk")))
    return _refresh_all(stale) + refresh_links(known)


def refresh_links(initiative_ids) -> int:
    """The same for the names alone that these initiatives are linked to."""
    return sum(map(_refresh_links, batches(initiative_ids)))


def batches(ids) -> Iterator[list]:
    """So many at once: as many as a question to a database may name, and as memory holds without noticing."""
    ids = list(ids)
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _refresh_all(ids):
    return sum(map(_refresh, batches(ids)))


def _refresh(ids):
    from initiatives.models.initiative import Initiative

    known = SearchText.objects.in_bulk(ids)
    links = links_of(ids)
    changed = []
    for pk, name, summary, *body in Initiative.objects.filter(pk__in=ids).values_list("pk", "name", "summary", *BODY):
        row = SearchText(
            pk, stored([name]), stored([summary]), stored(links.get(pk, ())), stored(body), analysis=ANALYSIS
        )
        if pk not in known or _said(row) != _said(known[pk]):
            changed.append(row)
    _write(changed, [*CLASSES, "analysis"])
    return len(changed)


def _refresh_links(ids):
    links = links_of(ids)
    known = SearchText.objects.filter(pk__in=ids).order_by().values_list("pk", "links")
    changed = [SearchText(pk, links=now) for pk, then in known if (now := stored(links.get(pk, ()))) != then]
    _write(changed, ["links"])
    return len(changed)


def _write(rows, columns):
    SearchText.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["initiative"], update_fields=columns, batch_size=AT_ONCE
    )


def _said(row):
    return [getattr(row, name) for name in (*CLASSES, "analysis")]


def links_of(ids) -> dict:
    """Initiative → the names that it is linked to: its themes and theirs, who takes part, where it is."""
    from initiatives.models.initiative import InitiativeTheme
    from initiatives.models.participation import Participation
    from initiatives.models.site import Site

    themes = InitiativeTheme.objects.filter(initiative__in=ids).order_by("initiative", "position")
    actors = Participation.objects.filter(initiative__in=ids, actor__status="published")
    actors = actors.order_by("initiative", "position", "pk")
    sites = Site.objects.filter(initiative__in=ids).order_by("initiative", "position", "pk")
    links = {}
    for rows, *columns in (
        (themes, "theme__name", "theme__parent__name"),
        (actors, "actor__name", "actor__acronym"),
        (sites, "label", "territory__name", "territory__commune__name"),
    ):
        for pk, *names in rows.values_list("initiative", *columns):
            links.setdefault(pk, {}).update(dict.fromkeys(filter(None, names)))
    return links
