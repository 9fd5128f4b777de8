"""A forgotten password, from the sign-in page to the new one."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse

from tests.admin.pages import errors
from tests.admin.test_policy import breaches
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ASK = "/admin/mot-de-passe/"
NEW = "un-mot-de-passe-bien-long"


@pytest.fixture
def member():
    return UserFactory(email="lea@exemple.test", is_staff=True)


def link_of(message):
    return re.search(r"(?m)^http\S+$", message.message)[0].removeprefix(settings.SITE_URL)


def ask(client, email="lea@exemple.test"):
    return client.post(ASK, {"email": email}, follow=True)


def choose(client, mails, password, again=None):
    page = client.get(link_of(mails[-1]), follow=True)
    form = {"new_password1": password, "new_password2": password if again is None else again}
    return client.post(page.request["PATH_INFO"], form, follow=True)


def test_the_sign_in_page_leads_there(client):
    page = BeautifulSoup(client.get(reverse("admin:login")).text, "html.parser")

    assert page.select_one(f'a[href="{ASK}"]')


def test_somebody_of_the_team_gets_a_link_and_chooses_a_password(client, member, queued_mails):
    ask(client, " LEA@exemple.test ")
    [message] = queued_mails

    assert message.to == ["lea@exemple.test"]
    assert message.subject == "Votre mot de passe InnovGuide"
    assert "Ce lien vaut 3 heures" in message.message
    assert choose(client, queued_mails, NEW).redirect_chain == [("/admin/mot-de-passe/change/", 302)]
    assert client.login(email="lea@exemple.test", password=NEW)


def test_the_link_leads_to_the_site_whatever_the_host_of_the_request(client, member, settings, queued_mails):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(ASK, {"email": member.email}, headers={"host": "ailleurs.exemple.test"})

    assert "ailleurs" not in queued_mails[0].message
    assert f"{settings.SITE_URL}/admin/mot-de-passe/" in queued_mails[0].message


@pytest.mark.parametrize("state", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
def test_nobody_else_gets_a_message_and_the_answer_is_the_same(client, member, state, queued_mails):
    UserFactory(email="ailleurs@exemple.test", **state)
    answers = {ask(client, email).text for email in ("ailleurs@exemple.test", "inconnue@exemple.test")}
    assert queued_mails == []

    answers.add(ask(client).text)

    assert len(answers) == 1
    assert len(queued_mails) == 1


def test_the_answer_is_the_same_when_the_mail_server_is_down(client, member, settings):
    known = ask(client).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert ask(client).text == known


def test_a_link_serves_once(client, member, queued_mails):
    ask(client)
    choose(client, queued_mails, NEW)

    page = client.get(link_of(queued_mails[0]), follow=True)

    assert "Ce lien ne vaut plus" in page.text
    assert "new_password1" not in page.text


@pytest.mark.parametrize("address", ["MQ/abc-def/", "x/y/", "MQ/set-password/"])
def test_a_made_up_link_is_refused(client, member, address):
    assert "Ce lien ne vaut plus" in client.get(ASK + address, follow=True).text


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("court", None, "trop court"),
        ("lea@exemple.test", None, "trop semblable"),
        ("123456789012345", None, "numérique"),
        (NEW, "autre", "ne correspondent pas"),
        ("", "", "obligatoire"),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(client, member, password, again, sentence, queued_mails):
    ask(client)

    assert sentence in " ".join(errors(choose(client, queued_mails, password, again)))
    assert not client.login(email=member.email, password=password)


@pytest.mark.parametrize("typed", ["", "pas une adresse", "a" * 300 + "@exemple.test"])
def test_what_is_no_address_is_refused_with_a_sentence(client, typed):
    response = client.post(ASK, {"email": typed})

    assert response.status_code == 200
    assert errors(response)


def test_the_pages_hold_no_style_or_script_and_one_heading(client, member, queued_mails):
    ask(client)
    pages = [
        client.get(ASK),
        ask(client),
        client.get(link_of(queued_mails[0]), follow=True),
        choose(client, queued_mails, "court"),
    ]
    pages += [choose(client, queued_mails, NEW), client.get(ASK + "x/y/")]

    for page in pages:
        assert breaches(page) == []
        assert len(BeautifulSoup(page.text, "html.parser").select("h1")) == 1
        assert "no-store" in page["Cache-Control"]


def test_a_session_ends_with_the_browser_or_the_day(team):
    assert team.session.get_expire_at_browser_close()
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
