"""Acts at the same moment: one after the other, each on what the one before left; a killed one leaves nothing."""

from datetime import UTC, datetime
from threading import Event

import pytest
from django.core import serializers
from reversion.models import Revision, Version

from initiatives.directory.completeness import refresh
from initiatives.models import Actor, FundingSource, Initiative, current_version
from initiatives.submission.actions import add_theme, archive, merge, publish, record_edit, verify
from initiatives.submission.history import KEPT, act
from tests.admin.pages import published
from tests.at_once import at_once, killed_in
from tests.factories import ActorFactory, InitiativeFactory, ParticipationFactory, TerritoryFactory, ThemeFactory

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
# Long enough for another thread to come to where it waits.
A_WHILE = 0.3


def draft(**values):
    return InitiativeFactory(sites=[TerritoryFactory()], themes=[ThemeFactory()], **values)


def outcomes(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_fiches_of_one_name_published_at_once_have_their_own_addresses():
    fiches = [draft(name="La Recyclerie") for _ in range(6)]

    answers = at_once(*(lambda fiche=fiche: publish(fiche=fiche, at=NOW) for fiche in fiches))

    assert answers == [None] * 6
    slugs = {*Initiative.objects.values_list("slug", flat=True)}
    assert slugs == {"la-recyclerie"} | {f"la-recyclerie-{number}" for number in range(2, 7)}
    assert current_version() == 6
    assert sorted(Initiative.objects.values_list("directory_version", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_fiche_that_several_people_publish_at_once_is_published_once():
    fiche = draft()

    answers = at_once(*[lambda: publish(fiche=fiche, at=NOW)] * 4)

    assert outcomes(answers) == ["NoneType", "Refused", "Refused", "Refused"]
    assert {str(answer) for answer in answers if answer} == {
        f"« {fiche} » est publiée : elle ne peut pas devenir publiée."
    }
    fiche.refresh_from_db()
    assert (fiche.revision, current_version(), Revision.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_two_fiches_merged_into_each_other_at_once_leave_one(model):
    first, second = published(model), published(model)

    answers = at_once(
        lambda: merge(fiche=first, into=second, at=NOW),
        lambda: merge(fiche=second, into=first, at=NOW),
    )

    assert outcomes(answers) == ["NoneType", "Refused"]
    assert sorted(model.objects.values_list("status", flat=True)) == ["merged", "published"]
    assert Revision.objects.count() == 1


def test_the_same_two_fiches_merged_twice_at_once_are_merged_once():
    gone, stays = published(Actor), published(Actor)
    initiative = ParticipationFactory(actor=gone).initiative

    answers = at_once(*[lambda: merge(fiche=gone, into=stays, at=NOW)] * 3)

    assert outcomes(answers) == ["NoneType", "Refused", "Refused"]
    stays.refresh_from_db()
    initiative.refresh_from_db()
    assert (stays.revision, initiative.revision) == (1, 1)
    assert [line.actor for line in initiative.participations.all()] == [stays]


def test_a_fiche_archived_and_merged_at_once_is_either_and_history_tells_the_same():
    fiche, stays = published(Initiative), published(Initiative)

    at_once(lambda: archive(fiche=fiche, at=NOW), lambda: merge(fiche=fiche, into=stays, at=NOW))

    fiche.refresh_from_db()
    # Archived first, it may still be merged; merged first, it is no longer archived.
    assert (fiche.status, fiche.merged_into, fiche.revision) in [("merged", stays, 1), ("merged", stays, 2)]
    assert Version.objects.get_for_object(fiche).count() == fiche.revision


def test_the_one_that_stays_archived_while_the_other_joins_it_keeps_everything_somewhere():
    gone, stays = published(Actor), published(Actor)
    line = ParticipationFactory(actor=gone)

    at_once(lambda: merge(fiche=gone, into=stays, at=NOW), lambda: archive(fiche=stays, at=NOW))

    line.refresh_from_db()
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert stays.status == "archived"
    assert line.actor == (stays if gone.status == "merged" else gone)
    assert gone.status in ("merged", "published")


def test_themes_added_at_once_are_all_there():
    fiche, themes = draft(), [ThemeFactory(), ThemeFactory()]

    answers = at_once(*(lambda theme=theme: add_theme(fiche=fiche, theme=theme, at=NOW) for theme in themes))

    assert answers == [None, None]
    assert set(fiche.theme_list[1:]) == {*themes}
    assert sorted(fiche.theme_links.values_list("position", flat=True)) == [1, 2, 3]


def test_an_act_on_many_fiches_and_an_act_on_one_of_them_wait_for_each_other():
    first, second = draft(), draft()
    has_begun = Event()

    def edit_both():
        with act(verb="Chargement", at=NOW):
            record_edit(fiche=first, at=NOW)
            has_begun.set()
            Event().wait(A_WHILE)
            second.refresh_from_db()
            record_edit(fiche=second, at=NOW)

    def edit_the_second():
        has_begun.wait()
        verify(fiche=second, at=NOW)

    assert at_once(edit_both, edit_the_second) == [None, None]
    second.refresh_from_db()
    assert (second.revision, second.checked_on is not None) == (2, True)


def test_counting_completeness_again_never_undoes_an_act():
    fiches = [draft() for _ in range(6)]

    at_once(refresh, *(lambda fiche=fiche: publish(fiche=fiche, at=NOW) for fiche in fiches))

    assert Initiative.objects.published().count() == 6


# Killed in the middle: once lines moved, once history is written, once the version moved.
MIDDLES = [
    ("initiatives.submission.merging", "move_lines"),
    ("initiatives.submission.actions.fiches", "record_change"),
    ("initiatives.submission.history", "_write"),
]


def everything():
    """All rows that an act may change, as they are."""
    nouns = {Initiative, Actor, Version, Revision}
    nouns |= {model._meta.get_field(name).related_model for model, names in KEPT.items() for name in names}
    found = {model: serializers.serialize("json", model._base_manager.order_by("pk")) for model in nouns}
    return found | {"version": current_version()}


@pytest.mark.parametrize(("module", "name"), MIDDLES)
def test_a_process_killed_in_the_middle_of_a_merge_leaves_everything_as_it_was(module, name):
    gone, stays = ActorFactory(published=True, siren="732829320"), published(Actor)
    ParticipationFactory(actor=gone)
    before = everything()

    killed_in(
        module,
        name,
        f"""
from datetime import UTC, datetime
from initiatives.models import Actor
from initiatives.submission.actions import merge
merge(fiche=Actor.objects.get(pk={gone.pk}), into=Actor.objects.get(pk={stays.pk}), at=datetime.now(UTC))
""",
    )

    assert everything() == before
    merge(fiche=gone, into=stays, at=NOW)  # nothing is left locked
    stays.refresh_from_db()
    assert (stays.siren, stays.participations.count(), Revision.objects.count()) == ("732829320", 1, 1)


@pytest.mark.parametrize(("module", "name"), MIDDLES[1:])
def test_a_process_killed_in_the_middle_of_a_publication_leaves_everything_as_it_was(module, name):
    fiche = draft()
    before = everything()

    killed_in(
        module,
        name,
        f"""
from datetime import UTC, datetime
from initiatives.models import Initiative
from initiatives.submission.actions import publish
publish(fiche=Initiative.objects.get(pk={fiche.pk}), at=datetime.now(UTC))
""",
    )

    assert everything() == before
    publish(fiche=fiche, at=NOW)
    fiche.refresh_from_db()
    assert fiche.is_published
    assert fiche.slug
