import pytest

from initiatives.models import (
    Consent,
    ModerationRules,
    Opinion,
    ProposedChange,
    ReplyTemplate,
    SentPhoto,
    Submission,
    SubmissionMessage,
)
from tests import factories
from tests.factories import SOME_TIME
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def test_what_is_sent_is_about_one_fiche_at_most():
    with breaks("submission_has_one_target_at_most"):
        factories.SubmissionFactory(
            fiche=factories.InitiativeFactory(), actor=factories.ActorFactory(published=True), kind="change"
        )


def test_only_a_new_fiche_may_name_none():
    factories.SubmissionFactory(kind="new")

    with breaks("submission_about_a_fiche_names_it"):
        factories.SubmissionFactory(kind="change")


def test_nothing_enters_the_queue_before_its_address_is_confirmed_unless_a_machine_asks():
    with breaks("submission_is_confirmed_before_the_queue"):
        factories.SubmissionFactory(state="waiting", confirmed_at=None, waiting_since=SOME_TIME)

    factories.SubmissionFactory(
        kind="recheck", fiche=factories.InitiativeFactory(), confirmed_at=None, waiting_since=SOME_TIME
    )


def test_what_waits_does_so_since_a_day():
    with breaks("submission_waits_since_a_day"):
        factories.SubmissionFactory(state="waiting", waiting_since=None)


@pytest.mark.parametrize(("state", "decided_at"), [("accepted", None), ("waiting", SOME_TIME)])
def test_what_is_ended_says_when_and_nothing_else_does(state, decided_at):
    with breaks("submission_decided_at_tells_state"):
        factories.SubmissionFactory(state=state, decided_at=decided_at)


def test_a_message_says_something():
    with breaks("submissionmessage_says_something"):
        SubmissionMessage.objects.create(submission=factories.SubmissionFactory(), at=SOME_TIME, text="")


def test_a_version_of_a_text_is_accepted_once():
    submission = factories.SubmissionFactory()
    Consent.objects.create(submission=submission, text="charte", version="1", at=SOME_TIME)

    with breaks("consent_once"):
        Consent.objects.create(submission=submission, text="charte", version="1", at=SOME_TIME)

    Consent.objects.create(submission=submission, text="charte", version="2", at=SOME_TIME)


def test_a_photo_that_is_sent_has_a_size():
    with breaks("sentphoto_has_a_size"):
        SentPhoto.objects.create(submission=factories.SubmissionFactory(), file="x", width=0, height=10)


def test_a_field_is_proposed_once():
    submission = factories.SubmissionFactory()
    ProposedChange.objects.create(submission=submission, field="name", base="A", proposed="B")

    with breaks("proposedchange_once"):
        ProposedChange.objects.create(submission=submission, field="name", base="A", proposed="C")


@pytest.mark.parametrize(("decision", "decided_at"), [("accepted", None), ("", SOME_TIME)])
def test_a_decision_is_taken_on_a_day(decision, decided_at):
    with breaks("proposedchange_decided_at_tells_decision"):
        ProposedChange.objects.create(
            submission=factories.SubmissionFactory(), field="name", decision=decision, decided_at=decided_at
        )


def test_a_holder_has_one_opinion_given_on_a_day():
    submission, user = factories.SubmissionFactory(), factories.UserFactory()
    Opinion.objects.create(submission=submission, user=user, asked_at=SOME_TIME)

    with breaks("opinion_once"):
        Opinion.objects.create(submission=submission, user=user, asked_at=SOME_TIME)
    with breaks("opinion_is_given_on_a_day"):
        Opinion.objects.create(submission=submission, user=factories.UserFactory(), asked_at=SOME_TIME, agrees=True)


def test_the_rules_of_moderation_are_one_row_and_have_values_before_anybody_writes_them():
    assert ModerationRules.current().answer_days == 10
    ModerationRules.objects.create(pk=1, answer_days=5)
    assert ModerationRules.current().answer_days == 5

    with breaks("moderation_rules_have_one_row"):
        ModerationRules.objects.create(pk=2)


def test_a_template_says_something():
    with breaks("replytemplate_says_something"):
        ReplyTemplate.objects.create(name="Vide", act="ask", body="")


def test_the_queue_holds_what_waits_the_oldest_first():
    older = factories.SubmissionFactory(waiting_since=SOME_TIME.replace(day=1))
    newer = factories.SubmissionFactory()
    factories.SubmissionFactory(state="draft")

    assert list(Submission.objects.waiting()) == [older, newer]


def test_what_somebody_sent_is_what_bears_their_account_or_their_address():
    user = factories.UserFactory(email="porteur@exemple.test")
    by_account, by_address = factories.SubmissionFactory(user=user), factories.SubmissionFactory(email=user.email)
    factories.SubmissionFactory()

    assert {*Submission.objects.of(user)} == {by_account, by_address}
