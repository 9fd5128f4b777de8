"""History is read in people's words: field by field, line by line, word by word."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.models import Actor, InitiativeTheme, Photo, Territory
from initiatives.submission.actions import record_edit
from initiatives.submission.changes import compare, read_acts, read_since, versions_of
from initiatives.submission.history import act, keep
from tests import factories

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def save(row):
    with act(verb="Modification", at=NOW):
        if hasattr(row, "revision"):
            row.refresh_from_db()
            record_edit(fiche=row, at=NOW)
        else:
            keep(row)


def told(row):
    """What the last act changed: (label, before, after), what is changed between braces."""
    last = read_acts(versions_of(row))[0]
    return [(plain(change.label), shown(change.before), shown(change.after)) for change in last.changes]


def shown(pieces):
    return plain("".join(f"{{{piece.text}}}" if piece.changed else piece.text for piece in pieces))


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def side_by_side(before, after):
    return tuple(shown(side) for side in compare(before, after))


# Values


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "Un texte.", ("", "{Un texte.}")),
        ("Un texte.", "", ("{Un texte.}", "")),
        (
            "De petites voitures en libre-service, pour le dernier kilomètre.",
            "De petites voitures partagées, pour le dernier kilomètre.",
            (
                "De petites voitures {en libre-service}, pour le dernier kilomètre.",
                "De petites voitures {partagées}, pour le dernier kilomètre.",
            ),
        ),
        # Two changed words with a space between them are one change.
        (
            "Le vieux four banal du village est rallumé",
            "Le petit moulin banal du village est rallumé",
            ("Le {vieux four} banal du village est rallumé", "Le {petit moulin} banal du village est rallumé"),
        ),
        ("oui", "non", ("{oui}", "{non}")),
        # With next to nothing in common, comparing word by word would only blur it.
        (
            "Un jardin ouvert à tous.",
            "La ferme des voisins, et de",
            ("{Un jardin ouvert à tous.}", "{La ferme des voisins, et de}"),
        ),
        (["A", "B"], ["A", "C"], ("A, {B}", "A, {C}")),
        (["A"], ["A", "B"], ("A", "A, {B}")),
        ("", ["A", "B"], ("", "{A, B}")),
        (["A", "B"], "", ("{A, B}", "")),
        (["A", "B"], ["B", "A"], ("A, {B}", "{B, }A")),
    ],
)
def test_two_values_are_compared_by_their_words_or_their_items(before, after, expected):
    assert side_by_side(before, after) == expected


def test_all_that_was_written_is_told_on_both_sides():
    before, after = ("Un  deux,\ntrois ; « quatre » cinq.", "Un deux,\n\ntrois : « quatre » six cinq.")

    old, new = compare(before, after)

    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after


def test_a_long_text_is_told_around_what_changed():
    text = "Une phrase qui ne change pas du tout. " * 30
    old, new = side_by_side(text + "Ici. " + text, text + "Là. " + text)

    assert old.startswith("[…] ")
    assert old.endswith("[…]")
    assert "{Ici}" in old
    assert "{Là}" in new
    assert len(old) < 400


def test_texts_too_long_to_compare_are_told_as_replaced():
    before, after = "a " * 5000, "a " * 4999 + "b "

    assert side_by_side(before, after) == (f"{{{before}}}", f"{{{after}}}")


# Fiches

pytestmark = pytest.mark.django_db


def test_a_column_is_told_by_its_name_and_its_choices():
    fiche = factories.InitiativeFactory(start_year=2012)
    save(fiche)
    fiche.stage, fiche.start_year, fiche.is_featured = "developpement", 2015, True
    fiche.checked_on, fiche.checked_by = date(2026, 5, 1), factories.UserFactory(name="Claire")
    fiche.novelties = ["production", "organisation"]
    fiche.to_verify = {"stage": "Lue en 2017.", "sites": "Deux adresses."}
    fiche.save()

    save(fiche)

    assert told(fiche) == [
        ("vérifiée le", "", "{1er mai 2026}"),
        ("vérifiée par", "", "{Claire}"),
        ("à vérifier", "", "{lieux : Deux adresses.\nétape : Lue en 2017.}"),
        ("nouveautés", "", "{La façon de produire, L’organisation du travail}"),
        ("étape", "{Non connue}", "{Développement}"),
        ("année de démarrage", "{2012}", "{2015}"),
        ("à la une", "{non}", "{oui}"),
    ]


def test_related_rows_are_told_by_their_names_even_once_they_are_gone():
    zone = factories.TerritoryFactory(kind="zone", name="Crau", code="crau")
    arles = factories.TerritoryFactory(name="Arles")
    actor = factories.ActorFactory(seat=arles, coverage=[zone])
    save(zone)
    save(actor)
    actor.seat = None
    actor.save()
    actor.coverage.set([arles])
    save(actor)
    Territory.objects.filter(pk=zone.pk).delete()

    assert told(actor) == [("siège", "{Arles}", ""), ("territoires d’intervention", "{Crau}", "{Arles}")]


def test_a_row_that_was_never_kept_and_is_gone_is_said_to_be_gone():
    audience = factories.AudienceFactory()
    fiche = factories.InitiativeFactory(audiences=[audience])
    save(fiche)
    audience.delete()
    save(fiche)

    assert told(fiche) == [("publics", "{supprimé}", "")]


def test_lines_are_known_by_their_uuid_whatever_their_order():
    fiche = factories.InitiativeFactory()
    sites = [
        factories.SiteFactory(initiative=fiche, territory=factories.TerritoryFactory(name=name), position=position)
        for position, name in enumerate(("Arles", "Aix"), 1)
    ]
    save(fiche)
    sites[0].position, sites[1].position = 2, 1
    sites[1].label = "Le Comptoir"
    for site in sites:
        site.save()

    save(fiche)

    assert told(fiche) == [
        ("lieu « Arles », rang", "{1}", "{2}"),
        ("lieu « Le Comptoir », nom du lieu", "", "{Le Comptoir}"),
        ("lieu « Le Comptoir », rang", "{2}", "{1}"),
    ]


def test_every_kind_of_line_is_told_when_it_comes_and_when_it_goes():
    actor, source = factories.ActorFactory(name="Le Réseau"), factories.FundingSourceFactory(name="Le Coup de pouce")
    fiche, parent = factories.InitiativeFactory(), factories.InitiativeFactory(name="L’Aînée")
    save(fiche)
    lines = [
        factories.SiteFactory(initiative=fiche, territory=factories.TerritoryFactory(name="Arles")),
        factories.ParticipationFactory(initiative=fiche, actor=actor, role="partenaire", since=2015),
        factories.FundingFactory(initiative=fiche, source=source, amount=20000, year=2016),
        factories.MilestoneFactory(initiative=fiche, year=2015, text="Ouverture"),
        factories.LineageFactory(initiative=fiche, other=parent),
        factories.TakingPartFactory(initiative=fiche, way="visiter", how="Le samedi."),
        factories.NoticeFactory(initiative=fiche, kind="cherche", value="local", said_on=date(2026, 3, 2)),
        factories.PhotoFactory(initiative=fiche, alt="Un four", credit="Claire", licence="CC BY 4.0"),
        factories.SourceFactory(initiative=fiche, title="Un article", url="https://x.test/", supports=["stage"]),
    ]
    save(fiche)
    said = {label: after for label, _, after in told(fiche)}

    assert said["lieu"] == "{commune ou arrondissement : Arles}"
    assert said["participation"] == "{acteur : Le Réseau ; rôle : Partenaire ; depuis : 2015}"
    assert (
        said["financement reçu"]
        == "{source de financement : Le Coup de pouce ; montant (euros) : 20 000 ; année : 2016}"
    )
    assert said["date"] == "{année : 2015 ; quoi : Ouverture}"
    assert said["lien de lignée"] == "{lien : Inspirée de ; autre initiative : L’Aînée}"
    assert said["façon de prendre part"] == "{façon : Visiter ; comment : Le samedi.}"
    assert said["annonce"] == "{genre : Cherche ; quoi : Un local ; dit ou confirmé le : 2 mars 2026}"
    assert "description pour qui ne la voit pas : Un four" in said["photo"]
    assert "champs appuyés : étape" in said["source"]

    for line in lines:
        line.delete()
    save(fiche)
    assert {label: before for label, before, after in told(fiche) if not after} == said


def test_the_lines_of_an_actor_are_told_too():
    actor, network = factories.ActorFactory(), factories.ActorFactory(name="Le Réseau")
    save(actor)
    factories.ActorLabelFactory(actor=actor, label=factories.LabelFactory(name="Esus"), since=2018)
    factories.ActorTieFactory(actor=actor, other=network)
    factories.OfferFactory(actor=actor, what="Six mois d’accompagnement", stages=["emergence"])
    factories.PhotoFactory(initiative=None, actor=actor, alt="Son logo")
    save(actor)

    said = {label: after for label, _, after in told(actor)}

    assert said["label"] == "{label : Esus ; depuis : 2018}"
    assert said["lien"] == "{autre acteur : Le Réseau ; lien : Membre de}"
    assert said["offre"] == "{quoi : Six mois d’accompagnement ; étapes : Émergence}"
    assert "Son logo" in said["photo"]


def test_themes_are_told_in_their_order():
    first, second = (factories.ThemeFactory(name=name) for name in ("Alimentation", "Travail"))
    fiche = factories.InitiativeFactory(themes=[first, second])
    save(fiche)
    fiche.theme_links.all().delete()
    for position, theme in enumerate((second, first), 1):
        InitiativeTheme.objects.create(initiative=fiche, theme=theme, position=position)

    save(fiche)

    assert told(fiche) == [("thèmes", "Alimentation, {Travail}", "{Travail, }Alimentation")]


def test_a_line_of_another_fiche_in_the_same_act_is_its_own():
    one, other, bare = factories.InitiativeFactory.create_batch(3)
    for fiche in (one, other, bare):
        save(fiche)
    with act(verb="Modification", at=NOW):
        for fiche in (one, other):
            factories.MilestoneFactory(initiative=fiche, text=f"Date de {fiche}")
        for fiche in (one, other, bare):
            record_edit(fiche=fiche, at=NOW)

    assert told(bare) == []
    assert told(one) == [("date", "", f"{{année : 2015 ; quoi : Date de {one}}}")]


def test_a_zone_its_names_and_its_figures_are_told():
    arles = factories.TerritoryFactory(name="Arles")
    zone = factories.TerritoryFactory(kind="zone", code="crau", name="Crau")
    save(zone)
    zone.members.set([arles])
    zone.other_names.create(name="Pays de Crau")
    factories.TerritoryFigureFactory(territory=zone, label="entreprises", value=1226, source="Insee")
    save(zone)

    assert told(zone) == [
        ("communes de la zone", "", "{Arles}"),
        ("autre nom", "", "{nom : Pays de Crau}"),
        ("chiffre d’un territoire", "", "{intitulé : entreprises ; valeur : 1 226 ; source : Insee}"),
    ]


def test_a_photo_that_is_replaced_is_told_without_its_address():
    photo = factories.PhotoFactory(file="photos/aaaaaaaaaaaaaaaaaaaaaaaa11111111/original.webp")
    save(photo.initiative)
    Photo.objects.update(file="photos/aaaaaaaaaaaaaaaaaaaaaaaa22222222/original.webp")
    save(photo.initiative)

    (label, before, after), *others = told(photo.initiative)

    assert not others
    assert label.endswith(", original")
    assert (before, after) == ("fichier {11111111}", "fichier {22222222}")


def test_the_first_state_kept_is_told_whole_and_the_next_ones_as_changes():
    fiche = factories.InitiativeFactory(name="La Ruche", published=True)
    save(fiche)
    save(fiche)

    last, first = read_acts(versions_of(fiche))

    assert (last.is_first, last.changes) == (False, [])
    assert first.is_first
    said = {change.label: shown(change.after) for change in first.changes}
    assert (said["nom"], said["statut"]) == ("{La Ruche}", "{Publiée}")
    assert "à la une" not in said  # « non » says nothing yet


def test_what_happened_since_a_revision_is_read_with_the_state_of_then():
    fiche = factories.InitiativeFactory()
    for summary in ("Un.", "Deux.", "Trois.", "Quatre."):
        type(fiche).objects.filter(pk=fiche.pk).update(summary=summary)
        save(fiche)

    base, since = read_since(fiche, 2)

    assert base.fiche.values["summary"] == "Deux."
    assert [act.snapshot.fiche.values["summary"] for act in since] == ["Quatre.", "Trois."]
    assert [[change.label for change in act.changes] for act in since] == [["résumé"], ["résumé"]]
    assert read_since(fiche, 4)[1] == []


def test_what_was_not_kept_is_not_made_up():
    fiche = factories.InitiativeFactory(revision=7)
    save(fiche)

    base, since = read_since(fiche, 7)

    assert base is None
    assert [act.is_first for act in since] == [True]


def test_a_column_that_did_not_exist_then_is_told_as_coming():
    fiche = factories.ActorFactory(acronym="AB")
    save(fiche)
    version = versions_of(fiche).get()
    version.serialized_data = version.serialized_data.replace('"acronym": "AB", ', "")
    version.save()
    save(fiche)

    assert told(fiche) == [("sigle", "", "{AB}")]


def test_reading_costs_the_same_for_ten_acts_and_for_a_hundred_lines():
    def filled(count):
        fiche = factories.InitiativeFactory()
        for _ in range(count):
            factories.ParticipationFactory(initiative=fiche)
            factories.FundingFactory(initiative=fiche)
            factories.SiteFactory(initiative=fiche)
            save(fiche)
        return fiche

    def cost(fiche):
        with CaptureQueriesContext(connection) as queries:
            read_acts(versions_of(fiche))
        return len(queries)

    few, many = filled(3), filled(12)
    cost(few)  # content types are read once
    assert cost(few) == cost(many)


def test_every_field_of_every_noun_has_words():
    """No column that a form shows is left out of the story."""
    from initiatives.submission.history import KEPT
    from initiatives.submission.snapshots import UNSAID

    for model in KEPT:
        shown_columns = {column.name for column in model._meta.fields if column.editable}
        assert not shown_columns & UNSAID, model
    assert Actor in KEPT
