"""A fiche as its page will look, before it is published."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative
from tests import factories
from tests.admin.pages import FACTORIES, admin_url, allow, initiative_with_lines, name_of
from tests.photos import with_files

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FICHES = [Initiative, Actor, FundingSource]


def look(client, fiche):
    return client.get(admin_url(fiche, "preview"))


@pytest.mark.parametrize("model", FICHES, ids=name_of)
@pytest.mark.parametrize("state", [{}, {"name": "", "summary": ""}, {"archived": True}])
def test_the_preview_is_the_public_page_under_a_line_that_says_so(team, model, state):
    fiche = FACTORIES[model](**state)
    response = look(team, fiche)
    page = BeautifulSoup(response.text, "html.parser")

    assert response.status_code == 200
    assert "Aperçu\N{NO-BREAK SPACE}: cette fiche n’est pas publiée." in page.select_one("main .avis").get_text()
    assert page.select_one("article.fiche h1").get_text() == fiche.name
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_a_draft_with_all_its_lines_has_a_preview(team):
    initiative = initiative_with_lines()
    Initiative.objects.filter(pk=initiative.pk).update(status="draft", published_at=None, slug=None)

    assert look(team, initiative).status_code == 200


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_a_published_fiche_is_shown_where_it_is_and_says_nothing_of_a_preview(team, model):
    fiche = FACTORIES[model](published=True)

    assert look(team, fiche)["Location"] == fiche.get_absolute_url()
    assert "Aperçu" not in team.get(fiche.get_absolute_url()).text


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_the_page_of_a_draft_leads_to_its_preview_and_the_preview_back(team, model):
    fiche = FACTORIES[model]()
    tools = BeautifulSoup(team.get(admin_url(fiche, "change")).text, "html.parser").select(".object-tools a")

    assert tools[-1]["href"] == admin_url(fiche, "preview")
    preview = BeautifulSoup(look(team, fiche).text, "html.parser")
    assert preview.select_one("main .avis a")["href"] == admin_url(fiche, "change")
    published = FACTORIES[model](published=True)
    assert admin_url(published, "preview") not in team.get(admin_url(published, "change")).text


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_the_preview_wants_the_right_to_see_this_noun(client, model):
    user = factories.UserFactory(is_staff=True)
    client.force_login(user)
    fiche = FACTORIES[model]()
    assert look(client, fiche).status_code == 403

    allow(user, f"view_{model._meta.model_name}")

    assert look(client, fiche).status_code == 200
    assert client.post(admin_url(fiche, "preview")).status_code == 405


@pytest.mark.parametrize("noun", ["initiative", "actor"])
def test_the_preview_shows_the_photos_that_strangers_and_holders_do_not_see(team, client, noun):
    fiche = FACTORIES[{"initiative": Initiative, "actor": Actor}[noun]]()
    photo = with_files(factories.PhotoFactory, **{"initiative": None, noun: fiche})

    page = BeautifulSoup(look(team, fiche).text, "html.parser")
    shown = page.select_one(f'article img[alt="{photo.alt}"]')["src"]

    assert team.get(shown).status_code == 200
    for person in (None, factories.UserFactory(), factories.UserFactory(is_staff=True)):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(shown).status_code == 404


@pytest.mark.parametrize("key", ["987654", "x", "1/2"])
def test_the_preview_of_nothing_is_not_found(team, key):
    assert team.get(reverse("admin:initiatives_initiative_preview", args=[key])).status_code == 404
