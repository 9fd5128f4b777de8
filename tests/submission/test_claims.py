"""« C’est mon initiative »: granted at once on the own domain of the organisation, else asked of the team."""

import pytest

from initiatives.models import Actor, Consent, FundingSource, Initiative, Ownership, Submission, User
from initiatives.submission.actions.claims import websites_of
from tests.factories import ActorFactory, UserFactory
from tests.submission.visiting import NOUNS, door, link_in, owned_by, published, send, sentences, typed

pytestmark = pytest.mark.django_db

every_noun = pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
SITE = "https://www.coopirate.fr/"


def claim(client, fiche, email="lea@coopirate.fr", **more):
    answers = {"name": "Léa", "role": "présidente", "email": email} | more
    return send(client, door(fiche, "revendiquer"), **answers)


@every_noun
def test_an_address_of_the_own_domain_makes_an_owner_once_it_is_confirmed(noun, client, queued_mails):
    fiche = published(noun, website=SITE)

    answer = claim(client, fiche, email="Lea@Coopirate.fr")

    assert answer["Location"] == f"{door(fiche, 'revendiquer')}?etape=confirmer"
    submission = Submission.objects.get()
    assert (submission.kind, submission.state, submission.fiche) == ("claim", "unconfirmed", fiche)
    assert not Ownership.objects.exists()
    assert not User.objects.exists()
    [mail] = queued_mails
    assert mail.to == ["lea@coopirate.fr"]

    client.post(link_in(mail))

    ownership = Ownership.objects.get()
    assert (ownership.user.email, ownership.fiche) == ("lea@coopirate.fr", fiche)
    assert (ownership.how, ownership.role, ownership.ended_at) == ("domaine", "présidente", None)
    submission.refresh_from_db()
    assert (submission.state, submission.user) == ("accepted", ownership.user)
    assert [mail.to for mail in queued_mails[1:]] == [["lea@coopirate.fr"]]


@every_noun
def test_any_other_address_waits_for_the_team(noun, client, queued_mails):
    fiche = published(noun, website=SITE)

    claim(client, fiche, email="lea@gmail.com")
    client.post(link_in(queued_mails[0]))

    assert not Ownership.objects.exists()
    submission = Submission.objects.get()
    assert (submission.state, submission.role, submission.receipt[:3]) == ("waiting", "présidente", "IG-")


def test_opening_the_link_changes_nothing_however_often(client, queued_mails):
    claim(client, published(Initiative, website=SITE))
    link = link_in(queued_mails[0])

    for _ in range(3):
        assert client.get(link).status_code == 200

    assert Submission.objects.get().state == "unconfirmed"
    assert not Ownership.objects.exists()
    assert len(queued_mails) == 1


def test_confirming_twice_grants_once(client, queued_mails):
    claim(client, published(Initiative, website=SITE))
    link = link_in(queued_mails[0])

    client.post(link)
    client.post(link)

    assert Ownership.objects.count() == 1
    assert len(queued_mails) == 2


