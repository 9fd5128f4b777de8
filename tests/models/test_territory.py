import datetime

import pytest
from django.core.exceptions import ValidationError

from initiatives.models import PostalCode, Territory, TerritoryName
from tests.factories import TerritoryFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def meet(one, other):
    """Whether the sets of smallest units of two territories meet, and whether that of ``other`` is strictly wider.

    The plain definition, to compare ``relations`` with.
    """
    units, around = (
        {*Territory.objects.filter(territory.unit_condition()).values_list("pk", flat=True)}
        for territory in (one, other)
    )
    return bool(units & around), units < around


def test_a_territory_is_known_by_its_kind_and_code():
    TerritoryFactory(kind="dep", code="84")
    TerritoryFactory(kind="reg", code="84")

    with breaks("territory_key"):
        TerritoryFactory(kind="dep", code="84")


@pytest.mark.parametrize("point", [(43.5, None), (None, 5.4), (91, 5.4), (-91, 5.4), (43.5, 181), (43.5, -181)])
def test_a_point_is_whole_or_absent(point):
    territory = TerritoryFactory(latitude=43.5, longitude=5.4)

    with breaks("territory_point_is_whole"):
        Territory.objects.filter(pk=territory.pk).update(latitude=point[0], longitude=point[1])


def test_half_a_point_is_refused_with_a_sentence():
    territory = TerritoryFactory.build(latitude=43.5)

    with pytest.raises(ValidationError, match="latitude et sa longitude"):
        territory.clean()


def test_only_a_closed_territory_has_a_successor():
    old, new = TerritoryFactory(), TerritoryFactory()
    Territory.objects.filter(pk=old.pk).update(successor=new, closed_on=datetime.date(2025, 1, 1))

    with breaks("territory_successor_needs_closing"):
        Territory.objects.filter(pk=old.pk).update(closed_on=None)


def test_a_district_has_a_commune():
    with breaks("territory_district_has_a_commune"):
        TerritoryFactory(kind="arm", commune=None)


def test_a_place_has_a_postal_code_once():
    territory = TerritoryFactory()
    PostalCode.objects.create(territory=territory, code="13200")
    PostalCode.objects.create(territory=TerritoryFactory(), code="13200")

    with breaks("postal_code_once"):
        PostalCode.objects.bulk_create([PostalCode(territory=territory, code="13200")])


def test_a_place_has_another_name_once_whatever_its_accents():
    territory = TerritoryFactory()
    TerritoryName.objects.create(territory=territory, name="Abriès")

    with breaks("territory_name_once"):
        TerritoryName.objects.bulk_create([TerritoryName(territory=territory, name="ABRIES")])


def test_a_public_key_leads_to_its_territory(places):
    assert Territory.objects.by_key("dep-84") == places.vaucluse
    assert Territory.objects.by_key("zone-vieux-port") == places.old_port
    assert places.old_port.key == "zone-vieux-port"


@pytest.mark.parametrize("key", ["", "dep", "dep-", "-84", "dep-99", "DEP-84", "planete-1"])
def test_a_key_that_names_nothing_is_refused(places, key):
    with pytest.raises(Territory.DoesNotExist):
        Territory.objects.by_key(key)


def test_the_directory_knows_its_region_and_the_epci_that_straddle_it(places):
    TerritoryFactory(name="Fermée", closed_on=datetime.date(2025, 1, 1))

    names = {territory.name for territory in Territory.objects.in_scope()}

    assert {"Arles", "Grignan", "Marseille 2e arrondissement", "France"} <= names
    assert not names & {"Fermée", "Drôme", "Mamoudzou"}


@pytest.mark.parametrize(
    "words",
    ["st remy de provence", "Saint-Rémy-de-Provence", "ST-RÉMY DE PROVENCE", "13210", "  saint remy de provence "],
)
def test_a_place_is_called_by_its_name_or_its_postal_code(words):
    saint_remy = TerritoryFactory(name="Saint-Rémy-de-Provence")
    PostalCode.objects.create(territory=saint_remy, code="13210")
    TerritoryFactory(name="Saint-Rémy")

    assert [*Territory.objects.called(words)] == [saint_remy]


