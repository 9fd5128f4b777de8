"""What becomes of a mail: sent, put off, given up; and who is to blame when it does not leave."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from initiatives.models.mails import due_mails
from initiatives.submission import sender
from initiatives.submission.mailing import queue_mail
from initiatives.submission.sender import WAITS, Sender, ServerDown

pytestmark = pytest.mark.django_db


class Elected:
    def is_elected(self):
        return True


@pytest.fixture
def office():
    return Sender(Elected(), ending=False)


def queue(to="lea@exemple.test", **options):
    return queue_mail(to, "password_reset", {"email": to, "uid": "MQ", "token": "a-b", "hours": 3}, **options)


def make_due():
    Email.objects.update(scheduled_time=timezone.now())


def test_a_sent_mail_is_noted_as_such(office, mail_server):
    mail = queue()

    assert office.send_batch() == 1

    mail.refresh_from_db()
    assert mail.status == STATUS.sent
    [message] = mail_server.accepted
    assert (message["To"], message["Message-ID"]) == ("lea@exemple.test", mail.message_id)
    assert message["Subject"] == "Votre mot de passe InnovGuide"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "Quelqu’un, vous sans doute" in message.get_body(["plain"]).get_content()
    assert office.send_batch() == 0


def test_at_most_ten_leave_at_a_time_first_those_that_somebody_waits_for(office, mail_server):
    for number in range(11):
        queue(f"lettre{number}@exemple.test", priority="low")
    queue("urgent@exemple.test", priority="high")

    assert [office.send_batch(), office.send_batch(), office.send_batch()] == [10, 2, 0]

    assert [message["To"] for message in mail_server.accepted] == [
        "urgent@exemple.test",
        *(f"lettre{number}@exemple.test" for number in range(11)),
    ]


@pytest.mark.parametrize("answer", ["550 Nobody of that name", "451 Try later"])
def test_an_address_that_is_refused_blocks_nobody_and_is_tried_again_later(office, mail_server, answer, caplog):
    mail_server.answers["perdue@exemple.test"] = answer
    lost, other = queue("perdue@exemple.test"), queue()

    office.send_batch()

    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.status, lost.number_of_retries, other.status) == (STATUS.requeued, 1, STATUS.sent)
    assert WAITS[0] * 0.9 < lost.scheduled_time - timezone.now() <= WAITS[0]
    assert Log.objects.get().exception_type == "SMTPRecipientsRefused"
    assert "exemple.test" not in caplog.text

    del mail_server.answers["perdue@exemple.test"]
    assert office.send_batch() == 0
    make_due()
    assert office.send_batch() == 1
    lost.refresh_from_db()
    assert (lost.status, Log.objects.count()) == (STATUS.sent, 0)


def test_a_mail_refused_for_five_days_is_given_up_with_the_last_reason(office, mail_server):
    mail_server.answers["perdue@exemple.test"] = "550 Nobody of that name"
    mail = queue("perdue@exemple.test")
    assert timedelta(days=4) < sum(WAITS, timedelta()) < timedelta(days=6)

    for number in range(1, len(WAITS) + 1):
        make_due()
        office.send_batch()
        mail.refresh_from_db()
        assert (mail.status, mail.number_of_retries) == (STATUS.requeued, number)
    make_due()
    office.send_batch()

    mail.refresh_from_db()
    assert mail.status == STATUS.failed
    assert Log.objects.get().message == "550 Nobody of that name"
    assert not due_mails(timezone.now() + timedelta(days=99)).exists()


def test_no_mail_is_to_blame_for_a_server_that_is_down(office, mail_server):
    mail_server.stop()
    queue()

    with pytest.raises(ServerDown):
        office.send_batch()
    assert Email.objects.get().number_of_retries is None

    mail_server.start()
    assert office.send_batch() == 1


def test_a_server_that_wants_a_password_is_a_server_that_is_down(office, mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "nous", "secret"
    queue()

    with pytest.raises(ServerDown):
        office.send_batch()
    assert Email.objects.get().status == STATUS.queued


def test_a_mail_that_cannot_even_be_written_blocks_nobody(office, mail_server):
    broken = queue()
    queue("autre@exemple.test")
    Email.objects.filter(pk=broken.pk).update(headers={"X-Faux": "deux\nlignes"})

    office.send_batch()

    assert [message["To"] for message in mail_server.accepted] == ["autre@exemple.test"]
    assert Email.objects.get(pk=broken.pk).status == STATUS.requeued


def test_an_address_with_a_comma_is_one_address(office, mail_server):
    queue('"durand,lea"@exemple.test')

    office.send_batch()

    assert Email.objects.get().status == STATUS.sent
    assert [len(addresses) for addresses in mail_server.recipients] == [1]


def test_what_the_database_could_not_be_told_is_told_before_anything_else_leaves(office, mail_server, monkeypatch):
    queue(), queue("autre@exemple.test")

    def away(*args, **kwargs):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(sender, "_record", away)
        for _ in range(3):
            with pytest.raises(OperationalError):
                office.send_batch()
    assert len(mail_server.accepted) == 1

    assert office.send_batch() == 1
    assert [message["To"] for message in mail_server.accepted] == ["lea@exemple.test", "autre@exemple.test"]


def test_nothing_leaves_once_another_is_elected_or_the_end_has_come(office, mail_server):
    queue()

    class Beaten:
        def is_elected(self):
            return False

    assert Sender(Beaten(), ending=False).send_batch() == 0
    assert Sender(Elected(), ending=True).send_batch() == 0
    assert mail_server.accepted == []


def test_what_is_told_late_does_not_undo_what_another_sender_did(office, mail_server, monkeypatch):
    mail_server.answers["lea@exemple.test"] = "451 Try later"
    mail = queue()
    record = sender._record

    def told_late(pk, **outcome):
        Email.objects.update(status=STATUS.sent)
        record(pk, **outcome)

    monkeypatch.setattr(sender, "_record", told_late)
    office.send_batch()

    mail.refresh_from_db()
    assert (mail.status, Log.objects.count()) == (STATUS.sent, 0)


def test_a_mail_deleted_while_it_left_is_no_fault(office, mail_server, monkeypatch):
    mail = queue()
    record = sender._record

    def delete_first(pk, **outcome):
        Email.objects.all().delete()
        record(pk, **outcome)

    mail_server.answers[mail.to[0]] = "550 No"
    monkeypatch.setattr(sender, "_record", delete_first)

    assert office.send_batch() == 1
    assert not Log.objects.exists()


def test_the_forgotten_password_arrives(client, office, mail_server):
    from tests.factories import UserFactory

    UserFactory(email="lea@exemple.test", is_staff=True)
    client.post("/admin/mot-de-passe/", {"email": "lea@exemple.test"})

    office.send_batch()

    [message] = mail_server.accepted
    assert "/admin/mot-de-passe/" in message.get_body(["plain"]).get_content()


def test_no_module_writes_to_anybody_by_another_way(settings):
    others = ("send_mail(", "EmailMessage(", "EmailMultiAlternatives(", "post_office.mail")
    for path in (settings.BASE_DIR / "initiatives").rglob("*.py"):
        text = path.read_text()
        if "def send_mail(" not in text and path.name != "mailing.py":
            assert not any(other in text for other in others), path
