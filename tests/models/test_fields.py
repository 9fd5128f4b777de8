import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection

from initiatives.models import Actor, FundingSource, Initiative, Offer, Territory
from initiatives.models.fields import ChoiceSetField
from initiatives.text import fold
from tests.factories import ActorFactory, FundingSourceFactory, InitiativeFactory, OfferFactory, TerritoryFactory

pytestmark = pytest.mark.django_db

FORMS = FundingSource._meta.get_field("legal_forms")


def stored(row, column):
    table, key = row._meta.db_table, row._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {key} = %s", [row.pk])
        return cursor.fetchone()[0]


# Several values of one list


@pytest.mark.parametrize(
    ("given", "kept", "text"),
    [
        ([], [], ""),
        (None, [], ""),
        (["scic"], ["scic"], ",scic,"),
        (["scop", "association"], ["association", "scop"], ",association,scop,"),
        (("scop", "scop"), ["scop"], ",scop,"),
    ],
)
def test_values_are_kept_once_and_in_the_order_of_the_list(given, kept, text):
    source = FundingSourceFactory(legal_forms=given)

    assert stored(source, "legal_forms") == text
    assert FundingSource.objects.get(pk=source.pk).legal_forms == kept


def test_values_written_by_a_bulk_or_an_update_are_kept_alike():
    [source] = FundingSource.objects.bulk_create([FundingSource(name="Prix", legal_forms=["scop", "association"])])
    assert stored(source, "legal_forms") == ",association,scop,"

    FundingSource.objects.update(legal_forms=["scic"])

    assert FundingSource.objects.filter(legal_forms=["scic"]).get() == source


def test_one_value_is_not_another_that_begins_like_it():
    company = FundingSourceFactory(legal_forms=["societe"])
    social = FundingSourceFactory(legal_forms=["societe-ess"])
    both = FundingSourceFactory(legal_forms=["societe", "societe-ess"])
    FundingSourceFactory(legal_forms=[])

    assert {*FundingSource.objects.filter(legal_forms__has="societe")} == {company, both}
    assert {*FundingSource.objects.filter(legal_forms__has="societe-ess")} == {social, both}
    assert not FundingSource.objects.filter(legal_forms__has="ess").exists()


def test_a_value_is_asked_for_through_a_relation_too():
    offer = OfferFactory(stages=["emergence", "essaimage"])
    OfferFactory(stages=["developpement"])

    assert [*Actor.objects.filter(offers__stages__has="essaimage")] == [offer.actor]


def test_rows_without_a_value_are_those_that_do_not_have_it():
    with_it, without = OfferFactory(stages=["emergence"]), OfferFactory(stages=[])

    assert {*Offer.objects.exclude(stages__has="emergence")} == {without}
    assert {*Offer.objects.filter(stages=[])} == {without}
    assert {*Offer.objects.exclude(stages=[])} == {with_it}


def test_each_row_has_its_own_list():
    FundingSource().legal_forms.append("scop")

    assert FundingSource().legal_forms == []


def test_a_value_outside_the_list_is_refused():
    with pytest.raises(ValidationError, match="bidule"):
        FORMS.clean(["scop", "bidule"], None)


def test_an_empty_set_is_refused_where_one_value_is_needed():
    field = ChoiceSetField(choices=FORMS.choices, blank=False)

    assert field.clean(["scop"], None) == ["scop"]
    with pytest.raises(ValidationError):
        field.clean([], None)


def test_a_form_offers_a_box_for_each_value_and_gives_back_a_list():
    field = FORMS.formfield()

    assert field.clean(["scop", "association"]) == ["scop", "association"]
    assert field.clean([]) == []
    with pytest.raises(ValidationError):
        field.clean(["bidule"])
    assert "societe-ess" in str(field.widget.render("forms", ["societe"]))


def test_a_set_leaves_and_comes_back_through_serialization():
    source = FundingSourceFactory(legal_forms=["scop", "association"])

    [back] = serializers.deserialize("json", serializers.serialize("json", [source]))

    assert back.object.legal_forms == ["association", "scop"]


def test_every_combination_fits_in_its_column():
    for model in (FundingSource, Offer, Initiative):
        for field in model._meta.fields:
            if isinstance(field, ChoiceSetField):
                every = [value for value, _ in field.choices]
                assert len(field.get_prep_value(every)) <= field.max_length, field


# Columns computed from others


def test_a_derived_column_follows_its_source_at_each_save():
    territory = TerritoryFactory(name="Saint-Rémy-de-Provence")
    assert (stored(territory, "folded"), stored(territory, "sort_key")) == (
        "saint remy de provence",
        "saintremydeprovence",
    )

    territory.name = "Ÿ"
    territory.save()

    assert Territory.objects.get(pk=territory.pk).folded == "y"


def test_a_derived_column_is_computed_by_a_bulk_too():
    [initiative] = Initiative.objects.bulk_create([Initiative(name="L’Œuvre")])

    assert stored(initiative, "folded") == "l oeuvre"
    assert stored(initiative, "sort_key") == "loeuvre"


def test_a_column_derived_from_several_holds_the_words_of_each():
    initiative = InitiativeFactory(name="L’Échoppe", summary="Vélos", social_need="Se déplacer", results="Été")
    actor = ActorFactory(name="Grand Conseil", acronym="GCO", summary="", presentation="Réseau")

    assert stored(initiative, "search_text") == "l echoppe velos se deplacer ete"
    assert stored(actor, "search_text") == "grand conseil gco reseau"


def test_a_derived_name_is_never_longer_than_its_column():
    """One ligature counts for two letters once folded."""
    territory = TerritoryFactory(name="œ" * 200, name_at="", name_of="")

    assert stored(territory, "folded") == "oe" * 125


def test_a_derived_column_is_typed_by_nobody():
    for name in ("folded", "sort_key", "search_text"):
        assert not Initiative._meta.get_field(name).editable


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("L’École des Ânes", "l ecole des anes"),
        ("ŒUVRE, Æther & Straße", "oeuvre aether strasse"),
        ("Saint-Rémy_de  Provence", "saint remy de provence"),
        ("2ᵉ étage", "2e etage"),
        ("e\u0301te\u0301", "ete"),
        ("", ""),
        (" ’-!", ""),
    ],
)
def test_folding_keeps_the_words_alone(typed, folded):
    assert fold(typed) == folded
