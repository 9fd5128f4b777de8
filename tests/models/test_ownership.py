import pytest

from initiatives.models import Invitation, Ownership, Recheck
from initiatives.models.target import target
from tests import factories
from tests.factories import SOME_TIME
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db
FICHES = {
    "initiative": factories.InitiativeFactory,
    "actor": factories.ActorFactory,
    "funding_source": factories.FundingSourceFactory,
}
ONCE = {
    "initiative": ("ownership_once_initiative", "invitation_once_initiative", "recheck_one_open_initiative"),
    "actor": ("ownership_once_actor", "invitation_once_actor", "recheck_one_open_actor"),
    "funding_source": (
        "ownership_once_funding_source",
        "invitation_once_funding_source",
        "recheck_one_open_funding_source",
    ),
}


def test_each_is_about_one_fiche():
    user = factories.UserFactory()
    two = {"initiative": factories.InitiativeFactory(), "actor": factories.ActorFactory()}

    for fiches in ({}, two):
        with breaks("ownership_has_one_target"):
            Ownership.objects.create(user=user, how="depot", since=SOME_TIME, **fiches)
        with breaks("invitation_has_one_target"):
            Invitation.objects.create(email="a@exemple.test", sent_at=SOME_TIME, **fiches)
        with breaks("recheck_has_one_target"):
            Recheck.objects.create(asked_at=SOME_TIME, last_sent_at=SOME_TIME, **fiches)


@pytest.mark.parametrize("noun", FICHES)
def test_a_person_holds_a_fiche_once_at_a_time_is_invited_once_and_is_asked_once(noun):
    fiche = FICHES[noun](published=True)
    owned, invited, asked = ONCE[noun]
    first = factories.OwnershipFactory(fiche=fiche)
    invitation = factories.InvitationFactory(fiche=fiche)
    recheck = factories.RecheckFactory(fiche=fiche)
    assert first.fiche == invitation.fiche == recheck.fiche == fiche

    with breaks(owned):
        factories.OwnershipFactory(fiche=fiche, user=first.user)
    with breaks(invited):
        factories.InvitationFactory(fiche=fiche, email=invitation.email)
    with breaks(asked):
        factories.RecheckFactory(fiche=fiche)

    Ownership.objects.filter(pk=first.pk).update(ended_at=SOME_TIME)
    factories.OwnershipFactory(fiche=fiche, user=first.user)
    assert Ownership.objects.about(fiche).current().count() == 1
    assert target(fiche) == {noun: fiche}


def test_an_answer_is_given_on_a_day():
    with breaks("invitation_is_answered_on_a_day"):
        factories.InvitationFactory(answer="confirmed")
    with breaks("recheck_is_answered_on_a_day"):
        factories.RecheckFactory(answered_at=SOME_TIME)


def test_who_is_no_longer_there_holds_nothing():
    owner = factories.OwnershipFactory(user__is_active=False)

    assert not Ownership.objects.about(owner.fiche).current().exists()
