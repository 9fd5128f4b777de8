"""The session ends while somebody types: they sign in again, and send what they had typed."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.test import Client

from initiatives.models import Initiative
from tests import factories
from tests.admin.pages import admin_url, typed

PASSWORD = "trois petits vélos rouges"


@pytest.fixture
def person(db):
    person = factories.UserFactory(email="lea@exemple.test", is_staff=True, is_superuser=True)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def fields(response):
    """What a browser would send of the only form in the middle of a page."""
    form = BeautifulSoup(response.text, "html.parser").select_one("#content-main form")
    named = form.select("input[name], textarea[name]")
    values = [(field["name"], field.get("value", field.get_text().removeprefix("\n"))) for field in named]
    return form["action"], {name: [value for other, value in values if other == name] for name, _ in values}


def sign_in(browser, response, **changes):
    action, data = fields(response)
    return browser.post(action, data | {"username": "lea@exemple.test", "password": PASSWORD} | changes)


def test_what_was_typed_is_sent_again_after_signing_in(browser, person):
    fiche = factories.InitiativeFactory(name="Atelier vélo")
    browser.force_login(person)
    data = typed(browser.get(admin_url(fiche, "change"))) | {"response": "On y répare.\r\n\r\n« Ici » & <là>"}
    Session.objects.all().delete()

    asked = browser.post(admin_url(fiche, "change"), data)
    assert asked.status_code == 200
    assert "Votre session était finie" in asked.text
    wrong = sign_in(browser, asked, password="raté")
    assert wrong.status_code == 200
    taken_up = sign_in(browser, wrong)
    assert "rien n’est encore enregistré" in taken_up.text
    fiche.refresh_from_db()
    assert fiche.response == ""

    action, again = fields(taken_up)
    assert action == admin_url(fiche, "change")
    response = browser.post(action, again)
    assert response.status_code == 302, response.text
    fiche.refresh_from_db()
    assert fiche.response.splitlines() == ["On y répare.", "", "« Ici » & <là>"]


def test_passwords_are_written_in_no_page(browser, person):
    browser.force_login(person)
    address = admin_url(person, "change").replace("change", "password")
    token = typed(browser.get(admin_url(Initiative, "add")))["csrfmiddlewaretoken"]
    Session.objects.all().delete()

    sent = {"csrfmiddlewaretoken": token, "password1": "un secret très long", "password2": "un secret très long"}
    response = browser.post(address, sent | {"usable_password": "true"})

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_a_stranger_learns_nothing_of_the_page(browser, person):
    fiche = factories.InitiativeFactory(name="Atelier vélo")
    browser.force_login(person)
    data = {"csrfmiddlewaretoken": typed(browser.get(admin_url(fiche, "change")))["csrfmiddlewaretoken"], "name": "X"}
    Session.objects.all().delete()

    assert "Atelier vélo" not in browser.post(admin_url(fiche, "change"), data).text


@pytest.mark.parametrize(
    "kept", ["", "[", "[]", '{"name": "x"}', '{"name": [1]}', "null", '{"csrfmiddlewaretoken": ["x"]}']
)
def test_rubbish_in_the_place_of_what_was_typed_is_ignored(client, person, kept):
    data = {"username": person.email, "password": PASSWORD, "next": "/admin/initiatives/", "kept": kept}

    assert client.post("/admin/login/", data).status_code == 302


@pytest.mark.parametrize("address", ["https://ailleurs.test/", "//ailleurs.test/admin/", "/contact/"])
def test_what_was_typed_goes_nowhere_but_to_the_desk(client, person, address):
    data = {"username": person.email, "password": PASSWORD, "next": address, "kept": '{"name": ["x"]}'}

    response = client.post("/admin/login/", data)

    assert response.status_code == 302
    assert not re.search("ailleurs", response.url)
