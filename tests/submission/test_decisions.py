"""What the team decides: the fiche, the trace and the mail in one transaction, once, on what was seen."""

import pytest
from reversion.models import Revision

from initiatives.models import Actor, Initiative, Ownership, Recheck, Submission, SubmissionMessage, current_version
from initiatives.submission.actions import decisions
from initiatives.submission.actions.decisions import (
    Refused,
    Stale,
    ask_changes,
    close_recheck,
    decide_claim,
    decide_report,
    decide_withdrawal,
    publish_submission,
    reject,
    release,
    take_charge,
)
from initiatives.submission.checklist import REASONS
from tests.admin.pages import published
from tests.factories import ActorFactory, OwnershipFactory, RecheckFactory, SubmissionFactory, UserFactory
from tests.submission.deciding import (
    ALL_CHECKS,
    NOW,
    deposit,
    described_actor,
    edit,
    moderator,
    participation,
    proposal,
    seen,
)

pytestmark = pytest.mark.django_db


def publish(submission, by, **values):
    options = seen(submission) | {"ticked": ALL_CHECKS["new"], "at": NOW} | values
    publish_submission(submission=submission, by=by, **options)


def now(row):
    return type(row).objects.get(pk=row.pk)


def last_mail(queued_mails):
    return queued_mails[len(queued_mails) - 1]


# Publishing


def test_a_deposit_is_published_its_author_becomes_its_holder_and_is_told(queued_mails):
    submission, by = deposit(), moderator()
    mails = len(queued_mails)

    publish(submission, by, message="Merci pour cette belle fiche !")

    submission = now(submission)
    fiche = submission.initiative
    assert (submission.state, submission.decided_at, fiche.status) == ("accepted", NOW, "published")
    assert (fiche.published_at, fiche.holder_checked_on) == (NOW, NOW.date())
    ownership = Ownership.objects.get()
    assert (ownership.user, ownership.fiche, ownership.how) == (submission.user, fiche, "depot")
    event = submission.events.last()
    assert (event.state, event.by, event.note) == ("accepted", by, "")
    assert submission.messages.get().text == "Merci pour cette belle fiche !"
    assert len(queued_mails) == mails + 1
    mail = last_mail(queued_mails)
    assert mail.to == [submission.email]
    assert f"/initiatives/{fiche.slug}/" in mail.message
    assert "Merci pour cette belle fiche" in mail.message
    assert "Merci pour cette belle fiche" in mail.html_message


def test_history_says_who_published_it_and_for_which_request():
    submission, by = deposit(), moderator()

    publish(submission, by)

    revision = Revision.objects.order_by("pk").last()
    assert revision.user == by
    assert submission.receipt in revision.comment


def test_a_published_deposit_is_in_the_search_at_once(client):
    submission = deposit(name="La Fontaine aux livres")
    version = current_version()

    publish(submission, moderator())

    assert current_version() > version
    assert "/initiatives/la-fontaine-aux-livres/" in client.get("/initiatives/?q=fontaine").text


@pytest.mark.parametrize("left", ["besoin", "personne", "publicite"])
def test_nothing_is_published_while_a_blocking_check_is_not_made(left):
    submission = deposit()

    with pytest.raises(Refused, match="il reste à vérifier"):
        publish(submission, moderator(), ticked=[key for key in ALL_CHECKS["new"] if key != left])

    assert (now(submission).state, now(submission.initiative).status) == ("waiting", "pending")


def test_a_check_that_does_not_block_is_said_when_it_was_left_aside():
    submission = deposit()

    publish(submission, moderator(), ticked=[key for key in ALL_CHECKS["new"] if key != "liens"])

    assert now(submission).events.last().note == "Laissé de côté : Liens testés."


def test_a_described_actor_is_made_and_published_with_the_fiche_and_not_before():
    submission = deposit(participations=[participation(new_actor=described_actor(), is_lead=True)])
    assert not Actor.objects.exists()

    publish(submission, moderator())

    actor = Actor.objects.get()
    assert (actor.name, actor.status, actor.origin) == ("Les Amis du lavoir", "published", "depot")
    line = now(submission).initiative.participations.get()
    assert (line.actor, line.is_lead) == (actor, True)


