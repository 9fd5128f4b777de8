"""A process killed in the middle of any step of a submission: nothing is half done, and the step can be taken again."""

import pytest
from django.apps import apps
from django.core import serializers

from initiatives.models import Initiative, Ownership, Submission
from initiatives.submission import documents
from initiatives.submission.actions import deposits, sending
from initiatives.submission.actions.confirming import confirm
from initiatives.submission.actions.deciding_changes import decide_change
from initiatives.submission.actions.decisions import ask_changes, publish_submission, reject
from tests.at_once import killed_in
from tests.factories import OwnershipFactory, TerritoryFactory, ThemeFactory, UserFactory
from tests.submission.deciding import ALL_CHECKS, NOW, SENT, deposit, moderator, proposal, seen, site

pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS = "initiatives.submission.actions"
SETTING = """
from datetime import UTC, datetime
from initiatives.models import Submission, User
from initiatives.submission import documents
from initiatives.submission.actions import deposits, sending
from initiatives.submission.actions.confirming import confirm
from initiatives.submission.actions.deciding_changes import decide_change
from initiatives.submission.actions.decisions import ask_changes, publish_submission, reject
NOW = datetime(2026, 5, 7, 10, tzinfo=UTC)
submission = Submission.objects.filter(kind__in=("new", "change")).last()
by = User.objects.filter(is_staff=True).last()
"""


def everything():
    """All rows of the site, mails and history included, as they are."""
    labels = ("initiatives", "reversion", "post_office")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {model: serializers.serialize("json", model._base_manager.order_by("pk")) for model in models}


def is_undone(module, name, work):
    """Whether a kill after the function ``name`` of ``module`` leaves all as it was before ``work``."""
    before = everything()
    killed_in(module, name, SETTING + work)
    return everything() == before


def draft(**answers):
    document = documents.blank(Initiative) | {
        "name": "Le Lavoir partagé",
        "summary": "Un lavoir rouvert par ses voisins.",
        "themes": [ThemeFactory().slug],
        "sites": [site(TerritoryFactory())],
    }
    return deposits.start_draft(document=document | answers, email="lea@exemple.test", at=SENT)


@pytest.mark.parametrize("after", [(f"{ACTIONS}.deposits", "_send_draft"), (f"{ACTIONS}.deposits", "queue_mail")])
def test_a_draft_is_begun_with_its_mail_or_not_at_all(after):
    work = "deposits.start_draft(document={'name': 'Le Lavoir partagé'}, email='lea@exemple.test', at=NOW)"

    assert is_undone(*after, work)
    assert not Submission.objects.exists()


def test_a_step_is_kept_whole_or_not_at_all_and_those_before_stay():
    begun = draft()
    work = "deposits.save_step(draft=submission, step='nouveaute', changes={'results': 'Dix voisins.'}, at=NOW)"

    assert is_undone(f"{ACTIONS}.deposits", "_keep_typed", work)

    begun.refresh_from_db()
    assert begun.answers["name"] == "Le Lavoir partagé"
    assert "nouveaute" not in begun.done_steps


@pytest.mark.parametrize("after", [(f"{ACTIONS}.sending", "move"), (f"{ACTIONS}.sending", "queue_mail")])
def test_a_draft_is_sent_with_its_consents_and_its_mail_or_stays_a_draft(after):
    begun = draft()

    assert is_undone(*after, "sending.send(draft=submission, consents={'charte': '1'}, at=NOW)")

    assert sending.send(draft=begun, consents={"charte": "1"}, at=NOW).state == "unconfirmed"


@pytest.mark.parametrize(
    "after",
    [
        (f"{ACTIONS}.confirming", "account_of"),
        (f"{ACTIONS}.deposits", "make_fiche"),
        (f"{ACTIONS}.deposits", "record_edit"),
        ("initiatives.submission.history", "_write"),
        (f"{ACTIONS}.confirming", "queue_mail"),
    ],
)
def test_an_address_is_confirmed_with_its_fiche_and_its_mail_or_not_at_all(after):
    begun = draft()
    sending.send(draft=begun, consents={"charte": "1"}, at=SENT)

    assert is_undone(*after, "confirm(submission=submission, at=NOW)")
    assert not Initiative.objects.exists()

    received = confirm(submission=begun, at=NOW)
    assert (received.state, received.initiative.status) == ("waiting", "pending")


