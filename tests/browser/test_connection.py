"""A holder asks for a link, opens it and comes in: with and without JavaScript, wide and narrow."""

import re

import pytest
from playwright.sync_api import expect
from post_office.models import Email

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Sooner than that, no person has typed an address (``AskForm.least``).
A_MOMENT = 1100


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_a_holder_comes_in_by_the_link_of_the_mail(open_page, axe, javascript, width):
    UserFactory(email="lea@exemple.fr")

    def check():
        assert not javascript or axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page = open_page("/mes-fiches/", width=width, javascript=javascript)
    expect(page).to_have_url(re.compile(r"/connexion/\?suite=/mes-fiches/$"))
    check()
    page.get_by_label("Votre adresse électronique").fill("lea@")
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Recevoir le lien").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Une réponse est à corriger")
    if javascript:
        expect(summary).to_be_focused()
    check()

    summary.get_by_role("link").click()
    expect(page.get_by_label("Votre adresse électronique")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("lea@exemple.fr")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courrier")
    check()

    mail = the_mail(page)
    page.goto(re.search(r"https?://[^/]+(/connexion/\S+)", mail.message)[1])
    check()
    page.get_by_role("button", name="Me connecter").click()

    expect(page).to_have_url(re.compile(r"/mes-fiches/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes fiches")


def the_mail(page):
    """It is queued once the answer is sent."""
    for _ in range(50):
        if mail := Email.objects.first():
            return mail
        page.wait_for_timeout(100)
    raise AssertionError("no mail")
