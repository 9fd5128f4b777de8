from datetime import UTC, date, datetime, timedelta

import pytest

from initiatives.models import (
    Actor,
    DirectoryVersion,
    EditorialText,
    FundingSource,
    GivenSlug,
    Initiative,
    current_version,
)
from initiatives.submission import history
from initiatives.submission.actions import (
    Refused,
    add_theme,
    archive,
    feature,
    merge,
    publish,
    record_edit,
    record_text,
    rename_address,
    unfeature,
    verify,
)
from initiatives.submission.refusals import what_is_missing
from tests.factories import (
    ActorFactory,
    FundingFactory,
    FundingSourceFactory,
    InitiativeFactory,
    ParticipationFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

FACTORIES = {Initiative: InitiativeFactory, Actor: ActorFactory, FundingSource: FundingSourceFactory}
every_noun = pytest.mark.parametrize("noun", FACTORIES, ids=lambda noun: noun.__name__)

# What house.md allows: from, to. All else is refused.
ALLOWED = {
    Initiative: {
        ("draft", "published"),
        ("pending", "published"),
        ("changes_requested", "published"),
        ("archived", "published"),
        ("published", "archived"),
        ("published", "merged"),
        ("archived", "merged"),
    },
    Actor: {
        ("draft", "published"),
        ("archived", "published"),
        ("published", "archived"),
        ("published", "merged"),
        ("archived", "merged"),
    },
}
ALLOWED[FundingSource] = ALLOWED[Actor]
EVERY_STEP = [
    (noun, status, wanted)
    for noun in FACTORIES
    for status in noun.Status.values
    for wanted in ("published", "archived", "merged")
]


def ready(noun, **values):
    """A draft that lacks nothing."""
    if noun is Initiative:
        values = {"sites": [TerritoryFactory()], "themes": [ThemeFactory()]} | values
    return FACTORIES[noun](**values)


def in_status(noun, status):
    if status in ("published", "archived"):
        return ready(noun, **{status: True})
    if status == "merged":
        return ready(noun, merged_into=ready(noun, published=True))
    return ready(noun, status=status)


def act(fiche, wanted, at=NOW):
    match wanted:
        case "published":
            publish(fiche=fiche, at=at)
        case "archived":
            archive(fiche=fiche, at=at)
        case "merged":
            merge(fiche=fiche, into=ready(type(fiche), published=True), at=at)


def edit(fiche, at=NOW):
    with history.act(verb="Modification", at=at):
        record_edit(fiche=fiche, at=at)


def step_name(step):
    noun, status, wanted = step
    return f"{noun.__name__}-{status}-{wanted}"


@pytest.mark.parametrize("step", [step for step in EVERY_STEP if step[1:] in ALLOWED[step[0]]], ids=step_name)
def test_a_step_that_is_allowed_is_taken(step):
    noun, status, wanted = step
    fiche = in_status(noun, status)
    before = current_version()

    act(fiche, wanted)

    fiche.refresh_from_db()
    assert fiche.status == wanted
    assert fiche.modified_at == NOW
    assert fiche.revision == 1
    assert current_version() == before + 1


@pytest.mark.parametrize("step", [step for step in EVERY_STEP if step[1:] not in ALLOWED[step[0]]], ids=step_name)
def test_every_other_step_is_refused_and_changes_nothing(step):
    noun, status, wanted = step
    fiche = in_status(noun, status)
    as_it_was = noun.objects.filter(pk=fiche.pk).values().get()

    with pytest.raises(Refused, match="ne peut pas devenir"):
        act(fiche, wanted)

    assert noun.objects.filter(pk=fiche.pk).values().get() == as_it_was
    assert current_version() == 0


def test_a_refusal_says_what_the_fiche_is():
    fiche = InitiativeFactory(name="La Recyclerie", archived=True)

    with pytest.raises(Refused) as refusal:
        archive(fiche=fiche, at=NOW)

    assert str(refusal.value) == "« La Recyclerie » est archivée : elle ne peut pas devenir archivée."


def test_what_counts_is_the_row_and_not_what_the_caller_has_read():
    fiche = ready(Initiative)
    read_before = Initiative.objects.get(pk=fiche.pk)
    publish(fiche=fiche, at=NOW)
    Initiative.objects.filter(pk=fiche.pk).update(summary="Un autre résumé.")

    with pytest.raises(Refused):
        publish(fiche=read_before, at=NOW)
    archive(fiche=read_before, at=NOW)

    assert Initiative.objects.get(pk=fiche.pk).summary == "Un autre résumé."


# What a reader needs


@every_noun
@pytest.mark.parametrize(("lack", "said"), [("name", "son nom"), ("summary", "son résumé")])
def test_a_fiche_without_a_name_or_a_summary_is_not_published(noun, lack, said):
    fiche = ready(noun, **{lack: " "})

    with pytest.raises(Refused, match=said):
        publish(fiche=fiche, at=NOW)

    assert not GivenSlug.objects.exists()


def test_an_initiative_is_published_somewhere_and_about_something():
    fiche = InitiativeFactory()
    assert what_is_missing(fiche) == ["il manque un lieu ou un territoire d’intervention", "il manque un thème"]

    with pytest.raises(Refused, match="un lieu ou un territoire d’intervention, il manque un thème"):
        publish(fiche=fiche, at=NOW)


def test_a_coverage_is_enough_of_a_place():
    fiche = InitiativeFactory(coverage=[TerritoryFactory()], themes=[ThemeFactory()])

    publish(fiche=fiche, at=NOW)

    assert Initiative.objects.published().get() == fiche


@every_noun
def test_what_lost_its_summary_in_the_archive_does_not_come_back(noun):
    fiche = ready(noun, archived=True)
    noun.objects.filter(pk=fiche.pk).update(summary="")

    with pytest.raises(Refused, match="son résumé"):
        publish(fiche=fiche, at=NOW)


# Addresses


@every_noun
def test_an_address_is_made_from_the_name_or_from_the_wish(noun):
    named, wished = ready(noun, name="L’Œuvre d’Éole, à Arles"), ready(noun)

    publish(fiche=named, at=NOW)
    publish(fiche=wished, at=NOW, slug="Le Petit Pré")

    named.refresh_from_db()
    wished.refresh_from_db()
    assert (named.slug, wished.slug) == ("l-oeuvre-d-eole-a-arles", "le-petit-pre")


def test_a_long_name_makes_an_address_that_fits():
    fiche = ready(Initiative, name="a" * 99 + " bcd")
    twin = ready(Initiative, name="a" * 99 + " bcd")

    publish(fiche=fiche, at=NOW)
    publish(fiche=twin, at=NOW)

    fiche.refresh_from_db()
    twin.refresh_from_db()
    assert (fiche.slug, twin.slug) == ("a" * 99, "a" * 99 + "-2")


def test_a_name_without_a_letter_has_an_address_too():
    fiche = ready(Initiative, name="★★★")

    publish(fiche=fiche, at=NOW)

    fiche.refresh_from_db()
    assert fiche.slug == "fiche"


@every_noun
def test_two_fiches_of_one_name_have_two_addresses(noun):
    fiches = [ready(noun, name="La Recyclerie") for _ in range(3)]

    for fiche in fiches:
        publish(fiche=fiche, at=NOW)

    slugs = [noun.objects.get(pk=fiche.pk).slug for fiche in fiches]
    assert slugs == ["la-recyclerie", "la-recyclerie-2", "la-recyclerie-3"]


def test_nouns_do_not_compete_for_addresses():
    initiative, actor = ready(Initiative, name="La Recyclerie"), ready(Actor, name="La Recyclerie")

    publish(fiche=initiative, at=NOW)
    publish(fiche=actor, at=NOW)

    assert Actor.objects.get().slug == Initiative.objects.get().slug == "la-recyclerie"


@every_noun
def test_coming_back_from_the_archive_keeps_the_address_and_the_day_of_publication(noun):
    fiche = ready(noun, name="La Recyclerie")
    publish(fiche=fiche, at=NOW)
    archive(fiche=fiche, at=NOW)
    noun.objects.filter(pk=fiche.pk).update(name="Un autre nom")

    publish(fiche=fiche, at=LATER, slug="un-souhait")

    fiche.refresh_from_db()
    assert (fiche.slug, fiche.published_at, fiche.modified_at) == ("la-recyclerie", NOW, LATER)


@every_noun
def test_an_old_address_still_is_that_of_the_fiche_and_of_no_other(noun):
    fiche, newcomer = ready(noun, name="La Recyclerie"), ready(noun, name="La Recyclerie")
    publish(fiche=fiche, at=NOW)

    rename_address(fiche=fiche, slug="Le Grand Ménage", at=NOW)
    publish(fiche=newcomer, at=NOW)

    fiche.refresh_from_db()
    newcomer.refresh_from_db()
    assert (fiche.slug, newcomer.slug) == ("le-grand-menage", "la-recyclerie-2")
    assert GivenSlug.objects.get(noun=noun._meta.model_name, slug="la-recyclerie").uuid == fiche.uuid


def test_a_fiche_may_take_its_old_address_back():
    fiche = ready(Initiative, name="La Recyclerie")
    publish(fiche=fiche, at=NOW)
    rename_address(fiche=fiche, slug="le-grand-menage", at=NOW)

    rename_address(fiche=fiche, slug="la-recyclerie", at=NOW)

    fiche.refresh_from_db()
    assert fiche.slug == "la-recyclerie"
    assert GivenSlug.objects.filter(uuid=fiche.uuid).count() == 2


@every_noun
def test_an_address_taken_by_another_is_not_given_by_a_change_of_address(noun):
    one, other = ready(noun, name="Une"), ready(noun, name="Autre")
    publish(fiche=one, at=NOW)
    publish(fiche=other, at=NOW)

    rename_address(fiche=other, slug="une", at=NOW)

    other.refresh_from_db()
    assert other.slug == "une-2"


@every_noun
def test_the_address_of_what_was_merged_is_not_given_again(noun):
    gone, stays, newcomer = (ready(noun, name=name) for name in ("Une", "Autre", "Une"))
    publish(fiche=gone, at=NOW)
    publish(fiche=stays, at=NOW)
    merge(fiche=gone, into=stays, at=NOW)

    publish(fiche=newcomer, at=NOW)

    newcomer.refresh_from_db()
    assert newcomer.slug == "une-2"


@every_noun
def test_a_draft_has_no_address_to_change(noun):
    fiche = ready(noun)

    with pytest.raises(Refused, match="pas encore d’adresse"):
        rename_address(fiche=fiche, slug="une-adresse", at=NOW)

    assert not GivenSlug.objects.exists()


# Archives and merges


def test_what_leaves_the_directory_is_no_longer_featured():
    archived, merged = (ready(Initiative, published=True, is_featured=True) for _ in range(2))

    archive(fiche=archived, at=NOW)
    merge(fiche=merged, into=ready(Initiative, published=True), at=NOW)

    assert not Initiative.objects.filter(is_featured=True).exists()


@every_noun
def test_a_fiche_is_not_merged_with_itself(noun):
    fiche = ready(noun, published=True)

    with pytest.raises(Refused, match="avec elle-même"):
        merge(fiche=fiche, into=fiche, at=NOW)


@every_noun
@pytest.mark.parametrize("status", ["draft", "archived", "merged"])
def test_nothing_is_merged_with_what_nobody_can_see(noun, status):
    fiche, into = ready(noun, published=True), in_status(noun, status)

    with pytest.raises(Refused, match="n’est pas publiée"):
        merge(fiche=fiche, into=into, at=NOW)

    fiche.refresh_from_db()
    assert fiche.is_published


@every_noun
def test_merges_may_follow_one_another_and_never_turn_round(noun):
    first, second, third = (ready(noun, published=True) for _ in range(3))

    merge(fiche=first, into=second, at=NOW)
    merge(fiche=second, into=third, at=NOW)

    with pytest.raises(Refused):
        merge(fiche=third, into=first, at=NOW)
    first.refresh_from_db()
    assert first.merged_into == second
    assert first.merged_into.merged_into == third
    assert third.merged_into is None


@every_noun
def test_the_order_of_creation_does_not_choose_which_one_stays(noun):
    older, newer = ready(noun, published=True), ready(noun, published=True)

    merge(fiche=newer, into=older, at=NOW)

    newer.refresh_from_db()
    older.refresh_from_db()
    assert (newer.status, newer.merged_into, older.status) == ("merged", older, "published")


# The version of the directory


def stamps():
    return dict(Initiative.objects.values_list("pk", "directory_version"))


def test_each_action_on_an_initiative_stamps_it_and_no_other():
    fiche, into = ready(Initiative), ready(Initiative, published=True)

    publish(fiche=fiche, at=NOW)
    assert stamps() == {fiche.pk: 1, into.pk: 0}
    rename_address(fiche=fiche, slug="ailleurs", at=NOW)
    assert stamps() == {fiche.pk: 2, into.pk: 0}
    fiche.refresh_from_db()
    edit(fiche)
    assert stamps() == {fiche.pk: 3, into.pk: 0}
    archive(fiche=fiche, at=NOW)
    assert stamps() == {fiche.pk: 4, into.pk: 0}
    publish(fiche=fiche, at=NOW)
    assert stamps() == {fiche.pk: 5, into.pk: 0}
    merge(fiche=fiche, into=into, at=NOW)
    assert stamps() == {fiche.pk: 6, into.pk: 6}

    assert DirectoryVersion.objects.get().rebuild_from == 0


@pytest.mark.parametrize("noun", [Actor, FundingSource])
def test_each_action_on_another_noun_concerns_the_initiatives_that_name_it(noun):
    initiative, other = InitiativeFactory(), InitiativeFactory()
    fiche, into = ready(noun), ready(noun, published=True)
    if noun is Actor:
        ParticipationFactory(initiative=initiative, actor=fiche)
    else:
        FundingFactory(initiative=initiative, source=fiche)

    publish(fiche=fiche, at=NOW)
    assert stamps() == {initiative.pk: 1, other.pk: 0}
    rename_address(fiche=fiche, slug="ailleurs", at=NOW)
    fiche.refresh_from_db()
    edit(fiche)
    archive(fiche=fiche, at=NOW)
    assert stamps() == {initiative.pk: 4, other.pk: 0}
    publish(fiche=fiche, at=NOW)
    merge(fiche=fiche, into=into, at=NOW)
    assert stamps() == {initiative.pk: 6, other.pk: 0}
    assert DirectoryVersion.objects.get().rebuild_from == 0


def test_who_funds_directly_or_offers_a_funding_source_is_named_too():
    giver, offering = ready(Actor), ready(Actor)
    given = FundingFactory(source=None, actor=giver)
    offered = FundingFactory(source=FundingSourceFactory(offered_by=offering))

    publish(fiche=giver, at=NOW)
    publish(fiche=offering, at=NOW)

    assert stamps() == {given.initiative_id: 1, offered.initiative_id: 2}


def test_an_edit_counts_one_revision_more_and_says_when():
    fiche = ready(Initiative, published=True)

    edit(fiche)
    edit(fiche, LATER)

    fiche.refresh_from_db()
    assert (fiche.revision, fiche.modified_at) == (2, LATER)


# Verified, featured, themes


@every_noun
@pytest.mark.parametrize("status", ["draft", "published", "archived"])
def test_a_fiche_is_verified_on_the_day_by_the_person(noun, status):
    fiche, person = in_status(noun, status), UserFactory()

    verify(fiche=fiche, at=datetime(2026, 5, 4, 22, 30, tzinfo=UTC), by=person)

    fiche.refresh_from_db()
    assert (fiche.checked_on, fiche.checked_by, fiche.status) == (date(2026, 5, 5), person, status)
    assert fiche.revision == 1


@every_noun
def test_what_was_merged_is_not_verified(noun):
    with pytest.raises(Refused, match="vérifiez plutôt la fiche qui est restée"):
        verify(fiche=in_status(noun, "merged"), at=NOW)


def test_a_published_initiative_is_featured_and_no_longer():
    fiche = in_status(Initiative, "published")

    feature(fiche=fiche, at=NOW)
    fiche.refresh_from_db()
    assert (fiche.is_featured, fiche.revision) == (True, 1)
    unfeature(fiche=fiche, at=LATER)

    fiche.refresh_from_db()
    assert (fiche.is_featured, fiche.revision, fiche.modified_at) == (False, 2, LATER)


@pytest.mark.parametrize("status", [status for status in Initiative.Status.values if status != "published"])
def test_only_what_is_published_is_featured(status):
    fiche = in_status(Initiative, status)

    with pytest.raises(Refused, match="n’est pas publiée"):
        feature(fiche=fiche, at=NOW)

    assert not Initiative.objects.filter(is_featured=True).exists()


def test_what_ended_or_already_is_featured_is_not_featured():
    ended, featured = ready(Initiative, published=True, activity="terminee"), ready(Initiative, published=True)
    feature(fiche=featured, at=NOW)

    with pytest.raises(Refused, match="est terminée"):
        feature(fiche=ended, at=NOW)
    with pytest.raises(Refused, match="est déjà à la une"):
        feature(fiche=featured, at=NOW)
    with pytest.raises(Refused, match="n’est pas à la une"):
        unfeature(fiche=ended, at=NOW)


@pytest.mark.parametrize(("as_main", "expected"), [(False, "abc"), (True, "cab")])
def test_a_theme_is_added_last_or_first(as_main, expected):
    themes = [ThemeFactory(name=name) for name in "abc"]
    fiche = ready(Initiative, themes=themes[:2])

    add_theme(fiche=fiche, theme=themes[2], as_main=as_main, at=NOW)

    assert "".join(str(theme) for theme in fiche.theme_list) == expected


def test_a_theme_already_there_may_become_the_main_one():
    first, second = ThemeFactory.create_batch(2)
    fiche = ready(Initiative, themes=[first, second])

    add_theme(fiche=fiche, theme=second, as_main=True, at=NOW)

    assert fiche.theme_list == [second, first]
    for theme, as_main in ((second, True), (first, False)):
        with pytest.raises(Refused, match="a déjà le thème"):
            add_theme(fiche=fiche, theme=theme, as_main=as_main, at=NOW)


def test_a_fourth_theme_and_one_for_a_merged_fiche_are_refused():
    full = ready(Initiative, themes=ThemeFactory.create_batch(3))

    with pytest.raises(Refused, match="a déjà 3 thèmes"):
        add_theme(fiche=full, theme=ThemeFactory(), at=NOW)
    with pytest.raises(Refused, match="ne change plus"):
        add_theme(fiche=in_status(Initiative, "merged"), theme=ThemeFactory(), at=NOW)


def test_a_text_counts_its_revisions_and_says_when():
    text = EditorialText.objects.create(key="essai", title="Un essai")

    with history.act(verb="Modification", at=NOW):
        record_text(text=text, at=NOW)

    text.refresh_from_db()
    assert (text.revision, text.modified_at, current_version()) == (1, NOW, 1)
