"""Who answers for a fiche: recognised once, several at a time, handed over, left, ended; the table remembers all."""

from datetime import UTC, datetime, timedelta

import pytest
from post_office.models import Email

from initiatives.models import Invitation, Ownership
from initiatives.submission.actions.owners import end, grant, hand_over, invite, leave
from initiatives.submission.refusals import Refused
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    InvitationFactory,
    OwnershipFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
How = Ownership.How


def mails():
    """(to, subject) of what is queued, in order."""
    return [(mail.to[0], mail.subject) for mail in Email.objects.order_by("pk")]


def written_to(address):
    return [subject for to, subject in mails() if to == address]


@pytest.mark.parametrize("factory", [InitiativeFactory, ActorFactory, FundingSourceFactory])
def test_somebody_is_recognised_for_a_fiche_of_any_noun(factory):
    user, team, fiche = UserFactory(), UserFactory(is_staff=True), factory(published=True)

    ownership = grant(user=user, fiche=fiche, how=How.STAFF, at=NOW, by=team, role=" Présidente ")

    assert (ownership.fiche, ownership.role, ownership.since, ownership.granted_by) == (fiche, "Présidente", NOW, team)
    assert list(Ownership.objects.current().about(fiche)) == [ownership]
    assert written_to(user.email) == [f"Vous portez la fiche « {fiche} »"]


def test_recognised_twice_they_are_recognised_once():
    user, fiche = UserFactory(), InitiativeFactory(published=True)

    first = grant(user=user, fiche=fiche, how=How.DOMAIN, at=NOW)
    second = grant(user=user, fiche=fiche, how=How.STAFF, at=LATER)

    assert first == second
    assert second.how == How.DOMAIN
    assert len(mails()) == 1


def test_one_who_had_left_gets_a_new_line_and_the_old_one_stays():
    user, fiche = UserFactory(), InitiativeFactory(published=True)
    old = OwnershipFactory(user=user, fiche=fiche, since=NOW, ended_at=LATER)

    new = grant(user=user, fiche=fiche, how=How.STAFF, at=LATER)

    old.refresh_from_db()
    assert old.ended_at == LATER
    assert new.pk != old.pk


def test_the_other_owners_are_told_without_the_name_of_the_new_one():
    first = OwnershipFactory()
    fiche = first.fiche

    grant(user=UserFactory(name="Karim Benali"), fiche=fiche, how=How.INVITATION, at=NOW)

    assert written_to(first.user.email) == [f"Un nouveau porteur pour « {fiche} »"]
    assert "Karim" not in Email.objects.get().message


def test_who_deposited_is_told_by_the_mail_of_the_publication_and_not_twice():
    grant(user=UserFactory(), fiche=InitiativeFactory(published=True), how=How.DEPOSIT, at=NOW)

    assert mails() == []


def test_a_closed_account_and_a_merged_fiche_get_no_owner():
    merged = InitiativeFactory(name="Ancienne", merged_into=InitiativeFactory(published=True))

    with pytest.raises(Refused, match="fermé"):
        grant(user=UserFactory(is_active=False), fiche=InitiativeFactory(published=True), how=How.STAFF, at=NOW)
    with pytest.raises(Refused, match="fusionnée"):
        grant(user=UserFactory(), fiche=merged, how=How.STAFF, at=NOW)
    assert not Ownership.objects.exists()


def test_an_owner_leaves_once_and_the_others_stay():
    leaving = OwnershipFactory()
    staying = OwnershipFactory(fiche=leaving.fiche)

    leave(ownership=leaving, at=NOW)
    leave(ownership=leaving, at=LATER)

    leaving.refresh_from_db()
    assert leaving.ended_at == NOW
    assert list(Ownership.objects.current()) == [staying]
    assert written_to(leaving.user.email) == [f"Vous ne portez plus la fiche « {leaving.fiche} »"]
    assert written_to(staying.user.email) == [f"Un porteur de « {leaving.fiche} » s’en va"]
    assert len(mails()) == 2


