"""The words of the initiatives follow every change, in its transaction."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.directory import fulltext
from initiatives.models import ALL, Initiative, SearchText, Theme, record_change
from initiatives.models.search_text import CLASSES, refresh_search_texts
from initiatives.submission import actions
from initiatives.submission.history import act
from initiatives.words import parse_query
from tests import factories
from tests.admin.pages import admin_url, errors, published, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client, db):
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def fiche(places):
    theme = factories.ThemeFactory(name="Potagers", parent=factories.ThemeFactory(name="Agriculture"))
    fiche = factories.InitiativeFactory(
        name="La Halle",
        summary="Un marché.",
        response="On y vend.",
        published=True,
        sites=[places.arles],
        themes=[theme],
    )
    factories.ParticipationFactory(
        initiative=fiche, actor=factories.ActorFactory(name="Les Cabas", acronym="LCB", published=True)
    )
    factories.ParticipationFactory(initiative=fiche, actor=factories.ActorFactory(name="Inconnus", published=False))
    record_change([fiche.pk])
    return fiche


def finds(words):
    """The names that the database finds, from its full text; what is stored is what would be computed now."""
    check_in_step()
    found = fulltext.match(parse_query(f"{words} ")).ids
    return sorted(Initiative.objects.filter(pk__in=list(found)).values_list("name", flat=True))


def check_in_step():
    said = {row.pk: [getattr(row, name) for name in CLASSES] for row in SearchText.objects.all()}
    with transaction.atomic():
        SearchText.objects.all().delete()
        refresh_search_texts()
        anew = {row.pk: [getattr(row, name) for name in CLASSES] for row in SearchText.objects.all()}
        transaction.set_rollback(True)
    assert said == anew


@pytest.mark.parametrize(
    ("words", "place"),
    [("halle", "name"), ("marché", "summary"), ("vend", "body"), ("potager", "links"), ("agriculture", "links")]
    + [("cabas", "links"), ("lcb", "links"), ("arles", "links")],
)
def test_each_text_is_in_its_class(fiche, words, place):
    row = SearchText.objects.get()
    (word,) = parse_query(f"{words} ").words

    assert [name for name in CLASSES if set(word.ways[0][0]) & set(getattr(row, name).split())] == [place]
    assert finds(words) == ["La Halle"]


def test_the_names_of_actors_who_are_not_published_are_not_found(fiche):
    assert finds("inconnus") == []


def test_an_edit_of_a_fiche_is_found_at_once_and_one_that_is_undone_is_not(fiche):
    def rename(name):
        with transaction.atomic(), act(verb="Modification"):
            Initiative.objects.filter(pk=fiche.pk).update(name=name)
            actions.record_edit(fiche=Initiative.objects.get(pk=fiche.pk), at=timezone.now())

    rename("Le Hangar")
    assert (finds("hangar"), finds("halle")) == (["Le Hangar"], [])
    with transaction.atomic():
        rename("La Grange")
        assert finds("grange") == ["La Grange"]
        transaction.set_rollback(True)
    assert (finds("hangar"), finds("grange")) == (["Le Hangar"], [])


def test_a_theme_or_an_actor_renamed_on_the_desk_is_found_by_its_new_name(team, fiche):
    for row, old, new in (
        (Theme.objects.get(name="Potagers"), "potagers", "Vergers"),
        (Theme.objects.get(name="Agriculture"), "agriculture", "Terres"),
        (fiche.participations.get(actor__name="Les Cabas").actor, "cabas", "Paniers"),
    ):
        response = team.post(admin_url(row, "change"), typed(team.get(admin_url(row, "change"))) | {"name": new})
        assert response.status_code == 302, errors(response)
        assert (finds(new), finds(old)) == (["La Halle"], [])


def test_an_actor_published_archived_or_merged_is_found_accordingly(fiche):
    draft = fiche.participations.get(actor__name="Inconnus").actor
    now = timezone.now()

    actions.publish(fiche=draft, at=now)
    assert finds("inconnus") == ["La Halle"]
    actions.archive(fiche=draft, at=now)
    assert finds("inconnus") == []
    actions.publish(fiche=draft, at=now)
    actions.merge(fiche=draft, into=published(type(draft), name="Retrouvés"), at=now)
    assert finds("inconnus") == []
    assert finds("retrouvés") == ["La Halle"]


def test_fiches_merged_are_found_by_what_they_became(fiche, places):
    other = factories.InitiativeFactory(
        name="Le Carreau", published=True, sites=[places.aix], themes=[factories.ThemeFactory(name="Commerce")]
    )
    record_change([other.pk])

    actions.merge(fiche=fiche, into=other, at=timezone.now())

    assert "Le Carreau" in finds("cabas")


def test_saving_adding_and_deleting_on_the_desk_are_followed(team, fiche):
    data = typed(team.get(admin_url(fiche, "change"))) | {"response": "On y troque.", "sites-0-label": "Le Foirail"}
    assert team.post(admin_url(fiche, "change"), data).status_code == 302
    assert finds("troque") == finds("foirail") == ["La Halle"]

    new = typed(team.get(admin_url(Initiative, "add"))) | {"name": "Une Grange"}
    assert team.post(admin_url(Initiative, "add"), new).status_code == 302
    assert finds("grange") == ["Une Grange"]

    grange = Initiative.objects.get(name="Une Grange")
    assert team.post(admin_url(grange, "delete"), {"post": "yes"}).status_code == 302
    assert finds("grange") == []
    assert SearchText.objects.count() == 1


def test_a_row_deleted_or_written_anyhow_leaves_or_enters_the_full_text(fiche):
    SearchText.objects.update(name="grange =grang")
    assert list(fulltext.match(parse_query("grange ")).ids) == [fiche.pk]

    Initiative.objects.filter(pk=fiche.pk).delete()

    assert not fulltext.match(parse_query("grange ")).ids
    assert not SearchText.objects.exists()


def test_what_was_analysed_otherwise_or_never_is_analysed_again(fiche):
    SearchText.objects.update(name="autrement", analysis=0)
    factories.InitiativeFactory(name="Jamais lue")

    record_change(ALL)

    assert finds("halle") == ["La Halle"]
    assert finds("jamais lue") == ["Jamais lue"]


def test_a_change_costs_as_many_questions_whatever_the_number_of_fiches(fiche):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            record_change([fiche.pk])
        return len(asked)

    few = questions()
    for _ in range(20):
        factories.InitiativeFactory(published=True)
    record_change(ALL)

    assert questions() == few


def test_the_command_brings_everything_in_step(fiche, capsys):
    SearchText.objects.all().delete()

    call_command("refresh_words")

    assert finds("halle") == ["La Halle"]
    assert "1 initiative" in capsys.readouterr().out


def test_the_migration_goes_back_and_forth(transactional_db):
    if connection.vendor == "sqlite":
        probe = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'initiatives_fulltext%%'"
    else:
        probe = "SELECT count(*) FROM pg_class WHERE relname = 'initiatives_fulltext'"

    def parts():
        with connection.cursor() as cursor:
            cursor.execute(probe)
            return cursor.fetchone()[0]

    there = parts()
    call_command("migrate", "initiatives", "0006", verbosity=0)
    assert parts() == 0
    fiche = factories.InitiativeFactory(name="Avant")
    refresh_search_texts([fiche.pk])
    call_command("migrate", "initiatives", verbosity=0)

    assert parts() == there
    assert list(fulltext.match(parse_query("avant-garde avant")).ids) == []
    SearchText.objects.update(name="grange =grang")
    assert list(fulltext.match(parse_query("grange ")).ids) == [fiche.pk]


@pytest.mark.skipif(not (Path(settings.BASE_DIR) / "fixtures" / "content").exists(), reason="no content")
def test_what_is_loaded_from_the_files_is_found(db):
    call_command("load_reference", verbosity=0)
    call_command("load_content", verbosity=0)

    assert SearchText.objects.count() == Initiative.objects.count() > 0
    check_in_step()
