"""What anybody does about a published fiche, in the browser: they claim it, propose, report, ask; nothing is lost."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from post_office.models import Email

from initiatives.models import Ownership, Submission
from initiatives.submission.abuse import Guarded
from tests.browser.reading import faults_of
from tests.factories import InitiativeFactory, SourceFactory, ThemeFactory, make_places
from tests.submission.visiting import door, owned_by

pytestmark = pytest.mark.django_db(transaction=True)

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    """A browser that a test drives types as fast as a robot."""
    monkeypatch.setattr(Guarded, "least", timedelta())


@pytest.fixture
def fiche(transactional_db):
    """A fiche made from public sources, that nobody follows yet."""
    fiche = InitiativeFactory(
        published=True,
        name="Coopirate",
        summary="Une boutique tenue par ses membres.",
        website="https://www.coopirate.example/",
        origin="redaction",
        sites=[make_places().arles],
        themes=[ThemeFactory(name="Alimentation")],
    )
    SourceFactory(initiative=fiche)
    return fiche


def open_link(page, to):
    """Open the link of the last mail to somebody."""
    mail = Email.objects.filter(to=to).latest("pk")
    page.goto(urlsplit(re.search(r"^https?://\S+/(?:deposer|question|avis)/\S+$", mail.message, re.M)[0]).path)


@with_and_without_javascript
@pytest.mark.parametrize("width", [1440, 390])
def test_who_writes_from_the_domain_of_a_sourced_fiche_claims_it(open_page, axe, fiche, javascript, width):
    page = open_page(fiche.get_absolute_url(), javascript=javascript, width=width)

    page.get_by_role("link", name="C’est mon initiative").click()
    page.get_by_label("Votre nom").fill("Léa Martin")
    page.get_by_label("Votre adresse électronique").fill("lea@")
    page.get_by_role("button", name="Demander à suivre cette fiche").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Deux réponses sont à corriger")
    expect(page.get_by_label("Votre nom")).to_have_value("Léa Martin")
    if javascript:
        expect(summary).to_be_focused()
        assert axe(page) == []
    summary.get_by_role("link", name=re.compile("rôle")).click()
    expect(page.get_by_label("Votre rôle dans la structure")).to_be_focused()
    page.keyboard.type("présidente")
    page.get_by_label("Votre adresse électronique").fill("lea@coopirate.example")
    page.get_by_role("button", name="Demander à suivre cette fiche").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre adresse")
    assert not Ownership.objects.exists()

    open_link(page, "lea@coopirate.example")
    assert not Ownership.objects.exists()
    page.get_by_role("main").get_by_role("button").first.click()

    expect(page.get_by_text("Acceptée").first).to_be_visible()
    assert Ownership.objects.get().user.email == "lea@coopirate.example"
    page.goto(fiche.get_absolute_url())
    expect(page.get_by_text("Fiche suivie par son porteur")).to_be_visible()
    expect(page.get_by_role("link", name="Poser une question au porteur")).to_be_visible()


@with_and_without_javascript
def test_a_neighbour_corrects_what_is_wrong_and_the_owner_says_what_they_think(open_page, axe, fiche, javascript):
    owned_by(fiche, email="lea@coopirate.example")
    page = open_page(fiche.get_absolute_url(), javascript=javascript)

    page.get_by_role("link", name="Proposer une modification").click()
    page.get_by_text("Où et pour qui").click()
    page.get_by_label("Adresse du lieu").fill("3 quai des Tests")
    page.get_by_label("Année de démarrage").locator("xpath=ancestor::details").locator("summary").click()
    page.get_by_label("Année de démarrage").fill("l’an dernier")
    page.get_by_role("button", name="Envoyer la proposition").last.click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("réponses sont à corriger")
    expect(page.get_by_label("Année de démarrage")).to_be_visible()
    page.get_by_label("Année de démarrage").fill("2019")
    page.get_by_label("Pourquoi, et d’où le tenez-vous").fill("J’habite à côté.")
    page.get_by_label("Votre nom").fill("Ana")
    page.get_by_label("Votre adresse électronique").fill("ana@exemple.fr")
    page.get_by_label("Mes textes peuvent être publiés").check()
    page.get_by_role("button", name="Envoyer la proposition").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre proposition")

    open_link(page, "ana@exemple.fr")
    page.get_by_role("main").get_by_role("button").first.click()
    submission = Submission.objects.get()
    assert submission.state == "waiting"
    assert set(submission.changes.values_list("field", flat=True)) == {"sites", "start_year"}

    open_link(page, "lea@coopirate.example")
    expect(page.get_by_text("3 quai des Tests")).to_be_visible()
    page.get_by_label("Pas d’accord").check()
    page.get_by_role("textbox", name="Pourquoi").fill("Nous avons déménagé depuis.")
    page.get_by_role("button", name="Donner mon avis").click()
    expect(page.get_by_text("Votre avis est noté")).to_contain_text("pas d’accord")
    assert submission.opinions.get().agrees is False
    if javascript:
        assert axe(page) == []


@pytest.mark.parametrize("what", ["proposer-une-modification", "signaler", "revendiquer", "question"])
def test_everybody_can_read_the_form(open_page, axe, fiche, what):
    owned_by(fiche)
    page = open_page(door(fiche, what), reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")

    faults = faults_of(page, axe)

    assert not faults, "".join(f"\n{fault}" for fault in faults)