@pytest.mark.parametrize(
    "after",
    [
        (f"{ACTIONS}.decisions", "_become"),
        ("initiatives.submission.lifecycle", "move"),
        (f"{ACTIONS}.decisions", "ask"),
    ],
)
def test_a_precision_is_asked_for_with_its_mail_or_not_at_all(after):
    submission, by = deposit(), moderator()
    work = f"ask_changes(submission=submission, revision={submission.revision}, message='Où ?', by=by, at=NOW)"

    assert is_undone(*after, work)

    ask_changes(submission=submission, revision=submission.revision, message="Où ?", by=by, at=NOW)
    assert Initiative.objects.get().status == "changes_requested"


@pytest.mark.parametrize("after", [("initiatives.submission.documents", "apply"), (f"{ACTIONS}.deposits", "move")])
def test_an_answer_is_written_in_the_fiche_and_enters_the_queue_or_neither(after):
    submission = deposit()
    ask_changes(submission=submission, revision=submission.revision, message="Où ?", by=moderator(), at=SENT)
    submission.refresh_from_db()
    revision = submission.initiative.revision
    work = "deposits.answer_moderator(submission=submission, changes={'results': 'Dix.'}, at=NOW, revision=%d)"

    assert is_undone(*after, work % revision)

    answered = deposits.answer_moderator(submission=submission, changes={"results": "Dix."}, at=NOW, revision=revision)
    assert (answered.state, Initiative.objects.get().results) == ("waiting", "Dix.")


@pytest.mark.parametrize(
    "after",
    [
        (f"{ACTIONS}.fiches", "publish"),
        ("initiatives.submission.history", "_write"),
        (f"{ACTIONS}.decisions", "grant"),
        ("initiatives.submission.lifecycle", "move"),
        (f"{ACTIONS}.decisions", "answer"),
    ],
)
def test_a_fiche_is_published_with_its_holder_and_its_mail_or_not_at_all(after):
    submission, by = deposit(), moderator()
    told = seen(submission)
    work = f"publish_submission(submission=submission, ticked={ALL_CHECKS['new']!r}, by=by, at=NOW, **{told!r})"

    assert is_undone(*after, work)
    assert not Initiative.objects.published().exists()

    publish_submission(submission=submission, ticked=ALL_CHECKS["new"], by=by, at=NOW, **told)
    assert Initiative.objects.published().get() == Ownership.objects.get().fiche


@pytest.mark.parametrize(
    "after",
    [
        ("initiatives.submission.documents", "apply"),
        ("initiatives.submission.lifecycle", "move"),
        (f"{ACTIONS}.deciding_changes", "answer"),
    ],
)
def test_accepted_changes_are_all_written_or_none(after):
    by, owner = moderator(), UserFactory()
    submission = proposal(summary="Un lavoir, trois jours par semaine.", results="Trente voisins.", user=owner)
    OwnershipFactory(fiche=submission.fiche, user=owner)
    told = seen(submission)
    choices = {"summary": "accepted", "results": "rejected"}
    values = {"decisions": choices, "ticked": ALL_CHECKS["change"], **told}

    assert is_undone(*after, f"decide_change(submission=submission, by=by, at=NOW, **{values!r})")

    decide_change(submission=submission, by=by, at=NOW, **values)
    submission.refresh_from_db()
    assert submission.state == "partly_accepted"
    assert submission.fiche.summary == "Un lavoir, trois jours par semaine."


def test_a_refusal_is_told_or_not_made():
    submission, by = deposit(), moderator()
    told = {"revision": submission.revision, "reason": "hors-champ"}

    assert is_undone(f"{ACTIONS}.decisions", "answer", f"reject(submission=submission, by=by, at=NOW, **{told!r})")

    reject(submission=submission, by=by, at=NOW, **told)
    assert Initiative.objects.get().status == "rejected"
