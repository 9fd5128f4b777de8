"""The admin holds the strict policy: nothing written in its pages runs or paints by itself."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from initiatives.models import Actor, Audience, Initiative, Territory
from tests.admin.pages import FACTORIES, NOUNS, admin_url, initiative_with_lines, name_of, typed
from tests.admin.walk import walk

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# What runs nothing: values for the scripts of the page, and what the page of a fiche says to machines.
DATA = ("application/json", "application/ld+json")


def breaches(response):
    """What the policy of the site would block in a page."""
    page = BeautifulSoup(response.text, "html.parser")
    ours = "iframe[src^='/admin/'][sandbox]"
    found = [str(tag) for tag in page.select(f"style, [style], base[href], iframe:not({ours}), object")]
    found += [str(frame) for frame in page.select("iframe") if "allow-scripts" in frame["sandbox"]]
    found += [str(tag) for tag in page.find_all("script") if not tag.get("src") and tag.get("type") not in DATA]
    for tag in page.select("link[rel=canonical]"):  # an address, which nothing loads
        tag.extract()
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on")]
        for name in ("href", "src", "action"):
            elsewhere = ("javascript:", "data:") if tag.name == "a" else ("javascript:", "data:", "http", "//")
            if tag.get(name, "").startswith(elsewhere):
                found.append(f"{tag.name} {tag[name]}")
    return found


@pytest.mark.parametrize("model", NOUNS, ids=name_of)
def test_no_page_of_a_noun_holds_a_style_or_a_script(team, model):
    row = FACTORIES[model]()

    for page in ("changelist", "add", "change", "delete", "history"):
        assert breaches(team.get(admin_url(row, page))) == []
    assert breaches(team.get(admin_url(model, "changelist"), {"q": "a", "_facets": "True"})) == []


def test_a_fiche_with_lines_holds_no_style_or_script_even_when_it_is_refused(team):
    initiative = initiative_with_lines(to_verify={"stage": "Un doute."})
    page = team.get(admin_url(initiative, "change"))

    assert breaches(page) == []
    assert breaches(team.post(admin_url(initiative, "change"), typed(page) | {"name": ""})) == []


def test_no_page_of_the_desk_holds_a_style_or_a_script(team):
    found = [(address, breaches(response)) for address, response in walk(team)]

    assert [line for line in found if line[1]] == []
    assert len(found) > 60


@pytest.mark.parametrize("model", NOUNS, ids=name_of)
def test_no_page_holds_one_once_it_is_refused(team, model):
    row = FACTORIES[model]()
    counts = {name: value for name, value in typed(team.get(admin_url(row, "change"))).items() if "_FORMS" in name}

    for page in ("change", "add"):
        assert breaches(team.post(admin_url(row, page), counts)) == []


@pytest.mark.parametrize("name", ["index", "login", "password_change", "password_change_done"])
def test_the_pages_around_hold_no_style_or_script(team, name):
    assert breaches(team.get(reverse(f"admin:{name}"))) == []


def test_the_pages_of_an_account_and_those_in_a_window_hold_no_style_or_script(team):
    person = FACTORIES[Initiative.checked_by.field.related_model]()
    popup = admin_url(Audience, "add") + "?_popup=1"

    assert breaches(team.get(reverse("admin:auth_user_password_change", args=[person.pk]))) == []
    assert breaches(team.get(reverse("admin:app_list", args=["initiatives"]))) == []
    assert breaches(team.get(popup)) == []
    answer = team.post(popup, typed(team.get(popup)) | {"name": "Bergers", "slug": "bergers"})
    assert "popup_response" in answer.text
    assert breaches(answer) == []


@pytest.mark.parametrize("model", [Actor, Territory], ids=name_of)
def test_autocompletion_answers_in_json(team, model):
    asked = {"app_label": "initiatives", "model_name": "actor", "field_name": "seat", "term": "x"}

    assert team.get(reverse("admin:autocomplete"), asked)["Content-Type"] == "application/json"