def test_a_described_actor_without_a_summary_stays_a_draft():
    submission = deposit(participations=[participation(new_actor=described_actor(summary=""))])

    publish(submission, moderator())

    assert Actor.objects.get().status == "draft"


def test_a_described_actor_that_the_directory_knows_is_not_made_again():
    known = ActorFactory(published=True, name="Amis du lavoir")
    described = described_actor()
    submission = deposit(participations=[participation(new_actor=described)])

    publish(submission, moderator(), actors={described["name"]: known})

    assert [line.actor for line in now(submission).initiative.participations.all()] == [known]
    assert Actor.objects.count() == 1


def test_an_actor_named_by_two_lines_is_made_once():
    described = described_actor()
    lines = [participation(new_actor=described), participation(new_actor=described, role="partenaire")]
    submission = deposit(participations=lines)

    publish(submission, moderator())

    assert Actor.objects.count() == 1
    assert now(submission).initiative.participations.count() == 2


def test_an_actor_whose_number_is_another_ones_is_refused_in_a_sentence():
    ActorFactory(siren="732829320")
    submission = deposit(participations=[participation(new_actor=described_actor(siren="732829320"))])

    with pytest.raises(Refused, match="Un autre acteur porte déjà ce Siren"):
        publish(submission, moderator())

    assert now(submission.initiative).status == "pending"


def test_a_double_click_publishes_once(queued_mails):
    submission, by = deposit(), moderator()
    opened = seen(submission)
    publish(submission, by, **opened)
    mails, version = len(queued_mails), current_version()

    publish(submission, by, **opened)

    assert (len(queued_mails), current_version()) == (mails, version)
    assert now(submission).events.filter(state="accepted").count() == 1


def test_the_second_moderator_is_refused_and_nothing_of_theirs_is_kept(queued_mails):
    submission = deposit()
    opened = seen(submission)
    publish(submission, moderator(), **opened)
    mails = len(queued_mails)

    with pytest.raises(Stale):
        publish(submission, moderator(), **opened, message="Merci.")

    assert len(queued_mails) == mails
    assert not SubmissionMessage.objects.exists()


def test_a_fiche_that_was_edited_since_one_looked_is_not_published_unseen():
    submission = deposit()
    opened = seen(submission)
    edit(submission.initiative, summary="Autre chose.")

    with pytest.raises(Stale, match="a changé depuis"):
        publish(submission, moderator(), **opened)

    publish(submission, moderator())
    assert now(submission).initiative.is_published


@pytest.mark.parametrize("late", ["grant", "answer"])
def test_a_failure_in_the_middle_leaves_nothing_half_published(monkeypatch, queued_mails, late):
    submission = deposit(participations=[participation(new_actor=described_actor())])
    before = len(queued_mails), current_version(), Revision.objects.count()

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(decisions, late, fail)
    with pytest.raises(OSError, match="disk full"):
        publish(submission, moderator())

    assert (len(queued_mails), current_version(), Revision.objects.count()) == before
    fiche = now(submission.initiative)
    assert (now(submission).state, fiche.status, fiche.slug) == ("waiting", "pending", None)
    assert not Actor.objects.exists()
    assert not Ownership.objects.exists()


# Asking for more


def test_questions_go_back_to_the_holder_field_by_field(queued_mails):
    submission, by = deposit(), moderator()

    ask_changes(
        submission=submission,
        revision=submission.revision,
        by=by,
        at=NOW,
        message="Presque.",
        questions={"sites": "À quelle adresse ?", "results": "  "},
    )

    submission = now(submission)
    assert (submission.state, submission.initiative.status) == ("changes_requested", "changes_requested")
    said = [(row.field, row.text, row.is_from_team, row.by) for row in submission.messages.all()]
    assert said == [("", "Presque.", True, by), ("sites", "À quelle adresse ?", True, by)]
    mail = last_mail(queued_mails)
    assert mail.to == [submission.email]
    assert "Lieux : À quelle adresse ?" in mail.message.replace("\N{NO-BREAK SPACE}", " ").replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )


