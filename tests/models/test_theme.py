import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from initiatives.models import Audience, Label, Theme
from tests.factories import AudienceFactory, LabelFactory, ThemeFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def test_a_slug_is_unique_across_both_levels():
    top = ThemeFactory(slug="mobilite")

    with pytest.raises(IntegrityError, match="slug"):
        ThemeFactory(slug="mobilite", parent=top)


def test_a_theme_is_not_its_own_parent():
    theme = ThemeFactory()

    with breaks("theme_is_not_its_own_parent"):
        Theme.objects.filter(pk=theme.pk).update(parent=theme)


def test_a_form_refuses_a_third_level():
    child = ThemeFactory(parent=ThemeFactory())
    other = ThemeFactory()

    with pytest.raises(ValidationError, match="Deux niveaux seulement"):
        ThemeFactory.build(parent=child).clean()
    child.parent.parent = other
    with pytest.raises(ValidationError, match="il reste au premier niveau"):
        child.parent.clean()


def test_a_parent_is_not_deleted_under_its_children():
    child = ThemeFactory(parent=ThemeFactory())

    with pytest.raises(ProtectedError):
        child.parent.delete()


def test_each_theme_has_a_cloth_its_own_or_that_of_its_parent():
    food = ThemeFactory(slug="alimentation", own_cloth="alimentation")

    assert food.cloth == "alimentation"
    assert ThemeFactory(parent=food).cloth == "alimentation"
    assert ThemeFactory(parent=food, own_cloth="energie-climat").cloth == "energie-climat"
    assert ThemeFactory().cloth == "neutre"
    assert ThemeFactory(parent=ThemeFactory()).cloth == "neutre"


def test_the_top_of_a_theme_is_the_first_level():
    top = ThemeFactory()
    child = ThemeFactory(parent=top)

    assert (child.top, top.top) == (top, top)
    assert [*Theme.objects.top()] == [top]


def test_themes_and_audiences_come_in_their_own_order():
    for model, factory in ((Theme, ThemeFactory), (Audience, AudienceFactory)):
        last, first = factory(position=200), factory(position=100)
        assert [*model.objects.filter(position__gte=100)] == [first, last]


def test_natural_keys_lead_to_themes_and_audiences():
    theme, audience = ThemeFactory(slug="mobilite"), AudienceFactory(slug="seniors")

    assert Theme.objects.get_by_natural_key(*theme.natural_key()) == theme
    assert Audience.objects.get_by_natural_key(*audience.natural_key()) == audience


def test_audiences_and_labels_are_known_by_their_code():
    AudienceFactory(slug="seniors")
    LabelFactory(code="esus")

    with pytest.raises(IntegrityError):
        Audience.objects.bulk_create([Audience(slug="seniors")])


def test_a_label_is_known_by_its_code():
    LabelFactory(code="esus")

    with pytest.raises(IntegrityError):
        Label.objects.bulk_create([Label(code="esus")])
