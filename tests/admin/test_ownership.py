"""« Porteurs »: who answers for a fiche, recognised by hand or ended by those who moderate."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from post_office.models import Email
from reversion.models import Revision

from initiatives.models import Actor, FundingSource, Initiative, Ownership, User, current_version
from tests.admin.pages import FACTORIES, admin_url, name_of
from tests.factories import OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db

every_noun = pytest.mark.parametrize("noun", [Initiative, Actor, FundingSource], ids=name_of)


def page(fiche):
    return admin_url(fiche, "owners")


@every_noun
def test_the_page_of_a_fiche_leads_to_its_owners_of_today_and_before(team, noun):
    fiche = FACTORIES[noun](published=True)
    OwnershipFactory(fiche=fiche, user=UserFactory(name="Léa Martin"), role="Présidente")
    gone = OwnershipFactory(fiche=fiche, user=UserFactory(name="Paul"), ended_at=fiche.published_at)
    OwnershipFactory(user=UserFactory(name="Ailleurs"))

    assert page(fiche) in team.get(admin_url(fiche, "change")).text
    text = team.get(page(fiche)).text

    assert "Léa Martin" in text
    assert "Présidente" in text
    assert "Paul" in text
    assert f'name="end" value="{gone.pk}"' not in text
    assert "Ailleurs" not in text


@every_noun
def test_somebody_is_recognised_by_hand_and_told(team, noun):
    fiche = FACTORIES[noun](published=True)

    for _ in range(2):
        answers = {"recognise": "1", "email": "Lea@exemple.test", "name": "Léa", "role": "Présidente"}
        assert team.post(page(fiche), answers).status_code == 302

    ownership = Ownership.objects.get()
    assert (ownership.user.email, ownership.role, ownership.how) == ("lea@exemple.test", "Présidente", "equipe")
    assert ownership.granted_by.email == "equipe@exemple.test"
    assert Email.objects.get().to == ["lea@exemple.test"]


def test_an_address_that_is_none_or_whose_account_is_closed_is_shown_again(team):
    fiche = FACTORIES[Initiative](published=True)
    UserFactory(email="ferme@exemple.test", is_active=False)

    for email, said in (("", "Écrivez l’adresse"), ("lea@", "pas complète"), ("ferme@exemple.test", "fermé")):
        response = team.post(page(fiche), {"recognise": "1", "email": email, "name": "Léa"})
        assert said in response.text
        assert 'value="Léa"' in response.text
    assert not Ownership.objects.exists()


def test_a_fiche_that_was_never_published_has_no_owner(team):
    draft = FACTORIES[Initiative]()

    assert page(draft) not in team.get(admin_url(draft, "change")).text
    assert "pas encore été publiée" in team.post(page(draft), {"recognise": "1", "email": "a@exemple.test"}).text
    assert not User.objects.filter(email="a@exemple.test").exists()


def test_an_ownership_is_ended_once_and_only_from_the_page_of_its_fiche(team):
    ownership, other = OwnershipFactory(), OwnershipFactory()
    version, revisions = current_version(), Revision.objects.count()

    assert team.post(page(ownership.fiche), {"end": other.pk}).status_code == 404
    assert team.post(page(ownership.fiche), {"end": "x"}).status_code == 404
    for _ in range(2):
        assert team.post(page(ownership.fiche), {"end": ownership.pk}).status_code == 302

    assert list(Ownership.objects.current()) == [other]
    assert Email.objects.get().to == [ownership.user.email]
    assert (current_version(), Revision.objects.count()) == (version, revisions)


@pytest.mark.parametrize("group", ["Lecture", "Rédaction", None])
def test_who_does_not_moderate_sees_and_does_nothing_of_it(client, group):
    call_command("create_staff_groups")
    person = UserFactory(is_staff=group is not None)
    if group:
        person.groups.add(Group.objects.get(name=group))
    client.force_login(person)
    ownership = OwnershipFactory()

    for response in (client.get(page(ownership.fiche)), client.post(page(ownership.fiche), {"end": ownership.pk})):
        assert response.status_code == (403 if group else 302)
    ownership.refresh_from_db()
    assert ownership.ended_at is None
