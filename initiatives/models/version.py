from django.db import models, transaction

ALL = "all"


class DirectoryVersion(models.Model):
    """Version de l’annuaire : un nombre qui grandit à chaque changement, pour que chacun sache s’il est à jour.

    One row. Its lock orders the changes: a transaction that holds it commits before the next one begins to write.
    """

    number = models.PositiveBigIntegerField(default=0)
    rebuild_from = models.PositiveBigIntegerField(
        default=0, help_text="Dernière version qui concernait toutes les fiches à la fois."
    )

    class Meta:
        verbose_name = "version de l’annuaire"
        verbose_name_plural = "version de l’annuaire"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="directory_version_has_one_row"),
        ]

    def __str__(self):
        return str(self.number)


def current_version() -> int:
    """Number of the last change; 0 for an empty directory."""
    return DirectoryVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def take_turn() -> DirectoryVersion:
    """Wait until nobody else changes the directory, then be the only one who does, until this transaction ends.

    Taken before any row is locked or written: so no two changes ever wait for each other, and each one is made on what
    the one before left. (SQLite has but one writer at a time; PostgreSQL has to be told.)
    """
    version = DirectoryVersion.objects.select_for_update().filter(pk=1).first()
    if version is None:
        DirectoryVersion.objects.get_or_create(pk=1)
        version = DirectoryVersion.objects.select_for_update().get(pk=1)
    return version


@transaction.atomic
def record_change(initiative_ids, naming_ids=()) -> int:
    """Move the directory's version, in the transaction of the change that it tells of.

    ``initiative_ids``: the initiatives whose rows, lines or facets changed, or ``ALL`` when any of them may have
    (a theme renamed, a zone redrawn). ``naming_ids``: those that only name what changed (an actor, a funding source):
    their own texts are not read again. Every write path ends here, and the words that are searched follow. Returns the
    new number.
    """
    from initiatives.models.initiative import Initiative
    from initiatives.models.search_text import batches, refresh_links, refresh_search_texts

    version = take_turn()
    version.number += 1
    if initiative_ids == ALL:
        version.rebuild_from = version.number
    version.save()
    if initiative_ids == ALL:
        refresh_search_texts()
        return version.number
    ids, naming_ids = list(initiative_ids), list(naming_ids)
    for some in batches([*ids, *naming_ids]):
        Initiative.objects.filter(pk__in=some).update(directory_version=version.number)
    refresh_search_texts(ids)
    refresh_links(naming_ids)
    return version.number