def test_a_place_is_called_once_even_by_two_of_its_names():
    abries = TerritoryFactory(name="Abriès")
    TerritoryName.objects.create(territory=abries, name="Abriès")
    TerritoryName.objects.create(territory=abries, name="Ristolas")

    assert [*Territory.objects.called("abries")] == [abries]
    assert [*Territory.objects.called("Ristolas")] == [abries]


def test_what_comes_before_a_name_is_no_part_of_it():
    ciotat = TerritoryFactory(name="La Ciotat")

    for words in ("La Ciotat", "à La Ciotat", "de la ciotat", "Dans la Ciotat", "a la  CIOTAT"):
        assert [*Territory.objects.called(words)] == [ciotat], words


WAYS_TO_SAY_AN_ARRONDISSEMENT = [
    "Marseille 3e arrondissement",
    "Marseille 3e",
    "marseille 3ème",
    "Marseille 3",
    "Marseille 03",
    "Marseille 3e arr.",
    "3e arrondissement de Marseille",
    "le 3ème arrondissement de Marseille",
    "dans le 3 e arrondissement",
    "3e ardt Marseille",
    "3e arrondissement à Marseille",
]


def test_an_arrondissement_is_called_in_many_ways(places):
    for words in WAYS_TO_SAY_AN_ARRONDISSEMENT:
        assert [*Territory.objects.called(words)] == [places.marseille_3], words
    for words in ("Marseille 1er", "1er arrondissement de Marseille", "Marseille 1", "1er arr"):
        assert [*Territory.objects.called(words)] == [places.marseille_1], words


def test_an_arrondissement_that_does_not_exist_is_not_called(places):
    for words in ("Arles 3e", "Marseille 18e", "3e", "Marseille 3e nord", "3e arrondissement d’Arles"):
        assert not Territory.objects.called(words).exists(), words


def test_a_department_is_called_by_its_number():
    corse = TerritoryFactory(kind="dep", code="2A", name="Corse-du-Sud")
    TerritoryFactory(kind="reg", code="2A")

    assert [*Territory.objects.called("2a")] == [corse]


def test_words_without_a_letter_call_nothing():
    TerritoryFactory(kind="zone", name="***")

    assert not Territory.objects.called("***").exists()
    assert not Territory.objects.shortened("…").exists()


def test_a_name_is_shortened_to_its_whole_first_words():
    valley = TerritoryFactory(name="Vallée de l’Ubaye")
    saint = TerritoryFactory(name="Sainte-Cécile-les-Vignes")
    TerritoryFactory(name="Valléeville")

    assert [*Territory.objects.shortened("VALLEE")] == [valley]
    assert [*Territory.objects.shortened("à ste cécile")] == [saint]
    assert not Territory.objects.shortened("val").exists()


def test_two_letters_shorten_no_name():
    TerritoryFactory(name="Le Bar-sur-Loup")
    TerritoryFactory(name="Eu-la-Forêt")

    assert Territory.objects.shortened("bar").exists()
    assert not Territory.objects.shortened("eu").exists()


def test_a_name_is_shortened_by_its_article():
    ciotat, isle = TerritoryFactory(name="La Ciotat"), TerritoryFactory(name="L’Isle-sur-la-Sorgue")
    TerritoryFactory(name="Le Ciot")

    assert [*Territory.objects.shortened("Ciotat")] == [ciotat]
    assert [*Territory.objects.shortened("isle sur la sorgue")] == [isle]
    assert [*Territory.objects.shortened("l’isle")] == [isle]


def test_an_epci_and_a_zone_are_known_by_any_of_their_whole_words():
    banon = TerritoryFactory(kind="epci", code="1", name="Haute-Provence – Pays de Banon")
    luberon = TerritoryFactory(kind="epci", code="2", name="Luberon Monts de Vaucluse")
    park = TerritoryFactory(kind="zone", code="parc", name="Parc naturel du Luberon")
    TerritoryFactory(name="Revest-du-Banon")

    assert [*Territory.objects.shortened("Pays de Banon")] == [*Territory.objects.shortened("Banon")] == [banon]
    assert {*Territory.objects.shortened("dans le Luberon")} == {luberon, park}
    assert not Territory.objects.shortened("Luber").exists()


