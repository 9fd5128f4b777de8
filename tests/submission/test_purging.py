"""What is forgotten by itself once its time is over, and what never is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from post_office.models import Email
from reversion.models import Revision, Version

from initiatives.models import (
    Consent,
    Initiative,
    Invitation,
    ModerationRules,
    Ownership,
    ProposedChange,
    Question,
    RateCount,
    Recheck,
    Submission,
    SubmissionEvent,
    SubmissionMessage,
    User,
    current_version,
)
from initiatives.submission import photo_files, purging
from initiatives.submission.actions.fiches import record_edit
from initiatives.submission.history import act
from initiatives.submission.purging import purge_expired, what_would_go
from tests.factories import (
    InitiativeFactory,
    InvitationFactory,
    OwnershipFactory,
    PhotoFactory,
    RecheckFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.submission.people import sent_photo

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
DRAFTS, REFUSED, ACCEPTED, INVITED, ASKED, ACCOUNTS = [thing.name for thing in purging.THINGS]


def ago(days):
    return NOW - timedelta(days=days)


def purged(at=NOW):
    """What went: name → how many, without what did not."""
    return {name: count for name, count in purge_expired(at) if count}


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize("state", ["draft", "unconfirmed"])
def test_what_was_never_sent_goes_after_its_days_with_the_files_of_its_photos(
    state, media, django_capture_on_commit_callbacks
):
    old = SubmissionFactory(state=state, saved_at=ago(61))
    kept = SubmissionFactory(state=state, saved_at=ago(59))
    gone, stays = sent_photo(old), sent_photo(kept)

    with django_capture_on_commit_callbacks(execute=True):
        assert purged() == {DRAFTS: 1}

    assert list(Submission.objects.all()) == [kept]
    assert not (media / gone.file).exists()
    assert (media / stays.file).exists()


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_what_was_refused_goes_after_its_days_with_its_fiche_its_history_and_its_photos(
    state, media, django_capture_on_commit_callbacks
):
    refused = InitiativeFactory(status=state, name="Refusée")
    photo = photo_files.write({"original.webp": b"x", "480.webp": b"x"})
    PhotoFactory(initiative=refused, file=photo)
    with act(verb="Dépôt", at=NOW):
        record_edit(fiche=refused, at=NOW)
    OwnershipFactory(fiche=refused, ended_at=NOW)
    SubmissionFactory(state=state, fiche=refused, decided_at=ago(181))
    lately = SubmissionFactory(state=state, fiche=InitiativeFactory(status=state), decided_at=ago(179))
    version = current_version()

    with django_capture_on_commit_callbacks(execute=True):
        assert purged() == {REFUSED: 1}

    assert list(Submission.objects.all()) == [lately]
    assert list(Initiative.objects.all()) == [lately.initiative]
    assert not Version.objects.exists()
    assert not Revision.objects.exists()
    assert not (media / photo).exists()
    assert current_version() > version


def test_a_refused_change_goes_and_the_published_fiche_stays_as_it_is():
    fiche = InitiativeFactory(published=True)
    with act(verb="Modification", at=NOW):
        record_edit(fiche=fiche, at=NOW)
    ownership = OwnershipFactory(fiche=fiche)
    SubmissionFactory(kind="change", state="rejected", fiche=fiche, decided_at=ago(181))
    SubmissionFactory(kind="new", state="rejected", fiche=fiche, decided_at=ago(181))
    before = Initiative.objects.values().get(), Version.objects.count(), current_version()

    assert purged() == {REFUSED: 2}

    assert (Initiative.objects.values().get(), Version.objects.count(), current_version()) == before
    assert list(Ownership.objects.current()) == [ownership]


def test_what_was_accepted_is_anonymous_after_its_days_and_keeps_the_texts_that_were_accepted():
    fiche = InitiativeFactory(published=True)
    old = SubmissionFactory(
        state="accepted",
        fiche=fiche,
        decided_at=ago(1096),
        name="Léa",
        comment="Bonjour",
        answers={"name": "Les Jardins"},
    )
    Consent.objects.create(submission=old, text="licence", version="1", at=ago(1100))
    SubmissionEvent.objects.create(submission=old, at=ago(1096), state="accepted", note="Léa a rappelé")
    SubmissionMessage.objects.create(submission=old, at=ago(1096), text="Bonjour")
    ProposedChange.objects.create(submission=old, field="name", base="a", proposed="b")
    lately = SubmissionFactory(state="partly_accepted", kind="change", fiche=fiche, decided_at=ago(1094))
    email = lately.email

    assert purged() == {ACCEPTED: 1}
    assert purged() == {}

    old.refresh_from_db()
    lately.refresh_from_db()
    assert (old.email, old.name, old.comment, old.answers, old.fiche) == ("", "", "", {}, fiche)
    assert Consent.objects.get().submission == old
    assert SubmissionEvent.objects.get().note == ""
    assert not SubmissionMessage.objects.exists()
    assert not ProposedChange.objects.exists()
    assert lately.email == email


def test_what_waits_for_the_team_is_never_purged():
    SubmissionFactory(state="waiting", saved_at=ago(5000), waiting_since=ago(5000))
    SubmissionFactory(state="changes_requested", saved_at=ago(5000))

    assert purged() == {}


def test_an_invitation_goes_after_its_days_and_an_objection_is_remembered_longer():
    InvitationFactory(answer="confirmed", answered_at=ago(181), sent_at=ago(200))
    InvitationFactory(sent_at=ago(181))
    kept = [
        InvitationFactory(answer="objected", answered_at=ago(1094), sent_at=ago(1095)),
        InvitationFactory(answer="corrected", answered_at=ago(179), sent_at=ago(400)),
        InvitationFactory(sent_at=ago(179)),
    ]
    InvitationFactory(answer="objected", answered_at=ago(1096), sent_at=ago(1100))

    assert purged() == {INVITED: 3}
    assert set(Invitation.objects.all()) == set(kept)


def test_old_answers_to_the_question_of_the_year_go_and_one_that_waits_stays():
    RecheckFactory(answer="still_true", answered_at=ago(1096))
    kept = [RecheckFactory(asked_at=ago(2000)), RecheckFactory(answer="closed", answered_at=ago(1000))]

    assert purged() == {ASKED: 1}
    assert set(Recheck.objects.all()) == set(kept)


def test_an_account_that_has_nothing_here_any_more_is_erased():
    old = {"date_joined": ago(1200)}
    gone = UserFactory(email="parti@exemple.test", **old)
    former = OwnershipFactory(user=UserFactory(**old), ended_at=ago(1100)).user
    kept = [
        UserFactory(date_joined=ago(1000)),
        UserFactory(last_login=ago(1000), **old),
        UserFactory(is_staff=True, **old),
        OwnershipFactory(user=UserFactory(**old)).user,
        OwnershipFactory(user=UserFactory(**old), ended_at=ago(1000)).user,
        SubmissionFactory(user=UserFactory(**old)).user,
        UserFactory(email="envoi@exemple.test", **old),
    ]
    SubmissionFactory(email="envoi@exemple.test")

    assert purged() == {ACCOUNTS: 2}

    assert {*User.objects.filter(is_active=True)} >= set(kept)
    assert not User.objects.filter(pk__in=[gone.pk, former.pk], is_active=True).exists()
    assert not User.objects.filter(email="parti@exemple.test").exists()


def test_mails_counters_and_sessions_go_too():
    mail = Email.objects.create(from_email="a@exemple.test", to=["b@exemple.test"], status=0)
    Email.objects.update(last_updated=ago(400))
    RateCount.objects.create(action="mail", key="x", until=ago(1), count=1)
    Session.objects.create(session_key="x", session_data="", expire_date=ago(1))
    Question.objects.create(
        initiative=InitiativeFactory(published=True), name="A", email="a@exemple.test", message="Où ?", asked_at=ago(31)
    )

    assert purged() == {"messages envoyés": 1, "compteurs d’envois": 1, "questions à des porteurs": 1, "sessions": 1}
    assert not Email.objects.filter(pk=mail.pk).exists()


def test_the_delays_are_rules_of_the_team():
    ModerationRules.objects.create(pk=1, draft_days=7)
    SubmissionFactory(state="draft", saved_at=ago(8))

    assert purged() == {DRAFTS: 1}


def test_what_cannot_go_stays_and_the_others_go(monkeypatch, caplog):
    stays = SubmissionFactory(state="draft", saved_at=ago(61), name="Casse")
    SubmissionFactory(state="draft", saved_at=ago(61))
    delete = Submission.delete

    def fails(self, *args, **kwargs):
        if self.name == "Casse":
            raise RuntimeError
        return delete(self, *args, **kwargs)

    monkeypatch.setattr(Submission, "delete", fails)

    assert purged() == {DRAFTS: 1}
    assert list(Submission.objects.all()) == [stays]
    assert "could not be purged" in caplog.text


def test_counting_what_would_go_removes_nothing():
    SubmissionFactory(state="draft", saved_at=ago(61))

    assert dict(what_would_go(NOW))[DRAFTS] == 1
    assert Submission.objects.count() == 1


def test_the_command_says_how_many_of_each(capsys):
    SubmissionFactory(state="draft", saved_at=ago(500))

    call_command("purge_expired", "--dry-run")
    assert f"À effacer : {DRAFTS}, 1." in capsys.readouterr().out
    assert Submission.objects.count() == 1

    call_command("purge_expired")
    assert f"Effacement : {DRAFTS}, 1." in capsys.readouterr().out
    assert Submission.objects.count() == 0
