"""Whatever changes a fiche leaves a revision, with who did it and why; nothing else can change one."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
import reversion
from django.core.management import get_commands
from django.db import connection
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision, Version

from initiatives.models import EditorialText, Initiative, PrivateContact
from initiatives.submission import actions, history
from initiatives.submission.history import act, keep, told
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def ready(**values):
    return factories.InitiativeFactory(
        sites=[factories.TerritoryFactory()], themes=[factories.ThemeFactory()], **values
    )


def edit(fiche, **values):
    with act(verb="Modification", at=NOW, **values):
        actions.record_edit(fiche=fiche, at=NOW)


def kept(row):
    """The versions of a row, the last one first."""
    return list(Version.objects.get_for_object(row).select_related("revision__user"))


# Every action: what to call it with. A new one is named here, or the test below fails.
def _merge(**who):
    actions.merge(fiche=ready(published=True), into=ready(published=True), choices={}, at=NOW, **who)


EVERY_ACTION = {
    "publish": lambda **who: actions.publish(fiche=ready(), at=NOW, **who),
    "archive": lambda **who: actions.archive(fiche=ready(published=True), at=NOW, **who),
    "merge": _merge,
    "verify": lambda **who: actions.verify(fiche=ready(), at=NOW, **who),
    "feature": lambda **who: actions.feature(fiche=ready(published=True), at=NOW, **who),
    "unfeature": lambda **who: actions.unfeature(fiche=ready(published=True, is_featured=True), at=NOW, **who),
    "add_theme": lambda **who: actions.add_theme(fiche=ready(), theme=factories.ThemeFactory(), at=NOW, **who),
    "rename_address": lambda **who: actions.rename_address(fiche=ready(published=True), slug="ici", at=NOW, **who),
    "restore_text": lambda **who: actions.restore_text(text=factories.EditorialTextFactory(body="Non."), at=NOW, **who),
}
# Run inside an act, or only read.
OTHERS = {"locked", "record_edit", "record_text"}


@pytest.mark.parametrize("name", EVERY_ACTION)
def test_each_action_leaves_one_revision_that_says_who_and_why(name):
    person = factories.UserFactory()

    EVERY_ACTION[name](by=person, why="  Relue au téléphone. ")

    revision = Revision.objects.get()
    verb, why = told(revision)
    assert verb
    assert why.endswith("Relue au téléphone.")
    assert (revision.user, revision.date_created) == (person, NOW)
    kept_nouns = {version.content_type.model_class() for version in revision.version_set.all()}
    assert (EditorialText if name == "restore_text" else Initiative) in kept_nouns


def test_no_action_is_forgotten_here():
    public = {
        name
        for name, function in inspect.getmembers(actions, inspect.isfunction)
        if function.__module__ == actions.fiches.__name__ and not name.startswith("_")
    }

    assert public == {*EVERY_ACTION} | OTHERS


@pytest.mark.parametrize("name", EVERY_ACTION)
def test_an_action_may_have_neither_person_nor_reason(name):
    EVERY_ACTION[name]()

    revision = Revision.objects.get()
    assert revision.user is None
    assert (told(revision)[1] != "") == (name == "merge")  # a merge says by itself which fiche joins which


# What commands change: tests/exchange shows that these leave history. The others read, or write what is no fiche.
WRITING = {"load_content", "load_reference", "prepare_site"}
NOT_WRITING = {
    "bench_directory",
    "check_content",
    "check_links",
    "create_staff_groups",
    "purge_expired",  # what people sent, and the fiches that were never public
    "purge_files",
    "refresh_completeness",  # a column made from the others
    "refresh_words",  # the same
    "run_worker",  # mails; a task of the day that changes a fiche does it by an action
    "seed_load",  # invented fiches, that nobody wrote
}


def test_each_command_is_known_to_write_fiches_or_not():
    ours = {name for name, app in get_commands().items() if app == "initiatives"}

    assert ours == WRITING | NOT_WRITING


# Acts


def test_nothing_is_recorded_outside_of_an_act():
    fiche = ready()

    with pytest.raises(RuntimeError, match="outside of an act"):
        actions.record_edit(fiche=fiche, at=NOW)


def test_an_act_inside_an_act_joins_it():
    first, second, person = ready(), ready(), factories.UserFactory()

    with act(verb="Deux à la fois", by=person, why="Un essai.", at=NOW):
        actions.publish(fiche=first, at=NOW)
        actions.publish(fiche=second, at=NOW, why="Une autre raison.")

    revision = Revision.objects.get()
    assert (told(revision), revision.user) == (("Deux à la fois", "Un essai."), person)
    assert Version.objects.get_for_model(Initiative).count() == 2


def test_an_act_that_fails_leaves_nothing():
    fiche = ready()

    def fail():
        with act(verb="Modification", at=NOW):
            actions.publish(fiche=fiche, at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    fiche.refresh_from_db()
    assert fiche.status == "draft"
    assert not Revision.objects.exists()
    edit(fiche)  # the failed act is closed
    assert Revision.objects.count() == 1


def test_an_inner_act_that_is_refused_leaves_the_outer_one_whole():
    ready_one, bare = ready(), factories.InitiativeFactory(summary="")

    with act(verb="Modification", at=NOW):
        actions.publish(fiche=ready_one, at=NOW)
        with pytest.raises(actions.Refused):
            actions.publish(fiche=bare, at=NOW)

    assert [version.object_id for version in Version.objects.get_for_model(Initiative)] == [str(ready_one.pk)]


def test_an_act_that_touches_nothing_leaves_no_revision():
    with act(verb="Modification"):
        pass

    assert not Revision.objects.exists()


def test_a_load_keeps_a_revision_for_each_row():
    first, second = ready(), ready()

    with act(verb="Chargement", at=NOW, apart=True):
        keep(first)
        keep(second)
        keep(first)

    assert Revision.objects.count() == 2
    assert len(kept(first)) == len(kept(second)) == 1


def test_a_revision_holds_the_fiche_as_the_act_left_it_whatever_the_order_of_its_saves():
    fiche = ready()

    with act(verb="Modification", at=NOW):
        actions.record_edit(fiche=fiche, at=NOW)
        factories.MilestoneFactory(initiative=fiche, text="Après coup")
        fiche.sites.all().delete()
        Initiative.objects.filter(pk=fiche.pk).update(name="Un nom donné après")

    revision = Revision.objects.get()
    assert kept(fiche)[0].field_dict["name"] == "Un nom donné après"
    names = {version.content_type.model for version in revision.version_set.all()}
    assert names == {"initiative", "initiativetheme", "milestone"}


def test_every_kind_of_line_goes_with_its_fiche():
    actor = factories.ActorFactory(published=True)
    for factory in (factories.ActorLabelFactory, factories.ActorTieFactory, factories.OfferFactory):
        factory(actor=actor)
    for factory in (factories.MilestoneFactory, factories.SourceFactory, factories.PhotoFactory):
        factory(initiative=None, actor=actor)
    PrivateContact.objects.create(actor=actor, name="Une personne", email="personne@exemple.test")

    edit(actor)

    versions = Revision.objects.get().version_set.all()
    models = sorted(version.content_type.model for version in versions)
    assert models == ["actor", "actorlabel", "actortie", "milestone", "offer", "photo", "source"]
    assert not any("personne@exemple.test" in version.serialized_data for version in versions)


def test_every_line_model_is_kept_with_each_of_its_owners():
    for model, names in history.KEPT.items():
        if hasattr(model, "status"):
            lines = {
                relation.name
                for relation in model._meta.related_objects
                if relation.on_delete.__name__ == "CASCADE" and not relation.name.endswith("_in")
            }
            m2m = {relation.name for relation in model._meta.related_objects if relation.many_to_many}
            assert {*names} == lines - {"private_contact"} - m2m, model


def test_what_is_made_from_other_columns_is_not_kept():
    fiche = ready()
    edit(fiche)

    said = kept(fiche)[0].serialized_data

    assert not [name for name in history.LEFT_OUT if f'"{name}"' in said]


def test_an_author_who_leaves_is_forgotten_and_the_act_stays():
    person, fiche = factories.UserFactory(), ready()
    edit(fiche, by=person, why="Une raison.")

    person.delete()

    revision = Revision.objects.get()
    assert (revision.user, told(revision)) == (None, ("Modification", "Une raison."))


def test_the_last_act_is_the_first_told():
    fiche = ready()
    for number in range(3):
        with act(verb=f"Acte {number}", at=NOW + timedelta(days=number)):
            actions.record_edit(fiche=fiche, at=NOW)

    assert [told(version.revision)[0] for version in kept(fiche)] == ["Acte 2", "Acte 1", "Acte 0"]


def test_the_cost_of_keeping_a_fiche_does_not_grow_with_its_lines():
    def cost(fiche):
        with CaptureQueriesContext(connection) as queries:
            edit(fiche)
        return len(queries)

    def with_lines(count):
        fiche = ready()
        for factory in (factories.ParticipationFactory, factories.FundingFactory, factories.LineageFactory):
            factory.create_batch(count, initiative=fiche)
        factories.SiteFactory.create_batch(count, initiative=fiche)
        return fiche

    edit(with_lines(1))  # content types are read once
    assert cost(with_lines(2)) == cost(with_lines(20))


def test_nothing_offers_to_go_back():
    assert not [model for model in reversion.get_registered_models() if model._meta.app_label != "initiatives"]
    import initiatives.admin.base as base

    assert not any("reversion.admin" in cls.__module__ for cls in base.FicheAdmin.__mro__)
