"""The three nouns of the directory, as the pages of those who send something call them."""

from dataclasses import dataclass

from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative


@dataclass(frozen=True)
class Noun:
    """``key``: how the names of addresses end. ``section``: its list."""

    key: str
    section: str
    label: str
    called: str
    mine: str
    said: str

    def page(self, what, fiche):
        return reverse(f"{what}_{self.key}", args=[fiche.slug])


NOUNS = {
    Initiative: Noun(
        "initiative", "initiatives", "Initiatives", "initiative", "C’est mon initiative", "cette initiative"
    ),
    Actor: Noun("actor", "actors", "Acteurs", "acteur", "C’est ma structure", "cette structure"),
    FundingSource: Noun(
        "funding", "funding_list", "Financements", "financement", "C’est mon dispositif", "ce dispositif"
    ),
}


def propose_page(fiche) -> str:
    """Where a change of this fiche is proposed."""
    return NOUNS[type(fiche)].page("propose", fiche)
