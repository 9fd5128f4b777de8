"""What a moderator checks before anything is published, and why something may be refused: the charter, as questions.

The reasons are those of ``/charte/``, and there are no others.
"""

from dataclasses import dataclass

from initiatives.models import Submission
from initiatives.submission.refusals import Refused

Kind = Submission.Kind


@dataclass(frozen=True)
class Check:
    """One thing to look at. ``is_blocking``: nothing is published without it."""

    key: str
    label: str
    is_blocking: bool
    kinds: tuple[str, ...] = (Kind.NEW, Kind.CHANGE)


CHECKS = (
    Check("besoin", "Elle répond à un besoin de société", True, (Kind.NEW,)),
    Check("reponse", "On peut voir la réponse : un service, un lieu, une organisation", True, (Kind.NEW,)),
    Check("ici", "Elle est dans la région, ou elle y agit", True, (Kind.NEW,)),
    Check("existe", "Quelque chose de public dit qu’elle existe ou a existé", True, (Kind.NEW,)),
    Check("personne", "Aucun particulier n’est nommé", True),
    Check("publicite", "Pas de publicité", True),
    Check("droits", "Le texte et les photos peuvent être publiés", True),
    Check("sources", "Une source publique appuie chaque fait", False),
    Check("liens", "Liens testés", False),
)

REASONS = {
    "hors-champ": "Elle est hors du champ de la charte.",
    "hors-region": "Elle est hors de la région, et n’y agit pas.",
    "existe-deja": "Elle existe déjà dans l’annuaire.",
    "essentiel": "Il manque l’essentiel : un nom, un lieu, deux phrases, un thème, une source.",
    "publication": "Le texte ou les images ne peuvent pas être publiés : droits, exactitude, respect des personnes.",
}
# What only concerns what is asked about a fiche that is there already.
REASONS_FOR_CHANGES = {
    "inexact": "Nous n’avons pas pu vérifier ce qui est proposé.",
    "publication": REASONS["publication"],
    "hors-champ": "Ce n’est pas une information pour l’annuaire, d’après la charte.",
}
REASONS_FOR_CLAIMS = {
    "lien": "Nous n’avons pas pu vérifier votre lien avec la structure.",
    "autre-structure": "La fiche est celle d’une autre structure.",
}
REASONS_FOR_WITHDRAWALS = {
    "interet": "La fiche ne dit que des faits publics et sourcés : elle reste utile aux lecteurs.",
    "lien": REASONS_FOR_CLAIMS["lien"],
}
NO_FOLLOW_UP = {
    "exact": "Nous avons vérifié : la fiche est exacte.",
    "inverifiable": "Nous n’avons pas pu vérifier ce qui est signalé.",
    "hors-champ": "Ce n’est pas une information pour l’annuaire, d’après la charte.",
}
REASONS_BY_KIND = {
    Kind.NEW: REASONS,
    Kind.CHANGE: REASONS_FOR_CHANGES,
    Kind.REPORT: NO_FOLLOW_UP,
    Kind.CLAIM: REASONS_FOR_CLAIMS,
    Kind.WITHDRAWAL: REASONS_FOR_WITHDRAWALS,
    Kind.RECHECK: {},
}


def checks_for(kind: str) -> list[Check]:
    return [check for check in CHECKS if kind in check.kinds]


def check_ticked(kind: str, ticked) -> list[str]:
    """What was left aside without forbidding to publish, in words. Raises ``Refused`` when a blocking check was."""
    left = [check for check in checks_for(kind) if check.key not in ticked]
    blocking = [check.label for check in left if check.is_blocking]
    if blocking:
        asked = " ; ".join(f"« {label} »" for label in blocking)
        raise Refused(f"Rien n’est publié : il reste à vérifier {asked}.")
    return [check.label for check in left]


def reason_in_words(kind: str, key: str) -> str:
    """The sentence of a reason. Raises ``Refused`` when there is none: whoever is refused is told why."""
    if key not in REASONS_BY_KIND[kind]:
        raise Refused("Choisissez le motif : un refus est toujours expliqué.")
    return REASONS_BY_KIND[kind][key]
