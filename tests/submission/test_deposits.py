"""What is done of a deposit: a draft, its sending, its receipt, its answers. Each is whole or not begun."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from initiatives.models import (
    Consent,
    Initiative,
    NotDuplicate,
    Photo,
    SentPhoto,
    Submission,
    SubmissionMessage,
)
from initiatives.submission import documents
from initiatives.submission.actions import confirming, deposits, sending
from initiatives.submission.actions.sent_photos import add_photo
from initiatives.submission.forms.actors import described
from initiatives.submission.images import store_photo
from initiatives.submission.lifecycle import State, move
from initiatives.submission.photo_files import orphans
from initiatives.submission.refusals import Refused
from tests.factories import ActorFactory, InitiativeFactory, ThemeFactory, UserFactory, make_places
from tests.photos import upload

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 2, 9, tzinfo=UTC)
CONSENTS = {"publication": "1", "charte": "abc", "licence": "2.0", "donnees-personnelles": "def"}


@pytest.fixture(autouse=True)
def places():
    ThemeFactory(slug="alimentation")
    return make_places()


def ask_for_changes(submission, **messages):
    """The team asks: a message by field, ``field_less`` for the whole."""
    fiche = submission.initiative
    Initiative.objects.filter(pk=fiche.pk).update(status="changes_requested")
    move(submission, State.CHANGES_REQUESTED, at=LATER)
    for field, text in messages.items():
        SubmissionMessage.objects.create(
            submission=submission,
            at=LATER,
            is_from_team=True,
            field="" if field == "field_less" else field,
            text=text,
        )


def document(**answers):
    said = {
        "name": "Boutique",
        "summary": "Une boutique.",
        "themes": ["alimentation"],
    }
    return documents.blank(Initiative) | said | answers


def draft(places, **answers):
    site = {"uuid": str(uuid4()), "territory": places.arles.key, "label": "", "address": ""}
    return deposits.start_draft(document=document(sites=[site], **answers), email="Lea@Exemple.test", at=AT)


def send(one, **said):
    return sending.send(draft=one, consents=CONSENTS, at=AT, **said)


def receive(one, **said):
    return confirming.confirm(submission=send(one, **said), at=AT)


def with_photo(one, **said):
    photo = add_photo(submission=one, stored=store_photo(upload()), at=AT)
    one.refresh_from_db()
    lines = [one.answers["photos"][0] | {"alt": "La halle", "credit": "Léa"} | said]
    deposits.save_step(draft=one, step="photos", changes={"photos": lines}, promised=[str(photo.uuid)], at=AT)
    return photo


def test_a_draft_is_traced_and_its_link_sent(places, queued_mails):
    one = draft(places)

    assert [event.state for event in one.events.all()] == ["draft"]
    [mail] = queued_mails
    assert mail.to == ["lea@exemple.test"]


def test_a_second_click_on_the_first_step_makes_one_draft(places, queued_mails):
    one, same = draft(places), draft(places)
    other = draft(places, name="Une autre")

    assert same == one != other
    assert Submission.objects.count() == len(queued_mails) == 2


def test_another_address_gets_the_link_in_its_turn(places, queued_mails):
    one = draft(places)

    deposits.save_step(draft=one, step="essentiel", email="tom@exemple.test", at=LATER)
    deposits.save_step(draft=one, step="essentiel", email="TOM@exemple.test", at=LATER)

    assert [mail.to for mail in queued_mails] == [["lea@exemple.test"], ["tom@exemple.test"]]


def test_two_tabs_write_each_its_own_step(places):
    one = draft(places)
    same = Submission.objects.get(pk=one.pk)

    deposits.save_step(draft=one, step="nouveaute", changes={"response": "Une réponse."}, at=LATER)
    deposits.save_step(draft=same, step="territoire", changes={"scale": "commune"}, at=LATER)

    one.refresh_from_db()
    assert (one.answers["response"], one.answers["scale"]) == ("Une réponse.", "commune")


def test_sending_keeps_what_was_accepted_and_in_which_version(places):
    one = draft(places)
    with_photo(one, print_allowed=True)

    send(one, name="Léa", role="bénévole")

    kept = {consent.text: (consent.version, consent.at) for consent in one.consents.all()}
    assert kept == {text: (version, AT) for text, version in CONSENTS.items()} | {
        Consent.Text.PHOTOS: ("1", AT),
        Consent.Text.PRINT: ("1", AT),
    }


def test_sent_twice_it_is_sent_once(places, queued_mails):
    one = draft(places)

    send(one)
    send(Submission.objects.get(pk=one.pk))

    assert len(queued_mails) == 2
    assert one.events.count() == 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [({"summary": ""}, "résumé"), ({"themes": []}, "thème"), ({"start_year": 2020, "end_year": 2010}, "année")],
)
def test_what_could_not_be_received_is_not_sent(places, answers, said):
    one = draft(places, **answers)

    with pytest.raises(Refused, match=said):
        send(one)

    one.refresh_from_db()
    assert one.state == State.DRAFT
    assert not Initiative.objects.exists()
    assert not one.consents.exists()


def test_a_photo_without_the_right_to_publish_it_is_not_sent(places):
    one = draft(places)
    with_photo(one)
    deposits.save_step(draft=one, step="photos", promised=[], at=AT)

    with pytest.raises(Refused, match="droit de publier"):
        send(one)


def test_a_step_left_wrong_is_not_sent(places):
    one = draft(places)
    deposits.save_step(draft=one, step="nouveaute", typed={"start_year": ["demain"]}, is_done=False, at=AT)

    with pytest.raises(Refused, match="à corriger"):
        send(one)


def test_a_rehearsal_leaves_the_photos_where_they_were(places):
    one = draft(places)
    with_photo(one)

    send(one)

    assert one.photos.count() == 1
    assert not Photo.objects.exists()


def test_what_is_received_is_a_pending_fiche_with_all_that_was_said(places):
    twin = InitiativeFactory(published=True)
    known = ActorFactory(published=True)
    lead = {
        "uuid": "6f0f8fd4-9d3a-4a47-8f1b-7e3b1f8f2a02",
        "actor": str(known.uuid),
        "role": "porteur",
        "is_lead": True,
    }
    new = {"uuid": "6f0f8fd4-9d3a-4a47-8f1b-7e3b1f8f2a03", "new_actor": described("Le Fournil"), "role": "partenaire"}
    line = {"detail": "", "since": None, "until": None}
    one = draft(places, stage="emergence", participations=[lead | line, new | line | {"actor": None, "is_lead": False}])
    deposits.tell_apart(draft=one, distinct=[twin.uuid], at=AT)
    photo = with_photo(one)

    submission = receive(Submission.objects.get(pk=one.pk), name="Léa")

    fiche = submission.initiative
    assert (fiche.status, fiche.origin, fiche.name, fiche.slug) == ("pending", "depot", "Boutique", None)
    assert (fiche.stage, fiche.stage_read_by, fiche.stage_as_of) == ("emergence", "porteur", 2026)
    assert fiche.sites.get().territory == places.arles
    assert fiche.lead_actor == known
    # Who is only described waits for the team.
    assert fiche.participations.count() == 1
    assert submission.answers["participations"][1]["new_actor"]["name"] == "Le Fournil"
    assert fiche.photos.get().uuid == photo.uuid
    assert not SentPhoto.objects.exists()
    assert NotDuplicate.objects.count() == 1
    assert (submission.user.email, submission.user.name) == ("lea@exemple.test", "Léa")
    assert submission.base_revision == fiche.revision
    assert "name" not in fiche.to_verify
    assert "_typed" not in submission.answers


def test_the_files_of_a_draft_are_no_orphans(places, settings):
    one = draft(places)
    with_photo(one)

    assert orphans(timezone.now() + timedelta(days=3)) == []
    SentPhoto.objects.all().delete()
    assert len(orphans(timezone.now() + timedelta(days=3))) == 1


def test_a_seventh_photo_is_refused(places):
    one = draft(places)
    for _ in range(6):
        add_photo(submission=one, stored=store_photo(upload()), at=AT)

    with pytest.raises(Refused, match="déjà 6 photos.: retirez-en une"):
        add_photo(submission=one, stored=store_photo(upload()), at=AT)


def test_an_answer_writes_what_changed_and_waits_again(places):
    submission = receive(draft(places))
    Initiative.objects.update(social_need="De la Cress.")
    ask_for_changes(submission, summary="Où ?")
    fiche = submission.initiative
    fiche.refresh_from_db()

    deposits.answer_moderator(
        submission=submission, changes={"summary": "À Arles."}, at=LATER, revision=fiche.revision, message="Voilà."
    )
    deposits.answer_moderator(
        submission=submission, changes={"summary": "Deux fois."}, at=LATER, revision=fiche.revision, message="Voilà."
    )

    fiche.refresh_from_db()
    submission.refresh_from_db()
    assert (fiche.summary, fiche.social_need, fiche.status) == ("À Arles.", "De la Cress.", "pending")
    assert (submission.state, submission.answers["summary"]) == (State.WAITING, "À Arles.")
    assert submission.messages.filter(is_from_team=False).count() == 1


def test_nobody_answers_what_was_not_asked(places):
    one = draft(places)

    with pytest.raises(Refused):
        deposits.answer_moderator(submission=one, changes={}, at=LATER, revision=0)


def test_an_answer_made_on_another_state_of_the_fiche_is_refused(places):
    submission = receive(draft(places))
    ask_for_changes(submission)

    with pytest.raises(Refused, match="a modifié la fiche"):
        deposits.answer_moderator(submission=submission, changes={"name": "X"}, at=LATER, revision=0)


@pytest.mark.parametrize("until", ["draft", "unconfirmed", "waiting", "changes_requested"])
def test_what_is_sent_may_be_taken_back_until_it_is_decided(places, until):
    one = draft(places)
    if until != "draft":
        send(one)
    if until in ("waiting", "changes_requested"):
        confirming.confirm(submission=one, at=AT)
    one.refresh_from_db()
    if until == "changes_requested":
        ask_for_changes(one)

    deposits.withdraw(submission=one, at=LATER)
    deposits.withdraw(submission=one, at=LATER)

    one.refresh_from_db()
    assert one.state == State.WITHDRAWN
    assert [fiche.status for fiche in Initiative.objects.all()] == (
        ["withdrawn"] if until in ("waiting", "changes_requested") else []
    )


@pytest.mark.parametrize("act", ["save", "photo", "apart"])
def test_what_is_sent_is_no_draft_any_more(places, act):
    one = send(draft(places))

    with pytest.raises(Refused, match="déjà envoyée"):
        {
            "save": lambda: deposits.save_step(draft=one, step="essentiel", changes={"name": "Autre"}, at=LATER),
            "photo": lambda: add_photo(submission=one, stored=store_photo(upload()), at=LATER),
            "apart": lambda: deposits.tell_apart(draft=one, distinct=[], at=LATER),
        }[act]()


def test_who_is_signed_in_is_received_at_once_and_only_for_their_own_address(places, queued_mails):
    owner, other = UserFactory(email="lea@exemple.test"), UserFactory(email="tom@exemple.test")

    hers = sending.send_as(draft=draft(places), user=owner, consents=CONSENTS, at=AT)
    not_his = sending.send_as(draft=draft(places, name="Une autre"), user=other, consents=CONSENTS, at=AT)

    assert (hers.state, hers.user) == (State.WAITING, owner)
    assert (not_his.state, not_his.user) == (State.UNCONFIRMED, None)


def test_what_is_sent_is_of_who_proves_the_address_whoever_was_signed_in_when_it_was_written(places):
    neighbour = UserFactory(email="tom@exemple.test")
    sent = sending.send(draft=draft(places), consents=CONSENTS, at=AT)
    Submission.objects.filter(pk=sent.pk).update(user=neighbour)

    assert confirming.confirm(submission=sent, at=AT).user.email == sent.email


@pytest.mark.parametrize(
    "where",
    ["initiatives.submission.actions.deposits.record_edit", "initiatives.submission.actions.confirming.queue_mail"],
)
def test_a_fault_in_the_middle_of_the_receipt_leaves_it_as_it_was(places, monkeypatch, where):
    one = send(draft(places))

    def break_down(*args, **kwargs):
        raise OSError("en panne")

    monkeypatch.setattr(where, break_down)
    with pytest.raises(OSError, match="en panne"):
        confirming.confirm(submission=one, at=AT)

    one.refresh_from_db()
    assert one.state == State.UNCONFIRMED
    assert not Initiative.objects.exists()
