"""« Proposer une modification »: what differs is sent, the rest is left alone, and nothing that was typed is lost."""

import re

import pytest

from initiatives.models import Consent, Initiative, ProposedChange, Submission
from tests.factories import (
    UserFactory,
)
from tests.submission.visiting import NOUNS, door, link_in, published, send, sentences, typed

pytestmark = pytest.mark.django_db

every_noun = pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
PERSON = {
    "vous__name": "Ana",
    "vous__email": "ana@exemple.fr",
    "vous__comment": "J’y travaille.",
    "vous__licence": "on",
}


def propose(client, fiche, **answers):
    return send(client, door(fiche, "proposer-une-modification"), **(PERSON | answers))


def changed():
    """Field → (base, proposed) of the one proposal."""
    return {change.field: (change.base, change.proposed) for change in ProposedChange.objects.all()}


@every_noun
def test_only_what_differs_is_sent_once_its_author_is_known(noun, client, queued_mails):
    fiche = published(noun, summary="Un ancien résumé.", website="https://exemple.fr/")

    answer = propose(client, fiche, summary="Un nouveau résumé.", vous__source_url="gazette.fr/article")

    assert answer["Location"] == f"{door(fiche, 'proposer-une-modification')}?etape=confirmer"
    submission = Submission.objects.get()
    assert (submission.kind, submission.state, submission.fiche) == ("change", "unconfirmed", fiche)
    assert (submission.name, submission.email, submission.base_revision) == ("Ana", "ana@exemple.fr", fiche.revision)
    assert submission.comment == "J’y travaille.\n\nSource : https://gazette.fr/article"
    assert changed() == {"summary": ("Un ancien résumé.", "Un nouveau résumé.")}
    [mail] = queued_mails
    assert mail.to == ["ana@exemple.fr"]

    link = link_in(mail)
    for _ in range(3):
        client.get(link)
    submission.refresh_from_db()
    assert submission.state == "unconfirmed"
    client.post(link)

    submission.refresh_from_db()
    assert (submission.state, submission.user.email) == ("waiting", "ana@exemple.fr")
    fiche.refresh_from_db()
    assert fiche.summary == "Un ancien résumé."


@every_noun
def test_a_page_sent_as_it_is_proposes_nothing_and_says_so(noun, client):
    answer = propose(client, published(noun))

    assert answer.status_code == 200
    assert any("Rien n’est changé" in sentence for sentence in sentences(answer))
    assert re.search(r"<details id=\"partie-[\w-]+\" open", answer.text)  # what is to be corrected is in sight
    assert not Submission.objects.exists()


def test_who_is_signed_in_is_not_asked_who_they_are(client, queued_mails):
    fiche = published(Initiative)
    ana = UserFactory(email="ana@exemple.fr")
    client.force_login(ana)

    page = client.get(door(fiche, "proposer-une-modification"))
    answer = send(client, page.request["PATH_INFO"], summary="Autre", vous__comment="Vu", vous__licence="on")

    assert 'name="vous-email"' not in page.text
    assert answer["Location"].endswith("?etape=recu")
    submission = Submission.objects.get()
    assert (submission.state, submission.user, submission.email) == ("waiting", ana, ana.email)


def test_the_texts_that_are_accepted_are_kept_with_their_version(client):
    propose(client, published(Initiative), summary="Autre")

    kept = {consent.text: consent.version for consent in Consent.objects.all()}
    assert kept["licence"] == "2.0"
    assert kept["donnees-personnelles"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"vous__comment": ""},
        {"vous__licence": None},
        {"vous__email": ""},
        {"vous__name": ""},
        {"vous__source_url": "pas une page"},
        {"name": ""},
        {"summary": "x" * 301},
        {"website": "pas une page"},
    ],
    ids=str,
)
@every_noun
def test_what_is_wrong_is_listed_first_and_nothing_is_lost(noun, wrong, client):
    fiche = published(noun)

    answer = propose(client, fiche, **({"summary": "Un résumé tapé", "vous__comment": "Mes raisons"} | wrong))

    assert answer.status_code == 200
    assert sentences(answer, ".avis.erreur li")
    assert ("Un résumé tapé" in answer.text) != ("summary" in wrong)
    assert ("Mes raisons" in answer.text) != ("vous__comment" in wrong)
    assert not Submission.objects.exists()


def test_a_double_click_proposes_once(client, queued_mails):
    fiche = published(Initiative)
    path = door(fiche, "proposer-une-modification")
    person = {name.replace("__", "-"): value for name, value in PERSON.items()}
    data = typed(client.get(path)) | person | {"summary": "Autre"}

    for _ in range(2):
        assert client.post(path, data).status_code == 302

    assert Submission.objects.count() == 1
    assert len(queued_mails) == 1


def test_too_many_proposals_are_refused_without_losing_anything(client):
    fiche = published(Initiative)

    answers = [propose(client, fiche, summary=f"Résumé {number}") for number in range(7)]

    assert [answer.status_code for answer in answers] == [302] * 6 + [429]
    assert "Résumé 6" in answers[-1].text
