"""The letters from which the team starts its answers: what they say at first, and the words that they fill in."""

import re
from collections.abc import Mapping

from initiatives.models import ModerationRules, ReplyTemplate, Submission

# Placeholder → what it becomes, as the page of a template explains it.
PLACEHOLDERS = {
    "nom": "le nom de la personne, ou rien",
    "fiche": "le nom de la fiche",
    "numéro": "le numéro de la demande",
    "délai": "le délai annoncé, « 10 jours »",
    "motif": "le motif du refus, s’il est choisi",
}
PLACEHOLDER = re.compile(r"\{([^{}\n]{1,30})\}")
Act = ReplyTemplate.Act

# Act, name, text: loaded once, in a desk that has none.
DEFAULTS = (
    (
        Act.PUBLISH,
        "Publiée",
        "Merci pour « {fiche} ». Nous l’avons relue, et elle est en ligne.\n\n"
        "Gardez-la vivante : vous pouvez nous proposer un changement à tout moment.",
    ),
    (
        Act.PUBLISH,
        "Acceptée",
        "Merci. Nous avons relu votre proposition sur « {fiche} », et la fiche est à jour.",
    ),
    (
        Act.PUBLISH,
        "Acceptée en partie",
        "Merci. Nous avons repris une partie de votre proposition sur « {fiche} ». Le reste n’a pas pu être vérifié "
        "dans une source publique : si vous en connaissez une, envoyez-nous son adresse.",
    ),
    (
        Act.ASK,
        "Précisions",
        "Merci pour « {fiche} ». Il nous manque quelques précisions avant de la publier : elles sont indiquées plus "
        "bas, question par question.\n\nNous répondons sous {délai} après votre retour.",
    ),
    (
        Act.ASK,
        "Une source, s’il vous plaît",
        "Merci pour « {fiche} ». Pour publier, nous avons besoin d’une page publique qui en parle : un article, le "
        "site d’une collectivité, un compte rendu. Pouvez-vous nous en donner l’adresse ?",
    ),
    (
        Act.REJECT,
        "Refusée",
        "Merci pour votre envoi. Nous ne pouvons pas y donner suite. {motif}\n\n"
        "La charte dit ce qui entre dans l’annuaire. Si nous nous trompons, répondez à ce message.",
    ),
    (
        Act.REJECT,
        "Signalement sans suite",
        "Merci d’avoir signalé une erreur sur « {fiche} ». {motif}",
    ),
)


def load_replies() -> int:
    """Write the letters of origin in a desk that has none; returns how many were written."""
    if ReplyTemplate.objects.exists():
        return 0
    rows = [
        ReplyTemplate(act=act, name=name, body=body, position=position)
        for position, (act, name, body) in enumerate(DEFAULTS, 1)
    ]
    return len(ReplyTemplate.objects.bulk_create(rows))


def words_for(submission: Submission, *, reason: str = "") -> dict[str, str]:
    """What the placeholders become in an answer to this submission."""
    days = ModerationRules.current().answer_days
    return {
        "nom": submission.name,
        "fiche": called(submission),
        "numéro": submission.receipt or "",
        "délai": f"{days} jour{'s' if days > 1 else ''}",
        "motif": reason,
    }


def called(submission: Submission) -> str:
    """What people call the thing that a submission is about."""
    return str(submission.fiche or submission.answers.get("name") or "votre envoi")


def fill(body: str, words: Mapping[str, str]) -> str:
    """The text of a template, its placeholders replaced; one that is unknown stays as it is written."""
    filled = PLACEHOLDER.sub(lambda found: words.get(found[1].strip().lower(), found[0]), body)
    return re.sub(r"[ \t]+\n", "\n", filled).strip()


def unknown_placeholders(body: str) -> list[str]:
    return [name for name in PLACEHOLDER.findall(body) if name.strip().lower() not in PLACEHOLDERS]
