"""A number that no database holds, wherever an address or a form takes a key: not found, or said, never a breakdown."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import URLResolver, get_resolver, reverse

from initiatives.admin.site import site
from initiatives.models import Actor, Initiative
from tests import factories
from tests.admin.pages import FACTORIES, NOUNS, admin_url, initiative_with_lines, typed

pytestmark = pytest.mark.django_db
# One more than 64 bits hold; more than Python reads; digits that are not ours.
NUMBERS = [str(2**63), "9" * 40, "9" * 5000, "²", "٣" * 40]
NAMES = ["one more than a key", "forty", "five thousand", "superscript", "arabic"]
NUMBER = pytest.mark.parametrize("number", NUMBERS, ids=NAMES)
WORDS = {
    "slug": "x",
    "step": "essentiel",
    "width": "480",
    "uuid": "0c6f0c0e-0000-4000-8000-000000000000",
    "app_label": "initiatives",
    "content_type_id": "1",
    "token": "x",
    "uidb64": "x",
    "key": "dep-13",
    "url": "x",
}
# Parameters whose value is a key, a page or a size, of the desk and of the site.
PARAMETERS = [
    *("page", "p", "o", "e", "all", "avec", "fiche", "autre", "territoire", "departement", "lieu", "theme", "tri"),
    *("territories", "themes__id__exact", "id__exact", "pk", "_to_field", "coverage", "fiches", "zoom", "point"),
    *("autour", "rayon", "annee", "depuis", "par", "nombre", "cadre", "pres_de", "montant", "brouillon", "etape"),
]


def patterns(resolver, before=""):
    """(address with its converters, name) of every pattern."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif pattern.name:
            yield route


ROUTES = [route for route in patterns(get_resolver()) if "(?P" not in route]


def filled(route, number):
    """The address of a route: digits where it takes a key, something of the right form elsewhere."""
    return "/" + re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda found: number if found[1] in ("int", "key", "path", "str", None) else WORDS[found[2]],
        route,
    )


@pytest.fixture
def own(client):
    """Somebody of the team who is a holder too: every door is open."""
    user = factories.UserFactory(email="equipe@exemple.test", is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


@NUMBER
def test_every_address_that_takes_a_key(own, number):
    routes = [route for route in ROUTES if "<" in route]
    assert len(routes) > 60
    for route in routes:
        for answer in (own.get(filled(route, number)), own.post(filled(route, number))):
            assert answer.status_code < 500, route


@NUMBER
def test_every_parameter_of_every_page(own, number):
    factories.make_places()
    routes = [route for route in ROUTES if "<" not in route]
    assert len(routes) > 60
    for route in routes:
        answer = own.get(f"/{route}", dict.fromkeys(PARAMETERS, number))
        assert answer.status_code < 500, route


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_filter_and_every_act_of_every_list(own, noun):
    page, number = admin_url(noun, "changelist"), NUMBERS[0]
    for column in noun._meta.concrete_fields + noun._meta.many_to_many:
        asked = {f"{column.name}__id__exact" if column.is_relation else f"{column.name}__exact": number}
        assert own.get(page, asked).status_code < 500, column
    for name in ("territoire", "theme", "q", "p", "o"):
        assert own.get(page, {name: number}).status_code < 500, name
    for act in site.get_model_admin(noun).get_actions(own.get("/admin/").wsgi_request):
        sent = {"action": act, ACTION_CHECKBOX_NAME: [number], "apply": "1", "theme": number}
        assert own.post(page, sent).status_code < 500, act


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_control_of_a_form_that_holds_a_number(own, noun):
    row = initiative_with_lines() if noun is Initiative else FACTORIES[noun]()
    page = admin_url(row, "change")
    data = typed(own.get(page))
    held = [name for name, values in data.items() if all(map(str.isdecimal, values)) and not name.endswith("_FORMS")]
    keys = [name for name in held if name.endswith("-id")]
    # The keys of lines alone: what is wrong with them hides the rest.
    for names in ([name for name in held if name not in keys], keys):
        assert own.post(page, data | dict.fromkeys(names, NUMBERS[0])).status_code < 500, names


def test_every_control_of_a_form_of_the_public(own):
    fiche = initiative_with_lines()
    page = reverse("propose_initiative", args=[fiche.slug])
    controls = BeautifulSoup(own.get(page).text, "html.parser").select("main form [name]")
    for kind in ("input[inputmode]", "input[type=hidden]", "input[type=radio], select", "textarea, input[type=text]"):
        names = {control["name"] for control in controls if control in control.parent.select(kind)}
        assert names
        assert own.post(page, dict.fromkeys(names, NUMBERS[0])).status_code < 500, kind


@NUMBER
def test_acts_about_two_fiches(own, number):
    fiche = factories.ActorFactory(published=True)
    assert own.get(admin_url(fiche, "merge"), {"avec": number}).status_code == 200
    assert own.post(admin_url(fiche, "not_duplicate"), {"autre": number}).status_code == 404
    assert own.post(admin_url(fiche, "owners"), {"end": number}).status_code == 404
    assert own.get(reverse("admin:invite"), {"nature": "actor", "fiche": number}).status_code == 404
    assert own.post(admin_url(fiche, "act"), {"act": "archiver", "revision": number}).status_code == 302
    assert Actor.objects.get().is_published
