"""From an idea to a fiche, and from a fiche to a better one: a holder, the team, a neighbour and the public."""

import re

import pytest
from playwright.sync_api import expect
from post_office.models import Email

from initiatives.models import Initiative, Submission
from tests import factories
from tests.browser.keyboard import PASSWORD, member

pytestmark = pytest.mark.django_db(transaction=True)

# Sooner than that, no person has filled in a form (``abuse.Guarded``).
A_MOMENT = 3200
SUMMARY = "Des fruits tombaient au sol. Nous les ramassons et les pressons avec les habitants."


@pytest.fixture
def places(transactional_db):
    return factories.make_places()


@pytest.fixture
def theme(transactional_db):
    return factories.ThemeFactory(slug="alimentation", name="Alimentation")


def links_to(email, path):
    """The addresses under ``path`` that the last mail to this person carries."""
    letter = Email.objects.filter(to=[email]).order_by("pk").last()
    assert letter, f"nothing was written to {email}"
    return re.findall(rf"https?://[^/\s]+({path}\S+)", letter.message)


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=isinstance(name, str)).locator("visible=true").first.click()


def choose_place(page, name):
    """From the keyboard, in what is proposed; without JavaScript, what is typed is read by the server."""
    page.get_by_label("Commune du siège").click()
    page.keyboard.type(name)
    if page.locator("html[data-live], [role=combobox]").count():
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")


def deposit(page, *, name, place, theme, email):
    page.goto("/deposer/")
    page.get_by_role("link", name="Décrire l’initiative").click()
    page.get_by_label("Nom de l’initiative").fill(name)
    choose_place(page, place)
    page.get_by_label("Votre initiative en deux phrases").fill(SUMMARY)
    page.get_by_label("Thème principal").select_option(label=theme)
    page.get_by_label("Votre adresse électronique").fill(email)
    page.wait_for_timeout(A_MOMENT)
    press(page, "relire et envoyer tout de suite")


