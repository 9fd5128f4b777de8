"""Two fiches become one: values chosen field by field, every kind of line moved, nothing met and nothing lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from reversion.models import Revision, Version

from initiatives.models import (
    Actor,
    ActorTie,
    FundingSource,
    Initiative,
    Lineage,
    Participation,
    Photo,
    PrivateContact,
)
from initiatives.submission import merging
from initiatives.submission.actions import Refused, merge
from initiatives.submission.changes import read_acts, versions_of
from initiatives.submission.history import KEPT
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def initiative(**values):
    """Published, with a site and a theme of its own."""
    values = {"sites": [factories.TerritoryFactory()], "themes": [factories.ThemeFactory()]} | values
    return factories.InitiativeFactory(published=True, **values)


def actor(**values):
    return factories.ActorFactory(published=True, **values)


def source(**values):
    return factories.FundingSourceFactory(published=True, **values)


def merged(fiche, into, **choices):
    merge(fiche=fiche, into=into, choices=choices, at=NOW)
    fiche.refresh_from_db()
    into.refresh_from_db()
    return into


# Values


def test_each_field_keeps_the_value_that_was_chosen():
    fiche = initiative(name="Une", summary="Le résumé de l’une.", response="La réponse de l’une.")
    into = initiative(name="Autre", summary="Le résumé de l’autre.", response="La réponse de l’autre.")
    slug = into.slug

    merged(fiche, into, name="fiche", summary="into", response="fiche")

    assert (into.name, into.summary, into.response) == ("Une", "Le résumé de l’autre.", "La réponse de l’une.")
    assert (into.slug, into.sort_key) == (slug, "une")
    assert (fiche.status, fiche.merged_into, fiche.name) == ("merged", into, "Une")


def test_what_only_one_says_is_kept_unless_it_is_chosen_otherwise():
    fiche = initiative(website="https://une.test/", difficulties="Un local.", stage="developpement", stage_as_of=2020)
    into = initiative(results="Dix emplois.")

    merged(fiche, into, difficulties="into")

    assert (into.website, into.difficulties, into.results) == ("https://une.test/", "", "Dix emplois.")
    assert (into.stage, into.stage_as_of) == ("developpement", 2020)


def test_columns_that_go_together_are_chosen_together():
    fiche = initiative(start_year=2010, start_precision="vers", end_year=2012)
    into = initiative(start_year=2015, end_year=2018)

    merged(fiche, into, start_year="fiche", end_year="into")

    assert (into.start_year, into.start_precision, into.end_year) == (2010, "vers", 2018)


def test_values_that_cannot_stand_together_are_refused_in_a_sentence_and_nothing_changes():
    fiche, into = initiative(start_year=2010, end_year=2012), initiative(start_year=2015, end_year=2018)

    with pytest.raises(Refused, match="ne peut pas précéder"):
        merge(fiche=fiche, into=into, choices={"end_year": "fiche", "start_year": "into"}, at=NOW)

    fiche.refresh_from_db()
    into.refresh_from_db()
    assert (fiche.status, into.end_year, Revision.objects.count()) == ("published", 2018, 0)


@pytest.mark.parametrize("lost", ["name", "summary"])
def test_a_choice_that_would_leave_the_fiche_without_what_a_reader_needs_is_refused(lost):
    fiche, into = initiative(), initiative()
    Initiative.objects.filter(pk=fiche.pk).update(status="archived", **{lost: ""})

    with pytest.raises(Refused, match="garde son nom et son résumé"):
        merge(fiche=fiche, into=into, choices={lost: "fiche"}, at=NOW)


def test_a_choice_that_would_leave_the_fiche_without_a_theme_is_refused():
    fiche, into = initiative(themes=[]), initiative()

    with pytest.raises(Refused, match="il manque un thème"):
        merge(fiche=fiche, into=into, choices={"themes": "fiche"}, at=NOW)

    assert into.theme_links.count() == 1


def test_sets_are_chosen_or_joined():
    first, second, third = factories.TerritoryFactory.create_batch(3)
    audiences = factories.AudienceFactory.create_batch(2)
    fiche = initiative(coverage=[first, second], audiences=audiences[:1])
    into = initiative(coverage=[second, third], audiences=audiences[1:])

    merged(fiche, into, coverage="both", audiences="fiche")

    assert {*into.coverage.all()} == {first, second, third}
    assert [*into.audiences.all()] == audiences[:1]


@pytest.mark.parametrize(
    ("choice", "expected"), [("into", "cd"), ("fiche", "ab"), ("both", "cda")], ids=["into", "fiche", "both"]
)
def test_themes_are_three_at_most_those_of_the_fiche_that_stays_first(choice, expected):
    themes = {letter: factories.ThemeFactory(name=letter) for letter in "abcd"}
    fiche = initiative(themes=[themes["a"], themes["b"]])
    into = initiative(themes=[themes["c"], themes["d"]])

    merged(fiche, into, themes=choice)

    assert "".join(str(theme) for theme in into.theme_list) == expected


def test_a_choice_that_means_nothing_is_an_error():
    with pytest.raises(ValueError, match="name"):
        merge(fiche=initiative(), into=initiative(), choices={"name": "both"}, at=NOW)


def test_a_siren_passes_from_one_actor_to_the_other():
    fiche, into = actor(siren="732829320", siret="73282932000074"), actor(siren="552100554")

    merged(fiche, into, siren="fiche")

    assert (into.siren, into.siret) == ("732829320", "73282932000074")
    assert (fiche.siren, fiche.siret) == ("", "")


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_every_column_that_people_write_is_chosen_once(model):
    chosen = [field.name for choice in merging.choices_of(model) for field in choice.fields]
    columns = [field for field in (*model._meta.fields, *model._meta.many_to_many) if field.editable]
    written = {field.name for field in columns if field.name not in ("id", "is_featured", "themes")}

    assert len(chosen) == len({*chosen})
    assert {*chosen} - {"theme", "themes"} == written


# Lines


def test_every_kind_of_line_of_an_initiative_moves():
    fiche, into = initiative(), initiative()
    lines = [
        fiche.sites.get(),
        factories.ParticipationFactory(initiative=fiche, role="porteur", is_lead=True),
        factories.FundingFactory(initiative=fiche),
        factories.MilestoneFactory(initiative=fiche),
        factories.LineageFactory(initiative=fiche),
        factories.LineageFactory(initiative=fiche, other=None, place="Turin"),
        factories.TakingPartFactory(initiative=fiche),
        factories.NoticeFactory(initiative=fiche),
        factories.PhotoFactory(initiative=fiche),
        factories.SourceFactory(initiative=fiche),
    ]
    pointing = factories.LineageFactory(other=fiche)

    merged(fiche, into)

    for line in lines:
        line.refresh_from_db()
        assert line.initiative == into
    pointing.refresh_from_db()
    assert pointing.other == into
    assert into.participations.get().is_lead
    assert not any(getattr(fiche, name).exists() for name in KEPT[Initiative] if name != "theme_links")


def test_every_kind_of_line_of_an_actor_moves():
    fiche, into = actor(), actor()
    lines = [
        factories.ActorLabelFactory(actor=fiche),
        factories.ActorTieFactory(actor=fiche),
        factories.OfferFactory(actor=fiche),
        factories.MilestoneFactory(initiative=None, actor=fiche),
        factories.SourceFactory(initiative=None, actor=fiche),
        factories.PhotoFactory(initiative=None, actor=fiche),
        PrivateContact.objects.create(actor=fiche, name="Une personne"),
        factories.ParticipationFactory(actor=fiche),
        factories.FundingFactory(actor=fiche),
    ]
    tie_in = factories.ActorTieFactory(other=fiche)
    offered = source(offered_by=fiche)

    merged(fiche, into)

    for line in lines:
        line.refresh_from_db()
        assert line.actor == into
    tie_in.refresh_from_db()
    offered.refresh_from_db()
    assert (tie_in.other, offered.offered_by) == (into, into)


def test_every_kind_of_line_of_a_funding_source_moves():
    fiche, into = source(), source()
    cited = factories.SourceFactory(initiative=None, funding_source=fiche)
    given = factories.FundingFactory(source=fiche)

    merged(fiche, into)

    cited.refresh_from_db()
    given.refresh_from_db()
    assert (cited.funding_source, given.source) == (into, into)


def test_every_relation_that_leads_to_a_fiche_is_followed():
    """A new line model, or a new column that points to a fiche, is moved too or this fails."""
    for model in (Initiative, Actor, FundingSource):
        followed = {model._meta.get_field(name).field for name in KEPT[model]}
        followed |= {line._meta.get_field(column) for line, column in merging.POINTING[model]}
        # The tombstone chain; moved by themselves (``_move_alone``, ``move_people``).
        left = {"merged_into", "private_contact", "submissions", "ownerships", "invitations"}
        left |= {"rechecks", "questions"}
        for relation in model._meta.related_objects:
            if relation.many_to_many or relation.field.name in left or relation.name in left:
                continue
            if relation.related_model._meta.app_label != "initiatives" or relation.related_model._meta.auto_created:
                continue
            assert relation.field in followed, relation


def test_lines_that_say_the_same_become_one_with_what_only_one_said():
    town, funder, network = factories.TerritoryFactory(), source(), factories.ActorFactory()
    fiche, into = initiative(sites=[town]), initiative(sites=[town])
    other = factories.InitiativeFactory()
    for owner, detail in ((fiche, "Dès le début"), (into, "")):
        factories.ParticipationFactory(initiative=owner, actor=network, role="partenaire", detail=detail)
        factories.FundingFactory(initiative=owner, source=funder, amount=500, year=2015, kind="don", detail=detail)
        factories.MilestoneFactory(initiative=owner, year=2015, text="Ouverture")
        factories.LineageFactory(initiative=owner, other=other)
        factories.TakingPartFactory(initiative=owner, way="visiter", how=f"Le samedi. {detail}")
        factories.NoticeFactory(initiative=owner, kind="cherche", value="local", text=detail)

    merged(fiche, into)

    assert [site.territory for site in into.sites.all()] == [town]
    assert into.participations.get().detail == "Dès le début"
    assert into.fundings.get().detail == "Dès le début"
    assert into.milestones.count() == into.lineage.count() == 1
    assert into.ways_to_take_part.get().how == "Le samedi. "
    assert into.notices.get().text == "Dès le début"
    assert not fiche.sites.exists()
    assert not fiche.participations.exists()


def test_two_places_in_one_town_stay_two_unless_one_says_nothing_more():
    town = factories.TerritoryFactory()
    fiche, into = initiative(sites=[]), initiative(sites=[town])
    factories.SiteFactory(initiative=fiche, territory=town, label="Le Four", latitude=43.5, longitude=5.4)

    merged(fiche, into)

    site = into.sites.get()
    assert (site.label, site.latitude) == ("Le Four", 43.5)
    another = initiative(sites=[])
    factories.SiteFactory(initiative=another, territory=town, label="Le Moulin")
    merged(another, into)
    assert sorted(into.sites.values_list("label", flat=True)) == ["Le Four", "Le Moulin"]


def test_moved_lines_come_after_those_that_were_there():
    fiche, into = initiative(), initiative()
    names = [str(site) for site in (*into.sites.all(), *fiche.sites.all())]

    merged(fiche, into)

    assert [str(site) for site in into.sites.all()] == names


def test_an_initiative_has_one_lead_after_a_merge():
    first, second = factories.ActorFactory.create_batch(2)
    fiche, into = initiative(lead=first), initiative(lead=second)

    merged(fiche, into)

    assert into.lead_actor == second
    assert {line.actor for line in into.participations.all()} == {first, second}


def test_a_lead_that_both_name_stays_the_lead():
    both = factories.ActorFactory()
    fiche, into = initiative(lead=both), initiative()
    factories.ParticipationFactory(initiative=into, actor=both, role="porteur")

    merged(fiche, into)

    assert into.participations.get().is_lead


def test_two_actors_of_one_initiative_that_become_one_take_part_once():
    fiche, into = actor(), actor()
    project = initiative(lead=fiche)
    factories.ParticipationFactory(initiative=project, actor=into, role="porteur")
    factories.ParticipationFactory(initiative=project, actor=fiche, role="financeur")

    merged(fiche, into)

    assert sorted((line.actor.pk, line.role, line.is_lead) for line in project.participations.all()) == [
        (into.pk, "financeur", False),
        (into.pk, "porteur", True),
    ]


def test_a_link_between_the_two_disappears():
    first, second = actor(), actor()
    factories.ActorTieFactory(actor=first, other=second)
    factories.ActorTieFactory(actor=second, other=first, kind="partenaire")
    one, other = initiative(), initiative()
    factories.LineageFactory(initiative=one, other=other)
    factories.LineageFactory(initiative=other, other=one, relation="essaimee-a")

    merged(first, second)
    merged(one, other)

    assert not ActorTie.objects.exists()
    assert not Lineage.objects.exists()


def test_links_that_others_have_with_both_become_one():
    first, second = actor(), actor()
    third = factories.ActorFactory()
    for end in (first, second):
        factories.ActorTieFactory(actor=third, other=end)
    one, other = initiative(), initiative()
    child = factories.InitiativeFactory()
    for end in (one, other):
        factories.LineageFactory(initiative=child, other=end)

    merged(first, second)
    merged(one, other)

    assert ActorTie.objects.get().other == second
    assert Lineage.objects.get().other == other


def test_a_source_quoted_by_both_is_one_and_the_dates_that_quote_it_follow():
    fiche, into = initiative(), initiative()
    kept = factories.SourceFactory(initiative=into, url="https://gazette.test/1", supports=["stage"], year=None)
    twin = factories.SourceFactory(initiative=fiche, url="https://gazette.test/1", supports=["sites"], year=2017)
    moved = factories.SourceFactory(initiative=fiche)
    dates = [factories.MilestoneFactory(initiative=fiche, source=line, text=str(line.pk)) for line in (twin, moved)]

    merged(fiche, into)

    assert {*into.sources.all()} == {kept, moved}
    kept.refresh_from_db()
    assert (kept.supports, kept.year) == (["sites", "stage"], 2017)
    for line in dates:
        line.refresh_from_db()
    assert [line.source for line in dates] == [kept, moved]


def test_what_two_twins_say_and_cannot_be_said_together_leaves_the_one_that_stays_as_it_was():
    both = factories.ActorFactory()
    fiche, into = initiative(), initiative()
    factories.ParticipationFactory(initiative=fiche, actor=both, until=2010, detail="Perdu")
    kept = factories.ParticipationFactory(initiative=into, actor=both, since=2015)

    merged(fiche, into)

    kept.refresh_from_db()
    assert (kept.since, kept.until, kept.detail) == (2015, None, "")


def test_a_logo_and_a_private_contact_stay_where_there_already_is_one():
    fiche, into = actor(), actor()
    for owner in (fiche, into):
        factories.PhotoFactory(initiative=None, actor=owner, alt=f"Logo de {owner}")
        PrivateContact.objects.create(actor=owner, name=str(owner))

    merged(fiche, into)

    assert Photo.objects.get(actor=into).alt == f"Logo de {into}"
    assert Photo.objects.get(actor=fiche).alt == f"Logo de {fiche}"
    assert into.private_contact.name == str(into)


# Two fiches full of the same lines: every unique constraint would be met at once.


def test_two_initiatives_full_of_the_same_lines_become_one():
    fiche, into = initiative(), initiative()
    people, aunt = factories.ActorFactory.create_batch(2), factories.InitiativeFactory()
    for row in (fiche, into):
        for number, person in enumerate(people):
            factories.ParticipationFactory(initiative=row, actor=person, role="porteur", is_lead=not number)
            factories.ParticipationFactory(initiative=row, actor=person, role="chercheur")
        for way in ("acheter", "aider"):
            factories.TakingPartFactory(initiative=row, way=way)
        for value in ("local", "benevoles"):
            factories.NoticeFactory(initiative=row, value=value)
        factories.LineageFactory(initiative=row, other=aunt)
        factories.LineageFactory(initiative=aunt, other=row)

    merged(fiche, into)

    assert (into.participations.count(), into.ways_to_take_part.count(), into.notices.count()) == (4, 2, 2)
    assert (into.lineage.count(), into.lineage_in.count()) == (1, 1)


def test_two_actors_full_of_the_same_lines_become_one():
    fiche, into = actor(), actor()
    project, label, other = initiative(), factories.LabelFactory(), factories.ActorFactory()
    for row in (fiche, into):
        factories.ParticipationFactory(initiative=project, actor=row)
        factories.FundingFactory(initiative=project, actor=row, source=None)
        factories.ActorLabelFactory(actor=row, label=label)
        factories.ActorTieFactory(actor=row, other=other)
        factories.ActorTieFactory(actor=other, other=row)

    merged(fiche, into)

    assert (project.participations.count(), project.fundings.count()) == (1, 1)
    assert (into.labels.count(), into.ties.count(), into.ties_in.count()) == (1, 1, 1)


def test_the_database_would_have_refused_such_lines():
    line = factories.ParticipationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(initiative=line.initiative, actor=line.actor, role=line.role)


# History


def test_both_histories_go_on_and_tell_the_merge():
    fiche, into = initiative(name="Une"), initiative(name="Autre")
    with_site = str(fiche.sites.get())
    merge(fiche=fiche, into=into, at=NOW, by=factories.UserFactory(name="Claire"), why="Même four, même équipe.")

    revision = Revision.objects.get()
    assert {version.object_repr for version in Version.objects.get_for_model(Initiative)} == {"Une", "Autre"}
    (gone,), (stays,) = read_acts(versions_of(fiche)), read_acts(versions_of(into))
    assert gone.verb == stays.verb == "Fusion"
    assert gone.why == "« Une » rejoint « Autre ». Même four, même équipe."
    assert (str(gone.by), revision.date_created) == ("Claire", NOW)
    assert with_site in [line.title for line in stays.snapshot.lines]
    assert not [line for line in gone.snapshot.lines if line.model._meta.model_name == "site"]


def test_the_fiches_whose_lines_lead_elsewhere_have_history_of_it_and_a_revision_more():
    fiche, into, other = actor(), actor(), initiative()
    factories.ParticipationFactory(initiative=other, actor=fiche)
    far = initiative()

    merged(fiche, into)

    other.refresh_from_db()
    far.refresh_from_db()
    assert (other.revision, far.revision) == (1, 0)
    assert (into.revision, fiche.revision) == (1, 1)
    assert Revision.objects.count() == 1
    assert Version.objects.get_for_object(other).exists()
    assert not Version.objects.get_for_object(far).exists()


def test_a_merge_keeps_the_tombstones_that_lead_to_the_one_that_goes():
    first, second, third = initiative(), initiative(), initiative()
    merged(first, second)

    merge(fiche=second, into=third, choices={}, at=NOW + timedelta(days=1))

    first.refresh_from_db()
    assert (first.merged_into, first.merged_into.merged_into) == (second, third)


def test_a_merge_costs_the_same_whatever_the_other_fiches(django_assert_max_num_queries):
    fiche, into = initiative(checked_on=date(2026, 1, 1)), initiative()
    for _ in range(30):
        initiative()

    with django_assert_max_num_queries(130):
        merged(fiche, into)
