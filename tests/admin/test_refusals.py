"""What the database would refuse is said in a sentence first: never a page of error."""

import pytest
from django.db.models.constraints import BaseConstraint

from initiatives import models
from initiatives.admin.site import site
from tests import factories
from tests.admin.pages import admin_url, errors, typed, with_line

pytestmark = pytest.mark.django_db


def refused(team, row_or_model, changes, line=None):
    """The sentences that answer to these changes of a form."""
    page = "add" if isinstance(row_or_model, type) else "change"
    data = typed(team.get(admin_url(row_or_model, page)))
    if line:
        data = with_line(data, line, **changes)
    response = team.post(admin_url(row_or_model, page), data if line else data | changes)
    assert response.status_code == 200
    return errors(response)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start_year": 2015, "end_year": 2012}, "L’année de fin ne peut pas précéder celle du démarrage."),
        ({"start_year": 3015}, "Les années vont de 1800 à 2100, et de 1990 à 2100 pour la lecture de l’étape."),
        ({"to_verify": "étape : douteuse\nsans rien"}, "Ligne 2 : écrivez « champ : phrase »."),
        ({"to_verify": "budget secret : douteux"}, "Ligne 1 : « budget secret » n’est pas un champ de la fiche."),
        ({"to_verify": "Étape : a\n\nstage : b"}, "Ligne 3 : « stage » est déjà dit plus haut."),
        ({"website": "ceci n’est pas une adresse"}, "Saisissez une URL valide."),
        ({"name": ""}, "Ce champ est obligatoire."),
        ({"novelties": ["inconnue"]}, "Sélectionnez un choix valide. inconnue n’en fait pas partie."),
    ],
)
def test_an_initiative_that_cannot_be_is_refused_in_a_sentence(team, changes, sentence):
    assert refused(team, factories.InitiativeFactory(), changes) == [sentence]


