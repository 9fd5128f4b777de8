"""Who may do what at the desk, from the keyboard alone, on a screen of 1440 px: doors, passwords, sessions, lists."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from playwright.sync_api import expect

from initiatives.models import Initiative
from tests import factories
from tests.browser.keyboard import PASSWORD, Keyboard, member, page_of, sign_in


@pytest.fixture
def groups(transactional_db):
    call_command("create_staff_groups")
    return {group.name: group for group in Group.objects.all()}


@pytest.fixture
def fiche(live_server, transactional_db):
    """A draft that lacks nothing to be published."""
    return factories.InitiativeFactory(
        name="Atelier vélo", sites=[factories.make_places().arles], themes=[factories.ThemeFactory(name="Réemploi")]
    )


def forge(page, path, **data):
    """What is answered to somebody who sends a form that no page gives them."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    return page.request.post(path, form=data, headers={"X-CSRFToken": token}, max_redirects=0).status


def test_a_reader_reads_all_and_changes_nothing(open_page, groups, fiche):
    other = factories.InitiativeFactory(name="Atelier vélo", sites=[fiche.sites.get().territory])
    desk = sign_in(open_page, member("Lou Roux", groups["Lecture"]))
    page, main = desk.page, desk.page.get_by_role("main")
    expect(main.get_by_role("link", name="Ajouter")).to_have_count(0)
    expect(main.get_by_role("link", name="Saisie rapide")).to_have_count(0)

    desk.follow("Initiatives", within=main)
    expect(main.get_by_role("link", name="Saisie rapide")).to_have_count(0)
    desk.follow("Atelier vélo", within=main.get_by_role("row").nth(1))
    expect(page.locator("h1")).to_have_text("Atelier vélo")
    expect(main.get_by_text("Arles").first).to_be_visible()
    expect(main.locator(".field-all_themes")).to_have_text("Thèmes Réemploi")
    expect(main.get_by_role("button")).to_have_count(0)
    expect(main.locator("input:not([type=hidden]), textarea, select")).to_have_count(0)
    desk.follow("Historique")
    expect(page.locator("h1")).to_have_text("Historique : Atelier vélo")

    page.expected_errors = ["403"]
    for path in (
        "/admin/initiatives/initiative/add/",
        "/admin/initiatives/initiative/saisie-rapide/",
        page_of(fiche, "delete"),
        page_of(fiche, "fusionner"),
    ):
        assert page.goto(path).status == 403
        expect(page.locator("h1")).to_have_text("Cela ne vous est pas ouvert")
    assert forge(page, page_of(fiche), name="Forgée", revision=fiche.revision) == 403
    assert forge(page, page_of(fiche, "acte"), act="publier", revision=fiche.revision) == 403
    assert forge(page, page_of(fiche, "pas-un-doublon"), autre=other.pk) == 403
    assert forge(page, "/admin/initiatives/initiative/saisie-rapide/", name="Forgée") == 403
    assert {*Initiative.objects.values_list("name", "status", "revision")} == {("Atelier vélo", "draft", 0)}


def test_an_editor_writes_and_does_not_publish(open_page, groups, fiche):
    desk = sign_in(open_page, member("Ana Ruiz", groups["Rédaction"]), page_of(fiche))
    page = desk.page
    expect(page.get_by_role("button", name="Publier")).to_have_count(0)

    desk.fill("Résumé", "On y répare son vélo.")
    desk.save()
    expect(page.locator(".messagelist")).to_be_visible()

    fiche.refresh_from_db()
    assert forge(page, page_of(fiche, "acte"), act="publier", revision=fiche.revision) == 403
    fiche.refresh_from_db()
    assert (fiche.summary, fiche.status) == ("On y répare son vélo.", "draft")


def test_a_holder_does_not_enter(open_page, client, fiche):
    holder = factories.UserFactory(email="porteuse@exemple.test")
    holder.set_password(PASSWORD)
    holder.save()
    desk = Keyboard(open_page("/admin/"))
    page = desk.page

    page.keyboard.type(holder.email)
    desk.fill("Mot de passe", PASSWORD)
    desk.enter()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.get_by_label("Adresse électronique")).to_have_value(holder.email)

    # Signed in elsewhere on the site, as holders will be.
    client.force_login(holder)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.url}
    page.context.add_cookies([cookie])
    for path in ("/admin/", page_of(fiche), page_of(fiche, "apercu"), page_of(fiche, "history")):
        page.goto(path)
        expect(page.locator("h1")).to_have_text("Entrer dans le bureau")
    expect(page.get_by_text("Atelier vélo")).to_have_count(0)


def test_a_forgotten_password_is_chosen_again_from_a_message(open_page, transactional_db, queued_mails):
    person = member("Léa Martin")
    desk = Keyboard(open_page("/admin/"))
    page = desk.page

    desk.follow(re.compile("oublié"))
    desk.fill("Adresse électronique", person.email)
    desk.enter()
    expect(page.locator("h1")).to_have_text("Regardez votre courrier")
    [message] = queued_mails
    page.goto(re.search(r"(?m)^http\S+$", message.message)[0].removeprefix(settings.SITE_URL))

    desk.fill("Nouveau mot de passe", "court")
    desk.fill("Le même, encore une fois", "court")
    desk.enter()
    expect(page.locator(".errorlist").first).to_contain_text("12 caractères")
    desk.fill("Nouveau mot de passe", "trois petits vélos rouges")
    desk.fill("Le même, encore une fois", "trois petits vélos rouges")
    desk.enter()
    expect(page.locator("h1")).to_have_text("Mot de passe changé")
    desk.follow("Se connecter", within=page.get_by_role("main"))
    desk.fill("Adresse électronique", person.email)
    desk.fill("Mot de passe", PASSWORD)
    desk.enter()
    expect(page.locator(".errornote")).to_be_visible()
    desk.fill("Mot de passe", "trois petits vélos rouges")
    desk.enter()
    expect(page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()


def test_a_session_that_ends_loses_nothing_of_what_was_typed(open_page, fiche):
    person = member("Léa Martin")
    desk = sign_in(open_page, person, page_of(fiche))
    page = desk.page
    desk.fill("Résumé", "On y répare son vélo.")

    Session.objects.all().delete()
    desk.save()
    expect(page.locator("h1")).to_have_text("Entrer dans le bureau")
    expect(page.locator(".errornote")).to_contain_text("sera encore là")
    desk.sign_in(person)
    desk.send("Reprendre où j’en étais")
    expect(page.locator(".messagelist")).to_be_visible()
    fiche.refresh_from_db()
    assert fiche.summary == "On y répare son vélo."

    desk.send("Se déconnecter", back=True)
    expect(page.get_by_role("button", name="Se déconnecter")).to_have_count(0)
    page.goto(page_of(fiche))
    expect(page.locator("h1")).to_have_text("Entrer dans le bureau")
