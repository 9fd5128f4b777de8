"""The index of a process follows the directory: what changed is read before the answer, by each process on its own."""

import threading
from multiprocessing import get_context
from random import Random

import pytest
from django.db import connection, connections
from django.http import QueryDict
from django.utils import timezone

from initiatives.directory import index, live
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.index import Snapshot
from initiatives.directory.live import Holder
from initiatives.directory.postings import Postings
from initiatives.directory.search import search
from initiatives.models import ALL, Initiative, Synonym, record_change
from initiatives.models.vocabulary import Role
from initiatives.submission import actions
from tests import factories
from tests.directory.random_directory import TODAY, RandomDirectory
from tests.directory.test_search import contents


@pytest.fixture
def directory(db):
    return RandomDirectory(Random(7))


@pytest.fixture
def holder():
    return Holder()


@pytest.fixture
def large(monkeypatch):
    """Every directory is a large one: its words are read apart."""
    monkeypatch.setattr(live, "WORDS_AT_ONCE", 0)


@pytest.fixture
def built(monkeypatch):
    """The snapshots made from everything."""
    made, build = [], Snapshot.build
    monkeypatch.setattr(Snapshot, "build", lambda *given: made.append(given) or build(*given))
    return made


def words_are_there():
    for thread in threading.enumerate():
        if thread.name == "directory-words":
            thread.join(20)


def finds(holder, words):
    query = QueryDict(mutable=True)
    query["q"] = words
    asked = InitiativeFilter(query, Initiative.objects.published(), holder.current(TODAY))
    return search(asked).total


# One fiche changes


