"""The fiche of an initiative: everything it says, and how it says what is not known."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.directory.views.initiative import FIELDS
from initiatives.models import Initiative
from tests import factories
from tests.directory.filled import full_initiative
from tests.directory.reading import read, words


def fiche_page(client, fiche):
    return read(client.get(fiche.get_absolute_url()))


def section(page, title):
    """What stands under a title of the story."""
    [heading] = [heading for heading in page.select(".para > h2") if words(heading) == title]
    return heading.find_next_sibling("div")


def essentials(page):
    """The side notebook, term by term."""
    return {words(term): words(term.find_next_sibling("dd")) for term in page.select(".carnet .dl > dt")}


def test_a_full_fiche_says_everything_in_its_place(client, places):
    page = fiche_page(client, full_initiative(places))

    assert words(page.select_one(".titre-fiche .sous-titre")) == "Arles et Marseille, 3e, Bouches-du-Rhône"
    assert [words(heading) for heading in page.select(".para > h2")] == [
        "Le besoin",
        "La réponse",
        "Ce qui est nouveau",
        "Les dates",
        "L’argent",
        "Les résultats",
        "Les difficultés",
        "Le refaire chez vous",
        "La lignée",
        "Les sources",
        "Citer cette fiche",
    ]
    assert [words(text) for text in section(page, "Le besoin").select("p")] == [
        "Des légumes se perdent.",
        "Des emplois manquent.",
    ]
    assert words(section(page, "Ce qui est nouveau")) == (
        "Les deux à la fois. La façon de produire Nouveau sur ce territoire"
    )
    assert [words(line) for line in page.select(".tige li")] == ["2014 Création de la légumerie", "2019 Un prix"]
    assert [[words(cell) for cell in line.select("th, td")] for line in page.select(".tableau tbody tr")] == [
        ["non connue", "La Fondation", "non connue", "non connu"],
        ["2019", "Le Prix, La Fondation", "Prix, concours", "5 000 €"],
    ]
    assert words(section(page, "Les résultats")) == "120 repas par jour."
    assert words(section(page, "Le refaire chez vous")) == (
        "Il faut des maraîchers une commune Budget de départ 80 000 € Durée dix-huit mois Écueils les normes"
    )
    assert [words(line) for line in section(page, "Les sources").select("li")] == [
        "« Un article », La gazette de l’essai, 2017 ; lu en extrait.",
        "La gazette de l’essai, titre non relevé, année non connue ; lu en extrait.",
    ]
    assert essentials(page) == {
        "Porteur": "La Légumerie",
        "Forme": "Scic",
        "Communes": "Arles Marseille, 3e",
        "Intercommunalité": "Arles-Crau-Camargue-Montagnette, Aix-Marseille-Provence",
        "Intervient": "Bouches-du-Rhône",
        "Démarrage": "vers 2014",
        "Étape": "Étape : Essaimage (se refait ailleurs) lecture de la rédaction d’après une source de 2017",
        "Publics": "Jeunes",
        "Échelle": "Département",
        "Milieu": "Rural",
    }
    assert [words(line) for line in page.select(".carnet .roles li")] == [
        "La Légumerie porteur",
        "La Fondation financeur, remet un prix, 2017–2019",
        "L’Incubateur Un an d’appui",
        "Le Prix financement, à vérifier",
    ]


def test_a_fiche_of_which_little_is_known_says_it_field_by_field(client, places):
    page = fiche_page(client, factories.InitiativeFactory(published=True, coverage=[places.vaucluse]))

    assert essentials(page) == {
        "Porteur": "non renseigné",
        "Forme": "non renseignée",
        "Commune": "non renseignée",
        "Intervient": "Vaucluse",
        "Démarrage": "non renseigné",
        "Étape": "Étape non connue",
        "Publics": "non renseignés",
        "Échelle": "non renseignée",
        "Milieu": "non renseigné",
    }
    assert all("discret" in cell["class"] for cell in page.select(".carnet dd") if "non renseigné" in words(cell))
    assert words(section(page, "Le besoin")) == "non renseigné"
    assert words(section(page, "L’argent")) == "Aucun financement dans les sources lues."
    assert words(section(page, "Les résultats")).startswith("Aucun chiffre dans les sources lues.")
    assert "Les dates" not in words(page)
    assert "La lignée" not in words(page)
    assert words(page.select_one(".part .dl")) == "Acheter, adhérer, aider, visiter non renseigné"
    assert "Cherche, propose" not in words(page)


@pytest.mark.parametrize(
    ("year", "precision", "said"),
    [(2014, "exacte", "2014"), (1990, "environ", "vers 1990"), (2018, "avant", "avant 2018")],
)
def test_a_start_is_as_precise_as_its_source(client, places, year, precision, said):
    fiche = factories.InitiativeFactory(
        published=True, start_year=year, start_precision=precision, sites=[places.arles]
    )

    assert essentials(fiche_page(client, fiche))["Démarrage"] == said


def test_a_stage_says_who_read_it_and_from_when(client, places):
    def stage(**values):
        fiche = factories.InitiativeFactory(published=True, stage="emergence", sites=[places.arles], **values)
        return essentials(fiche_page(client, fiche))["Étape"]

    assert stage() == "Étape : Émergence lecture de la rédaction d’après une source sans date"
    assert stage(stage_as_of=2026, stage_read_by="porteur") == "Étape : Émergence lecture du porteur, 2026"


def test_what_has_ended_carries_a_badge_and_asks_for_nobody(client, places):
    page = fiche_page(client, full_initiative(places, activity="terminee", end_year=2025, end_precision="environ"))

    assert words(page.select_one(".titre-fiche .vie")) == "Terminée"
    assert essentials(page)["Activité"] == "Terminée, vers 2025"
    assert essentials(page)["Site"] == "https://jardins.exemple.test/"
    assert not page.select(".part")


def test_what_sleeps_carries_a_badge_too(client, places):
    page = fiche_page(client, factories.InitiativeFactory(published=True, activity="en-sommeil", sites=[places.arles]))

    assert words(page.select_one(".titre-fiche .vie")) == "En sommeil"
    assert page.select(".part")


def test_one_reads_how_to_take_part_before_the_story(client, places):
    page = fiche_page(client, full_initiative(places))

    part = page.select_one(".part")
    assert part.find_next_sibling(class_="recit")
    assert part.select_one("a.bouton")["href"] == "https://jardins.exemple.test/"
    assert words(part.select_one(".dl")) == (
        "Écrire bonjour@jardins.exemple.test Appeler 04 00 00 00 00 Joindre plutôt le matin "
        "Visiter en groupe Acheter, adhérer, aider non renseigné"
    )


def test_what_is_sought_and_offered_is_dated_and_has_an_end(client, places):
    fiche = factories.InitiativeFactory(published=True, sites=[places.arles])
    today = timezone.localdate()
    factories.NoticeFactory(initiative=fiche, said_on=today, until=today + timedelta(days=30), text="à Arles")
    factories.NoticeFactory(initiative=fiche, kind="propose", value="visite", said_on=today)
    factories.NoticeFactory(initiative=fiche, value="appui", said_on=today - timedelta(days=365))
    factories.NoticeFactory(
        initiative=fiche, value="benevoles", said_on=today - timedelta(days=9), until=today - timedelta(days=1)
    )

    lines = [words(line) for line in fiche_page(client, fiche).select(".annonces li")]

    assert len(lines) == 2
    assert lines[0].startswith("Cherche un local : à Arles Dit le ")
    assert ", jusqu’au " in lines[0]
    assert lines[1].startswith("Propose une visite Dit le ")
    assert lines[1].endswith(", sans date de fin")


@pytest.mark.parametrize(
    ("values", "is_said"),
    [
        ({"origin": "redaction"}, True),
        ({"origin": "saisie"}, True),
        ({"origin": "depot"}, False),
        ({"origin": "redaction", "holder_checked_on": date(2026, 3, 1)}, False),
    ],
)
def test_it_says_that_the_holder_has_not_read_it_as_long_as_it_is_true(client, places, values, is_said):
    page = fiche_page(client, factories.InitiativeFactory(published=True, sites=[places.arles], **values))

    assert ("Fiche établie à partir de sources publiques, pas encore relue par le porteur" in words(page)) is is_said
    assert ("Relue par le porteur le 1er mars 2026" in words(page)) is bool(values.get("holder_checked_on"))


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_doubt_is_said_once_beside_its_field(client, places, field):
    for fiche in (
        full_initiative(places, to_verify={field: f"Un doute sur {field}."}),
        factories.InitiativeFactory(
            published=True, coverage=[places.paca], to_verify={field: f"Un doute sur {field}."}
        ),
    ):
        page = fiche_page(client, fiche)
        [doubt] = page.select(".doute")
        assert words(doubt) == f"À vérifier Un doute sur {field}."
        assert not page.select(".suivi .doute")


@pytest.mark.parametrize("field", ["website", "ways_to_take_part", "notices"])
def test_a_doubt_is_said_even_where_its_field_is_no_longer_shown(client, places, field):
    doubts = {field: "Un doute."}
    page = fiche_page(client, full_initiative(places, activity="terminee", to_verify=doubts))

    assert [words(doubt).endswith("Un doute.") for doubt in page.select(".suivi .doute")] == [True]


def test_the_doubts_of_the_other_fields_stand_together(client, places):
    doubts = {"name": "Deux noms circulent.", "themes": "Un thème de trop.", "disparu": "Un champ d’hier."}
    page = fiche_page(client, factories.InitiativeFactory(published=True, sites=[places.arles], to_verify=doubts))

    assert [words(doubt) for doubt in page.select(".suivi .doute")] == [
        "À vérifier Nom : Deux noms circulent.",
        "À vérifier Thèmes : Un thème de trop.",
        "À vérifier Un champ d’hier.",
    ]


def test_it_says_how_to_cite_it_and_its_public_dates(client, places, settings):
    fiche = factories.InitiativeFactory(published=True, name="Le moulin", sites=[places.arles])
    cited = section(fiche_page(client, fiche), "Citer cette fiche")
    permanent = settings.SITE_URL + reverse("id", args=[fiche.uuid])

    assert words(cited.p) == f"« Le moulin », InnovGuide, version du 2 mars 2026. {permanent}"
    assert words(cited.dl) == (
        "Licence texte sous Licence Ouverte 2.0 Mise en ligne 2 mars 2026 Modifiée pas depuis "
        "Vérifiée pas encore Relue par le porteur pas encore"
    )

    later = fiche.modified_at + timedelta(days=31)
    Initiative.objects.filter(pk=fiche.pk).update(
        modified_at=later, checked_on=date(2026, 4, 1), holder_checked_on=date(2026, 4, 3)
    )
    cited = section(fiche_page(client, fiche), "Citer cette fiche")
    assert "version du 2 avril 2026" in words(cited.p)
    assert words(cited.dl).endswith("Modifiée 2 avril 2026 Vérifiée 1er avril 2026 Relue par le porteur 3 avril 2026")


def test_others_that_share_its_themes_answer_from_elsewhere(client, places):
    fiche = full_initiative(places)
    near = factories.ThemeFactory(slug="autre", name="Autre")
    factories.InitiativeFactory(published=True, name="Sans rapport", themes=[near], sites=[places.aix])

    rows = fiche_page(client, fiche).select(".echos .rang")

    assert [words(row.h3) for row in rows] == ["L’Écho"]
    assert words(rows[0].select_one(".raison")) == fiche.theme_list[0].top.name


def test_its_map_and_its_way_back_are_those_of_its_place(client, places):
    page = fiche_page(client, factories.InitiativeFactory(published=True, name="Ici", sites=[places.arles]))

    assert page.select(".carnet .cadre-carte svg[aria-labelledby]")
    assert [words(step) for step in page.select(".fil li")] == ["Accueil", "Initiatives", "Bouches-du-Rhône", "Ici"]
    wide = fiche_page(client, factories.InitiativeFactory(published=True, name="Là", coverage=[places.paca]))
    assert not wide.select(".cadre-carte")
    assert words(wide.select(".fil li")[2]) == "Provence-Alpes-Côte d’Azur"