def test_an_initiative_that_is_featured_does_not_end(team):
    featured = factories.InitiativeFactory(published=True, is_featured=True)

    said = refused(team, featured, {"activity": "terminee"})

    assert said == ["Une initiative terminée ne peut pas être à la une."]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"siren": "123456789"}, "Ce Siren n’est pas valable : 9 chiffres dont le dernier est une clé."),
        ({"siren": "775670417"}, "Un autre acteur porte déjà ce Siren."),
        ({"siren": "552100554", "siret": "77567041700010"}, "Le Siret commence par le Siren."),
        ({"founded_year": 12}, "L’année de création est comprise entre 1000 et 2100."),
    ],
)
def test_an_actor_that_cannot_be_is_refused_in_a_sentence(team, changes, sentence):
    factories.ActorFactory(siren="775670417")

    assert sentence in refused(team, factories.ActorFactory(), changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount_min": 10, "amount_max": 5}, "Le montant maximum ne peut pas être inférieur au montant minimum."),
        ({"opens_on": "02/05/2026", "closes_on": "01/05/2026"}, "La fermeture ne peut pas précéder l’ouverture."),
        ({"is_permanent": "on", "closes_on": "01/05/2026"}, "Une source permanente n’a pas de date de fermeture."),
    ],
)
def test_a_funding_source_that_cannot_be_is_refused_in_a_sentence(team, changes, sentence):
    assert refused(team, factories.FundingSourceFactory(), changes) == [sentence]


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize(
    ("line", "changes", "sentence"),
    [
        ("sites", {"territory": "arles", "latitude": "43,6"}, "Un point se donne par sa latitude et sa longitude"),
        ("sites", {"territory": "arles", "latitude": "143", "longitude": "4"}, "La latitude va de"),
        ("participations", {"actor": "actor", "role": "partenaire", "is_lead": "on"}, "a le rôle de porteur"),
        ("participations", {"actor": "actor", "role": "porteur", "since": 2015, "until": 2012}, "ne peut pas précéder"),
        ("fundings", {"amount": 100}, "Indiquez la source de financement, l’acteur, ou les deux."),
        ("fundings", {"actor": "actor", "amount": 0}, "Le montant est supérieur à zéro"),
        ("milestones", {"year": 30, "text": "Fondation"}, "L’année est comprise entre 1000 et 2100."),
        ("lineage", {"relation": "inspiree-de"}, "Indiquez une autre initiative, ou un lieu"),
        (
            "notices",
            {"kind": "cherche", "value": "visite", "said_on": "01/05/2026"},
            "Cette valeur n’est pas de celles",
        ),
        ("sources", {"publisher": "Gazette", "year": 9999}, "L’année est comprise entre 1000 et 2100."),
        ("sources", {"publisher": "Gazette", "supports": "rien"}, "« rien » n’est pas un champ de la fiche."),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_a_sentence(team, places, line, changes, sentence, new):
    rows = {"arles": places.arles.pk, "actor": factories.ActorFactory().pk}
    changes = {"position": "", "said_on": "", "name": "Essai"} | {
        key: rows.get(val, val) for key, val in changes.items()
    }
    initiative = models.Initiative if new else factories.InitiativeFactory()

    said = refused(team, initiative, changes, line)

    assert any(sentence in item for item in said), said


def test_two_lines_that_may_not_be_alike_are_refused_together(team):
    initiative, other = factories.InitiativeFactory(), factories.InitiativeFactory()
    actors = factories.ActorFactory.create_batch(2)
    arles = factories.TerritoryFactory(name="Arles")

    def said(row, line, *rows):
        data = typed(team.get(admin_url(row, "change")))
        for values in rows:
            data = with_line(data, line, **values)
        response = team.post(admin_url(row, "change"), data)
        assert response.status_code == 200
        return errors(response)

    lead = {"role": "porteur", "is_lead": "on", "position": ""}
    assert "Une seule structure porteuse principale par initiative." in said(
        initiative, "participations", *(lead | {"actor": actor.pk} for actor in actors)
    )
    child = {"relation": "essaimee-a", "other": other.pk}
    assert "Deux lignes disent la même chose." in said(initiative, "lineage", child, child)
    way = {"way": "visiter", "how": "Le samedi."}
    assert "Deux lignes disent la même chose." in said(initiative, "ways_to_take_part", way, way)
    names = {"name": "Pays d’Arles"}, {"name": "pays d'arles"}
    assert "Deux de ces noms se lisent de la même façon." in said(arles, "other_names", *names)
    figure = {"label": "habitants", "value": 3, "source": "Insee", "year": "", "position": ""}
    assert "Un chiffre est donné deux fois pour la même année." in said(arles, "figures", figure, figure)


def test_a_line_already_there_is_not_added_again(team):
    place = factories.TerritoryFactory()
    place.other_names.create(name="Villard-de-Peyre")
    actor = factories.ParticipationFactory(role="porteur").actor
    initiative = models.Initiative.objects.get()

    assert refused(team, place, {"name": "villard de peyre"}, "other_names")
    assert refused(team, initiative, {"actor": actor.pk, "role": "porteur", "position": ""}, "participations")


def test_a_zone_that_cannot_be_is_refused_in_a_sentence(team, places):
    zone = {"name": "Crau", "code": "crau", "members": [places.arles.pk]}

    assert refused(team, models.Territory, zone) == ["Un territoire porte déjà cet identifiant."]
    assert refused(team, models.Territory, zone | {"code": "autre", "members": []}) == ["Ce champ est obligatoire."]
    assert len(refused(team, models.Territory, zone | {"code": "autre", "members": [places.vaucluse.pk]})) == 1
    assert len(refused(team, models.Territory, zone | {"code": "deux mots"})) == 1


def test_a_theme_stays_on_two_levels(team):
    child = factories.ThemeFactory(parent=factories.ThemeFactory())
    theme = {"name": "Trop bas", "slug": "trop-bas", "parent": child.pk}

    assert len(refused(team, models.Theme, theme)) == 1
    assert refused(team, child.parent, {"parent": factories.ThemeFactory().pk}) == [
        "Ce thème a des sous-thèmes : il reste au premier niveau."
    ]


def test_fields_are_named_as_people_read_them_and_stored_by_their_name(team):
    initiative = factories.SourceFactory(supports=["start_year"]).initiative
    address = admin_url(initiative, "change")
    data = typed(team.get(address))
    assert data["sources-0-supports"] == ["année de démarrage"]
    data |= {
        "to_verify": "ÉTAPE : lue en 2017 : à revoir\nlieux : deux adresses",
        "sources-0-supports": "résumé\nstage",
    }

    response = team.post(address, data)

    assert response.status_code == 302, errors(response)
    initiative.refresh_from_db()
    assert initiative.to_verify == {"stage": "lue en 2017 : à revoir", "sites": "deux adresses"}
    assert initiative.sources.get().supports == ["stage", "summary"]
    assert "étape : lue en 2017" in typed(team.get(address))["to_verify"][0]


def test_a_note_on_a_field_that_no_longer_exists_is_kept(team):
    initiative = factories.InitiativeFactory(to_verify={"ancien_champ": "Un doute."})
    address = admin_url(initiative, "change")

    assert team.post(address, typed(team.get(address))).status_code == 302
    initiative.refresh_from_db()
    assert initiative.to_verify == {"ancien_champ": "Un doute."}


def test_each_constraint_that_a_form_can_break_has_its_own_sentence():
    pages = [page for model, page in site._registry.items() if model is not models.User]
    edited = {page.model for page in pages} | {inline.model for page in pages for inline in page.inlines}
    # Those that no form can break: held by acts, by a required field, by the place of a line, by what is only read.
    held = (
        "published_at_tells_status",
        "merged_leads_somewhere",
        "origin_once",
        "district_has_a_commune",
        "successor_needs_closing",
        "has_one_owner",
        "has_a_size",
        "says_what",
        "says_how",
        "has_a_publisher",
        "has_a_source",
        "have_one_row",
    )

    for model in edited:
        for constraint in model._meta.constraints:
            if not constraint.name.endswith(held):
                default = BaseConstraint.default_violation_error_message
                assert constraint.violation_error_message != default, constraint.name
