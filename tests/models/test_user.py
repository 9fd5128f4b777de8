import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError

from initiatives.models import User
from tests.factories import UserFactory
from tests.models.breaking import breaks

pytestmark = pytest.mark.django_db


def test_an_address_is_one_whatever_its_case():
    user = User.objects.create_user(" Contact@Exemple.Test ")

    assert user.email == "contact@exemple.test"
    assert User.objects.get_by_natural_key("CONTACT@exemple.test") == user
    with pytest.raises(IntegrityError, match="email"):
        User.objects.create_user("contact@EXEMPLE.test")


def test_a_form_folds_the_address_before_it_looks_for_another():
    UserFactory(email="contact@exemple.test")
    user = User(email="Contact@Exemple.test", password="!")

    user.clean()

    assert user.email == "contact@exemple.test"


def test_the_database_refuses_an_address_that_is_not_folded():
    with breaks("user_email_is_folded"):
        User.objects.bulk_create([User(email="Contact@exemple.test")])


def test_a_holder_has_no_password_to_sign_in_with():
    user = User.objects.create_user("porteuse@exemple.test")

    assert not user.has_usable_password()
    assert not user.is_staff
    assert authenticate(username="porteuse@exemple.test", password="") is None


def test_staff_sign_in_with_their_address_in_any_case():
    user = User.objects.create_superuser("equipe@exemple.test", "un-mot-de-passe-long")

    assert authenticate(username="Equipe@Exemple.test", password="un-mot-de-passe-long") == user
    assert authenticate(username="equipe@exemple.test", password="autre") is None
    assert user.is_staff
    assert user.is_superuser


def test_a_person_without_a_name_is_called_by_the_address():
    assert str(UserFactory.build(email="a@exemple.test")) == "a@exemple.test"
    assert UserFactory.build(name="Ada").get_short_name() == "Ada"
