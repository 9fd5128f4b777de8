"""The owners of a fiche are told of what others propose, and say what they think before the team decides."""

import pytest
from django.utils import timezone

from initiatives.models import Initiative, Opinion, Ownership, Submission
from initiatives.submission.actions.proposals import receive
from initiatives.submission.lifecycle import State, move
from initiatives.submission.mine import opinions_asked_of
from initiatives.submission.tokens import make
from tests.factories import UserFactory
from tests.submission.test_proposals import propose
from tests.submission.test_proposals_meanwhile import edit, opened, sent
from tests.submission.visiting import NOUNS, door, link_in, owned_by, published, send, sentences

pytestmark = pytest.mark.django_db

OWNER = "porteuse@coopirate.fr"


@pytest.fixture
def proposed(client, queued_mails):
    """A proposal that waits, about a fiche that has an owner."""
    fiche = published(Initiative, summary="Un ancien résumé.")
    owned_by(fiche, email=OWNER)
    propose(client, fiche, summary="Un nouveau résumé.")
    client.post(link_in(queued_mails[0]))
    return Submission.objects.get()


@pytest.fixture
def page(proposed, queued_mails):
    """Where its owner says what they think."""
    [asked] = [mail for mail in queued_mails if mail.to == [OWNER]]
    return link_in(asked)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_the_owners_are_told_when_the_proposal_comes_in_and_not_before(noun, client, queued_mails):
    fiche = published(noun)
    owners = {owned_by(fiche).email, owned_by(fiche).email}

    propose(client, fiche, summary="Autre")
    assert not Opinion.objects.exists()
    client.post(link_in(queued_mails[0]))

    assert {mail.to[0] for mail in queued_mails[1:]} == owners | {"ana@exemple.fr"}
    assert Opinion.objects.filter(agrees=None, at=None).count() == 2


def test_an_owner_is_not_asked_about_what_they_propose_themselves(client, queued_mails):
    fiche = published(Initiative)
    owner = owned_by(fiche)
    client.force_login(owner)

    answer = send(
        client, door(fiche, "proposer-une-modification"), summary="Autre", vous__comment="x", vous__licence="on"
    )

    assert answer["Location"].endswith("?etape=recu")
    assert not Opinion.objects.exists()
    fiche.refresh_from_db()
    assert fiche.summary != "Autre"


def test_an_owner_reads_what_would_change_and_not_who_proposes_it(client, page):
    text = client.get(page).text

    assert "ancien" in text
    assert "nouveau" in text
    assert "J’y travaille." in text
    assert "ana@exemple.fr" not in text
    assert ">Ana<" not in text


def test_three_readings_of_the_link_say_nothing(client, page):
    for _ in range(3):
        answer = client.get(page)

    assert Opinion.objects.get().agrees is None
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("said", "agrees"), [("oui", True), ("non", False)])
def test_an_owner_agrees_or_not_and_may_change_their_mind(said, agrees, client, page):
    send(client, page, agrees=said, comment="Nous fermons le lundi.")

    opinion = Opinion.objects.get()
    assert (opinion.agrees, opinion.comment) == (agrees, "Nous fermons le lundi.")
    assert opinion.at
    assert "Votre avis est noté" in client.get(page).text

    send(client, page, agrees={"oui": "non", "non": "oui"}[said])

    opinion.refresh_from_db()
    assert opinion.agrees is not agrees


def test_saying_nothing_is_refused_and_the_words_stay(client, page):
    answer = send(client, page, comment="Nous fermons le lundi.")

    assert sentences(answer)
    assert "Nous fermons le lundi." in answer.text
    assert Opinion.objects.get().agrees is None


def test_once_it_is_decided_nothing_more_is_said(client, page, proposed):
    move(proposed, State.ACCEPTED, at=timezone.now())

    answer = client.post(page, {"agrees": "non"})

    assert "déjà traitée" in answer.text
    assert Opinion.objects.get().agrees is None