@pytest.mark.parametrize(("width", "javascript"), [(1440, True), (390, False)])
def test_a_fiche_is_deposited_completed_published_found_and_improved(open_page, places, theme, width, javascript):
    moderator = member("Claire Roux")
    holder = open_page("/", width=width, javascript=javascript)

    # The holder tells the essential, reads it again and sends it.
    deposit(
        holder,
        name="La Presse du verger",
        place="Arles",
        theme=theme.name,
        email="mo@exemple.fr",
    )
    expect(holder.locator("h1")).to_have_text("Relire et envoyer")
    expect(holder.get_by_role("main")).to_contain_text(SUMMARY)
    for box in ("J’accepte", "J’ai lu la charte", "Je place les textes", "J’ai lu ce que devient"):
        holder.get_by_label(re.compile(f"^{box}")).check()
    press(holder, "Envoyer à la Cress")
    assert not Initiative.objects.exists()  # nothing before the address is proved

    # The address is proved by a button, not by opening the link.
    [link] = links_to("mo@exemple.fr", "/deposer/confirmer/")
    for _ in range(3):
        holder.goto(link)
    assert Submission.objects.get().state == "unconfirmed"
    press(holder, re.compile("onfirme"))
    expect(holder.locator("h1")).to_have_text("C’est envoyé")
    expect(holder.get_by_role("main")).to_contain_text(f"IG-{Submission.objects.get().sent_at.year}-")
    tracking = holder.url

    # Nobody else sees it.
    public = open_page("/initiatives/", width=width, javascript=javascript)
    expect(public.locator(".rang")).to_have_count(0)

    # The team asks for a precision.
    desk = open_page("/admin/moderation/", width=1440)
    desk.get_by_label("Adresse électronique").fill(moderator.email)
    desk.get_by_label("Mot de passe").fill(PASSWORD)
    press(desk, "Se connecter")
    desk.get_by_role("link", name=re.compile("La Presse du verger")).first.click()
    press(desk, "M’en charger")
    row = desk.get_by_role("row", name=re.compile("^Résumé"))
    row.get_by_text("Demander une précision").click()
    row.get_by_label(re.compile("Votre question sur")).fill("Depuis quand ?")
    press(desk, "Demander des précisions")
    assert Submission.objects.get().state == "changes_requested"

    # The holder reads the question where it is asked, and answers.
    [link] = links_to("mo@exemple.fr", "/deposer/suivi/")
    holder.goto(link)
    expect(holder.locator("h1")).to_have_text("La Cress vous demande des précisions")
    holder.get_by_role("link", name="Répondre et corriger").click()
    expect(holder.get_by_role("main")).to_contain_text("Depuis quand ?")
    holder.get_by_label("Votre initiative en deux phrases").fill(f"{SUMMARY} Depuis 2019.")
    press(holder, "Envoyer ma réponse")
    expect(holder.locator("h1")).to_have_text("C’est envoyé")

    # The team publishes.
    desk.goto("/admin/moderation/")
    desk.get_by_role("link", name=re.compile("La Presse du verger")).first.click()
    expect(desk.get_by_role("main")).to_contain_text("Depuis 2019.")
    press(desk, "Publier")
    expect(desk.get_by_role("alert")).to_be_visible()  # the checks of the charter were not made
    for check in desk.get_by_role("group", name="Relecture").get_by_role("checkbox").all():
        check.check()
    press(desk, "Publier")
    fiche = Initiative.objects.get()
    assert fiche.is_published

    # The public finds it at once; the holder is told.
    public.goto("/initiatives/?q=presse+verger")
    public.get_by_role("link", name="La Presse du verger").first.click()
    expect(public.get_by_role("main")).to_contain_text("Depuis 2019.")
    [link] = links_to("mo@exemple.fr", "/initiatives/")
    assert link.startswith(fiche.get_absolute_url())

    # A neighbour proposes two changes.
    neighbour = open_page(fiche.get_absolute_url(), width=width, javascript=javascript)
    neighbour.get_by_role("link", name="Proposer une modification").first.click()
    neighbour.get_by_label("Nom de l’initiative").fill("La Presse du grand verger")
    neighbour.get_by_label("L’initiative en deux phrases").fill(f"{SUMMARY} Depuis 2018.")
    neighbour.get_by_label("Pourquoi, et d’où le tenez-vous").fill("J’y étais à l’ouverture.")
    neighbour.get_by_label("Votre nom").fill("Une voisine")
    neighbour.get_by_label("Votre adresse électronique").fill("voisine@exemple.fr")
    neighbour.get_by_label(re.compile("Licence Ouverte")).check()
    neighbour.wait_for_timeout(A_MOMENT)
    press(neighbour, "Envoyer la proposition")
    [link] = links_to("voisine@exemple.fr", "/deposer/confirmer/")
    neighbour.goto(link)
    press(neighbour, re.compile("onfirme"))

    # The holder says what they think of it.
    [link] = links_to("mo@exemple.fr", "/avis/")
    holder.goto(link)
    holder.get_by_label(re.compile("accord")).first.check()
    press(holder, re.compile("avis", re.IGNORECASE))

    # The team takes one of the two.
    desk.goto("/admin/moderation/")
    desk.get_by_role("link", name=re.compile("La Presse du verger")).first.click()
    desk.get_by_role("group", name=re.compile("nom")).get_by_label("Refuser").check()
    desk.get_by_role("group", name=re.compile("résumé")).get_by_label("Accepter").check()
    for check in desk.get_by_role("group", name="Relecture").get_by_role("checkbox").all():
        check.check()
    press(desk, re.compile("Publier"))
    proposal = Submission.objects.get(kind="change")
    assert proposal.state == "partly_accepted"

    public.goto(fiche.get_absolute_url())
    expect(public.locator("h1")).to_have_text("La Presse du verger")
    expect(public.get_by_role("main")).to_contain_text("Depuis 2018.")
    [link] = links_to("voisine@exemple.fr", "/deposer/suivi/")
    neighbour.goto(link)
    expect(neighbour.locator("h1")).to_have_text("Acceptée en partie")

    # History shows all of it.
    desk.goto(f"/admin/initiatives/initiative/{fiche.pk}/history/")
    told = desk.get_by_role("main")
    for verb in ("Dépôt", "Précisions demandées", "Réponse du porteur", "Publication", "Proposition"):
        expect(told).to_contain_text(verb)
    holder.goto(tracking)
    expect(holder.locator("h1")).to_have_text("Acceptée")
