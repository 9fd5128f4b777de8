"""« Messages non remis »: the mails that were given up, at the desk."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from initiatives.models.mails import due_mails, mails_given_up
from tests import factories
from tests.admin.pages import allow, messages
from tests.factories import make_given_up

pytestmark = pytest.mark.django_db
SECRET = "un-jeton-de-mail"


def url():
    return reverse("admin:undelivered")


def page_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def cells(row):
    return [" ".join(cell.get_text().split()) for cell in row.select("th, td")]


def decide(team, act, *mails):
    return team.post(url(), {"act": act, "message": [mail.pk for mail in mails]}, follow=True)


def test_a_mail_given_up_is_listed_with_whom_when_what_and_why(team):
    make_given_up("maud@exemple.test", subject="Votre fiche", said="552 Mailbox full")
    Email.objects.update(last_updated=timezone.now().replace(year=2026, month=3, day=4, hour=12))

    [row] = page_of(team.get(url())).select("main tbody tr")

    assert cells(row) == ["Votre fiche", "maud@exemple.test", "4 mars 2026", "12", "552 Mailbox full"]


def test_neither_what_a_mail_says_nor_a_link_is_shown(team):
    make_given_up("maud@exemple.test", said=f"554 Blocked: https://exemple.test/connexion/{SECRET}/ is spam")

    text = team.get(url()).text

    assert SECRET not in text
    assert "554 Blocked: [lien] is spam" in text


def test_the_last_one_comes_first_and_what_waits_or_was_sent_is_not_there(team):
    for status in (STATUS.sent, STATUS.queued, STATUS.requeued):
        Email.objects.create(to=["lea@exemple.test"], from_email="nous@exemple.test", subject="Non", status=status)
    for subject in ("Avant", "Après"):
        make_given_up("maud@exemple.test", subject=subject)

    assert [cells(row)[0] for row in page_of(team.get(url())).select("main tbody tr")] == ["Après", "Avant"]


def test_a_selection_is_tried_again_at_once_and_as_long_as_a_new_one(team):
    first, second, third = (make_given_up("maud@exemple.test") for _ in range(3))

    response = decide(team, "reessayer", first, second)

    assert messages(response) == ["2 messages repartent dans une minute."]
    assert [mail.pk for mail in due_mails(timezone.now())] == [first.pk, second.pk]
    first.refresh_from_db()
    assert (first.number_of_retries, first.message_id) == (0, Email.objects.get(pk=first.pk).message_id)
    assert list(mails_given_up()) == [third]


def test_what_is_left_at_that_is_not_tried_nor_listed_nor_counted_and_can_be_told_apart(team):
    mail = make_given_up("maud@exemple.test")

    response = decide(team, "classer", mail)

    assert messages(response) == ["1 message est classé."]
    assert not due_mails(timezone.now() + timedelta(days=99)).exists()
    assert not mails_given_up().exists()
    assert "aucun message n’a été abandonné" in response.text
    assert "refusés par le serveur" not in team.get("/sante/").text
    mail.refresh_from_db()
    assert mail.status == STATUS.failed


def test_who_decided_is_kept_without_the_address_of_anybody(team):
    mail = make_given_up("maud@exemple.test")

    decide(team, "reessayer", mail)
    decide(team, "reessayer", mail)

    entry = LogEntry.objects.get()
    assert (entry.user.email, entry.object_id, entry.change_message) == (
        "equipe@exemple.test",
        str(mail.pk),
        "Réessayé",
    )
    assert "maud" not in entry.object_repr


def test_nothing_chosen_twice_or_nonsense_changes_nothing_and_is_said(team):
    mail = make_given_up("maud@exemple.test")
    assert messages(decide(team, "classer")) == ["Cochez au moins un message."]
    for strange in ("zz", "-1", "9" * 40, "a\0b"):
        assert team.post(url(), {"act": "classer", "message": strange}).status_code == 302
    assert list(mails_given_up()) == [mail]

    decide(team, "classer", mail)

    assert messages(decide(team, "reessayer", mail)) == ["Quelqu’un s’en est déjà occupé."]
    assert not due_mails(timezone.now()).exists()


def test_what_was_sent_meanwhile_is_not_sent_again(team):
    mail = make_given_up("maud@exemple.test")
    Email.objects.update(status=STATUS.sent)

    decide(team, "reessayer", mail)

    assert not due_mails(timezone.now()).exists()


def test_the_front_page_leads_to_it_when_there_are_some(team):
    assert url() not in team.get("/admin/").text

    make_given_up("maud@exemple.test")

    page = page_of(team.get("/admin/"))
    assert [cells(row)[1] for row in page.select("tbody tr") if row.select_one(f'a[href="{url()}"]')] == ["1"]
    assert page.select_one(f'nav a[href="{url()}"] b').get_text() == "1"


def test_only_those_who_moderate_come_in(client):
    mail = make_given_up("maud@exemple.test")
    for response in (client.get(url()), client.post(url(), {"act": "classer", "message": mail.pk})):
        assert "login" in response["Location"]

    person = factories.UserFactory(is_staff=True)
    allow(person, "view_initiative", "change_initiative")
    client.force_login(person)
    assert client.get(url()).status_code == 403
    assert decide(client, "classer", mail).status_code == 403
    assert url() not in client.get("/admin/").text
    assert mails_given_up().exists()

    allow(person, "moderate")
    assert "maud@exemple.test" in client.get(url()).text


def test_a_page_asks_as_many_questions_whatever_the_number(team):
    def questions():
        team.get(url())
        with CaptureQueriesContext(connection) as queries:
            page = page_of(team.get(url()))
        assert page.select("main tbody tr")
        return len(queries)

    make_given_up("maud@exemple.test")
    few = questions()
    for _ in range(60):
        make_given_up("maud@exemple.test")

    assert questions() == few
