"""What somebody said on the telephone, typed by the team: it enters the queue once they confirm it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Consent, Initiative, NotDuplicate, Submission
from initiatives.submission.actions.confirming import confirm
from initiatives.submission.actions.deposits import withdraw
from initiatives.submission.links import confirmation_link
from tests.admin.pages import allow, messages, published
from tests.factories import ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/moderation/saisir/"


@pytest.fixture
def answers(places):
    return {
        "person": "Léa Martin",
        "email": "Lea@Exemple.test",
        "role": "Présidente",
        "note": "Au téléphone, le 4 mai.",
        "name": "Le Lavoir partagé",
        "place": "Arles",
        "summary": "Un lavoir rouvert par ses voisins.",
        "theme": ThemeFactory().pk,
    }


def test_it_waits_for_the_person_who_gets_the_link(team, answers, queued_mails):
    response = team.post(PAGE, answers)

    assert response.url == reverse("admin:moderation")
    submission = Submission.objects.get()
    assert (submission.state, submission.is_on_behalf, submission.email) == ("unconfirmed", True, "lea@exemple.test")
    assert (submission.name, submission.role, submission.comment) == (
        "Léa Martin",
        "Présidente",
        "Au téléphone, le 4 mai.",
    )
    assert submission.answers["sites"][0]["territory"] == "com-13004"
    event = submission.events.get()
    assert (event.state, event.by.email) == ("unconfirmed", "equipe@exemple.test")
    assert not Initiative.objects.exists()
    [mail] = queued_mails
    assert mail.to == ["lea@exemple.test"]
    assert "/deposer/confirmer/" in mail.message
    assert "Rien" not in [said for said in messages(team.get(response.url))]


def test_once_confirmed_it_is_a_fiche_of_the_queue(team, answers):
    team.post(PAGE, answers)

    confirm(submission=Submission.objects.get(), at=timezone.now())

    submission = Submission.objects.get()
    assert (submission.state, submission.initiative.status) == ("waiting", "pending")
    assert submission.initiative.sites.get().territory.name == "Arles"
    page = team.get(reverse("admin:moderation_item", args=[submission.pk])).text
    assert "Note de la saisie" in page
    assert "Au téléphone, le 4 mai." in page


def test_a_double_click_writes_one_mail(team, answers, queued_mails):
    team.post(PAGE, answers)
    team.post(PAGE, answers)

    assert (Submission.objects.count(), len(queued_mails)) == (1, 1)


def test_a_likely_duplicate_is_shown_first_and_remembered_as_another(team, answers, places):
    existing = published(Initiative, name="Le Lavoir partagé", sites=[places.arles])

    page = team.post(PAGE, answers)
    assert "Est-elle déjà dans l’annuaire" in page.text
    assert not Submission.objects.exists()

    team.post(PAGE, answers | {"seen": [str(existing.uuid)], "distinct": "1"})
    submission = Submission.objects.get()
    assert submission.distinct == [str(existing.uuid)]
    confirm(submission=submission, at=timezone.now())
    assert NotDuplicate.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_stays(team, answers):
    page = team.post(PAGE, answers | {"email": "lea", "place": "Nulle-Part"})

    assert "Cette adresse n’est pas complète" in page.text
    assert "Aucune commune ne s’appelle" in page.text
    assert "Au téléphone, le 4 mai." in page.text
    assert not Submission.objects.exists()


def test_only_those_who_moderate_and_write_may(client, answers):
    for rights in ([], ["moderate"], ["add_initiative"]):
        user = UserFactory(is_staff=True)
        allow(user, *rights)
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, answers).status_code == 403
    allow(user, "moderate", "add_initiative")
    client.force_login(type(user).objects.get(pk=user.pk))
    assert client.get(PAGE).status_code == 200


def test_the_person_reads_it_and_accepts_the_texts_before_it_enters_the_queue(team, client, answers):
    team.post(PAGE, answers)
    client.logout()
    submission = Submission.objects.get()
    link = confirmation_link(submission)

    for _ in range(3):
        page = client.get(link)
    assert "Un lavoir rouvert par ses voisins." in page.text
    assert Submission.objects.get().state == "unconfirmed"

    refused = client.post(link, {"name": "Léa Martin"})
    assert "Lisez la charte" in refused.text
    assert not Consent.objects.exists()

    boxes = dict.fromkeys(["publication", "charter", "licence", "privacy"], "on")
    assert client.post(link, boxes | {"name": "Léa Martin"}).status_code == 302
    assert client.post(link, boxes | {"name": "Léa Martin"}).status_code == 302
    submission = Submission.objects.get()
    assert (submission.state, submission.name_is_public, submission.role) == ("waiting", False, "")
    texts = {consent.text for consent in submission.consents.all()}
    assert texts == {"charte", "licence", "publication", "donnees-personnelles"}


def test_what_was_taken_back_is_not_accepted_afterwards(team, client, answers):
    team.post(PAGE, answers)
    client.logout()
    submission = Submission.objects.get()
    withdraw(submission=submission, at=timezone.now())
    boxes = dict.fromkeys(["publication", "charter", "licence", "privacy"], "on")

    answer = client.post(confirmation_link(submission), boxes | {"name": "Léa Martin"}, follow=True)

    assert answer.status_code == 200
    assert "déjà dans l’état" in answer.text
    assert Submission.objects.get().state == "withdrawn"
    assert not Consent.objects.exists()
