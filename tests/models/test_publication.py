"""What initiatives, actors and funding sources share."""

import uuid

import pytest
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError

from initiatives.models import GivenSlug, Initiative
from initiatives.models.publication import exactly_one
from tests.factories import (
    SOME_TIME,
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    MilestoneFactory,
    SiteFactory,
    UserFactory,
)
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db

FACTORIES = {"initiative": InitiativeFactory, "actor": ActorFactory, "fundingsource": FundingSourceFactory}
every_noun = pytest.mark.parametrize(("noun", "factory"), FACTORIES.items(), ids=FACTORIES)


def change(fiche, **values):
    """Write it as it is, past every check of the forms and of the actions."""
    type(fiche).objects.filter(pk=fiche.pk).update(**values)


@every_noun
def test_a_draft_may_be_empty(noun, factory):
    factory(name="", summary="")


@every_noun
@pytest.mark.parametrize("status", ["published", "archived", "merged"])
def test_what_was_once_public_keeps_the_day_of_its_publication(noun, factory, status):
    fiche = factory(published=True)
    into = factory(published=True) if status == "merged" else None
    change(fiche, status=status, merged_into=into)

    with breaks(f"{noun}_published_at_tells_status"):
        change(fiche, published_at=None)


@every_noun
@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "rejected", "withdrawn"])
def test_what_was_never_public_has_no_day_of_publication(noun, factory, status):
    fiche = factory()

    with breaks(f"{noun}_published_at_tells_status"):
        change(fiche, status=status, published_at=SOME_TIME)


@every_noun
@pytest.mark.parametrize("lack", [{"name": ""}, {"summary": ""}, {"slug": None}, {"slug": ""}], ids=str)
def test_what_is_published_has_a_name_a_summary_and_an_address(noun, factory, lack):
    fiche = factory(published=True)

    with breaks(f"{noun}_published_is_presentable"):
        change(fiche, **lack)


@every_noun
def test_what_is_archived_may_lose_its_texts(noun, factory):
    change(factory(archived=True), name="", summary="")


@every_noun
def test_what_is_merged_leads_somewhere(noun, factory):
    fiche = factory(published=True)

    with breaks(f"{noun}_merged_leads_somewhere"):
        change(fiche, status="merged", merged_into=None)


@every_noun
@pytest.mark.parametrize("state", ["published", "archived"])
def test_what_stands_leads_nowhere_else(noun, factory, state):
    fiche, other = factory(**{state: True}), factory(published=True)

    with breaks(f"{noun}_merged_leads_somewhere"):
        change(fiche, merged_into=other)


@every_noun
def test_what_others_were_merged_into_is_not_deleted(noun, factory):
    into = factory(published=True)
    factory(merged_into=into)

    with pytest.raises(ProtectedError):
        into.delete()


@every_noun
def test_a_summary_has_300_characters_at_most(noun, factory):
    """PostgreSQL knows the length of the column; for SQLite there is a constraint."""
    fiche = factory()
    change(fiche, summary="é" * 300)

    with pytest.raises((IntegrityError, DataError), match=f"{noun}_summary_is_short|character varying"):
        change(fiche, summary="é" * 301)


@every_noun
def test_one_origin_gives_one_fiche(noun, factory):
    factory(origin="guide", origin_id="42")
    factory(origin="autre", origin_id="42")

    with breaks(f"{noun}_origin_once"):
        factory(origin="guide", origin_id="42")


@every_noun
def test_fiches_typed_here_have_no_number_of_origin(noun, factory):
    factory(origin_id="")
    factory(origin_id="")


@every_noun
def test_drafts_have_no_address_and_addresses_are_unique(noun, factory):
    factory(slug=None)
    factory(slug=None)
    factory(published=True, name="La Recyclerie")

    with pytest.raises(IntegrityError, match="slug"):
        factory(published=True, name="La Recyclerie")


@every_noun
def test_public_identifiers_are_unique(noun, factory):
    one = factory()

    with pytest.raises(IntegrityError, match="uuid"):
        factory(uuid=one.uuid)


@every_noun
def test_names_sort_without_accents_case_or_punctuation(noun, factory):
    names = ["Élan", "d’Élan", "Œuvre", "élan 2", "Eco-lieu", "ecole"]
    for name in names:
        factory(name=name)

    assert [fiche.name for fiche in factory._meta.model.objects.all()] == [
        "d’Élan",
        "ecole",
        "Eco-lieu",
        "Élan",
        "élan 2",
        "Œuvre",
    ]


@every_noun
def test_anybody_sees_what_is_published_and_addresses_last_for_ever(noun, factory):
    factory()
    published, archived = factory(published=True), factory(archived=True)
    merged = factory(merged_into=published)
    rows = factory._meta.model.objects

    assert {*rows.published()} == {published}
    assert {*rows.once_published()} == {published, archived, merged}
    assert [fiche.is_published for fiche in (published, archived, merged)] == [True, False, False]


def test_an_initiative_on_its_way_is_not_public():
    for status in ("pending", "changes_requested", "rejected", "withdrawn"):
        InitiativeFactory(status=status)

    assert not Initiative.objects.once_published().exists()


@every_noun
def test_a_check_outlives_the_person_who_made_it(noun, factory):
    person = UserFactory()
    fiche = factory(checked_by=person)

    person.delete()

    fiche.refresh_from_db()
    assert fiche.checked_by is None


def test_an_address_is_given_once_for_each_noun():
    GivenSlug.objects.create(noun="initiative", slug="la-recyclerie", uuid=uuid.uuid4())
    GivenSlug.objects.create(noun="actor", slug="la-recyclerie", uuid=uuid.uuid4())

    with breaks("given_slug_once"):
        GivenSlug.objects.bulk_create([GivenSlug(noun="actor", slug="la-recyclerie", uuid=uuid.uuid4())])


@pytest.mark.parametrize("factory", [SiteFactory, MilestoneFactory])
def test_a_line_is_known_by_its_own_identifier(factory):
    line = factory()

    with pytest.raises(IntegrityError, match="uuid"):
        factory(uuid=line.uuid)


def test_exactly_one_is_one_and_no_other():
    one, two = InitiativeFactory(start_year=2010), InitiativeFactory(end_year=2012)
    InitiativeFactory()
    InitiativeFactory(start_year=2010, end_year=2012)

    assert {*Initiative.objects.filter(exactly_one("start_year", "end_year"))} == {one, two}