def test_who_left_the_fiche_is_heard_no_more(client, page):
    Ownership.objects.update(ended_at=timezone.now())

    answer = client.post(page, {"agrees": "non"})

    assert "Vous ne suivez plus cette fiche" in answer.text
    assert Opinion.objects.get().agrees is None


def test_who_left_the_fiche_reads_no_more_of_what_is_proposed_for_it(client, page):
    assert "Ce qui changerait" in client.get(page).text
    owner = Opinion.objects.get().user
    Ownership.objects.update(ended_at=timezone.now())

    answer = client.get(page)

    assert "Ce qui changerait" not in answer.text
    assert opinions_asked_of(owner) == []


def test_what_its_author_took_back_is_shown_to_nobody(client, page, proposed):
    move(proposed, State.WITHDRAWN, at=timezone.now())

    assert "Ce qui changerait" not in client.get(page).text


def test_nobody_else_gives_an_opinion(client, proposed):
    uuid = Opinion.objects.get().uuid
    strangers = ["nimporte", make("tracking", uuid), make("opinion", proposed.uuid)]

    for token in strangers:
        assert client.get(f"/avis/{token}/").status_code == 404
        assert client.post(f"/avis/{token}/", {"agrees": "oui"}).status_code == 404
    assert Opinion.objects.get().agrees is None


def test_a_proposal_that_comes_again_asks_anew(client, page, proposed, queued_mails):
    send(client, page, agrees="oui")

    receive(proposed, at=timezone.now())

    opinion = Opinion.objects.get()
    assert (opinion.agrees, opinion.at) == (None, None)
    assert [mail.to for mail in queued_mails].count([OWNER]) == 2


def propose_as(client, fiche, number):
    answers = {"summary": f"Résumé {number}", "vous__comment": "x", "vous__licence": "on"}
    return send(client, door(fiche, "proposer-une-modification"), **answers)


def test_the_owners_are_not_flooded_and_who_proposes_learns_how_to_go_on(client, queued_mails):
    fiche, other = published(Initiative), published(Initiative)
    owned_by(fiche, email=OWNER)
    owned_by(other)
    client.force_login(UserFactory(email="ana@exemple.fr"))

    answers = [propose_as(client, fiche, number) for number in range(4)]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429]
    assert len([mail for mail in queued_mails if mail.to == [OWNER]]) == 3
    assert "Résumé 3" in answers[-1].text
    assert "Les porteurs de la fiche ont déjà reçu" in answers[-1].text
    assert "/contact/" in answers[-1].text
    assert Submission.objects.count() == 3
    # Each fiche has its own count, up to a bound for all.
    assert propose_as(client, other, 1).status_code == 302


def test_somebody_who_owns_many_fiches_is_written_to_ten_times_a_day_at_most_because_of_one_person(
    client, queued_mails
):
    owner = owned_by(published(Initiative), email=OWNER)
    client.force_login(UserFactory(email="ana@exemple.fr"))
    fiches = [published(Initiative) for _ in range(11)]
    for fiche in fiches:
        Ownership.objects.create(user=owner, how="equipe", since=timezone.now(), initiative=fiche)

    answers = [propose_as(client, fiche, 0).status_code for fiche in fiches]

    assert answers == [302] * 10 + [429]
    assert len([mail for mail in queued_mails if mail.to == [OWNER]]) == 10


def test_what_is_to_be_read_again_before_it_is_sent_does_not_count(client):
    fiche = published(Initiative, summary="Ancien")
    owned_by(fiche)
    client.force_login(UserFactory(email="ana@exemple.fr"))
    why = {"vous-comment": "x", "vous-licence": "on"}
    pages = [opened(client, fiche) | why | {"summary": f"Résumé {number}"} for number in range(3)]
    edit(fiche, summary="Corrigé par l’équipe")

    assert [sent(client, fiche, data).status_code for data in pages] == [200] * 3
    assert propose_as(client, fiche, 4).status_code == 302


def test_nobody_counts_what_an_owner_alone_proposes_for_their_own_fiche(client):
    fiche = published(Initiative)
    client.force_login(owned_by(fiche))

    assert [propose_as(client, fiche, number).status_code for number in range(5)] == [302] * 5
