"""What makes a fiche complete: the rules, declared once for the three nouns.

A rule is a label, which finishes the sentence « il manque… », and a test of the fiche. Photos do not count: without
one, the cloth is the picture. Each edit stores how many rules the fiche meets, so that lists can be narrowed
and sorted; ``refresh`` brings the stored numbers up to date when the rules themselves change.
"""

from collections.abc import Callable
from dataclasses import dataclass

from initiatives.models import Actor, FundingSource, Initiative
from initiatives.models.vocabulary import ActorKind, LegalForm, Stage


@dataclass(frozen=True)
class Rule:
    label: str
    test: Callable


INITIATIVE = (
    Rule("son nom et son résumé", lambda fiche: fiche.name and fiche.summary),
    Rule("le besoin", lambda fiche: fiche.social_need),
    Rule("la réponse", lambda fiche: fiche.response),
    Rule("ce qui est nouveau", lambda fiche: fiche.innovation or fiche.novelties),
    Rule("un lieu ou un territoire", lambda fiche: fiche.sites.all() or fiche.coverage.all()),
    Rule("un thème", lambda fiche: fiche.theme_links.all()),
    Rule("la structure porteuse", lambda fiche: any(line.is_lead for line in fiche.participations.all())),
    Rule("l’étape", lambda fiche: fiche.stage != Stage.UNKNOWN),
    Rule("l’année de démarrage", lambda fiche: fiche.start_year),
    Rule("un public", lambda fiche: fiche.audiences.all()),
    Rule("une source", lambda fiche: fiche.sources.all()),
    Rule(
        "un site, un contact ou une façon de prendre part",
        lambda fiche: _can_be_written_to(fiche) or fiche.ways_to_take_part.all(),
    ),
)
ACTOR = (
    Rule("son nom et son résumé", lambda fiche: fiche.name and fiche.summary),
    Rule("la présentation", lambda fiche: fiche.presentation),
    Rule("le genre", lambda fiche: fiche.kind != ActorKind.UNKNOWN),
    Rule("la forme juridique", lambda fiche: fiche.legal_form != LegalForm.UNKNOWN),
    # A group of citizens has no number.
    Rule(
        "le Siren ou le numéro RNA",
        lambda fiche: fiche.siren or fiche.siret or fiche.rna or fiche.legal_form == LegalForm.COLLECTIVE,
    ),
    Rule("l’année de création", lambda fiche: fiche.founded_year),
    Rule("le siège", lambda fiche: fiche.seat_id),
    Rule("un territoire d’intervention", lambda fiche: fiche.coverage.all()),
    Rule("un thème", lambda fiche: fiche.themes.all()),
    Rule("une source", lambda fiche: fiche.sources.all()),
    Rule("un site ou un contact", lambda fiche: _can_be_written_to(fiche)),
)
FUNDING_SOURCE = (
    Rule("son nom et son résumé", lambda fiche: fiche.name and fiche.summary),
    Rule("qui la propose", lambda fiche: fiche.offered_by_id),
    Rule("sa nature", lambda fiche: fiche.kinds),
    Rule(
        "un montant ou une part du budget",
        lambda fiche: any(number is not None for number in (fiche.amount_min, fiche.amount_max, fiche.max_share)),
    ),
    Rule("les étapes", lambda fiche: fiche.stages),
    Rule("à qui elle s’adresse", lambda fiche: fiche.legal_forms or fiche.audiences.all()),
    Rule("les conditions", lambda fiche: fiche.eligibility),
    Rule("un territoire", lambda fiche: fiche.territories.all()),
    Rule(
        "ses dates",
        lambda fiche: fiche.opens_on or fiche.closes_on or fiche.is_permanent or fiche.returns_in_month or fiche.ended,
    ),
    Rule("comment demander", lambda fiche: fiche.how_to_apply or fiche.website),
    Rule("une source", lambda fiche: fiche.sources.all()),
)
RULES = {Initiative: INITIATIVE, Actor: ACTOR, FundingSource: FUNDING_SOURCE}
# The lines that the rules read.
LINES = {
    Initiative: (
        "sites",
        "coverage",
        "theme_links",
        "participations",
        "audiences",
        "sources",
        "ways_to_take_part",
    ),
    Actor: ("coverage", "themes", "sources"),
    FundingSource: ("audiences", "territories", "sources"),
}


def completeness(fiche) -> tuple[int, int]:
    """(rules met, rules in all)."""
    rules = RULES[type(fiche)]
    return len(rules) - len(missing(fiche)), len(rules)


def missing(fiche) -> list[str]:
    """What the fiche lacks, in words, in the order of the rules. Reads its lines: prefetch them for a list."""
    return [rule.label for rule in RULES[type(fiche)] if not rule.test(fiche)]


def refresh() -> int:
    """Store the completeness of every fiche again; returns how many were out of date. Safe at any time, and quick."""
    corrected = 0
    for noun, lines in LINES.items():
        stale = []
        for fiche in noun.objects.prefetch_related(*lines).iterator(chunk_size=500):
            met, _ = completeness(fiche)
            if fiche.completeness != met:
                fiche.completeness = met
                stale.append(fiche)
        noun.objects.bulk_update(stale, ["completeness"], batch_size=500)
        corrected += len(stale)
    return corrected


def _can_be_written_to(fiche):
    return fiche.website or fiche.contact_email or fiche.contact_phone
