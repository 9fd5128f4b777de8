"""What a queued mail is: written twice, in French, with the site's own addresses; queued with the act or not at all."""

from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from post_office.models import PRIORITY, STATUS, Email, Log

from initiatives.admin.site import site
from initiatives.submission.mailing import absolute, purge_mails, queue_mail

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
TEMPLATES = {
    "essai.subject.txt": "Votre fiche {{ name }}",
    "essai.txt": "{% extends 'emails/base.txt' %}{% block content %}{{ name }} : {{ site.url }}/{% endblock %}",
    "essai.html": "{% extends 'emails/base.html' %}{% block content %}<p>{{ name }}</p>{% endblock %}",
}


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    """A mail of the test's own, in the folder of the others."""
    (tmp_path / "templates" / "emails").mkdir(parents=True)
    for name, text in TEMPLATES.items():
        (tmp_path / "templates" / "emails" / name).write_text(text)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path / "templates"]}]


def write(to="lea@exemple.test", name="Les Jardins", **options):
    return queue_mail(to, "essai", {"name": name}, **options)


def sent(mail):
    """The message that leaves, as the mail server gets it."""
    return mail.email_message().message()


def test_a_mail_waits_with_what_it_says_in_text_and_in_html(queued_mails, settings):
    settings.PUBLISHER, settings.CONTACT_EMAIL = "La Cress", "contact@exemple.test"
    write()
    [mail] = queued_mails

    assert (mail.to, mail.subject, mail.status) == (["lea@exemple.test"], "Votre fiche Les Jardins", STATUS.queued)
    assert mail.from_email == settings.DEFAULT_FROM_EMAIL
    assert mail.message.startswith(f"Les Jardins : {settings.SITE_URL}/\n\nL’équipe d’InnovGuide\n")
    assert "Répondez à ce message\u00a0: La Cress le lira." in mail.message
    assert "<p>Les Jardins</p>" in mail.html_message
    assert "<title>Votre fiche Les Jardins</title>" in mail.html_message
    assert mail.headers == {"Auto-Submitted": "auto-generated", "Reply-To": "contact@exemple.test"}


def test_the_html_is_valid_and_brings_nothing_from_elsewhere():
    page = write(unsubscribe="/mes-fiches/").html_message

    html5lib.HTMLParser(strict=True).parse(page)
    for brought in ("src=", "url(", "<link", "<img", "<script", "@import"):
        assert brought not in page


def test_without_a_contact_nobody_is_asked_to_answer(settings):
    settings.CONTACT_EMAIL = ""
    mail = write()

    assert "Reply-To" not in mail.headers
    for text in (mail.message, mail.html_message):
        assert "une adresse qui ne lit pas les réponses" in text


def test_who_reads_the_answers_may_be_somebody_else(settings):
    settings.CONTACT_EMAIL = "contact@exemple.test"

    assert sent(write(reply_to="porteuse@exemple.test"))["Reply-To"] == "porteuse@exemple.test"


def test_the_message_id_is_of_the_site_and_stays_when_the_mail_is_sent_again(settings):
    mail = write()

    assert mail.message_id.endswith("@127.0.0.1>")
    assert sent(mail)["Message-ID"] == sent(Email.objects.get())["Message-ID"] == mail.message_id
    assert write().message_id != mail.message_id


def test_words_of_people_are_neither_a_template_nor_html():
    mail = write(name="{{ site.url }}{% debug %} <b>L’œuf & la poule</b>")

    assert mail.subject == "Votre fiche {{ site.url }}{% debug %} <b>L’œuf & la poule</b>"
    assert mail.message.startswith("{{ site.url }}{% debug %} <b>L’œuf & la poule</b>")
    assert "<p>{{ site.url }}{% debug %} &lt;b&gt;L’œuf &amp; la poule&lt;/b&gt;</p>" in mail.html_message


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x00", "\x0b", "\x85", "\u2028"])
def test_a_subject_is_one_line_whatever_a_name_holds(line_end):
    mail = write(name=f"Jardins{line_end}Bcc: tous@exemple.test")

    assert mail.subject == "Votre fiche Jardins Bcc: tous@exemple.test"
    assert sent(mail)["Bcc"] is None


