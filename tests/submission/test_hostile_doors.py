"""What only a script sends, to the doors that everybody may open: no page falls, nothing taken off comes back."""

from itertools import product
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative, Ownership, RateCount, Submission
from initiatives.submission import photo_files, tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions.asking import open_draft
from initiatives.submission.actions.deciding_changes import decide_change
from initiatives.submission.actions.invitations import accept, decline
from initiatives.submission.actions.my_data import erase
from initiatives.submission.actions.owners import hand_over
from initiatives.submission.forms import ADD_ROW
from initiatives.submission.forms.answers import AmountField
from initiatives.submission.refusals import Refused
from tests.admin.pages import allow
from tests.factories import PhotoFactory, ThemeFactory, UserFactory, make_places
from tests.submission.deciding import moderator, proposal, seen
from tests.submission.depositing import ESSENTIAL, address, received, started
from tests.submission.people import by_a_person
from tests.submission.visiting import NOUNS, door, owned_by, published, typed

pytestmark = pytest.mark.django_db

# More digits than Python reads.
ENDLESS = "9" * 5000


@pytest.fixture
def town():
    ThemeFactory(slug="alimentation")
    make_places()


# Numbers and texts that no page of ours sends


def test_an_endless_number_of_lines_breaks_no_step(client, town):
    page = address(started(client), "moyens")

    for wish in (f"{ADD_ROW}-participations", "photos", "continuer"):
        for name in ("participations", "photos"):
            assert client.post(page, {"faire": wish, f"{name}-TOTAL_FORMS": ENDLESS}).status_code in (200, 302)


def test_an_endless_number_breaks_no_proposal(client):
    page = door(published(Initiative), "proposer-une-modification")
    data = typed(client.get(page))

    for name in [name for name in data if name.endswith("_FORMS")]:
        for wish in ("", f"{ADD_ROW}-{name.removesuffix('-TOTAL_FORMS')}"):
            assert client.post(page, data | {name: ENDLESS, "faire": wish}).status_code == 200


@pytest.mark.parametrize("typed_amount", [ENDLESS, "9" + ".999" * 1500, "9" * 21])
def test_an_endless_amount_is_to_be_corrected(typed_amount):
    with pytest.raises(ValidationError):
        AmountField().clean(typed_amount)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_lists_nested_by_the_thousand_break_no_proposal(noun, client):
    page = door(published(noun), "proposer-une-modification")

    assert client.post(page, typed(client.get(page)) | {"montre": "[" * 100_000}).status_code == 200


@pytest.mark.parametrize("what", ["signaler", "revendiquer", "question"])
def test_an_address_longer_than_any_is_refused(what, client):
    fiche = published(Initiative)
    page = door(fiche, what)
    longest = f"{'a' * 240}@{'b' * 60}.fr"

    answer = client.post(page, by_a_person({"name": "Léa", "email": longest, "role": "x", "message": "x"}))

    assert answer.status_code == 200
    assert not Submission.objects.exists()
    assert "254" in answer.text


NUL = "a\x00b"


@pytest.mark.parametrize("name", ["name", "commune", "commune_key", "summary", "theme", "email", "a\x00b"])
def test_what_postgresql_does_not_hold_breaks_no_first_step(name, client, town):
    data = by_a_person({**ESSENTIAL, "faire": "continuer"}) | {name: NUL}
    same = data | {"meme": str(published(Initiative).uuid)}
    draft = started(client)

    for sent in (data, same, data | {"faire": "retour"}, data | {"faire": "envoi"}):
        assert client.post("/deposer/nouvelle/", sent).status_code in (200, 302)
    assert client.post(address(draft, "essentiel"), data).status_code in (200, 302)
    assert client.get(address(draft, "essentiel")).status_code == 200


def test_what_postgresql_does_not_hold_breaks_no_answer_to_the_team(client, town):
    submission = received(client)
    Submission.objects.filter(pk=submission.pk).update(state="changes_requested")
    Initiative.objects.filter(pk=submission.initiative_id).update(status="changes_requested")
    page = reverse("correct", args=[tokens.make("tracking", submission.uuid)])

    answer = client.post(page, typed(client.get(page)) | {"message": NUL})

    assert answer.status_code == 302
    assert submission.messages.get().text == "ab"


# What was taken off the directory


ASKED = ["signaler", "revendiquer", "proposer-une-modification"]


@pytest.mark.parametrize(("noun", "what"), [*product(NOUNS, ASKED), (Initiative, "question")])
def test_a_form_sent_to_an_archived_fiche_says_nothing_of_its_website(noun, what, client):
    fiche = published(noun, website="https://site-retire.example/")
    noun.objects.filter(pk=fiche.pk).update(status="archived")

    answer = client.post(door(fiche, what), {})

    assert answer.status_code == 410
    assert "site-retire" not in answer.text


def test_the_photos_of_an_archived_fiche_are_not_seen_through_the_draft_of_a_change(client):
    fiche = published(Initiative)
    file = photo_files.write({"original.webp": b"x", "480.webp": b"x"})
    photo = PhotoFactory(initiative=fiche, file=file, width=480, height=300)
    draft = open_draft(uuid=uuid4(), fiche=fiche, at=timezone.now())
    page = reverse("sent_photo", args=[tokens.make("draft", draft.uuid), photo.uuid, "480"])
    assert client.get(page).status_code == 200

    Initiative.objects.filter(pk=fiche.pk).update(status="archived")

    assert client.get(page).status_code == 404


# Who sends what is read by those who moderate alone


def test_who_may_only_read_the_desk_reads_no_address_of_who_deposits(client, town):
    fiche = received(client).initiative
    reader = UserFactory(is_staff=True)
    allow(reader, "view_initiative")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    for page in ("/admin/", f"/admin/initiatives/initiative/{fiche.pk}/history/"):
        answer = client.get(page)
        assert "Dépôt" in answer.text
        assert "lea@exemple.test" not in answer.text
        assert "une personne extérieure à l’équipe" in answer.text


# Mails to addresses of others


def test_one_connection_does_not_write_to_the_whole_world(client, town):
    page = address(started(client), "essentiel")
    data = typed(client.get(page)) | {"faire": "continuer"}
    RateCount.objects.all().delete()
    request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
    for number in range(59):
        assert not refuse_if_too_many(request, "mail", at=timezone.now(), email=f"victime-{number}@exemple.test")

    assert client.post(page, data | {"email": "victime-60@exemple.test"}).status_code == 302
    assert client.post(page, data | {"email": "victime-61@exemple.test"}).status_code == 429
    assert Submission.objects.get().email == "victime-60@exemple.test"


# What is erased while somebody decides of it


def test_a_decision_on_what_has_just_been_erased_is_refused_in_words():
    submission = proposal()
    states, user = seen(submission), submission.user
    erase(user=user, at=timezone.now())

    with pytest.raises(Refused, match="n’existe plus"):
        decide_change(
            submission=submission, **states, decisions={}, ticked=[], by=moderator(), at=timezone.now(), message=""
        )


def test_an_invitation_that_was_just_declined_is_accepted_no_more():
    fiche = published(Initiative)
    ownership = Ownership.objects.get(user=owned_by(fiche))
    invitation = hand_over(ownership=ownership, email="lea@exemple.test", name="Léa", at=timezone.now())
    decline(invitation=invitation)

    with pytest.raises(Refused, match="n’existe plus"):
        accept(invitation=invitation, at=timezone.now())