ACTS = {
    "archive": lambda actor, other: actions.archive(fiche=actor, at=timezone.now()),
    "merge": lambda actor, other: actions.merge(fiche=actor, into=other, at=timezone.now()),
    "rename": lambda actor, other: actions.rename_address(fiche=actor, slug="ailleurs", at=timezone.now()),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_an_actor_reads_again_only_what_names_it(directory, holder, built, act):
    actor, other = factories.ActorFactory.create_batch(2, published=True, legal_form="scic", kind="enterprise")
    offered = factories.FundingSourceFactory(published=True, offered_by=actor)
    leads, funded, named = [directory.add() for _ in range(3)]
    Initiative.objects.filter(pk__in=[leads.pk, funded.pk, named.pk]).update(
        status="published", published_at=timezone.now()
    )
    leads.participations.all().delete()
    factories.ParticipationFactory(initiative=leads, actor=actor, is_lead=True, role=Role.HOLDER)
    factories.FundingFactory(initiative=funded, source=offered)
    factories.FundingFactory(initiative=named, source=None, actor=actor)
    before = holder.current(TODAY).snapshot
    built.clear()

    ACTS[act](actor, other)

    after = holder.current(TODAY).snapshot
    assert not built
    assert contents(before) != contents(after)
    assert contents(after) == contents(Snapshot.build(0, TODAY, after.geography))


def test_many_changes_at_once_are_as_a_directory_read_anew(directory, holder, monkeypatch):
    holder.current(TODAY)
    monkeypatch.setattr(index, "MANY", 2)
    record_change([fiche.pk for fiche in directory.change_some()])

    after = holder.current(TODAY).snapshot

    assert after.postings
    assert contents(after) == contents(Snapshot.build(0, TODAY, after.geography))


def test_everything_is_read_again_when_everything_may_have_changed(directory, holder, built):
    holder.current(TODAY)
    record_change(ALL)

    after = holder.current(TODAY)

    assert len(built) == 2
    assert after.snapshot.version == after.version == 1


def test_labels_and_synonyms_follow_a_change_of_no_fiche(directory, holder):
    factories.InitiativeFactory(name="Recyclerie", published=True)
    record_change(ALL)
    assert finds(holder, "ressourcerie ") == 0

    Synonym.objects.create(words="ressourcerie, recyclerie")
    record_change([])

    assert finds(holder, "ressourcerie ") == 1


# Several processes


def test_two_processes_agree_within_one_request_after_a_publication(transactional_db):
    RandomDirectory(Random(7), fiches=12)
    fiche = factories.InitiativeFactory(status="draft", summary="xylophone", themes=[factories.ThemeFactory()])
    factories.SiteFactory(initiative=fiche)
    record_change(ALL)
    here, [mine, theirs] = Holder(), get_context("fork").Pipe()
    connections.close_all()
    other = get_context("fork").Process(target=answer, args=(theirs,))
    other.start()

    def both():
        mine.send("xylophone")
        return finds(here, "xylophone"), mine.recv()

    try:
        assert both() == (0, 0)
        actions.publish(fiche=fiche, at=timezone.now())
        assert both() == (1, 1)
        actions.archive(fiche=fiche, at=timezone.now())
        assert both() == (0, 0)
    finally:
        mine.send("")
        other.join(20)


def answer(pipe):
    """In another process: what a search finds, with an index of its own."""
    holder = Holder()
    while words := pipe.recv():
        pipe.send(finds(holder, words))
    connections.close_all()


# A large directory


def test_the_database_is_asked_for_words_until_they_are_read(transactional_db, holder, large, monkeypatch):
    RandomDirectory(Random(7))
    record_change(ALL)
    go, build = threading.Event(), Postings.build
    monkeypatch.setattr(Postings, "build", lambda rows: go.wait(20) and build(rows))

    meanwhile = holder.current(TODAY).snapshot
    assert meanwhile.postings is None
    found = finds(holder, "jardin")
    assert found > 0
    assert holder.current(TODAY).snapshot is meanwhile

    go.set()
    words_are_there()
    assert holder.current(TODAY).snapshot.postings
    assert finds(holder, "jardin") == found


def test_what_is_published_while_words_are_read_is_found_too(transactional_db, holder, large, monkeypatch):
    RandomDirectory(Random(7))
    fiche = factories.InitiativeFactory(status="draft", summary="xylophone", themes=[factories.ThemeFactory()])
    factories.SiteFactory(initiative=fiche)
    record_change(ALL)
    begun, go, build = threading.Event(), threading.Event(), Postings.build

    def slowly(rows):
        postings = build(rows)
        begun.set()
        return go.wait(20) and postings

    monkeypatch.setattr(Postings, "build", slowly)
    holder.current(TODAY)
    begun.wait(20)
    actions.publish(fiche=fiche, at=timezone.now())
    assert finds(holder, "xylophone") == 1

    go.set()
    words_are_there()
    assert holder.current(TODAY).snapshot.postings
    assert finds(holder, "xylophone") == 1


def test_words_are_read_again_when_all_changed_meanwhile(transactional_db, holder, large, monkeypatch):
    RandomDirectory(Random(7))
    record_change(ALL)
    begun, go, build, calls = threading.Event(), threading.Event(), Postings.build, []

    def slowly(rows):
        calls.append(1)
        begun.set()
        return go.wait(20) and build(rows)

    monkeypatch.setattr(Postings, "build", slowly)
    holder.current(TODAY)
    begun.wait(20)
    record_change(ALL)
    holder.current(TODAY)

    go.set()
    words_are_there()
    assert holder.current(TODAY).snapshot.postings
    assert len(calls) == 2


def test_the_parent_of_the_servers_processes_starts_no_thread(directory, holder, large):
    threads = threading.active_count()

    prepared = holder.prepare(TODAY)

    assert prepared.snapshot
    assert prepared.snapshot.postings is None
    assert threading.active_count() == threads


# Failures


def test_lists_that_could_not_be_read_are_read_at_the_next_request(directory, holder, monkeypatch):
    read = live.Options.read
    monkeypatch.setattr(live.Options, "read", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        holder.current(TODAY)
    monkeypatch.setattr(live.Options, "read", read)

    assert holder.current(TODAY).snapshot


def test_the_fiches_around_are_kept_for_so_many_territories_only(directory, holder, monkeypatch):
    monkeypatch.setattr("initiatives.directory.index.MOST_KEPT", 3)
    snapshot = holder.current(TODAY).snapshot
    for place in directory.places:
        snapshot.concerning([place], 0)

    assert 0 < len(snapshot._around) <= 3


def test_what_failed_is_not_tried_again_at_each_request(directory, holder, monkeypatch):
    attempts, build = [], Snapshot.build
    monkeypatch.setattr(Snapshot, "build", lambda *given: attempts.append(given) or 1 / 0)

    assert holder.current(TODAY).snapshot is holder.current(TODAY).snapshot is None
    assert len(attempts) == 1
    assert holder.failure == "ZeroDivisionError"

    monkeypatch.setattr(Snapshot, "build", build)
    holder._not_before["index"] = 0
    assert holder.current(TODAY).snapshot
    assert holder.failure == ""


def test_words_that_cannot_be_read_leave_the_rest_of_the_index(transactional_db, holder, large, monkeypatch):
    RandomDirectory(Random(7))
    record_change(ALL)
    monkeypatch.setattr(Postings, "build", lambda rows: 1 / 0)
    holder.current(TODAY)
    words_are_there()

    record_change([])
    after = holder.current(TODAY)

    assert after.snapshot.version == after.version == 2
    assert holder.failure == "ZeroDivisionError"
    assert finds(holder, "jardin") > 0
    connection.close()