def test_to_ask_one_has_to_ask_something():
    submission = deposit()

    with pytest.raises(Refused, match="Écrivez ce que vous demandez"):
        ask_changes(
            submission=submission, revision=submission.revision, by=moderator(), at=NOW, questions={"name": " "}
        )

    assert now(submission).state == "waiting"


def test_asking_twice_by_a_double_click_asks_once(queued_mails):
    submission, by = deposit(), moderator()
    asked = {"submission": submission, "revision": submission.revision, "by": by, "at": NOW, "message": "Où ?"}

    ask_changes(**asked)
    mails = len(queued_mails)
    ask_changes(**asked)

    assert (len(queued_mails), now(submission).messages.count()) == (mails, 1)


# Refusing


def test_a_refusal_has_a_reason_of_the_charter_and_says_it(queued_mails):
    submission, by = deposit(), moderator()

    reject(submission=submission, revision=submission.revision, reason="hors-region", by=by, at=NOW)

    submission = now(submission)
    assert (submission.state, submission.initiative.status) == ("rejected", "rejected")
    assert submission.events.last().note == REASONS["hors-region"]
    assert REASONS["hors-region"] in last_mail(queued_mails).message


@pytest.mark.parametrize("reason", ["", "parce que"])
def test_nothing_is_refused_without_a_reason(reason):
    submission = deposit()

    with pytest.raises(Refused, match="un refus est toujours expliqué"):
        reject(submission=submission, revision=submission.revision, reason=reason, by=moderator(), at=NOW)


@pytest.mark.parametrize("state", ["accepted", "rejected", "withdrawn"])
def test_what_is_over_is_decided_no_more(state):
    submission = deposit()
    Submission.objects.filter(pk=submission.pk).update(state=state, decided_at=NOW)

    with pytest.raises(Refused, match="déjà dans l’état"):
        reject(submission=submission, revision=submission.revision, reason="hors-champ", by=moderator(), at=NOW)
    with pytest.raises(Refused, match="déjà dans l’état"):
        publish(submission, moderator())


def test_a_decision_of_another_kind_is_refused():
    submission = proposal(summary="Un autre résumé.")

    with pytest.raises(Refused, match="ne convient pas"):
        publish(submission, moderator())
    with pytest.raises(Refused, match="ne convient pas"):
        decide_claim(submission=submission, revision=submission.revision, by=moderator(), at=NOW)


# Reports, claims, withdrawals, checks


def report(**values):
    return SubmissionFactory(kind="report", fiche=published(Initiative), comment="Le site ne répond plus.", **values)


def test_a_report_is_closed_and_its_author_answered(queued_mails):
    submission = report()

    decide_report(submission=submission, revision=0, by=moderator(), at=NOW, message="C’est corrigé.")

    assert now(submission).state == "accepted"
    assert "C’est corrigé." in last_mail(queued_mails).message


def test_a_report_without_follow_up_says_why(queued_mails):
    submission = report()

    decide_report(submission=submission, revision=0, by=moderator(), at=NOW, no_follow_up="exact")

    assert now(submission).state == "rejected"
    assert "la fiche est exacte" in last_mail(queued_mails).message


def test_nobody_is_written_to_when_nobody_left_an_address(queued_mails):
    submission = report(email="")

    decide_report(submission=submission, revision=0, by=moderator(), at=NOW)

    assert len(queued_mails) == 0
    with pytest.raises(Refused, match="Personne n’a laissé d’adresse"):
        ask_changes(
            submission=(other := report(email="")), revision=other.revision, by=moderator(), at=NOW, message="?"
        )


def test_a_claim_that_is_granted_makes_a_holder(queued_mails):
    fiche, person, by = published(Initiative), UserFactory(), moderator()
    submission = SubmissionFactory(kind="claim", fiche=fiche, user=person, role="Directrice", email=person.email)

    decide_claim(submission=submission, revision=0, by=by, at=NOW)

    ownership = Ownership.objects.get()
    assert (ownership.user, ownership.fiche, ownership.how, ownership.granted_by) == (person, fiche, "equipe", by)
    assert ownership.role == "Directrice"
    assert now(submission).state == "accepted"
    assert [mail.to for mail in queued_mails] == [[person.email]]


