"""The values that the criteria of the directory may take where they are rows of the database, read once and kept."""

from dataclasses import dataclass

from initiatives.directory.synonyms import read_synonyms
from initiatives.models import Audience, Territory, Theme


@dataclass(frozen=True)
class Options:
    """Themes (each of first level followed by its own), audiences, départements, at a version of the directory.

    ``synonyms``: as ``words.parse_query`` takes them.
    """

    version: int
    rebuild_from: int
    themes: tuple[Theme, ...]
    audiences: tuple[Audience, ...]
    departments: tuple[Territory, ...]
    synonyms: dict

    @classmethod
    def read(cls, version: int, rebuild_from: int) -> "Options":
        departments = Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT).order_by("sort_key")
        themes, audiences = Theme.objects.in_order(), Audience.objects.all()
        lists = (tuple(rows) for rows in (themes, audiences, departments))
        return cls(version, rebuild_from, *lists, read_synonyms())

    def of(self, criterion) -> dict[str, str]:
        """Value → label of all that may be asked for; empty for fiches, that are too many to be listed."""
        rows = {Theme: self.themes, Audience: self.audiences}.get(criterion.model, ())
        return {row.slug: row.name for row in rows} | dict(criterion.choices or ())

    def labels(self, criterion, values) -> dict[str, str]:
        """Value → label of those of these values that may be asked for."""
        if criterion.model in (None, Theme, Audience):
            known = self.of(criterion)
            return {value: known[value] for value in values if value in known}
        return dict(criterion.model.objects.published().filter(slug__in=values).values_list("slug", "name"))