def test_a_double_click_sends_one_claim(client, queued_mails):
    fiche = published(Initiative)
    path = door(fiche, "revendiquer")
    data = typed(client.get(path)) | {"name": "Léa", "role": "présidente", "email": "lea@coopirate.fr"}

    answers = [client.post(path, data) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {f"{path}?etape=confirmer"}
    assert Submission.objects.count() == 1
    assert len(queued_mails) == 1


def test_the_site_of_whoever_carries_it_counts_when_it_is_published():
    carrier = ActorFactory(published=True, website=SITE)
    hidden = ActorFactory(website=SITE)

    assert websites_of(published(Initiative, lead=carrier)) == ["", SITE]
    assert websites_of(published(Initiative, lead=hidden)) == ["", ""]
    assert websites_of(published(FundingSource, offered_by=carrier)) == ["", SITE]
    assert websites_of(published(FundingSource, offered_by=hidden)) == ["", ""]
    assert websites_of(published(Actor, website=SITE)) == [SITE]
    assert websites_of(published(Initiative)) == ["", ""]


def test_the_other_owners_are_told(client, queued_mails):
    fiche = published(Initiative, website=SITE)
    owner = owned_by(fiche)

    claim(client, fiche)
    client.post(link_in(queued_mails[0]))

    assert Ownership.objects.current().count() == 2
    assert sorted(mail.to[0] for mail in queued_mails[1:]) == sorted(["lea@coopirate.fr", owner.email])


def test_a_person_who_is_signed_in_and_on_the_domain_owns_it_at_once(client, queued_mails):
    fiche = published(Initiative, website=SITE)
    lea = UserFactory(email="lea@coopirate.fr")
    client.force_login(lea)

    answer = send(client, door(fiche, "revendiquer"), role="présidente")

    assert answer["Location"].endswith("?etape=accorde")
    assert Ownership.objects.get().user == lea
    assert "Vous suivez désormais cette fiche" in client.get(answer["Location"]).text


def test_a_person_who_is_signed_in_elsewhere_waits_and_asks_once(client):
    fiche = published(Initiative, website=SITE)
    client.force_login(UserFactory(email="lea@gmail.com"))

    answer = send(client, door(fiche, "revendiquer"), role="présidente")
    again = client.get(door(fiche, "revendiquer"))

    assert answer["Location"].endswith("?etape=recu")
    assert "Votre demande est déjà arrivée" in again.text
    assert Submission.objects.get().state == "waiting"


def test_an_owner_is_told_so_and_claims_nothing(client):
    fiche = published(Initiative, website=SITE)
    client.force_login(owned_by(fiche))

    page = client.get(door(fiche, "revendiquer"))

    assert "Vous suivez déjà cette fiche" in page.text
    assert client.post(door(fiche, "revendiquer"), {}).status_code == 200
    assert not Submission.objects.exists()


def test_a_stranger_does_not_learn_who_owns_a_fiche(client, queued_mails):
    """An address that owns it already gets the same answer as any other."""
    fiche = published(Initiative, website=SITE)
    owner = owned_by(fiche)

    answers = [claim(client, fiche, email=email) for email in (owner.email, "inconnu@exemple.fr")]

    assert len({answer["Location"] for answer in answers}) == 1
    client.post(link_in(queued_mails[0]))
    assert Ownership.objects.count() == 1
    assert Submission.objects.get(email=owner.email).state == "accepted"


def test_a_fiche_that_left_the_directory_meanwhile_is_granted_to_nobody(client, queued_mails):
    fiche = published(Initiative, website=SITE)
    claim(client, fiche)
    type(fiche).objects.filter(pk=fiche.pk).update(status="archived")

    client.post(link_in(queued_mails[0]))

    assert not Ownership.objects.exists()
    assert Submission.objects.get().state == "waiting"


def test_an_account_that_was_closed_owns_nothing(client, queued_mails):
    UserFactory(email="lea@coopirate.fr", is_active=False)
    claim(client, published(Initiative, website=SITE))

    client.post(link_in(queued_mails[0]))

    assert not Ownership.objects.exists()
    assert Submission.objects.get().state == "waiting"


@pytest.mark.parametrize("missing", ["name", "role", "email"])
def test_each_answer_is_asked_for_and_what_was_typed_stays(missing, client):
    answer = claim(client, published(Initiative), comment="Mon nom est sur la page « équipe ».", **{missing: ""})

    assert answer.status_code == 200
    assert sentences(answer)
    assert "Mon nom est sur la page" in answer.text
    assert not Submission.objects.exists()


def test_what_was_shown_of_personal_data_is_kept_with_its_version(client):
    claim(client, published(Initiative))

    consent = Consent.objects.get()
    assert (consent.text, bool(consent.version)) == ("donnees-personnelles", True)


def test_too_many_claims_are_refused_without_losing_anything(client):
    fiche = published(Initiative)
    answers = [claim(client, fiche) for _ in range(12)]

    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429
    assert 'value="présidente"' in answers[-1].text
    assert Submission.objects.count() < 12


def test_a_robot_that_fills_everything_sends_nothing(client):
    answer = claim(client, published(Initiative), objet_complementaire="https://pub.example")

    assert answer.status_code == 200
    assert not Submission.objects.exists()
