"""Changes proposed to a fiche: accepted one by one, on the fiche of today, what others did meanwhile is kept."""

from uuid import uuid4

import pytest
from reversion.models import Revision

from initiatives.models import Actor, FundingSource, Initiative, Ownership, ProposedChange, Submission
from initiatives.submission import documents
from initiatives.submission.actions import deciding_changes
from initiatives.submission.actions.deciding_changes import decide_change
from initiatives.submission.actions.decisions import Refused, Stale
from initiatives.submission.history import told
from tests.admin.pages import published
from tests.factories import ActorFactory, OwnershipFactory, TerritoryFactory, ThemeFactory
from tests.submission.deciding import (
    ALL_CHECKS,
    NOW,
    described_actor,
    edit,
    moderator,
    participation,
    proposal,
    seen,
    site,
)

pytestmark = pytest.mark.django_db


def decide(submission, decisions=None, by=None, **values):
    """Accept all, unless told otherwise."""
    fields = submission.changes.values_list("field", flat=True)
    decisions = decisions or dict.fromkeys(fields, "accepted")
    options = seen(submission) | {"ticked": ALL_CHECKS["change"], "at": NOW} | values
    decide_change(submission=submission, decisions=decisions, by=by or moderator(), **options)


def now(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_a_change_that_is_accepted_is_written_and_told(model, queued_mails):
    fiche = published(model)
    submission, by = proposal(fiche, summary="Un résumé plus juste."), moderator()

    decide(submission, by=by)

    assert now(fiche).summary == "Un résumé plus juste."
    assert now(submission).state == "accepted"
    change = submission.changes.get()
    assert (change.decision, change.decided_by, change.decided_at) == ("accepted", by, NOW)
    assert told(Revision.objects.order_by("pk").last()) == ("Proposition acceptée", f"Demande {submission.receipt}")
    [mail] = queued_mails
    assert mail.to == [submission.email]
    assert "résumé" in mail.message
    assert fiche.get_absolute_url() in mail.message


def test_some_are_accepted_and_the_others_are_not_written(queued_mails):
    fiche = published(Initiative, summary="Avant.", stage="emergence")
    submission = proposal(fiche, summary="Après.", stage="essaimage", website="https://lavoir.exemple.fr")

    decide(submission, {"summary": "accepted", "stage": "rejected", "website": "accepted"})

    fiche = now(fiche)
    assert (fiche.summary, fiche.stage, fiche.website) == ("Après.", "emergence", "https://lavoir.exemple.fr")
    assert now(submission).state == "partly_accepted"
    assert dict(submission.changes.values_list("field", "decision"))["stage"] == "rejected"
    [mail] = queued_mails
    assert "Pas repris" in mail.message
    assert "étape" in mail.message


def test_none_accepted_is_a_refusal_with_its_reason(queued_mails):
    fiche = published(Initiative)
    submission = proposal(fiche, summary="Après.")

    with pytest.raises(Refused, match="toujours expliqué"):
        decide(submission, {"summary": "rejected"}, ticked=[])
    decide(submission, {"summary": "rejected"}, ticked=[], reason="inexact")

    assert now(submission).state == "rejected"
    assert now(fiche).revision == fiche.revision
    [mail] = queued_mails
    assert "Nous n’avons pas pu vérifier" in mail.message


def test_every_field_is_decided_before_anything_is_written():
    fiche = published(Initiative)
    submission = proposal(fiche, summary="Après.", stage="essaimage")

    with pytest.raises(Refused, match="Il reste un champ à décider"):
        decide(submission, {"summary": "accepted"})

    assert now(fiche).summary != "Après."
    assert not submission.changes.exclude(decision="").exists()


def test_a_blocking_check_is_asked_for_changes_too():
    submission = proposal(summary="Après.")

    with pytest.raises(Refused, match="Aucun particulier"):
        decide(submission, ticked=["publicite", "droits"])


def test_what_others_changed_since_the_proposal_is_kept():
    first, second, third = (TerritoryFactory() for _ in range(3))
    fiche = published(Initiative, sites=[first, second], summary="Avant.", stage="emergence")
    sites = documents.read(fiche)["sites"]
    submission = proposal(fiche, summary="Proposé.", sites=[sites[0] | {"label": "Le siège"}, sites[1], site(third)])
    edit(fiche, stage="developpement", sites=[sites[0], sites[1] | {"address": "12 rue du Port"}])

    decide(submission)

    fiche = now(fiche)
    assert (fiche.summary, fiche.stage) == ("Proposé.", "developpement")
    said = [(line.territory, line.label, line.address) for line in fiche.sites.all()]
    assert said == [(first, "Le siège", ""), (second, "", "12 rue du Port"), (third, "", "")]


def test_a_line_that_was_removed_meanwhile_does_not_come_back_with_another_change():
    first, second, third = (TerritoryFactory() for _ in range(3))
    fiche = published(Initiative, sites=[first, second])
    sites = documents.read(fiche)["sites"]
    submission = proposal(fiche, sites=[*sites, site(third)])
    edit(fiche, sites=[sites[0]])

    decide(submission)

    assert [line.territory for line in now(fiche).sites.all()] == [first, third]


def test_a_theme_added_meanwhile_stays_and_a_fourth_is_refused():
    themes = [ThemeFactory() for _ in range(4)]
    fiche = published(Initiative, themes=themes[:2])
    slugs = [theme.slug for theme in themes]
    submission = proposal(fiche, themes=[*slugs[:2], slugs[2]])
    edit(fiche, themes=[*slugs[:2], slugs[3]])

    with pytest.raises(Refused, match="plus de 3 thèmes"):
        decide(submission)

    edit(fiche, themes=[slugs[0], slugs[3]])
    decide(submission)
    assert {theme.slug for theme in now(fiche).theme_list} == {slugs[0], slugs[2], slugs[3]}


def test_a_theme_that_is_taken_away_goes_and_the_others_keep_their_order():
    themes = [ThemeFactory() for _ in range(3)]
    fiche = published(Initiative, themes=themes)
    slugs = [theme.slug for theme in themes]
    submission = proposal(fiche, themes=[slugs[2], slugs[0]])

    decide(submission)

    assert [theme.slug for theme in now(fiche).theme_list] == [slugs[2], slugs[0]]


def test_what_others_changed_in_the_very_line_that_a_proposal_changes_is_kept():
    fiche = published(Initiative)
    [line] = documents.read(fiche)["sites"]
    submission = proposal(fiche, sites=[line | {"label": "Le siège"}])
    edit(fiche, sites=[line | {"address": "12 rue du Port"}])

    decide(submission)

    assert [(row.label, row.address) for row in now(fiche).sites.all()] == [("Le siège", "12 rue du Port")]


def test_the_seat_is_the_line_that_the_proposal_puts_first():
    first, second = TerritoryFactory(), TerritoryFactory()
    fiche = published(Initiative, sites=[first, second])
    submission = proposal(fiche, sites=documents.read(fiche)["sites"][::-1])

    decide(submission)

    assert [row.territory for row in now(fiche).sites.all()] == [second, first]


def test_the_fiche_that_was_seen_is_the_one_that_is_changed():
    fiche = published(Initiative)
    submission = proposal(fiche, summary="Après.")
    opened = seen(submission)
    edit(fiche, summary="Entre-temps.")

    with pytest.raises(Stale):
        decide(submission, **opened)

    assert now(fiche).summary == "Entre-temps."
    decide(submission)
    assert now(fiche).summary == "Après."


def test_the_second_moderator_is_refused_and_a_double_click_changes_nothing():
    fiche, by = published(Initiative), moderator()
    submission = proposal(fiche, summary="Après.")
    opened = seen(submission)
    decide(submission, by=by, **opened)
    revision = now(fiche).revision

    with pytest.raises(Stale):
        decide(submission, by=moderator(), **opened)
    decide(submission, by=by, **opened)

    assert now(fiche).revision == revision
    assert submission.events.filter(state="accepted").count() == 1


def test_what_a_reader_needs_is_not_taken_away():
    fiche = published(Initiative)
    submission = proposal(fiche, sites=[])

    with pytest.raises(Refused, match="ne serait plus complète : il manque un lieu"):
        decide(submission)

    assert now(fiche).sites.exists()


def test_the_same_actor_twice_in_a_role_is_refused_in_a_sentence():
    actor = ActorFactory(published=True)
    lines = [participation(actor=str(actor.uuid)) for _ in range(2)]
    submission = proposal(participations=lines)

    with pytest.raises(Refused):
        decide(submission)


def test_a_described_actor_is_made_only_when_its_line_is_accepted():
    described = described_actor()
    fiche = published(Initiative)
    lines = [participation(new_actor=described)]
    submission = proposal(fiche, summary="Après.", participations=lines)
    again = proposal(fiche, participations=[participation(new_actor=described)])

    decide(submission, {"summary": "accepted", "participations": "rejected"})
    assert not Actor.objects.exists()

    decide(again)
    actor = Actor.objects.get()
    assert (actor.status, now(fiche).participations.get().actor) == ("published", actor)


def test_a_described_actor_may_be_one_of_the_directory():
    known, described = ActorFactory(published=True), described_actor()
    submission = proposal(participations=[participation(new_actor=described)])

    decide(submission, actors={described["name"]: known})

    assert now(submission).fiche.participations.get().actor == known
    assert Actor.objects.count() == 1


def test_a_holder_whose_changes_are_accepted_has_read_the_fiche_again():
    ownership = OwnershipFactory(fiche=published(Initiative))
    submission = proposal(ownership.fiche, user=ownership.user, stage="essaimage")

    decide(submission)

    fiche = now(ownership.fiche)
    assert (fiche.holder_checked_on, fiche.stage_read_by) == (NOW.date(), "porteur")


def test_a_stranger_whose_changes_are_accepted_becomes_nobody():
    submission = proposal(stage="essaimage")

    decide(submission)

    fiche = now(submission).fiche
    assert (fiche.holder_checked_on, fiche.stage_read_by) == (None, "redaction")
    assert not Ownership.objects.exists()


def test_a_failure_at_the_end_undoes_all(monkeypatch, queued_mails):
    fiche = published(Initiative)
    submission = proposal(fiche, summary="Après.", participations=[participation(new_actor=described_actor())])

    def fail(*args, **kwargs):
        raise OSError("no room")

    monkeypatch.setattr(deciding_changes, "answer", fail)
    with pytest.raises(OSError, match="no room"):
        decide(submission)

    assert now(fiche).summary != "Après."
    assert (now(fiche).revision, Actor.objects.count(), Revision.objects.count()) == (fiche.revision, 0, 0)
    assert Submission.objects.get().state == "waiting"
    assert not ProposedChange.objects.exclude(decision="").exists()
    assert len(queued_mails) == 0


def test_a_photo_that_is_accepted_becomes_one_of_the_fiche():
    from tests.factories import PhotoFactory

    fiche = published(Initiative)
    photo = PhotoFactory(initiative=fiche)
    lines = documents.read(fiche)["photos"]
    submission = proposal(fiche, photos=[lines[0] | {"credit": "Un autre crédit"}])
    other = uuid4()
    submission.photos.create(uuid=other, file="photos/other/original.webp", width=800, height=600)
    change = submission.changes.get()
    new = {"uuid": str(other), "alt": "La cour", "credit": "Léa", "licence": "CC BY 4.0", "print_allowed": False}
    change.proposed = [*change.proposed, new]
    change.save()

    decide(submission)

    assert [(row.uuid, row.credit) for row in now(fiche).photos.all()] == [
        (photo.uuid, "Un autre crédit"),
        (other, "Léa"),
    ]
    assert not submission.photos.exists()
