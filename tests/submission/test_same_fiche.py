"""« C’est la même fiche »: a deposit becomes a proposal to the one that exists, and nothing of it is lost."""

import pytest

from initiatives.models import Initiative, SentPhoto
from initiatives.submission.actions.deciding_changes import decide_change
from initiatives.submission.actions.decisions import Refused, Stale
from initiatives.submission.actions.same_fiche import turn_into_change
from tests.admin.pages import published
from tests.factories import (
    ActorFactory,
    AudienceFactory,
    ParticipationFactory,
    PhotoFactory,
    TerritoryFactory,
    ThemeFactory,
)
from tests.submission.deciding import ALL_CHECKS, NOW, deposit, described_actor, moderator, participation, seen, site

pytestmark = pytest.mark.django_db


def turn(submission, existing, **values):
    options = {"revision": submission.revision, "by": moderator(), "at": NOW} | values
    turn_into_change(submission=submission, existing=existing, **options)
    return type(submission).objects.get(pk=submission.pk)


def test_a_deposit_becomes_a_proposal_with_what_it_says_more(queued_mails):
    known, theme = TerritoryFactory(), ThemeFactory()
    existing = published(Initiative, name="Le Lavoir", summary="Court.", sites=[known], themes=[theme])
    audience = AudienceFactory()
    submission = deposit(
        sites=[site(known), site(TerritoryFactory())],
        themes=[theme.slug],
        audiences=[audience.slug],
        social_need="Rien n’était ouvert.",
        participations=[participation(new_actor=described_actor())],
    )

    submission = turn(submission, existing)

    assert (submission.kind, submission.initiative, submission.state) == ("change", existing, "waiting")
    assert submission.base_revision == existing.revision
    assert list(Initiative.objects.all()) == [existing]
    changes = {change.field: (change.base, change.proposed) for change in submission.changes.all()}
    assert set(changes) == {"summary", "social_need", "audiences", "sites", "participations"}
    assert len(changes["sites"][1]) == 2
    assert changes["participations"][1][0]["new_actor"]["name"] == "Les Amis du lavoir"
    mail = queued_mails[len(queued_mails) - 1]
    assert mail.to == [submission.email]
    assert existing.get_absolute_url() in mail.message
    assert "qui existe déjà" in submission.events.last().note


def test_the_proposal_is_then_decided_as_any_other():
    existing = published(Initiative, summary="Court.")
    submission = turn(deposit(summary="Plus long."), existing)

    decisions = dict.fromkeys(submission.changes.values_list("field", flat=True), "accepted")
    decide_change(
        submission=submission,
        **seen(submission),
        decisions=decisions,
        ticked=ALL_CHECKS["change"],
        by=moderator(),
        at=NOW,
    )

    assert Initiative.objects.get().summary == "Plus long."
    assert Initiative.objects.get().name == existing.name


def test_the_structure_that_carries_the_fiche_stays_the_one():
    existing = published(Initiative)
    ParticipationFactory(initiative=existing, role="porteur", is_lead=True)
    other = ActorFactory(published=True)
    submission = deposit(participations=[participation(actor=str(other.uuid), is_lead=True)])

    submission = turn(submission, existing)

    lines = submission.changes.get(field="participations").proposed
    assert [line["is_lead"] for line in lines] == [True, False]


def test_photos_go_back_to_the_submission_with_their_files():
    existing, submission = published(Initiative), deposit()
    photo = PhotoFactory(initiative=submission.initiative)

    submission = turn(submission, existing)

    sent = SentPhoto.objects.get()
    assert (sent.submission, sent.uuid, sent.file) == (submission, photo.uuid, photo.file)
    assert submission.changes.get(field="photos").proposed[0]["uuid"] == str(photo.uuid)


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_only_a_published_fiche_is_completed(status):
    existing = published(Initiative)
    Initiative.objects.filter(pk=existing.pk).update(
        status=status, published_at=None if status == "draft" else existing.published_at
    )
    submission = deposit()

    with pytest.raises(Refused, match="n’est pas publiée"):
        turn(submission, existing)

    assert Initiative.objects.count() == 2


def test_a_deposit_that_says_nothing_more_is_to_be_refused_instead():
    submission = deposit()
    fiche = submission.initiative
    existing = published(
        Initiative,
        summary=fiche.summary,
        sites=[line.territory for line in fiche.sites.all()],
        themes=fiche.theme_list,
    )

    with pytest.raises(Refused, match="dit déjà tout cela"):
        turn(submission, existing)


def test_the_second_moderator_is_refused_and_a_double_click_does_it_once():
    existing, submission, by = published(Initiative), deposit(), moderator()
    opened = submission.revision
    turn(submission, existing, by=by)

    turn(submission, existing, by=by, revision=opened)
    with pytest.raises(Stale):
        turn(submission, existing, revision=opened)

    assert submission.events.filter(note__contains="existe déjà").count() == 1
