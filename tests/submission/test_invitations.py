"""``/invitation/<token>/``: read, then answered once by one of three buttons; or a fiche handed over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from reversion.models import Revision

from initiatives.models import Initiative, Invitation, Ownership, Submission, User, current_version
from initiatives.submission.actions import invitations as actions
from initiatives.submission.actions.owners import grant, hand_over
from initiatives.submission.tokens import PURPOSES, make
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    InvitationFactory,
    NoticeFactory,
    OwnershipFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def page(invitation, at=None):
    return reverse("invitation", args=[make("invitation", invitation.uuid, at=at)])


def everything():
    """All that answering could change."""
    rows = [[*model.objects.order_by("pk").values()] for model in (Invitation, Ownership, Submission, User, Initiative)]
    return [*rows, Email.objects.count(), Revision.objects.count(), current_version()]


@pytest.fixture
def invitation():
    return InvitationFactory(email="lea@exemple.test", name="Léa", sent_at=timezone.now())


def test_opened_three_times_it_changes_nothing_and_is_kept_by_nobody(client, invitation):
    SourceFactory(initiative=invitation.fiche, title="La gazette")
    before = everything()

    for _ in range(3):
        response = client.get(page(invitation))

    assert everything() == before
    assert "La gazette" in response.text
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert not response.cookies.get("sessionid")


@pytest.mark.parametrize("factory", [InitiativeFactory, ActorFactory, FundingSourceFactory])
def test_all_is_right_the_person_becomes_an_owner_and_the_fiche_says_it_was_read(client, factory):
    fiche = factory(published=True)
    invitation = InvitationFactory(fiche=fiche, email="lea@exemple.test", name="Léa", sent_at=timezone.now())

    response = client.post(page(invitation), {"reponse": "juste"}, follow=True)

    fiche.refresh_from_db()
    [ownership] = Ownership.objects.all()
    assert "Votre réponse est notée" in response.text
    assert (ownership.user.email, ownership.how, ownership.fiche) == ("lea@exemple.test", "invitation", fiche)
    assert not ownership.user.has_usable_password()
    read_on = fiche.holder_checked_on if factory is InitiativeFactory else fiche.checked_on
    assert read_on == timezone.localdate()
    assert Revision.objects.get().user == ownership.user
    invitation.refresh_from_db()
    assert invitation.answer == "confirmed"


def test_the_notices_that_are_ticked_are_said_again_and_the_others_are_not(client, invitation):
    long_ago = timezone.localdate() - timedelta(days=300)
    kept = NoticeFactory(initiative=invitation.fiche, value="local", said_on=long_ago)
    left = NoticeFactory(initiative=invitation.fiche, value="benevoles", said_on=long_ago)

    client.post(page(invitation), {"reponse": "juste", "annonces": [kept.pk, "x", "99999999999999999999"]})

    kept.refresh_from_db()
    left.refresh_from_db()
    assert (kept.said_on, left.said_on) == (timezone.localdate(), long_ago)


def test_to_correct_leads_to_the_proposal_page_as_an_owner_who_is_signed_in(client, invitation):
    response = client.post(page(invitation), {"reponse": "corriger"})

    assert response.url == f"/initiatives/{invitation.fiche.slug}/proposer-une-modification/"
    assert Ownership.objects.get().user.email == "lea@exemple.test"
    assert int(client.session["_auth_user_id"]) == Ownership.objects.get().user.pk
    assert invitation.fiche.holder_checked_on is None


def test_the_link_signs_nobody_in_a_second_time(client, invitation):
    client.post(page(invitation), {"reponse": "corriger"})
    stranger = Client()

    response = stranger.post(page(invitation), {"reponse": "corriger"})

    assert response.status_code == 200
    assert "_auth_user_id" not in stranger.session


def test_somebody_of_the_team_is_not_signed_in_by_a_link(client):
    UserFactory(email="equipe@exemple.test", is_staff=True)
    invitation = InvitationFactory(email="equipe@exemple.test", sent_at=timezone.now())

    client.post(page(invitation), {"reponse": "corriger"})

    assert "_auth_user_id" not in client.session


def test_an_objection_waits_for_the_team_with_its_words_and_is_acknowledged(client, invitation):
    response = client.post(page(invitation), {"reponse": "opposition", "text": "Nous n’existons plus."}, follow=True)

    [submission] = Submission.objects.all()
    assert (submission.kind, submission.state, submission.comment) == ("withdrawal", "waiting", "Nous n’existons plus.")
    assert (submission.email, submission.fiche) == ("lea@exemple.test", invitation.fiche)
    assert not Ownership.objects.exists()
    assert not User.objects.filter(email="lea@exemple.test").exists()
    [mail] = Email.objects.all()
    assert submission.receipt in mail.message
    assert "avant toute autre demande" in response.text


def test_an_objection_that_is_too_long_is_shown_again_with_its_words(client, invitation):
    response = client.post(page(invitation), {"reponse": "opposition", "text": "non " * 600})

    assert "Raccourcissez" in response.text
    assert "non non non" in response.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize("answer", ["juste", "corriger", "opposition"])
def test_answered_twice_it_is_answered_once_and_says_so(client, invitation, answer):
    client.post(page(invitation), {"reponse": answer})
    after = everything()

    response = Client().post(page(invitation), {"reponse": "opposition"})

    assert everything() == after
    assert "Votre réponse est notée" in response.text


@pytest.mark.parametrize("name", ["say_all_is_right", "want_to_correct", "object_to", "accept"])
def test_of_two_answers_at_once_the_second_changes_nothing(invitation, name):
    """Each was asked before it knew of the other."""
    stale = Invitation.objects.get()
    actions.want_to_correct(invitation=invitation, at=timezone.now())
    after = everything()

    more = {"text": "Non."} if name == "object_to" else {}
    assert getattr(actions, name)(invitation=stale, at=timezone.now(), **more) is None
    assert everything() == after


def test_a_button_that_does_not_exist_answers_nothing(client, invitation):
    before = everything()

    for answer in ("", "accepter", "autre"):
        assert client.post(page(invitation), {"reponse": answer}).status_code == 200

    assert everything() == before


def test_a_link_too_old_damaged_or_of_something_else_leads_nowhere(client, invitation):
    too_old = timezone.now() - PURPOSES["invitation"] - timedelta(minutes=1)
    other = reverse("invitation", args=[make("tracking", invitation.uuid)])

    assert client.post(page(invitation, at=too_old), {"reponse": "juste"}).status_code == 410
    assert client.get(other).status_code == 404
    assert client.get(f"{page(invitation)[:-2]}/").status_code == 404
    assert not Ownership.objects.exists()


def test_an_invitation_that_was_taken_back_leads_nowhere(client, invitation):
    address = page(invitation)
    invitation.delete()

    assert client.get(address).status_code == 404


def test_of_an_archived_fiche_nothing_is_asked(client):
    invitation = InvitationFactory(fiche=InitiativeFactory(archived=True), sent_at=timezone.now())

    response = client.post(page(invitation), {"reponse": "juste"})

    assert "n’est plus dans l’annuaire" in response.text
    assert not Ownership.objects.exists()


def test_of_a_merged_fiche_the_one_that_stays_is_asked(client):
    stays = InitiativeFactory(published=True, name="Celle qui reste")
    invitation = InvitationFactory(
        fiche=InitiativeFactory(name="Partie", merged_into=stays), email="lea@exemple.test", sent_at=timezone.now()
    )

    client.post(page(invitation), {"reponse": "juste"})

    assert Ownership.objects.get().fiche == stays


def test_an_account_that_the_team_has_closed_is_told_so(client, invitation):
    UserFactory(email="lea@exemple.test", is_active=False)

    response = client.post(page(invitation), {"reponse": "juste"})

    assert "Ce compte a été fermé" in response.text
    invitation.refresh_from_db()
    assert invitation.answer == ""


# Handed over by an owner


@pytest.fixture
def handed():
    ownership = OwnershipFactory(user=UserFactory(name="Léa Martin"))
    return hand_over(ownership=ownership, email="suite@exemple.test", name="Paul", at=timezone.now())


def test_a_handed_fiche_is_accepted_by_one_button_and_the_first_owner_is_told(client, handed):
    before = everything()
    assert "Léa Martin" in client.get(page(handed)).text
    assert everything() == before

    response = client.post(page(handed), {"reponse": "accepter"}, follow=True)

    assert "Vous portez cette fiche" in response.text
    new = Ownership.objects.get(user__email="suite@exemple.test")
    assert (new.how, new.granted_by) == ("passation", handed.sent_by)
    assert Ownership.objects.current().count() == 2
    assert Email.objects.latest("pk").to == [handed.sent_by.email]


def test_it_may_be_accepted_after_the_first_owner_left(client, handed):
    Ownership.objects.update(ended_at=timezone.now())

    client.post(page(handed), {"reponse": "accepter"})

    assert Ownership.objects.current().get().user.email == "suite@exemple.test"


def test_declined_nothing_of_the_person_is_kept(client, handed):
    response = client.post(page(handed), {"reponse": "refuser"})

    assert "Votre adresse est effacée" in response.text
    assert not Invitation.objects.exists()
    assert not User.objects.filter(email="suite@exemple.test").exists()
    assert client.post(page(handed), {"reponse": "accepter"}).status_code == 404


def test_a_handed_fiche_knows_no_other_button(client, handed):
    client.post(page(handed), {"reponse": "juste"})
    client.post(page(handed), {"reponse": "opposition", "text": "Non."})

    assert Ownership.objects.count() == 1
    assert not Submission.objects.exists()


def test_an_invitation_of_the_team_cannot_be_accepted_as_a_hand_over(client, invitation):
    client.post(page(invitation), {"reponse": "accepter"})

    assert not Ownership.objects.exists()


def test_who_was_recognised_meanwhile_stays_what_they_are(invitation):
    user = UserFactory(email="lea@exemple.test")
    grant(user=user, fiche=invitation.fiche, how="domaine", at=timezone.now())

    actions.say_all_is_right(invitation=invitation, at=timezone.now())

    assert Ownership.objects.get().how == "domaine"
