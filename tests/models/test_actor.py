import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from initiatives.models import Actor, ActorLabel, ActorTie, PrivateContact
from tests.factories import ActorFactory, ActorLabelFactory, ActorTieFactory, FundingSourceFactory, OfferFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db

SIREN, SIRET = "732829320", "73282932000074"


def test_a_siren_is_that_of_one_actor_and_many_have_none():
    ActorFactory(siren=SIREN)
    ActorFactory(siren="")
    ActorFactory(siren="")

    with breaks("actor_siren_once"):
        ActorFactory(siren=SIREN)


def test_a_siret_begins_with_the_siren():
    actor = ActorFactory(siren=SIREN, siret=SIRET)
    ActorFactory(siret=SIRET)

    with breaks("actor_siret_starts_with_siren"):
        Actor.objects.filter(pk=actor.pk).update(siren="552100554")


@pytest.mark.parametrize("year", [999, 2101])
def test_a_founding_year_is_sane(year):
    ActorFactory(founded_year=1000)
    actor = ActorFactory(founded_year=2100)

    with breaks("actor_founded_year_is_sane"):
        Actor.objects.filter(pk=actor.pk).update(founded_year=year)


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("siren", SIREN, ["732829321", "73282932", "abcdefghi"]),
        ("siret", SIRET, ["73282932000075", SIREN]),
        ("rna", "W133012345", ["W13301234", "133012345", "W1330123456", "W133012345\n", "wW33012345"]),
    ],
)
def test_a_form_checks_official_numbers(column, good, bad):
    field = Actor._meta.get_field(column)

    assert field.clean(good, None) == good
    assert field.clean("", None) == ""
    for value in bad:
        with pytest.raises(ValidationError):
            field.clean(value, None)


def test_a_corsican_association_has_a_number_too():
    Actor._meta.get_field("rna").clean("W2A1001234", None)


def test_an_actor_has_a_label_once():
    line = ActorLabelFactory()

    with breaks("actor_label_once"):
        ActorLabel.objects.bulk_create([ActorLabel(actor=line.actor, label=line.label)])


def test_a_label_ends_after_it_begins():
    line = ActorLabelFactory(since=2015, until=2015)

    with breaks("actor_label_dates_in_order"):
        ActorLabel.objects.filter(pk=line.pk).update(until=2014)


def test_two_actors_are_tied_once_in_each_way():
    tie = ActorTieFactory(kind="membre")
    ActorTieFactory(actor=tie.actor, other=tie.other, kind="partenaire")
    ActorTieFactory(actor=tie.other, other=tie.actor, kind="membre")

    with breaks("actor_tie_once"):
        ActorTieFactory(actor=tie.actor, other=tie.other, kind="membre")


def test_an_actor_has_no_tie_with_itself():
    actor = ActorFactory()

    with breaks("actor_tie_joins_two_actors"):
        ActorTie.objects.bulk_create([ActorTie(actor=actor, other=actor, kind="membre")])


def test_an_actor_has_one_private_contact_kept_apart():
    actor = ActorFactory()
    PrivateContact.objects.create(actor=actor, email="ada@exemple.test")

    assert "ada@exemple.test" not in str(actor.__dict__)
    with pytest.raises(IntegrityError, match="actor"):
        PrivateContact.objects.create(actor=actor)


def test_an_offer_says_what_it_is():
    with breaks("offer_says_what"):
        OfferFactory(what="")


def test_an_actor_that_offers_funding_is_not_deleted():
    source = FundingSourceFactory(offered_by=ActorFactory())

    with pytest.raises(IntegrityError):
        source.offered_by.delete()


# Where they act


def test_an_actor_acts_where_it_is_seated_and_where_its_coverage_meets(places):
    seated = ActorFactory(seat=places.arles)
    covering = ActorFactory(coverage=[places.accm])
    everywhere = ActorFactory(coverage=[places.paca, places.france])
    ActorFactory(seat=places.marseille, coverage=[places.vaucluse])
    ActorFactory()

    assert {*Actor.objects.acting_in(places.arles)} == {seated, covering, everywhere}
    assert {*Actor.objects.acting_in(places.tarascon)} == {covering, everywhere}
    assert {*Actor.objects.acting_in(places.crau)} == {seated, covering, everywhere}
    assert {*Actor.objects.acting_in(places.mamoudzou)} == {everywhere}


def test_an_actor_seated_in_a_city_acts_in_each_of_its_districts(places):
    city, district = ActorFactory(seat=places.marseille), ActorFactory(seat=places.marseille_1)

    assert {*Actor.objects.acting_in(places.marseille_1)} == {city, district}
    assert {*Actor.objects.acting_in(places.marseille_2)} == {city}
    assert {*Actor.objects.acting_in(places.metropole)} == {city, district}


def test_in_france_are_all_those_that_are_somewhere(places):
    seated, covering = ActorFactory(seat=places.grignan), ActorFactory(coverage=[places.mayotte])
    ActorFactory()

    assert {*Actor.objects.acting_in(places.france)} == {seated, covering}
    assert {*Actor.objects.acting_in(places.arles, places.france)} == {seated, covering}


def test_several_territories_are_any_of_them_for_actors_too(places):
    arles, avignon = ActorFactory(seat=places.arles), ActorFactory(coverage=[places.avignon])
    ActorFactory(seat=places.marseille)

    assert {*Actor.objects.acting_in(places.arles, places.vaucluse)} == {arles, avignon}
