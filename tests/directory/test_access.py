"""The addresses of a fiche: the one of today, those it had, the permanent one, and what they answer when it is gone."""

import pytest
from django.urls import reverse

from initiatives.models import GivenSlug
from initiatives.submission.actions import rename_address
from tests.directory.reading import read, words
from tests.factories import SOME_TIME, ActorFactory, FundingSourceFactory, InitiativeFactory

pytestmark = pytest.mark.django_db

NOBODY = "d33cd9e4-70b8-499e-b054-2e6d420a7210"
NOUNS = [(InitiativeFactory, "initiative"), (ActorFactory, "actor"), (FundingSourceFactory, "funding")]
each_noun = pytest.mark.parametrize(("factory", "route"), NOUNS, ids=[route for _, route in NOUNS])


def permanent(fiche):
    return reverse("id", args=[fiche.uuid])


@each_noun
def test_a_published_fiche_answers_at_its_address_and_at_its_permanent_one(client, factory, route):
    fiche = factory(published=True, name="Le moulin")

    assert words(read(client.get(reverse(route, args=["le-moulin"]))).h1) == "Le moulin"
    response = client.get(permanent(fiche))
    assert (response.status_code, response.url) == (302, fiche.get_absolute_url())


@each_noun
def test_what_was_never_published_is_not_there_for_anybody(client, admin_client, factory, route):
    draft = factory(name="Secret")
    GivenSlug.objects.create(noun=draft._meta.model_name, slug="secret", uuid=draft.uuid)

    for browser in (client, admin_client):
        assert browser.get(reverse(route, args=["secret"])).status_code == 404
        assert browser.get(permanent(draft)).status_code == 404


@pytest.mark.parametrize("status", ["pending", "changes_requested", "rejected", "withdrawn"])
def test_an_initiative_on_its_way_is_not_there_either(client, status):
    fiche = InitiativeFactory(name="Secret", status=status, slug="secret")

    assert client.get("/initiatives/secret/").status_code == 404
    assert client.get(permanent(fiche)).status_code == 404


@each_noun
def test_an_archived_fiche_is_gone_and_a_sentence_says_so(client, factory, route):
    fiche = factory(archived=True, name="Le moulin")

    response = client.get(reverse(route, args=["le-moulin"]))

    assert response.status_code == 410
    assert "« Le moulin » n’est plus dans l’annuaire" in " ".join(response.text.split())
    assert "noindex" in response.text
    assert client.get(permanent(fiche), follow=True).status_code == 410


@each_noun
def test_a_merged_fiche_leads_to_the_one_that_stays_however_many_times_it_was_merged(client, factory, route):
    last = factory(published=True, name="Le grand moulin")
    second = factory(merged_into=last, name="Le moulin neuf")
    first = factory(merged_into=second, name="Le vieux moulin")

    for fiche in (first, second):
        response = client.get(fiche.get_absolute_url())
        assert (response.status_code, response.url) == (301, "/" + last.get_absolute_url().lstrip("/"))
        assert client.get(permanent(fiche)).url == last.get_absolute_url()


@each_noun
def test_a_merged_fiche_whose_heir_is_archived_is_gone(client, factory, route):
    heir = factory(archived=True, name="Le grand moulin")
    merged = factory(merged_into=heir, name="Le moulin")

    assert client.get(merged.get_absolute_url()).status_code == 410


@each_noun
def test_an_old_address_leads_to_the_new_one(client, factory, route):
    fiche = factory(published=True, name="Le moulin")
    rename_address(fiche=fiche, slug="le-moulin-neuf", at=SOME_TIME)

    response = client.get(reverse(route, args=["le-moulin"]))

    assert (response.status_code, response.url) == (301, reverse(route, args=["le-moulin-neuf"]))
    assert client.get(response.url).status_code == 200


@each_noun
def test_a_browser_asks_again_each_time_for_what_may_come_back(client, factory, route):
    archived = factory(archived=True, name="Le moulin")
    renamed = factory(published=True, name="Le lavoir")
    rename_address(fiche=renamed, slug="le-lavoir-neuf", at=SOME_TIME)

    for fiche in (archived, renamed):
        assert client.get(reverse(route, args=[fiche.slug]))["Cache-Control"] == "no-cache"


@each_noun
def test_an_address_of_one_noun_is_not_that_of_another(client, factory, route):
    factory(published=True, name="Le moulin")

    for _, other in NOUNS:
        expected = 200 if other == route else 404
        assert client.get(reverse(other, args=["le-moulin"])).status_code == expected


@each_noun
@pytest.mark.parametrize("slug", ["inconnu", "x" * 120, "INCONNU"])
def test_an_unknown_address_is_not_found(client, factory, route, slug):
    assert client.get(reverse(route, args=[slug])).status_code == 404


@pytest.mark.parametrize("path", ["/id/rien/", "/id/0/", f"/id/{NOBODY}/", "/initiatives/é/", "/initiatives/a b/"])
def test_a_made_up_address_is_not_found(client, path):
    assert client.get(path).status_code == 404


@each_noun
def test_a_fiche_says_its_canonical_address_and_what_to_share(client, settings, factory, route):
    fiche = factory(published=True, name="Le moulin", summary="Un moulin qui tourne.")

    page = read(client.get(f"{fiche.get_absolute_url()}?utm_source=lettre"))

    assert page.select_one("link[rel=canonical]")["href"] == settings.SITE_URL + fiche.get_absolute_url()
    assert page.select_one("meta[name=description]")["content"] == "Un moulin qui tourne."
    shared = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}
    assert shared["og:type"] == "article"
    assert shared["og:title"].startswith("Le moulin")
    assert shared["og:description"] == "Un moulin qui tourne."
    assert not page.select("meta[name=robots]")
