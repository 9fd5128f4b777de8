"""« Signaler une erreur »: with an address it is confirmed first, without one it reaches the team at once."""

import pytest

from initiatives.models import Initiative, Submission, SubmissionEvent
from initiatives.submission.forms.report import Reason
from tests.factories import UserFactory
from tests.submission.visiting import NOUNS, door, link_in, owned_by, published, send, sentences

pytestmark = pytest.mark.django_db

every_noun = pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)


def report(client, fiche, **more):
    return send(client, door(fiche, "signaler"), **({"reason": "lien", "comment": "Le site ne répond plus."} | more))


@every_noun
def test_without_an_address_it_reaches_the_team_at_once(noun, client, queued_mails):
    fiche = published(noun)

    answer = report(client, fiche)

    assert answer["Location"] == f"{door(fiche, 'signaler')}?etape=recu"
    assert "Votre signalement est arrivé" in client.get(answer["Location"]).text
    submission = Submission.objects.get()
    assert (submission.kind, submission.state, submission.fiche) == ("report", "waiting", fiche)
    assert submission.answers["reason"] == "lien"
    assert submission.comment == "Un lien ne mène plus nulle part.\n\nLe site ne répond plus."
    assert (submission.email, submission.user) == ("", None)
    assert submission.receipt
    assert submission.confirmed_at
    assert len(queued_mails) == 0


@every_noun
def test_with_an_address_it_waits_for_its_confirmation(noun, client, queued_mails):
    fiche = published(noun)

    answer = report(client, fiche, email="Voisin@Exemple.fr", name="Un voisin")

    assert answer["Location"].endswith("?etape=confirmer")
    submission = Submission.objects.get()
    assert (submission.state, submission.email, submission.confirmed_at) == ("unconfirmed", "voisin@exemple.fr", None)
    link = link_in(queued_mails[0])
    for _ in range(3):
        client.get(link)
    submission.refresh_from_db()
    assert submission.state == "unconfirmed"

    client.post(link)

    submission.refresh_from_db()
    assert submission.state == "waiting"
    assert [event.state for event in SubmissionEvent.objects.all()] == ["unconfirmed", "waiting"]
    assert queued_mails[1].to == ["voisin@exemple.fr"]


def test_the_mail_that_confirms_carries_nothing_that_was_typed(client, queued_mails):
    """Or anybody could have us write anything to anybody."""
    report(client, published(Initiative), email="voisin@exemple.fr", name="Achetez ici", comment="https://pub.example")

    [mail] = queued_mails
    for text in (mail.subject, mail.message, mail.html_message):
        assert "Achetez ici" not in text
        assert "pub.example" not in text


def test_who_is_signed_in_confirms_nothing_more(client, queued_mails):
    voisin = UserFactory(email="voisin@exemple.fr")
    client.force_login(voisin)

    answer = report(client, published(Initiative))

    assert answer["Location"].endswith("?etape=recu")
    submission = Submission.objects.get()
    assert (submission.state, submission.user, submission.email) == ("waiting", voisin, voisin.email)


def test_the_owners_are_not_asked(client, queued_mails):
    fiche = published(Initiative)
    owned_by(fiche)

    report(client, fiche)

    assert len(queued_mails) == 0


@pytest.mark.parametrize("reason", Reason.values)
def test_each_reason_is_kept(reason, client):
    report(client, published(Initiative), reason=reason)

    assert Submission.objects.get().answers["reason"] == reason


@pytest.mark.parametrize(
    "wrong",
    [{"reason": None}, {"reason": "rien"}, {"comment": " "}, {"comment": "x" * 2001}, {"email": "voisin"}],
    ids=str,
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(wrong, client):
    answer = report(client, published(Initiative), **({"name": "Un voisin"} | wrong))

    assert answer.status_code == 200
    assert sentences(answer)
    assert "Un voisin" in answer.text
    assert not Submission.objects.exists()


def test_one_address_of_the_network_does_not_flood_the_team(client):
    fiche = published(Initiative)

    answers = [report(client, fiche) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "Le site ne répond plus." in answers[-1].text
    assert int(answers[-1]["Retry-After"]) > 0
    assert Submission.objects.count() == 20


def test_one_person_is_not_flooded_with_confirmations(client):
    fiche = published(Initiative)

    answers = [report(client, fiche, email="victime@exemple.fr") for _ in range(8)]

    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
