"""What forbids a change of a fiche, in sentences that say why."""

from initiatives.models import Actor, FundingSource, Initiative
from initiatives.submission import merging

TRANSITIONS = {
    Initiative: {
        "draft": {"pending", "published"},
        "pending": {"changes_requested", "published", "rejected", "withdrawn"},
        "changes_requested": {"pending", "published", "rejected", "withdrawn"},
        "published": {"archived", "merged"},
        "archived": {"published", "merged"},
    },
    Actor: {"draft": {"published"}, "published": {"archived", "merged"}, "archived": {"published", "merged"}},
    FundingSource: {"draft": {"published"}, "published": {"archived", "merged"}, "archived": {"published", "merged"}},
}


class Refused(Exception):
    """The change cannot be made; ``str(error)`` is the sentence that says why."""


def check_transition(fiche, status: str) -> None:
    """Raises ``Refused`` when a fiche may not become so from what it is."""
    if status not in TRANSITIONS[type(fiche)].get(fiche.status, ()):
        wanted = fiche.Status(status).label.lower()
        raise Refused(f"« {fiche} » est {fiche.get_status_display().lower()} : elle ne peut pas devenir {wanted}.")


def what_is_missing(fiche) -> list[str]:
    """What a reader needs and does not have yet, in words; empty when the fiche can be published."""
    missing = []
    if not fiche.name.strip():
        missing.append("il manque son nom")
    if not fiche.summary.strip():
        missing.append("il manque son résumé")
    if isinstance(fiche, Initiative):
        if not fiche.sites.exists() and not fiche.coverage.exists():
            missing.append("il manque un lieu ou un territoire d’intervention")
        if not fiche.theme_links.exists():
            missing.append("il manque un thème")
    return missing


def why_closed(fiche) -> str:
    """Why a fiche changes no more, in a sentence; "" when it may change."""
    if fiche.status != "merged":
        return ""
    stays = fiche.merged_into
    return f"« {fiche} » est fusionnée avec « {stays} » : elle ne change plus. Reportez votre saisie sur « {stays} »."


def check_merged(fiche) -> None:
    """What was merged is left as it is, and nothing new leads to it: raises ``Refused``."""
    if closed := why_closed(fiche):
        raise Refused(closed)
    for other in merging.merged_beside(fiche):
        raise Refused(f"« {other} » est fusionnée avec « {other.merged_into} » : choisissez cette dernière.")
