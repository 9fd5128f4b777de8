"""What machines read in the pages of fiches: the same facts, in the words of schema.org."""

import json

import pytest
from django.urls import reverse

from tests import factories
from tests.directory.filled import full_actor, full_funding, full_initiative
from tests.directory.reading import read


def machine_data(client, fiche):
    """The page and what it is about."""
    page = read(client.get(fiche.get_absolute_url()))
    return json.loads(page.select_one('script[type="application/ld+json"]').string)["@graph"]


def test_an_initiative_is_a_project_with_its_places_its_people_and_its_money(client, places, settings):
    fiche = full_initiative(places, start_precision="exacte")
    page, project = machine_data(client, fiche)

    permanent = settings.SITE_URL + reverse("id", args=[fiche.uuid])
    assert page["@type"] == "WebPage"
    assert page["url"] == settings.SITE_URL + fiche.get_absolute_url()
    assert page["dateModified"] == "2026-03-02T09:30:00+00:00"
    assert page["license"].startswith("https://www.etalab.gouv.fr/")
    assert page["mainEntity"] == {"@id": permanent}
    assert project["@type"] == "Project"
    assert project["@id"] == permanent
    assert project["name"] == "Les Jardins"
    assert project["foundingDate"] == "2014"
    assert "dissolutionDate" not in project
    assert [place["address"]["addressLocality"] for place in project["location"]] == ["Arles", "Marseille"]
    assert project["location"][0]["geo"]["latitude"] == places.arles.latitude
    assert project["areaServed"] == [{"@type": "AdministrativeArea", "name": "Bouches-du-Rhône"}]
    assert project["keywords"] == "Cantines"
    assert project["parentOrganization"]["name"] == "La Légumerie"
    assert [member["name"] for member in project["member"]] == ["La Fondation"]
    assert project["funding"][1]["amount"] == {"@type": "MonetaryAmount", "value": 5000, "currency": "EUR"}


def test_an_approximate_year_is_not_given_to_machines_as_exact(client, places):
    _, project = machine_data(client, full_initiative(places))

    assert "foundingDate" not in project


def test_a_name_cannot_leave_the_data_it_stands_in(client, places):
    name = "</script><script>alert(1)</script> & Co"
    fiche = factories.InitiativeFactory(published=True, name=name, slug="attaque", sites=[places.arles])

    response = client.get("/initiatives/attaque/")

    assert response.text.count("</script>") == response.text.count("<script")
    assert machine_data(client, fiche)[1]["name"] == name


def test_an_actor_is_an_organisation(client, places):
    _, organisation = machine_data(client, full_actor(places))

    assert organisation["@type"] == "Organization"
    assert organisation["alternateName"] == "IM"
    assert organisation["foundingDate"] == "2000"
    assert organisation["address"]["addressLocality"] == "Marseille"
    assert organisation["identifier"]["value"] == "732829320"
    assert organisation["makesOffer"][0]["name"] == "La couveuse"


@pytest.mark.parametrize("kind", ["collectivite", "etat"])
def test_a_public_body_is_one_for_machines_too(client, db, kind):
    _, organisation = machine_data(client, factories.ActorFactory(published=True, kind=kind))

    assert organisation["@type"] == "GovernmentOrganization"
    assert "address" not in organisation


@pytest.mark.parametrize(
    ("kinds", "type_", "offerer"),
    [(["prix", "pret"], "FundingScheme", "parentOrganization"), (["pret", "garantie"], "FinancialProduct", "provider")],
)
def test_what_gives_is_a_scheme_and_what_lends_is_a_product(client, places, kinds, type_, offerer):
    _, scheme = machine_data(client, full_funding(places, kinds=kinds))

    assert scheme["@type"] == type_
    assert scheme[offerer]["name"] == "La Fondation"
    assert scheme["areaServed"] == [{"@type": "AdministrativeArea", "name": "Provence-Alpes-Côte d’Azur"}]
