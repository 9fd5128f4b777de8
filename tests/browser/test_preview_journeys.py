"""A fiche is seen as it will look: by its holder before they send it, by the team before it decides."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from initiatives.models import Initiative, Submission
from tests.admin.pages import published
from tests.factories import ThemeFactory, UserFactory, make_places
from tests.submission.deciding import deposit, proposal
from tests.submission.depositing import address, started

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, transactional_db, open_page, screen):
    width, javascript = screen
    client = Client()
    client.force_login(UserFactory(email="lea@exemple.test", is_staff=True, is_superuser=True))
    page = open_page("/robots.txt", width=width, javascript=javascript, reduced_motion="reduce")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def test_a_holder_sees_their_fiche_before_they_send_it(open_page, screen, look):
    width, javascript = screen
    make_places()
    ThemeFactory(slug="alimentation", name="Alimentation", own_cloth="alimentation")
    draft = started(Client())
    page = open_page(address(draft, "envoi"), width=width, javascript=javascript)
    page.get_by_label(re.compile("^Votre nom")).fill("Léa Martin")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Voir la fiche telle qu’elle paraîtra").click()
    preview = opened.value

    expect(preview.locator("h1")).to_have_text("Boutique du pays")
    expect(preview.get_by_role("note").first).to_contain_text("Aperçu : rien n’est publié.")
    look(preview)
    preview.get_by_role("link", name="Revenir à la relecture").click()
    expect(preview.locator("h1")).to_have_text("Relire et envoyer")
    # What was typed in the step is still there.
    expect(page.get_by_label(re.compile("^Votre nom"))).to_have_value("Léa Martin")
    assert not Initiative.objects.exists()


def test_the_team_sees_a_new_fiche_inside_the_request(desk, look):
    submission = deposit(social_need="Rien n’était ouvert.")

    desk.goto(f"/admin/moderation/{submission.pk}/")
    desk.locator("iframe").scroll_into_view_if_needed()

    inside = desk.frame_locator("iframe")
    expect(inside.locator("h1")).to_have_text("Le Lavoir partagé")
    expect(inside.get_by_text("Rien n’était ouvert.")).to_be_visible()
    look(desk)
    # A link of the page inside opens beside: the request stays, with what is typed in it.
    with desk.context.expect_page() as opened:
        inside.locator(".carnet .dl a").first.click()
    expect(opened.value).to_have_url(re.compile("/territoires/"))
    expect(inside.locator("h1")).to_have_text("Le Lavoir partagé")


def test_the_team_sees_what_it_accepts_while_it_decides(desk, screen, look):
    _, javascript = screen
    submission = proposal(published(Initiative, summary="Avant."), summary="Après.", social_need="Un besoin.")
    desk.goto(f"/admin/moderation/{submission.pk}/")
    desk.get_by_label("Message").fill("Bonjour.")
    told = desk.locator("[data-decided]")
    expect(told).to_have_text("0 décision prise sur 2.")

    desk.get_by_role("group", name="Décision pour résumé").get_by_label("Accepter").check()
    expect(told).to_have_text("1 décision prise sur 2." if javascript else "0 décision prise sur 2.")
    desk.get_by_role("group", name="Décision pour besoin").get_by_label("Refuser").check()
    expect(told).to_have_text("2 décisions prises sur 2." if javascript else "0 décision prise sur 2.")

    inside = desk.frame_locator("iframe")
    desk.locator("iframe").scroll_into_view_if_needed()
    expect(inside.get_by_text("Un besoin.")).to_be_visible()
    desk.get_by_role("button", name="Avec ce que j’accepte").click()
    expect(inside.get_by_role("note").first).to_contain_text("Voici la fiche avec le changement accepté : 1 sur 2.")
    expect(inside.get_by_text("Après.")).to_be_visible()
    expect(inside.get_by_text("Un besoin.")).to_have_count(0)
    look(desk)
    desk.get_by_role("link", name="Avec tout ce qui est proposé").click()
    expect(inside.get_by_text("Un besoin.")).to_be_visible()

    # Nothing that was chosen or typed is lost, and nothing is decided.
    expect(desk.get_by_label("Message")).to_have_value("Bonjour.")
    expect(told).to_have_text("2 décisions prises sur 2." if javascript else "0 décision prise sur 2.")
    assert Submission.objects.get().state == "waiting"
    assert Initiative.objects.get().summary == "Avant."


def test_the_keyboard_may_pass_over_the_page_inside(desk, screen):
    submission = deposit()
    desk.goto(f"/admin/moderation/{submission.pk}/")

    desk.get_by_role("link", name="Ouvrir en pleine page").focus()
    desk.keyboard.press("Tab")
    skip = desk.get_by_role("link", name="Passer l’aperçu")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["width"] > 20
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")

    assert desk.evaluate("document.activeElement.tagName") != "IFRAME"
