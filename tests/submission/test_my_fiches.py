"""What is done on ``/mes-fiches/``: said, handed over, left, taken back; each by its owner alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email
from reversion.models import Revision

from initiatives.models import (
    Initiative,
    Invitation,
    Ownership,
    Recheck,
    Submission,
    User,
    current_version,
)
from tests.factories import (
    InitiativeFactory,
    NoticeFactory,
    OwnershipFactory,
    RecheckFactory,
    SubmissionFactory,
)
from tests.submission.holding import ADDRESS, PAGE, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_lea")]

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def everything():
    nouns = (Ownership, Submission, Invitation, Recheck, Initiative, User)
    return [
        *([*noun.objects.order_by("pk").values()] for noun in nouns),
        Email.objects.count(),
        Revision.objects.count(),
        current_version(),
    ]


def doors(ownership, sent, draft):
    return {
        "still_true": f"{PAGE}{ownership.pk}/toujours-a-jour/",
        "hand_over": f"{PAGE}{ownership.pk}/passer-la-main/",
        "leave": f"{PAGE}{ownership.pk}/quitter/",
        "withdrawal": f"{PAGE}{ownership.pk}/retrait/",
        "take_back": f"{PAGE}envois/{sent.uuid}/retirer/",
        "delete_draft": f"{PAGE}brouillons/{draft.uuid}/effacer/",
    }


@pytest.fixture
def mine(lea):
    return doors(
        OwnershipFactory(user=lea),
        SubmissionFactory(user=lea, email=ADDRESS, answers={"name": "La Ressourcerie"}),
        SubmissionFactory(user=lea, email=ADDRESS, state="draft", sent_at=None, answers={"name": "Mon brouillon"}),
    )


def test_opened_three_times_no_page_changes_anything(client, mine):
    before = everything()

    for address in (PAGE, f"{PAGE}donnees/emporter/", f"{PAGE}donnees/effacer/", *mine.values()):
        for _ in range(3):
            assert client.get(address).status_code in (200, 405), address

    assert everything() == before


def test_another_holder_finds_none_of_my_doors(mine):
    other = Client()
    other.force_login(OwnershipFactory().user)
    before = everything()

    for address in mine.values():
        assert other.get(address).status_code == 404, address
        assert other.post(address, {"email": "a@exemple.test", "name": "A"}).status_code == 404, address

    assert everything() == before


def test_a_stranger_is_asked_to_sign_in_at_each_door(mine):
    before = everything()

    for address in mine.values():
        assert Client().post(address).url.startswith("/connexion/?suite="), address

    assert everything() == before


def test_another_owner_of_the_same_fiche_cannot_act_in_my_place(client, lea):
    theirs = OwnershipFactory()
    OwnershipFactory(user=lea, fiche=theirs.fiche)

    assert client.post(f"{PAGE}{theirs.pk}/quitter/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_one_button_says_that_the_fiche_is_still_true(client, lea):
    ownership = OwnershipFactory(user=lea)
    notice = NoticeFactory(initiative=ownership.fiche, said_on=timezone.localdate() - timedelta(days=300))
    RecheckFactory(fiche=ownership.fiche)
    address = f"{PAGE}{ownership.pk}/toujours-a-jour/"

    page = client.post(address, {"annonces": [notice.pk]}, follow=True)
    client.post(address, {"annonces": [notice.pk]})

    ownership.fiche.refresh_from_db()
    notice.refresh_from_db()
    assert "est à jour" in words(page)
    assert ownership.fiche.holder_checked_on == notice.said_on == timezone.localdate()
    assert Recheck.objects.get().answer == "still_true"
    assert Revision.objects.get().user == lea


def test_leaving_handing_over_and_asking_for_the_withdrawal(client, lea, mine):
    page = client.post(mine["hand_over"], {"name": "Paul", "email": "paul@exemple.test"}, follow=True)
    assert "paul@exemple.test" in words(page)
    assert Invitation.objects.get().sent_by == lea

    page = client.post(mine["withdrawal"], {"text": "Nous fermons."}, follow=True)
    client.post(mine["withdrawal"], {"text": "Nous fermons."})
    [asked] = Submission.objects.filter(kind="withdrawal")
    assert (asked.state, asked.comment, asked.user) == ("waiting", "Nous fermons.", lea)
    assert "Retrait demandé" in words(page)
    assert asked.fiche.is_published

    page = client.post(mine["leave"], follow=True)
    assert "ne portez plus" in words(page)
    assert not Ownership.objects.current().exists()


@pytest.mark.parametrize("email", ["", "paul", ADDRESS])
def test_a_fiche_is_handed_over_to_an_address_of_somebody_else(client, mine, email):
    page = client.post(mine["hand_over"], {"name": "Paul", "email": email})

    assert page.status_code == 200
    assert 'value="Paul"' in page.text
    assert not Invitation.objects.exists()


def test_what_waits_is_taken_back_and_its_fiche_is_withdrawn(client, lea):
    fiche = InitiativeFactory(status="pending", name="La Ressourcerie")
    sent = SubmissionFactory(user=lea, fiche=fiche)

    page = client.post(f"{PAGE}envois/{sent.uuid}/retirer/", follow=True)
    client.post(f"{PAGE}envois/{sent.uuid}/retirer/")

    sent.refresh_from_db()
    fiche.refresh_from_db()
    assert (sent.state, fiche.status) == ("withdrawn", "withdrawn")
    assert "l’équipe ne le lira plus" in words(page)


def test_what_the_team_has_decided_is_not_taken_back(client, lea):
    sent = SubmissionFactory(user=lea, state="accepted", fiche=InitiativeFactory(published=True))

    page = client.post(f"{PAGE}envois/{sent.uuid}/retirer/", follow=True)

    sent.refresh_from_db()
    assert sent.state == "accepted"
    assert "déjà dans l’état" in words(page)


def test_what_was_sent_is_no_draft(client, lea, mine):
    sent = Submission.objects.get(state="waiting")

    client.post(f"{PAGE}brouillons/{sent.uuid}/effacer/")

    assert Submission.objects.filter(pk=sent.pk).exists()
