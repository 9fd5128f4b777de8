"""``/connexion/``: who gets a link, what a link does and does not, and what a stranger learns (nothing)."""

import re
import time
from datetime import timedelta
from urllib.parse import urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email
from sesame import settings as sesame_settings
from sesame.utils import get_token

from initiatives.models import ALL, Initiative, RateCount, User, record_change
from initiatives.submission import connection
from initiatives.submission.connection import SCOPE, holder_of
from initiatives.submission.tokens import make, read
from initiatives.submission.views import connection as views
from tests.admin.pages import published
from tests.at_once import at_once
from tests.factories import UserFactory
from tests.submission.people import by_a_person

pytestmark = pytest.mark.django_db

ASK = "/connexion/"
HOLDER = "lea@exemple.fr"


@pytest.fixture
def holder():
    return UserFactory(email=HOLDER)


def ask(client, email=HOLDER, **more):
    return client.post(ASK, by_a_person({"email": email, **more}))


def link(client, **more):
    """The path of the link that the last mail carries, once asked for."""
    ask(client, **more)
    address = re.search(r"^http://\S+$", Email.objects.latest("pk").message, re.MULTILINE)[0]
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == site_settings.SITE_URL
    return f"{parts.path}?{parts.query}".rstrip("?")


def signed_in(client):
    return client.get("/mes-fiches/").status_code == 200


def everything():
    return [[*model.objects.order_by("pk").values()] for model in (User, Session, Email, RateCount)]


# Asking


def test_a_holder_gets_a_link_that_signs_them_in(client, holder):
    page = link(client)

    opened = client.get(page)
    assert opened.status_code == 200
    assert HOLDER in opened.text
    answer = client.post(page)

    assert (answer.status_code, answer["Location"]) == (302, "/mes-fiches/")
    assert signed_in(client)


def test_the_address_is_one_whatever_its_case(client, holder):
    assert ask(client, " LEA@Exemple.fr ").status_code == 302

    assert Email.objects.get().to == [HOLDER]


def test_somebody_of_the_team_is_sent_to_the_desk(client):
    UserFactory(email="equipe@exemple.fr", is_staff=True)

    ask(client, "equipe@exemple.fr")

    message = Email.objects.get().message
    assert f"{site_settings.SITE_URL}/admin/login/" in message
    assert "/connexion/" not in message


def test_a_closed_account_and_an_unknown_address_get_nothing(client):
    UserFactory(email=HOLDER, is_active=False)

    for email in (HOLDER, "inconnue@exemple.fr"):
        ask(client, email)

    assert not Email.objects.exists()


def told(response):
    """What somebody who asks can see, the values that change each time left out."""
    hidden = re.sub(r'value="[^"]*"', "", response.text)
    kept = {name: value for name, value in response.headers.items() if name not in ("X-Request-ID", "Content-Length")}
    return response.status_code, hidden, kept, sorted(response.cookies)


def test_the_answer_is_the_same_whoever_it_is_the_address_of(holder):
    UserFactory(email="equipe@exemple.fr", is_staff=True)
    UserFactory(email="partie@exemple.fr", is_active=False)

    answers = []
    for email in (HOLDER, "equipe@exemple.fr", "partie@exemple.fr", "inconnue@exemple.fr"):
        client = Client()
        answers.append((told(ask(client, email)), told(client.get("/connexion/envoi/"))))

    assert all(answer == answers[0] for answer in answers)


def test_the_address_is_looked_up_once_the_answer_is_sent(rf, holder):
    """So that how long one waits says nothing of it."""

    def asked(email):
        with CaptureQueriesContext(database) as seen:
            views.connection(rf.post(ASK, by_a_person({"email": email})))
        return [query["sql"].split()[:3] for query in seen.captured_queries]

    assert asked(HOLDER) == asked("inconnue@exemple.fr")
    assert not Email.objects.exists()


def test_an_address_that_asks_too_often_is_told_when_to_try_again_known_or_not(holder):
    client = Client()
    answers = {email: [ask(client, email) for _ in range(6)] for email in (HOLDER, "inconnue@exemple.fr")}

    for email, given in answers.items():
        assert [answer.status_code for answer in given] == [302] * 5 + [429]
        last = given[-1]
        assert int(last["Retry-After"]) <= 3600
        page = BeautifulSoup(last.text, "html.parser")
        assert page.select_one("#id_email")["value"] == email
        assert page.select_one("[role=alert] a")["href"] == "/contact/"
    assert Email.objects.count() == 5