def test_what_the_team_adds_to_a_claim_is_written_to_the_holder(queued_mails):
    person = UserFactory()
    submission = SubmissionFactory(kind="claim", fiche=published(Initiative), user=person, email=person.email)

    decide_claim(submission=submission, revision=0, by=moderator(), at=NOW, message="Bienvenue parmi nous.")

    assert "Bienvenue parmi nous." in last_mail(queued_mails).message
    assert SubmissionMessage.objects.get().text == "Bienvenue parmi nous."


def test_a_claim_that_is_refused_makes_nobody_a_holder(queued_mails):
    person = UserFactory()
    submission = SubmissionFactory(kind="claim", fiche=published(Initiative), user=person, email=person.email)

    reject(submission=submission, revision=0, reason="lien", by=moderator(), at=NOW)

    assert not Ownership.objects.exists()
    assert "votre lien avec la structure" in last_mail(queued_mails).message


def test_a_withdrawal_archives_the_fiche(queued_mails):
    fiche = published(Initiative)
    submission = SubmissionFactory(kind="withdrawal", fiche=fiche)

    decide_withdrawal(submission=submission, **seen(submission), by=moderator(), at=NOW)

    assert (now(fiche).status, now(submission).state) == ("archived", "accepted")
    assert last_mail(queued_mails).to == [submission.email]


def silence():
    ownership = OwnershipFactory(fiche=published(Initiative))
    recheck = RecheckFactory(fiche=ownership.fiche, reminders=2)
    return recheck, SubmissionFactory(
        kind="recheck", fiche=ownership.fiche, email="", confirmed_at=None, waiting_since=NOW
    )


@pytest.mark.parametrize(("outcome", "status"), [("verified", "published"), ("archived", "archived")])
def test_a_silent_fiche_is_checked_or_archived_by_the_team(outcome, status):
    recheck, submission = silence()
    by = moderator()

    close_recheck(submission=submission, **seen(submission), outcome=outcome, by=by, at=NOW)

    fiche = now(submission.fiche)
    assert fiche.status == status
    assert fiche.checked_by == (by if outcome == "verified" else None)
    assert (now(submission).state, now(recheck).answer) == ("accepted", Recheck.Answer.CLOSED)


def test_a_silent_fiche_may_come_back_later_at_the_end_of_the_queue():
    recheck, submission = silence()
    later = NOW.replace(hour=18)

    close_recheck(submission=submission, **seen(submission), outcome="later", by=moderator(), at=later)

    assert (now(submission).state, now(submission).waiting_since) == ("waiting", later)
    assert now(recheck).answer == ""


# Who looks after it


def test_one_takes_charge_and_releases():
    submission, by = report(), moderator()

    take_charge(submission=submission, by=by, at=NOW)
    assert (now(submission).assignee, now(submission).assigned_at) == (by, NOW)

    release(submission=submission, by=moderator())
    assert now(submission).assignee == by
    release(submission=submission, by=by)
    assert now(submission).assignee is None


def test_what_a_colleague_looks_after_is_taken_only_knowingly():
    submission, first, second = report(), moderator(), moderator(name="Paul Rey")
    take_charge(submission=submission, by=first, at=NOW)

    with pytest.raises(Refused, match="s’en charge déjà"):
        take_charge(submission=submission, by=second, at=NOW)

    take_charge(submission=submission, by=second, at=NOW, instead_of=first)
    assert now(submission).assignee == second


def test_taking_charge_does_not_make_a_decision_stale():
    submission, by = deposit(), moderator()
    opened = seen(submission)

    take_charge(submission=submission, by=moderator(), at=NOW)
    publish(submission, by, **opened)

    assert now(submission).state == "accepted"


@pytest.mark.parametrize(("is_public", "seen_by_all"), [(True, True), (False, False)])
def test_the_name_of_who_deposits_is_public_only_when_they_asked_for_it(client, is_public, seen_by_all):
    submission = deposit()
    Submission.objects.filter(pk=submission.pk).update(name="Mo Ferrand", name_is_public=is_public)

    publish(submission, moderator())

    page = client.get(Initiative.objects.get().get_absolute_url()).content.decode()
    assert ("Déposée par Mo Ferrand" in page) is seen_by_all
    assert ("Mo Ferrand" in page) is seen_by_all
