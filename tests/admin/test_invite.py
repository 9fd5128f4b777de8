"""« Inviter le porteur »: from the page of a fiche or from a list, to the address that is known or typed."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative, Invitation, PrivateContact
from tests.admin.pages import admin_url, allow, messages, published, typed
from tests.factories import ActorFactory, OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def page_of(*fiches):
    asked = {"nature": fiches[0]._meta.model_name, "fiche": [fiche.pk for fiche in fiches]}
    return reverse("admin:invite", query=asked)


def emails(response):
    found = BeautifulSoup(response.text, "html.parser").select("input[type=email]")
    return [field.get("value", "") for field in found]


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_the_page_of_a_published_fiche_leads_to_its_invitation(team, model):
    fiche = published(model)

    assert page_of(fiche).replace("&", "&amp;") in team.get(admin_url(fiche, "change")).text
    assert team.get(page_of(fiche)).status_code == 200


def test_the_address_is_the_one_that_the_directory_knows(team):
    private, public = ActorFactory(published=True), ActorFactory(published=True, contact_email="bonjour@exemple.test")
    PrivateContact.objects.create(actor=private, name="Léa", email="lea@exemple.test")
    own = published(Initiative, contact_email="fiche@exemple.test")
    fiches = [published(Initiative, lead=private), published(Initiative, lead=public), own, published(Initiative)]

    assert emails(team.get(page_of(*fiches))) == [
        "lea@exemple.test",
        "bonjour@exemple.test",
        "fiche@exemple.test",
        "",
    ]


def test_each_invitation_with_an_address_leaves(team, queued_mails):
    first, second, third = (published(Initiative, contact_email=f"{n}@exemple.test") for n in "abc")
    page = page_of(first, second, third)
    data = typed(team.get(page)) | {f"{second.pk}-email": "autre@exemple.test", f"{third.pk}-email": ""}

    response = team.post(page, data)

    assert messages(team.get(response.url)) == ["2 invitations en route."]
    sent = {row.fiche: (row.email, row.sent_by.email) for row in Invitation.objects.all()}
    assert sent == {
        first: ("a@exemple.test", "equipe@exemple.test"),
        second: ("autre@exemple.test", "equipe@exemple.test"),
    }
    assert [mail.to for mail in queued_mails] == [["a@exemple.test"], ["autre@exemple.test"]]
    assert "/invitation/" in queued_mails[0].message


def test_who_owns_it_already_is_said_and_not_written_to(team, queued_mails):
    ownership = OwnershipFactory(fiche=published(Initiative))
    page = page_of(ownership.fiche)
    assert "Elle a déjà 1 porteur" in team.get(page).text
    data = typed(team.get(page)) | {f"{ownership.fiche.pk}-email": ownership.user.email}

    response = team.post(page, data)

    assert "porte déjà la fiche" in messages(team.get(response.url))[0]
    assert len(queued_mails) == 0


def test_without_an_address_nothing_leaves_and_a_wrong_one_is_said(team, queued_mails):
    fiche = published(Initiative)
    page = page_of(fiche)
    data = typed(team.get(page))

    assert "Donnez au moins une adresse" in team.post(page, data).text
    wrong = team.post(page, data | {f"{fiche.pk}-email": "lea", f"{fiche.pk}-name": "Léa"})
    assert "Cette adresse n’est pas complète" in wrong.text
    assert 'value="Léa"' in wrong.text
    assert len(queued_mails) == 0


def test_a_list_leads_there_with_its_selection(team):
    fiches = [published(Initiative), published(Initiative)]

    asked = {"action": "invite", "_selected_action": [fiche.pk for fiche in fiches]}
    response = team.post(admin_url(Initiative, "changelist"), asked)

    assert response.status_code == 302
    assert len(emails(team.get(response.url))) == 2


def test_it_asks_the_database_as_many_questions_whatever_the_number_of_fiches(team):
    def questions(count):
        fiches = [published(Initiative, lead=ActorFactory(published=True)) for _ in range(count)]
        for fiche in fiches:
            OwnershipFactory(fiche=fiche)
        team.get(page_of(*fiches))
        with CaptureQueriesContext(connection) as queries:
            team.get(page_of(*fiches))
        return len(queries)

    assert questions(2) == questions(30)


@pytest.mark.parametrize(
    "query",
    ["", "?nature=user&fiche=1", "?nature=initiative", "?nature=initiative&fiche=9999", "?nature=initiative&fiche=x"],
)
def test_an_address_that_names_no_fiche_leads_nowhere(team, query):
    assert team.get(reverse("admin:invite") + query).status_code == 404


def test_only_those_who_moderate_invite(client):
    fiche, user = published(Initiative), UserFactory(is_staff=True)
    allow(user, "view_initiative", "change_initiative", "publish_initiative")
    client.force_login(user)

    assert client.get(page_of(fiche)).status_code == client.post(page_of(fiche), {}).status_code == 403
    assert "moderation/inviter" not in client.get(admin_url(fiche, "change")).text
    assert 'value="invite"' not in client.get(admin_url(Initiative, "changelist")).text