def test_one_connection_cannot_try_one_address_after_the_other(client):
    answers = [
        ask(
            client,
            f"personne{n}@exemple.fr",
        ).status_code
        for n in range(31)
    ]

    assert answers == [302] * 30 + [429]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Écrivez votre adresse électronique."),
        ("lea", "Écrivez une adresse électronique entière"),
        ("lea@exemple.fr\nBcc: x@exemple.fr", "Écrivez une adresse électronique entière"),
    ],
)
def test_what_is_no_address_is_said_beside_the_field_and_first_thing_of_the_form(client, typed, sentence):
    page = BeautifulSoup(ask(client, typed).text, "html.parser")

    assert sentence in page.select_one("[role=alert] a[href='#id_email']").get_text()
    assert sentence in page.select_one("#id_email_error").get_text()
    assert page.title.get_text().startswith("Erreur")
    assert not RateCount.objects.exists()


def test_a_robot_gets_no_mail_sent(client, holder):
    client.post(ASK, {"email": HOLDER})
    client.post(ASK, by_a_person({"email": HOLDER, "objet_complementaire": "x"}))

    assert not Email.objects.exists()


def test_a_database_that_fails_then_is_our_fault_and_not_theirs(client, holder, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(connection, "queue_mail", fail)

    assert ask(client).status_code == 302
    assert "sign-in link not queued" in caplog.text
    assert HOLDER not in caplog.text


# Using


def test_opening_a_link_changes_nothing(client, holder):
    page = link(client)
    before = everything()

    for _ in range(3):
        assert client.get(page).status_code == 200
    client.head(page)

    assert everything() == before
    assert not signed_in(client)
    assert client.post(page).status_code == 302


def test_a_link_is_used_once_and_then_offers_another(client, holder):
    page = link(client)
    client.post(page)

    stranger = Client()
    for answer in (stranger.get(page), stranger.post(page)):
        assert answer.status_code == 410
        assert "Ce lien ne vaut plus" in answer.text
        assert 'href="/connexion/"' in answer.text
    assert not signed_in(stranger)
    # Whoever pressed twice is in.
    assert "Aller à mes fiches" in client.post(page).text


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_is_in(client, holder):
    page = link(client)
    people = [Client() for _ in range(6)]

    at_once(*(lambda person=person: person.post(page) for person in people))

    assert sorted(signed_in(person) for person in people) == [False] * 5 + [True]


def test_a_link_is_over_after_half_an_hour(client, holder, monkeypatch):
    page = link(client)
    now = time.time()
    monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: now + 29 * 60)
    assert client.get(page).status_code == 200

    monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: now + 31 * 60)
    assert client.get(page).status_code == 410
    assert client.post(page).status_code == 410
    assert not signed_in(client)


def test_links_are_of_one_use_whatever_the_default():
    assert (sesame_settings.ONE_TIME, sesame_settings.MAX_AGE) == (True, 1800)


def test_a_link_made_up_changed_or_of_another_use_signs_nobody_in(client, holder):
    good = get_token(holder, SCOPE)
    other = UserFactory()
    changed = ("A" if good[0] != "A" else "B") + good[1:]
    for token in (
        "x",
        good[:-1],
        changed,
        get_token(holder),
        get_token(holder, "autre"),
        good[:11] + get_token(other, SCOPE)[11:],
    ):
        for answer in (client.get(f"/connexion/{token}/"), client.post(f"/connexion/{token}/")):
            assert answer.status_code == 410
    assert not signed_in(client)


def test_a_link_signs_nobody_in_once_the_account_is_closed_or_of_the_team(client, holder):
    page = link(client)
    for change in ({"is_staff": True, "is_active": True}, {"is_staff": False, "is_active": False}):
        User.objects.filter(pk=holder.pk).update(**change)
        assert client.post(page).status_code == 410
    assert not signed_in(client)


def test_another_address_for_the_account_voids_its_links(client, holder):
    page = link(client)
    User.objects.filter(pk=holder.pk).update(email="autre@exemple.fr")

    assert client.post(page).status_code == 410


