"""A holder deposits an initiative, from the three doors to the queue: wide and narrow, with and without JavaScript."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from post_office.models import Email

from initiatives.models import Initiative, Submission
from initiatives.submission.abuse import Guarded
from tests.factories import ActorFactory, InitiativeFactory, ThemeFactory
from tests.photos import jpeg

pytestmark = pytest.mark.django_db(transaction=True)

SUMMARY = "Plus aucun commerce au village. Nous ouvrons une boutique tenue par ses membres."


@pytest.fixture
def places(live_server, transactional_db):
    from tests.factories import make_places

    ThemeFactory(slug="alimentation", name="Alimentation", own_cloth="alimentation")
    return make_places()


def the_link(subject, page):
    """The address that the last mail of this subject leads to."""
    for _ in range(50):
        mail = Email.objects.filter(subject__startswith=subject).order_by("-pk").first()
        if mail:
            return urlsplit(re.search(r"https?://\S+/deposer/\S+", mail.message)[0]).path
        page.wait_for_timeout(100)


def fill_the_first_step(page, javascript, name="Boutique du pays"):
    page.get_by_label("Nom de l’initiative").fill(name)
    commune = page.get_by_label("Commune du siège")
    if javascript:
        commune.press_sequentially("Arl")
        page.get_by_role("option", name="Arles").click()
        expect(commune).to_have_value(re.compile("Arles"))
    else:
        commune.fill("Arles")
    page.get_by_label("Votre initiative en deux phrases").fill(SUMMARY)
    page.get_by_label("Thème principal").select_option("alimentation")
    page.get_by_label("Votre adresse électronique").fill("lea@exemple.fr")
    page.wait_for_timeout(Guarded.least.total_seconds() * 1000 + 200)


def go_on(page, name="Enregistrer et continuer"):
    page.locator(".depot-pied").get_by_role("button", name=name).click()


def test_a_full_deposit_from_the_doors_to_the_queue(open_page, places, screen, look):
    width, javascript = screen
    ActorFactory(published=True, name="Inter-Made", kind="accompagnement")
    page = open_page("/", width=width, javascript=javascript)
    if page.get_by_role("link", name="Déposer une initiative").first.is_visible():
        page.get_by_role("link", name="Déposer une initiative").first.click()
    else:
        page.locator("summary", has_text="Menu").click()
        page.locator("details.menu").get_by_role("link", name="Déposer une initiative").click()
    look(page)
    page.get_by_role("link", name="Décrire l’initiative").click()

    go_on(page, "Continuer")
    expect(page).to_have_title(re.compile(r"^Erreur\s: 5 réponses à corriger"))
    summary = page.get_by_role("alert")
    if javascript:
        expect(summary).to_be_focused()
    look(page)
    summary.get_by_role("link", name="Choisissez un thème.").click()
    expect(page.get_by_label("Thème principal")).to_be_focused()
    fill_the_first_step(page, javascript)
    look(page)
    go_on(page, "Continuer")

    expect(page.get_by_role("heading", level=1)).to_have_text("Où et pour qui")
    expect(page.get_by_text("Étape 2 sur 6.")).to_be_visible()
    look(page)
    page.get_by_role("group", name="Territoire 1").get_by_label("Territoire").fill("Vaucluse")
    go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui est nouveau")
    page.get_by_label("Le besoin").fill("Plus de commerce.")
    page.get_by_label("Année de démarrage").fill("l’an dernier")
    go_on(page, "Retour")
    expect(page.get_by_role("heading", level=1)).to_have_text("Où et pour qui")
    # Leaves for today, comes back by the mail, on another device.
    go_on(page, "Enregistrer et finir plus tard")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre brouillon est enregistré")
    look(page)
    page = open_page(the_link("Reprendre", page), width=width, javascript=javascript)
    page.get_by_role("link", name="Reprendre maintenant").click()
    expect(page.get_by_label("Le besoin")).to_have_value("Plus de commerce.")
    expect(page.get_by_label("Année de démarrage")).to_have_value("l’an dernier")
    look(page)
    page.get_by_label("Année de démarrage").fill("2021")
    page.get_by_label("Expérimentation : on essaie").check()
    go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Qui et avec quels moyens")
    structure = page.get_by_label("Nom de la structure")
    if javascript:
        structure.press_sequentially("inter")
        page.get_by_role("option", name="Inter-Made").click()
    else:
        structure.fill("Inter-Made")
    page.get_by_role("button", name="Ajouter un partenaire").click()
    page.get_by_role("group", name="Partenaire 2").get_by_label("Nom").fill("Le Fournil")
    look(page)
    page.get_by_role("group", name="Financement 1").get_by_label("De qui ?").fill("La mairie")
    page.get_by_role("group", name="Financement 1").get_by_label("Montant, en euros").fill("20 000 €")
    go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Photos et liens")
    photo = {"name": "halle.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    wrong = {"name": "halle.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic"}
    page.get_by_label("Choisir des photos").set_input_files([photo, wrong])
    page.get_by_role("button", name="Envoyer ces photos").click()
    expect(page.get_by_text("halle.heic")).to_be_visible()
    look(page)
    page.get_by_label("Ce que l’on voit").fill("La halle, un jour de marché.")
    page.get_by_label("Crédit").fill("Léa")
    page.get_by_label("J’ai le droit de publier").check()
    go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Relire et envoyer")
    look(page)
    for said in ("Boutique du pays", "Vaucluse", "Inter-Made", "Le Fournil", "20 000 €", "Expérimentation"):
        expect(page.locator(".relire").get_by_text(said).first).to_be_visible()
    go_on(page, "Envoyer à la Cress")
    expect(page).to_have_title(re.compile(r"^Erreur\s: 4 réponses à corriger"))
    look(page)
    for label in ("J’accepte que cette fiche", "J’ai lu la charte", "Je place les textes", "J’ai lu ce que devient"):
        page.get_by_label(label).check()
    go_on(page, "Envoyer à la Cress")

    expect(page.get_by_role("heading", level=1)).to_have_text("Plus qu’un clic, dans votre courrier")
    look(page)
    page.goto(the_link("Confirmez", page))
    look(page)
    assert Submission.objects.get().state == "unconfirmed"
    page.get_by_role("button", name="Confirmer mon adresse").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé")
    expect(page.get_by_text("La Cress relit et vous répond avant le")).to_be_visible()
    look(page)
    fiche = Initiative.objects.get(name="Boutique du pays")
    assert (fiche.status, fiche.start_year, fiche.photos.count()) == ("pending", 2021, 1)
    assert fiche.lead_actor.name == "Inter-Made"
    assert page.goto(the_link("Bien reçu", page)).ok


def test_the_five_answers_are_enough(open_page, places, screen, look):
    width, javascript = screen
    page = open_page("/deposer/nouvelle/?porte=demarre", width=width, javascript=javascript)
    fill_the_first_step(page, javascript)

    page.get_by_role("button", name="relire et envoyer tout de suite").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Relire et envoyer")
    assert Submission.objects.get().door == "demarre"


def test_those_that_may_be_the_same_are_told_apart_or_completed(open_page, places, screen, look):
    width, javascript = screen
    InitiativeFactory(published=True, name="La Boutique du pays", sites=[places.arles])
    page = open_page("/deposer/nouvelle/", width=width, javascript=javascript)
    fill_the_first_step(page, javascript)
    go_on(page, "Continuer")

    panel = page.get_by_role("region", name="Est-elle déjà dans l’annuaire ?")
    expect(panel).to_contain_text("La Boutique du pays")
    look(page)
    panel.get_by_role("button", name="C’est la même").click()
    expect(page).to_have_url(re.compile("/initiatives/la-boutique-du-pays/proposer-une-modification/"))
    look(page)

    page = open_page("/deposer/nouvelle/", width=width, javascript=javascript)
    fill_the_first_step(page, javascript)
    go_on(page, "Continuer")
    page.get_by_role("button", name="C’est une autre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Où et pour qui")
    assert len(Submission.objects.get(kind="new").distinct) == 1


def test_enter_goes_on_and_never_adds_a_line(open_page, places, screen):
    width, javascript = screen
    page = open_page("/deposer/nouvelle/", width=width, javascript=javascript)
    fill_the_first_step(page, javascript)
    page.get_by_label("Votre adresse électronique").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Où et pour qui")

    page.get_by_label("Adresse du lieu").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui est nouveau")
