"""A page of each kind, in the browser: wide, narrow, zoomed, its text spaced, and by the keyboard."""

import pytest

from tests.browser.reading import faults_of
from tests.factories import InitiativeFactory, make_places

# A colour half-way from one to the other is no colour of the page.
STILL = {"reduced_motion": "reduce"}

KINDS = {
    "home": "/",
    "list": "/initiatives/",
    "list of a place and a theme": "/initiatives/?territoire=dep-13&theme=alimentation",
    "list with few results": "/initiatives/?territoire=com-13004",
    "list without results": "/initiatives/?q=introuvable&territoire=dep-05",
    "list with ignored values": "/initiatives/?theme=nulle-part&territoire=dep-04&page=abc",
    "list with its filters open on a phone": "/initiatives/#filtres",
    "map": "/carte/",
    "map of a place without results": "/carte/?q=introuvable&territoire=dep-05",
    "choice of a place": "/initiatives/?lieu=saint-martin",
    "fiche with much": "/initiatives/les-colibres/",
    "fiche with little": "/initiatives/hub-du-sud/",
    "territories": "/territoires/",
    "country": "/territoires/pays-FR/",
    "région": "/territoires/reg-93/",
    "département": "/territoires/dep-13/",
    "EPCI": "/territoires/epci-200054807/",
    "commune with districts": "/territoires/com-13055/",
    "district": "/territoires/arm-13203/",
    "commune without initiative": "/territoires/com-04033/",
    "commune of another région": "/territoires/com-26362/",
    "themes": "/themes/",
    "theme": "/themes/alimentation/",
    "sub-theme": "/themes/circuits-courts/",
    "actors": "/acteurs/",
    "actor with much": "/acteurs/inter-made/",
    "actor with little": "/acteurs/urei/",
    "funding sources": "/financements/",
    "funding source": "/financements/fondation-macif/",
    "news": "/nouveautes/",
    "deposit": "/deposer/",
    "first step of a deposit": "/deposer/nouvelle/",
    "charter": "/charte/",
    "method": "/methode/",
    "legal": "/mentions-legales/",
    "privacy": "/donnees-personnelles/",
    "accessibility": "/accessibilite/",
    "contact": "/contact/",
    "plan": "/plan-du-site/",
    "not found": "/nulle-part/",
}


def assert_none(faults):
    assert not faults, "".join(f"\n{fault}" for fault in faults)


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_can_read(visit, axe, kind):
    page = visit(KINDS[kind], **STILL)
    if kind == "not found":
        page.expected_errors = ["404"]

    assert_none(faults_of(page, axe))


def test_everybody_can_read_a_fiche_that_has_ended(open_page, axe):
    fiche = InitiativeFactory(published=True, activity="terminee", sites=[make_places().arles])

    page = open_page(fiche.get_absolute_url(), **STILL)

    assert page.get_by_text("Terminée").first.is_visible()
    assert_none(faults_of(page, axe))


def test_everybody_can_read_that_a_fiche_is_gone(open_page, axe):
    fiche = InitiativeFactory(archived=True, slug="partie")

    page = open_page(f"/initiatives/{fiche.slug}/", **STILL)
    page.expected_errors = ["410"]

    assert_none(faults_of(page, axe))