def test_neither_asking_nor_using_voids_the_links_of_other_mails(client, holder):
    confirmation = make("confirmation", "17")

    first = link(client)
    assert read("confirmation", confirmation) == "17"
    client.post(first)

    assert read("confirmation", confirmation) == "17"


def test_a_second_link_does_not_void_the_first_before_it_is_used(client, holder):
    first, second = link(client), link(client)

    assert client.get(first).status_code == client.get(second).status_code == 200
    client.post(second)
    assert client.get(first).status_code == 410


def test_the_button_needs_the_page(holder):
    browser = Client(enforce_csrf_checks=True)
    page = link(Client())

    assert browser.post(page).status_code == 403
    fields = BeautifulSoup(browser.get(page).text, "html.parser").select("main form input")
    sent = {field["name"]: field["value"] for field in fields}
    assert browser.post(page, sent).status_code == 302
    assert signed_in(browser)


# The session


def test_the_key_of_the_session_changes_as_one_signs_in(client, holder):
    session = client.session
    session["kept"] = "before"
    session.save()
    fixed = session.session_key

    client.post(link(client))

    assert client.session.session_key != fixed
    assert not Session.objects.filter(session_key=fixed).exists()


def test_a_holder_stays_signed_in_two_weeks(client, holder):
    answer = client.post(link(client))

    cookie = answer.cookies["sessionid"]
    assert cookie["max-age"] == timedelta(days=14).total_seconds()
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_somebody_of_the_team_may_also_sign_in_as_a_holder(client, holder, admin_user):
    client.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    page = link(client)
    assert "vous en serez déconnecté" in client.get(page).text

    client.post(page)

    assert client.session["_auth_user_id"] == str(holder.pk)
    assert client.get("/admin/").status_code == 302


def test_a_link_never_opens_the_desk(client, holder):
    client.post(link(client))
    User.objects.filter(pk=holder.pk).update(is_staff=True, is_superuser=True)

    assert client.get("/admin/").status_code == 302


def test_pages_are_not_told_apart_for_strangers_once_somebody_is_signed_in(client, holder):
    published(Initiative)
    record_change(ALL)
    assert "ETag" in Client().get("/initiatives/")
    client.post(link(client))

    assert "ETag" not in client.get("/initiatives/")
    answer = client.post("/deconnexion/")
    assert answer.cookies["sessionid"]["max-age"] == 0


def test_one_signs_out_by_a_button_only(client, holder):
    client.post(link(client))
    for _ in range(3):
        assert client.get("/deconnexion/").status_code == 200
    assert signed_in(client)
    key = client.session.session_key

    answer = client.post("/deconnexion/", follow=True)

    assert "Vous êtes déconnecté" in answer.text
    assert not signed_in(client)
    assert not Session.objects.filter(session_key=key).exists()


# Where one goes then


def test_one_comes_back_to_the_page_that_one_wanted(client, holder):
    asked = client.get("/mes-fiches/")
    assert asked["Location"] == "/connexion/?suite=/mes-fiches/"

    page = link(client, suite="/initiatives/?q=eau")
    form = BeautifulSoup(client.get(page).text, "html.parser").select_one("main form")
    sent = {field["name"]: field["value"] for field in form.select("input")}

    assert client.post(page.partition("?")[0], sent)["Location"] == "/initiatives/?q=eau"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://exemple.fr/",
        "//exemple.fr/",
        "/\\exemple.fr",
        "\\\\exemple.fr",
        "javascript:alert(1)",
        "mes-fiches/",
        " /x",
        "///x",
    ],
)
def test_one_is_never_sent_to_another_site(client, holder, elsewhere):
    page = link(client, suite=elsewhere)
    assert "suite" not in page

    assert client.post(page, {"suite": elsewhere})["Location"] == "/mes-fiches/"


def test_the_pages_of_a_link_are_private(client, holder):
    page = link(client)

    for address in (ASK, "/connexion/envoi/", page, "/connexion/x/", "/deconnexion/"):
        answer = client.get(address)
        html5lib.HTMLParser(strict=True).parse(answer.text)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex"
        assert page.split("/")[2] not in answer.text
    assert reverse("connection_link", args=["x"]) == "/connexion/x/"


def test_a_link_is_read_without_being_used(holder):
    token = get_token(holder, SCOPE)

    assert holder_of(token) == holder_of(token) == holder