def test_names_sort_without_accents_case_or_hyphens():
    names = ["Ézy", "eyragues", "Eze Village", "Œuilly", "Ob", "L’Étang", "Le Tang"]
    for name in names:
        TerritoryFactory(name=name)

    assert [territory.name for territory in Territory.objects.all()] == [
        "eyragues",
        "Eze Village",
        "Ézy",
        "L’Étang",
        "Le Tang",
        "Ob",
        "Œuilly",
    ]


@pytest.mark.parametrize(
    ("kind", "name", "of", "title"),
    [
        ("epci", "Pays de Grasse", "du Pays de Grasse", "Le Pays de Grasse"),
        ("dep", "Alpes-Maritimes", "des Alpes-Maritimes", "Les Alpes-Maritimes"),
        ("dep", "Isère", "de l’Isère", "L’Isère"),
        ("epci", "Riviera française", "de la Riviera française", "La Riviera française"),
        ("com", "Cannet", "du Cannet", "Cannet"),
        ("dep", "Vaucluse", "de Vaucluse", "Vaucluse"),
    ],
)
def test_a_title_takes_the_article_of_the_place(kind, name, of, title):
    assert TerritoryFactory.build(kind=kind, name=name, name_of=of).title == title


# Which territories meet


def test_each_relation_is_that_of_the_sets_of_smallest_units(places):
    for name, territory in vars(places).items():
        relations = territory.relations()
        for other_name, other in vars(places).items():
            meets, is_wider = meet(territory, other)
            expected = (meets and not is_wider, is_wider)
            acts = relations.acting is None or other.pk in relations.acting
            assert (acts, other.pk in relations.wider) == expected, f"{other_name} seen from {name}"


def test_a_district_is_met_by_its_commune_and_not_by_the_next_one(places):
    relations = places.marseille_1.relations()

    assert relations.acting == {places.marseille_1.pk}
    assert {places.marseille.pk, places.old_port.pk, places.littoral.pk} <= relations.wider
    assert places.marseille_2.pk not in relations.wider


def test_an_epci_that_straddles_two_departments_meets_both_and_is_in_neither(places):
    relations = places.metropole.relations()

    assert {places.bouches_du_rhone.pk, places.vaucluse.pk} <= relations.acting
    assert relations.wider == {places.paca.pk, places.france.pk}


def test_an_epci_that_straddles_the_region_is_in_no_region(places):
    relations = places.enclave.relations()

    assert {places.paca.pk, places.aura.pk, places.drome.pk, places.grignan.pk} <= relations.acting
    assert relations.wider == {places.france.pk}


def test_zones_that_overlap_partly_meet_without_containing(places):
    relations = places.accm.relations()

    assert places.crau.pk in relations.acting
    assert places.littoral.pk in relations.wider
    assert places.old_port.pk not in relations.acting | relations.wider


def test_a_region_of_one_department_is_not_wider_than_it(places):
    assert places.mayotte.pk in places.mayotte_dep.relations().acting
    assert places.mayotte_dep.pk in places.mayotte.relations().acting
    assert places.mayotte_dep.relations().wider == {places.france.pk}


def test_everything_meets_france_and_nothing_is_wider(places):
    relations = places.france.relations()

    assert relations.acting is None
    assert relations.wider == frozenset()


def test_a_zone_that_has_just_been_redrawn_is_measured_as_it_is(places):
    places.crau.members.set([places.arles])

    assert places.crau.pk in places.arles.relations().acting
    assert places.crau.pk not in places.saint_martin.relations().acting


def test_a_place_that_is_closed_meets_itself_and_is_in_france(places):
    closed = TerritoryFactory(closed_on=datetime.date(2025, 1, 1), is_unit=False, unit_count=0)

    relations = closed.relations()

    assert relations.acting == {closed.pk}
    assert relations.wider == {places.france.pk}


# Where distances are counted from


def test_distances_are_counted_from_the_largest_commune(places):
    assert places.arles.main_place() == places.arles
    assert places.accm.main_place() == places.arles
    assert places.crau.main_place() == places.aix
    assert places.paca.main_place() == places.marseille
    assert places.old_port.main_place() == places.marseille


def test_a_commune_that_nobody_counted_is_not_the_largest(places):
    TerritoryFactory(epci=places.accm, latitude=43.7, longitude=4.7, population=None)

    assert places.accm.main_place() == places.arles


def test_no_distance_is_counted_from_where_no_point_is_known(places):
    assert places.drome.main_place() is None