def test_a_subject_has_an_end():
    assert len(write(name="x" * 5000).subject) == 200


@pytest.mark.parametrize(
    "address", ["", "pas une adresse", "a@exemple.test\nBcc: b@exemple.test", "a@x.test, b@y.test"]
)
def test_what_is_no_address_is_refused(address, queued_mails):
    with pytest.raises(ValueError, match="not an e-mail address"):
        write(to=address)
    assert queued_mails == []


def test_a_page_to_unsubscribe_is_in_the_headers_and_in_the_text(settings):
    mail = write(unsubscribe="/lettre/arret/abc:def/")
    page = f"{settings.SITE_URL}/lettre/arret/abc:def/"

    assert sent(mail)["List-Unsubscribe"] == f"<{page}>"
    assert sent(mail)["List-Unsubscribe-Post"] is None
    assert f"Ne plus recevoir ces messages\u00a0: {page}" in mail.message
    assert f'href="{page}"' in mail.html_message


def test_a_long_address_to_unsubscribe_is_not_broken():
    page = "/arret/" + "eyJ0eXAi,OiJKV1Qi-" * 20 + "/"

    raw = sent(write(unsubscribe=page)).as_bytes()

    assert page.encode() in raw.replace(b"\n ", b"")
    assert f"<{absolute(page)}>".encode() in raw


def test_one_click_is_said_only_when_it_is_enough():
    mail = write(unsubscribe="/arret/abc/", one_click=True)

    assert sent(mail)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_address_of_a_page_is_that_of_the_site(settings):
    assert absolute("/deposer/") == f"{settings.SITE_URL}/deposer/"
    assert absolute("https://ailleurs.exemple.test/x") == "https://ailleurs.exemple.test/x"


def test_what_somebody_waits_for_comes_first():
    assert [write(priority=name).priority for name in ("low", "medium", "high")] == [
        PRIORITY.low,
        PRIORITY.medium,
        PRIORITY.high,
    ]


def test_a_mail_is_undone_with_the_act_that_it_tells_of(queued_mails):
    with transaction.atomic():
        write()
        assert len(queued_mails) == 1
        transaction.set_rollback(True)

    assert queued_mails == []


def test_nothing_is_sent_before_the_worker_does(mailoutbox):
    write()

    assert mailoutbox == []


def test_the_desk_shows_no_page_of_the_queue():
    assert not [model for model in site._registry if model._meta.app_label == "post_office"]


def test_old_mails_are_purged_and_those_that_wait_never_are(queued_mails):
    ages = {"sent": [29, 31], "failed": [31, 89, 91], "queued": [400], "requeued": [400]}
    for status, days in ages.items():
        for age in days:
            mail = write(name=f"{status} {age}")
            Log.objects.create(email=mail, status=STATUS.failed, message="non")
            Email.objects.filter(pk=mail.pk).update(
                status=getattr(STATUS, status), last_updated=NOW - timedelta(days=age)
            )

    assert purge_mails(NOW) == 2
    assert {mail.subject.removeprefix("Votre fiche ") for mail in queued_mails} == {
        "sent 29",
        "failed 31",
        "failed 89",
        "queued 400",
        "requeued 400",
    }
    assert purge_mails(NOW) == 0


def test_without_a_server_each_mail_is_a_file_and_a_repeat_is_the_same(settings, tmp_path):
    settings.EMAIL_BACKEND = "initiatives.submission.mail_files.MailFiles"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    first, second = write(), write(name="L’Établi")

    for mail in (first, second, second):
        assert mail.email_message().send() == 1

    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert "L’Établi" in files[1].read_text() + files[0].read_text()


def test_a_message_that_no_queue_named_is_a_file_too(settings, tmp_path):
    settings.EMAIL_BACKEND = "initiatives.submission.mail_files.MailFiles"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"

    EmailMessage("../../x", "y", "a@exemple.test", ["b@exemple.test"], headers={"Message-ID": "<../../x@y>"}).send()

    assert [file.name for file in settings.EMAIL_FILE_PATH.iterdir()] == ["....x.eml"]
