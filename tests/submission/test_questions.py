"""« Poser une question au porteur »: relayed once its author proved their address; nobody sees the owner's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from initiatives.models import Initiative, Ownership, Question
from initiatives.submission.actions.questions import purge_questions
from initiatives.submission.tokens import make
from tests.factories import UserFactory
from tests.submission.visiting import door, link_in, owned_by, published, send, sentences, typed

pytestmark = pytest.mark.django_db

OWNER = "porteuse@coopirate.fr"


@pytest.fixture
def fiche():
    fiche = published(Initiative, website="https://coopirate.fr/")
    owned_by(fiche, email=OWNER, name="Léa Martin")
    return fiche


def ask(client, fiche, **more):
    answers = {"name": "Ana", "email": "ana@exemple.fr", "message": "Peut-on vous rendre visite <b>un mardi</b> ?"}
    return send(client, door(fiche, "question"), **(answers | more))


def test_it_is_relayed_with_the_address_of_its_author_once_confirmed(client, fiche, queued_mails):
    answer = ask(client, fiche)

    assert answer["Location"].endswith("?etape=confirmer")
    [confirmation] = queued_mails
    assert confirmation.to == ["ana@exemple.fr"]
    assert "mardi" not in confirmation.message

    done = client.post(link_in(confirmation), follow=True)

    assert "Votre question est partie" in done.text
    relayed = queued_mails[1]
    assert relayed.to == [OWNER]
    assert relayed.headers["Reply-To"] == "ana@exemple.fr"
    assert "Peut-on vous rendre visite <b>un mardi</b>" in relayed.message
    assert "&lt;b&gt;un mardi&lt;/b&gt;" in relayed.html_message
    assert "Répondez à ce message : " not in relayed.message


def test_no_sign_that_turns_the_text_round_reaches_the_owner(client, fiche, queued_mails):
    ask(client, fiche, name="\u202eanA", message="Bonjour \u2067rivuo\u2069 !")

    client.post(link_in(queued_mails[0]))

    assert "anA vous pose une question" in queued_mails[1].message
    assert "Bonjour rivuo" in queued_mails[1].message


def test_nothing_shows_who_the_owner_is(client, fiche, queued_mails):
    pages = [client.get(door(fiche, "question")), ask(client, fiche)]
    link = link_in(queued_mails[0])
    pages += [client.get(link), client.post(link, follow=True), client.get(pages[1]["Location"])]

    for text in [*(page.text for page in pages), queued_mails[0].message, queued_mails[0].html_message]:
        assert OWNER not in text
        assert "Léa" not in text


def test_three_readings_of_the_link_send_nothing(client, fiche, queued_mails):
    ask(client, fiche)
    link = link_in(queued_mails[0])

    for _ in range(3):
        assert "Envoyer ma question" in client.get(link).text

    assert len(queued_mails) == 1
    assert Question.objects.get().relayed_at is None


def test_confirming_twice_relays_once(client, fiche, queued_mails):
    ask(client, fiche)
    link = link_in(queued_mails[0])

    client.post(link)
    client.post(link)

    assert len(queued_mails) == 2


def test_each_owner_gets_it(client, fiche, queued_mails):
    other = owned_by(fiche)

    ask(client, fiche)
    client.post(link_in(queued_mails[0]))

    assert sorted(mail.to[0] for mail in queued_mails[1:]) == sorted([OWNER, other.email])


def test_who_is_signed_in_is_relayed_at_once(client, fiche, queued_mails):
    client.force_login(UserFactory(email="ana@exemple.fr", name="Ana"))

    answer = send(client, door(fiche, "question"), message="Peut-on venir ?")

    assert answer["Location"].endswith("?etape=recu")
    [relayed] = queued_mails
    assert (relayed.to, relayed.headers["Reply-To"]) == ([OWNER], "ana@exemple.fr")


def test_without_an_owner_the_page_leads_elsewhere_and_takes_nothing(client, queued_mails):
    fiche = published(Initiative, website="https://coopirate.fr/")

    page = client.get(door(fiche, "question"))
    answer = client.post(door(fiche, "question"), {"message": "Bonjour"})

    assert "Personne ne suit cette fiche" in page.text
    assert "https://coopirate.fr/" in page.text
    assert "Écrire à la Cress" in page.text
    assert "<textarea" not in page.text
    assert answer.status_code == 200
    assert not Question.objects.exists()


def test_when_the_last_owner_left_meanwhile_it_is_said_and_nothing_is_sent(client, fiche, queued_mails):
    ask(client, fiche)
    Ownership.objects.update(ended_at=timezone.now())

    answer = client.post(link_in(queued_mails[0]))

    assert "Votre question n’est pas partie" in answer.text
    assert len(queued_mails) == 1


def test_when_the_fiche_left_the_directory_meanwhile_it_is_said(client, fiche, queued_mails):
    ask(client, fiche)
    Initiative.objects.update(status="archived")

    answer = client.post(link_in(queued_mails[0]))

    assert "Votre question n’est pas partie" in answer.text
    assert len(queued_mails) == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": ""}, {"email": "ana"}, {"message": ""}, {"message": "x" * 2001}]
)
def test_what_is_wrong_is_said_and_nothing_is_lost(wrong, client, fiche):
    answer = ask(client, fiche, **wrong)

    assert answer.status_code == 200
    assert sentences(answer)
    assert not Question.objects.exists()


def test_a_double_click_asks_once(client, fiche, queued_mails):
    data = typed(client.get(door(fiche, "question"))) | {"name": "Ana", "email": "ana@exemple.fr", "message": "Bonjour"}

    for _ in range(2):
        assert client.post(door(fiche, "question"), data).status_code == 302

    assert Question.objects.count() == 1
    assert len(queued_mails) == 1


def test_an_owner_is_not_flooded(client, fiche):
    answers = [ask(client, fiche, email=f"ana{number}@exemple.fr") for number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "rendre visite" in answers[-1].text


def test_questions_are_forgotten_after_thirty_days(client, fiche):
    ask(client, fiche)
    asked_at = Question.objects.get().asked_at

    assert purge_questions(asked_at + timedelta(days=29)) == 0
    assert purge_questions(asked_at + timedelta(days=30)) == 1
    assert not Question.objects.exists()


def test_a_link_of_another_purpose_or_of_a_forgotten_question_leads_nowhere(client, fiche, queued_mails):
    ask(client, fiche)
    asked = Question.objects.get()
    link = link_in(queued_mails[0])

    assert client.post(f"/question/{make('opinion', asked.uuid)}/").status_code == 404
    assert client.post("/question/nimporte/").status_code == 404
    asked.delete()
    assert client.post(link).status_code == 404
    assert len(queued_mails) == 1


def test_a_link_holds_for_a_day(client, fiche, queued_mails):
    ask(client, fiche)
    asked = Question.objects.get()
    old = make("question", asked.uuid, at=timezone.now() - timedelta(days=2))

    assert client.post(f"/question/{old}/").status_code == 410
    assert len(queued_mails) == 1
