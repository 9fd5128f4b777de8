"""The same form sent by two clicks at the same moment, and two owners who say what they think at once."""

import pytest
from django.test import Client

from initiatives.models import Initiative, Opinion, Ownership, Question, Submission
from tests.at_once import at_once
from tests.submission.test_proposals import PERSON, propose
from tests.submission.visiting import door, link_in, owned_by, published, send, typed

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {name.replace("__", "-"): value for name, value in PERSON.items()}
ANSWERS = {
    "proposer-une-modification": WHO | {"summary": "Autre"},
    "signaler": {"reason": "lien", "comment": "Le site ne répond plus.", "email": "ana@exemple.fr"},
    "revendiquer": {"name": "Ana", "role": "présidente", "email": "ana@exemple.fr"},
    "question": {"name": "Ana", "email": "ana@exemple.fr", "message": "Peut-on venir ?"},
}


@pytest.mark.parametrize("what", ANSWERS)
def test_two_clicks_send_one(what, client, queued_mails):
    fiche = published(Initiative)
    owned_by(fiche)
    path = door(fiche, what)
    data = typed(client.get(path)) | ANSWERS[what]

    answers = at_once(*[lambda: Client().post(path, data)] * 3)

    assert [answer.status_code for answer in answers] == [302] * 3
    assert Submission.objects.count() + Question.objects.count() == 1
    assert len(queued_mails) == 1


def test_two_confirmations_at_once_grant_once(client, queued_mails):
    fiche = published(Initiative, website="https://coopirate.fr/")
    send(client, door(fiche, "revendiquer"), **ANSWERS["revendiquer"] | {"email": "ana@coopirate.fr"})
    link = link_in(queued_mails[0])

    at_once(*[lambda: Client().post(link)] * 3)

    assert Ownership.objects.get().user.email == "ana@coopirate.fr"
    assert Submission.objects.get().events.count() == 3
    assert len(queued_mails) == 2


def test_two_owners_say_what_they_think_at_once(client, queued_mails):
    fiche = published(Initiative)
    owners = [owned_by(fiche), owned_by(fiche)]
    propose(client, fiche, summary="Autre")
    client.post(link_in(queued_mails[0]))
    pages = [link_in(mail) for mail in queued_mails if mail.to[0] in {owner.email for owner in owners}]

    answers = at_once(*(lambda page=page: Client().post(page, {"agrees": "oui"}) for page in pages))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Opinion.objects.filter(agrees=True).count() == 2