def test_the_team_ends_an_ownership_and_what_it_was_handing_over():
    ownership = OwnershipFactory()
    hand_over(ownership=ownership, email="suite@exemple.test", name="", at=NOW)
    kept = InvitationFactory(fiche=ownership.fiche, sent_by=UserFactory(is_staff=True))

    end(ownership=ownership, at=LATER, by=UserFactory(is_staff=True))
    end(ownership=ownership, at=LATER + timedelta(days=1), by=UserFactory(is_staff=True))

    ownership.refresh_from_db()
    assert ownership.ended_at == LATER
    assert list(Invitation.objects.all()) == [kept]
    assert len(written_to(ownership.user.email)) == 1


def test_handing_over_writes_once_to_the_other_person_and_changes_no_owner():
    ownership = OwnershipFactory(user=UserFactory(name="Léa Martin"))

    first = hand_over(ownership=ownership, email=" Suite@Exemple.test ", name="Paul", at=NOW)
    second = hand_over(ownership=ownership, email="suite@exemple.test", name="Paul", at=NOW + timedelta(seconds=2))

    assert first == second
    assert first.email == "suite@exemple.test"
    [mail] = Email.objects.all()
    assert mail.to == ["suite@exemple.test"]
    assert "Léa Martin" in mail.message
    assert list(Ownership.objects.current()) == [ownership]


def test_asked_again_days_later_the_same_invitation_is_sent_again():
    ownership = OwnershipFactory()

    hand_over(ownership=ownership, email="suite@exemple.test", name="", at=NOW)
    invitation = hand_over(ownership=ownership, email="suite@exemple.test", name="Paul", at=LATER)

    assert (invitation.sent_at, invitation.name) == (LATER, "Paul")
    assert Invitation.objects.count() == 1
    assert len(mails()) == 2


def test_nothing_is_handed_over_by_who_left_nor_to_who_owns_it_already():
    gone = OwnershipFactory(ended_at=NOW)
    ownership = OwnershipFactory(fiche=gone.fiche)
    other = OwnershipFactory(fiche=gone.fiche)

    with pytest.raises(Refused, match="ne portez plus"):
        hand_over(ownership=gone, email="suite@exemple.test", name="", at=NOW)
    with pytest.raises(Refused, match="porte déjà"):
        hand_over(ownership=ownership, email=other.user.email, name="", at=NOW)
    assert not Invitation.objects.exists()


def test_the_team_invites_and_the_mail_says_where_the_data_come_from_and_what_one_may_do(settings):
    settings.PUBLISHER, settings.CONTACT_EMAIL = "La Cress", "contact@cress.test"
    fiche = InitiativeFactory(published=True, name="Le Tiers-lieu")
    SourceFactory(initiative=fiche, title="Un article de la gazette", url="https://gazette.test/article")

    invitation = invite(fiche=fiche, email="Lieu@exemple.test", name="Léa", by=UserFactory(is_staff=True), at=NOW)

    [mail] = Email.objects.all()
    assert mail.to == [invitation.email] == ["lieu@exemple.test"]
    for text in (mail.message, mail.html_message):
        for said in (
            "Le Tiers-lieu",
            "Un article de la gazette",
            "https://gazette.test/article",
            "La Cress",
            "contact@cress.test",
            "intérêt légitime",
            "vous opposer",
            "cnil.fr",
            "effacés 6\N{NO-BREAK SPACE}mois après l’envoi",
            "/invitation/",
        ):
            assert said in text, said


def test_nobody_is_invited_to_what_is_not_published_or_theirs_already_or_after_they_objected():
    team, ownership = UserFactory(is_staff=True), OwnershipFactory()
    fiche = ownership.fiche
    InvitationFactory(fiche=fiche, email="non@exemple.test", answer="objected", answered_at=NOW)

    for refused, reason in (
        ({"fiche": InitiativeFactory(), "email": "a@exemple.test"}, "n’est pas publiée"),
        ({"fiche": fiche, "email": ownership.user.email}, "porte déjà"),
        ({"fiche": fiche, "email": "NON@exemple.test"}, "opposée"),
    ):
        with pytest.raises(Refused, match=reason):
            invite(name="", by=team, at=NOW, **refused)
    assert mails() == []
