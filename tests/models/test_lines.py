"""The lines of a fiche: sites, participations, fundings, sources, dates, lineage, photos, ways to take part."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from initiatives.models import (
    Funding,
    Milestone,
    Participation,
    Photo,
    Site,
    Source,
    TerritoryFigure,
)
from tests.factories import (
    ActorFactory,
    FundingFactory,
    FundingSourceFactory,
    InitiativeFactory,
    LineageFactory,
    MilestoneFactory,
    ParticipationFactory,
    PhotoFactory,
    SiteFactory,
    SourceFactory,
    TakingPartFactory,
    TerritoryFactory,
    TerritoryFigureFactory,
)
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def change(line, **values):
    type(line).objects.filter(pk=line.pk).update(**values)


# Sites


@pytest.mark.parametrize("point", [(43.5, None), (None, 5.4), (91, 5.4), (-91, 5.4), (43.5, 181), (43.5, -181)])
def test_the_point_of_a_site_is_whole_or_absent(point):
    site = SiteFactory(latitude=43.5, longitude=5.4)

    with breaks("site_point_is_whole"):
        change(site, latitude=point[0], longitude=point[1])


def test_a_site_stands_at_its_point_else_at_that_of_its_commune():
    commune = TerritoryFactory(latitude=43.7, longitude=4.6)

    assert SiteFactory(territory=commune, latitude=43.5, longitude=5.4).point == (43.5, 5.4)
    assert SiteFactory(territory=commune).point == (43.7, 4.6)
    assert SiteFactory().point is None


def test_distances_are_in_kilometres_from_the_site_else_from_its_commune(places):
    at_aix = SiteFactory(territory=places.aix)
    apart = SiteFactory(territory=places.aix, latitude=43.29658, longitude=5.36978)
    unknown = SiteFactory(territory=places.tarascon)

    distances = {site: site.distance for site in Site.objects.with_distance(43.29658, 5.36978)}

    assert distances[at_aix] == pytest.approx(26.6, abs=0.1)
    assert distances[apart] == pytest.approx(0)
    assert distances[unknown] is None


def test_a_form_puts_a_site_in_a_commune_or_a_district(places):
    SiteFactory.build(initiative=None, territory=places.marseille_1).clean()

    with pytest.raises(ValidationError, match="commune ou un arrondissement"):
        SiteFactory.build(initiative=None, territory=places.vaucluse).clean()
    with pytest.raises(ValidationError, match="latitude et sa longitude"):
        SiteFactory.build(initiative=None, territory=places.arles, latitude=43.5).clean()


def test_a_place_where_something_stands_is_not_deleted():
    site = SiteFactory()

    with pytest.raises(ProtectedError):
        site.territory.delete()


# Participations


def test_an_actor_has_a_role_once_in_an_initiative():
    line = ParticipationFactory(role="partenaire")
    ParticipationFactory(initiative=line.initiative, actor=line.actor, role="financeur")

    with breaks("participation_once"):
        ParticipationFactory(initiative=line.initiative, actor=line.actor, role="partenaire")


def test_an_initiative_has_one_lead():
    lead = ParticipationFactory(role="porteur", is_lead=True)
    other = ParticipationFactory(initiative=lead.initiative, role="porteur")
    ParticipationFactory(role="porteur", is_lead=True, actor=lead.actor)

    with breaks("participation_one_lead"):
        change(other, is_lead=True)


@pytest.mark.parametrize("role", ["partenaire", "accompagnateur", "financeur", "chercheur"])
def test_only_a_holder_is_the_lead(role):
    line = ParticipationFactory(role=role)

    with breaks("participation_lead_is_holder"):
        change(line, is_lead=True)


def test_a_participation_ends_after_it_begins():
    line = ParticipationFactory(since=2015, until=2015)

    with breaks("participation_years_in_order"):
        change(line, until=2014)


def test_an_actor_that_takes_part_is_not_deleted():
    line = ParticipationFactory()

    with pytest.raises(ProtectedError):
        line.actor.delete()


# Fundings


def test_money_comes_from_a_source_an_actor_or_both():
    line = FundingFactory(actor=ActorFactory())
    change(line, source=None)

    with breaks("funding_comes_from_somewhere"):
        change(line, actor=None)


def test_an_amount_is_positive_or_unknown():
    line = FundingFactory(amount=1)
    change(line, amount=None)

    with breaks("funding_amount_is_positive"):
        change(line, amount=0)


@pytest.mark.parametrize("year", [1799, 2101])
def test_the_year_of_a_funding_is_sane(year):
    line = FundingFactory(year=1800)
    change(line, year=2100)

    with breaks("funding_year_is_sane"):
        change(line, year=year)


def test_a_funding_source_that_paid_is_not_deleted():
    line = FundingFactory()

    with pytest.raises(ProtectedError):
        line.source.delete()


# Sources


@pytest.mark.parametrize("owners", [[], ["initiative", "actor"], ["actor", "funding_source"]], ids=str)
def test_a_source_is_that_of_one_fiche(owners):
    fiches = {"initiative": InitiativeFactory(), "actor": ActorFactory(), "funding_source": FundingSourceFactory()}
    for name in fiches:
        SourceFactory(**{"initiative": None, name: fiches[name]})

    with breaks("source_has_one_owner"):
        SourceFactory(**{"initiative": None} | {name: fiches[name] for name in owners})


def test_a_source_has_a_publisher():
    with breaks("source_has_a_publisher"):
        SourceFactory(publisher="")


@pytest.mark.parametrize("year", [999, 2101])
def test_the_year_of_a_source_is_sane(year):
    source = SourceFactory(year=1000)
    change(source, year=2100)

    with breaks("source_year_is_sane"):
        change(source, year=year)


# Dates


@pytest.mark.parametrize("owners", [[], ["initiative", "actor"]], ids=str)
def test_a_date_is_that_of_one_fiche(owners):
    fiches = {"initiative": InitiativeFactory(), "actor": ActorFactory()}
    MilestoneFactory(initiative=None, actor=fiches["actor"])

    with breaks("milestone_has_one_owner"):
        MilestoneFactory(**{"initiative": None} | {name: fiches[name] for name in owners})


@pytest.mark.parametrize("year", [999, 2101])
def test_the_year_of_a_date_is_sane(year):
    line = MilestoneFactory(year=1000)
    change(line, year=2100)

    with breaks("milestone_year_is_sane"):
        change(line, year=year)


def test_a_date_says_what_happened():
    with breaks("milestone_says_what"):
        MilestoneFactory(text="")


def test_a_date_outlives_its_source():
    line = MilestoneFactory(source=SourceFactory())

    line.source.delete()

    assert Milestone.objects.get(pk=line.pk).source is None


# Lineage


@pytest.mark.parametrize(("to_a_fiche", "place"), [(True, "Lille"), (False, "")])
def test_a_lineage_leads_to_a_fiche_or_to_a_place(to_a_fiche, place):
    LineageFactory(other=None, place="Lille")

    with breaks("lineage_leads_to_one_thing"):
        LineageFactory(place=place, **({} if to_a_fiche else {"other": None}))


def test_an_initiative_does_not_descend_from_itself():
    initiative = InitiativeFactory()

    with breaks("lineage_joins_two_initiatives"):
        LineageFactory(initiative=initiative, other=initiative)


def test_two_initiatives_are_joined_once_in_each_way():
    line = LineageFactory(relation="inspiree-de")
    LineageFactory(initiative=line.initiative, other=line.other, relation="essaimee-a")
    for place in ("Lille", "Lille"):
        LineageFactory(initiative=line.initiative, other=None, place=place)

    with breaks("lineage_once"):
        LineageFactory(initiative=line.initiative, other=line.other, relation="inspiree-de")


# Photos


@pytest.mark.parametrize("owners", [[], ["initiative", "actor"]], ids=str)
def test_a_photo_is_that_of_one_fiche(owners):
    fiches = {"initiative": InitiativeFactory(), "actor": ActorFactory()}

    with breaks("photo_has_one_owner"):
        PhotoFactory(**{"initiative": None} | {name: fiches[name] for name in owners})


@pytest.mark.parametrize("column", ["alt", "credit", "licence"])
def test_a_photo_is_described_credited_and_licensed(column):
    photo = PhotoFactory()

    with breaks("photo_is_described_and_credited"):
        change(photo, **{column: ""})


@pytest.mark.parametrize("column", ["width", "height"])
def test_a_photo_has_a_size(column):
    photo = PhotoFactory()

    with breaks("photo_has_a_size"):
        change(photo, **{column: 0})


def test_two_photos_never_share_their_files():
    photo = PhotoFactory()

    with pytest.raises(IntegrityError, match="file"):
        PhotoFactory(file=photo.file)


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, [480]), (480, [480]), (481, [480, 960]), (961, [480, 960, 1440]), (2400, [480, 960, 1440])],
)
def test_a_photo_is_there_in_the_widths_it_can_fill_and_one_more(width, widths):
    assert PhotoFactory(width=width).widths == widths


def test_an_actor_has_one_logo():
    logo = PhotoFactory(initiative=None, actor=ActorFactory())

    with pytest.raises(IntegrityError, match="actor"):
        PhotoFactory(initiative=None, actor=logo.actor)


# Ways to take part


def test_a_way_to_take_part_is_said_once():
    line = TakingPartFactory(way="acheter")
    TakingPartFactory(initiative=line.initiative, way="aider")

    with breaks("taking_part_once"):
        TakingPartFactory(initiative=line.initiative, way="acheter")


def test_a_way_to_take_part_says_how():
    with breaks("taking_part_says_how"):
        TakingPartFactory(how="")


# Figures of territories


def test_a_figure_is_given_once_a_year():
    figure = TerritoryFigureFactory(year=2020)
    TerritoryFigureFactory(territory=figure.territory, label=figure.label, year=2021)

    with breaks("territory_figure_once_a_year"):
        TerritoryFigureFactory(territory=figure.territory, label=figure.label, year=2020)


def test_a_figure_without_a_year_is_given_once():
    figure = TerritoryFigureFactory(year=None)

    with breaks("territory_figure_once_undated"):
        TerritoryFigureFactory(territory=figure.territory, label=figure.label, year=None)


def test_a_figure_has_a_source():
    with breaks("territory_figure_has_a_source"):
        TerritoryFigureFactory(source="")


# All of them


@pytest.mark.parametrize(
    ("model", "factory"),
    [
        (Site, SiteFactory),
        (Participation, ParticipationFactory),
        (Funding, FundingFactory),
        (Source, SourceFactory),
        (Photo, PhotoFactory),
    ],
)
def test_lines_come_in_the_order_of_their_position(model, factory):
    initiative = InitiativeFactory()
    second, first = (factory(initiative=initiative, position=position) for position in (2, 1))

    assert [*model.objects.all()] == [first, second]


@pytest.mark.parametrize(
    "factory",
    [
        SiteFactory,
        ParticipationFactory,
        FundingFactory,
        SourceFactory,
        MilestoneFactory,
        LineageFactory,
        PhotoFactory,
        TakingPartFactory,
    ],
)
def test_lines_leave_with_their_draft(factory):
    line = factory()

    line.initiative.delete()

    assert not type(line).objects.exists()


def test_dates_come_in_order_and_figures_in_that_of_their_territory():
    initiative = InitiativeFactory()
    late, early = MilestoneFactory(initiative=initiative, year=2020), MilestoneFactory(initiative=initiative, year=2010)
    territory = TerritoryFactory()
    second, first = (TerritoryFigureFactory(territory=territory, position=position) for position in (2, 1))

    assert [*initiative.milestones.all()] == [early, late]
    assert [*TerritoryFigure.objects.all()] == [first, second]


def test_the_ways_and_the_lineage_have_words_for_people():
    assert str(TakingPartFactory(way="adherer")) == "Adhérer"
    assert str(LineageFactory(other=None, place="Lille", relation="essaimee-a")) == "Essaimée à Lille"
