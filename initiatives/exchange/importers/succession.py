"""What happens to fiches and zones when a territory that they name is replaced by another."""

from datetime import datetime

from initiatives.models import Site, Territory
from initiatives.submission.actions import record_edit
from initiatives.submission.history import act, keep

# The sets of territories of a fiche or of a zone, by the name they have on a territory.
SETS = {
    "initiatives_covering": "coverage",
    "actors_covering": "coverage",
    "funding_sources": "territories",
    "zones": "members",
}


def move_to_successor(old: Territory, *, at: datetime) -> None:
    """What stood in a closed territory stands in the one that replaced it; each fiche and zone keeps history of it."""
    with act(verb="Commune regroupée", at=at):
        moved = {site.initiative for site in Site.objects.filter(territory=old).select_related("initiative")}
        Site.objects.filter(territory=old).update(territory=old.successor)
        moved |= set(old.actors_seated.all())
        old.actors_seated.update(seat=old.successor)
        for related, column in SETS.items():
            for row in getattr(old, related).all():
                getattr(row, column).remove(old)
                getattr(row, column).add(old.successor)
                moved.add(row)
        for row in moved:
            row.refresh_from_db()
            if isinstance(row, Territory):
                keep(row)
            else:
                record_edit(fiche=row, at=at)
