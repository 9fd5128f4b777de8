"""Two people on one fiche: the second save is refused, tells what the first one did, and loses nothing typed."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from initiatives.models import Actor, FundingSource, Initiative, Photo, PrivateContact
from initiatives.submission.actions import archive
from initiatives.submission.changes import read_acts, versions_of
from tests import factories
from tests.admin.pages import (
    admin_url,
    allow,
    errors,
    initiative_with_lines,
    messages,
    name_of,
    published,
    typed,
    with_line,
)
from tests.admin.test_history import plain
from tests.admin.test_policy import breaches
from tests.photos import jpeg

pytestmark = pytest.mark.django_db

CHANGED = "Cette page a été enregistrée entre-temps"


@pytest.fixture
def colleague(db):
    """The browser of somebody else of the team."""
    browser = Client()
    browser.force_login(
        factories.UserFactory(email="claire@exemple.test", name="Claire", is_staff=True, is_superuser=True)
    )
    return browser


def save(client, fiche, opened=None, **values):
    """Save the page of a fiche as ``opened`` (as it is now, by default) showed it, with other values."""
    address = admin_url(fiche, "change")
    data = typed(client.get(address)) if opened is None else opened
    return client.post(address, data | values)


def start(client, fiche):
    """A fiche that has a history, and its page as somebody opens it."""
    response = save(client, fiche)
    assert response.status_code == 302, errors(response)
    return typed(client.get(admin_url(fiche, "change")))


def changed_meanwhile(response):
    """The changes told above the form: (field, before, after, what the form holds)."""
    page = BeautifulSoup(response.text, "html.parser")
    return [[plain(cell) for cell in row.select("th, td")] for row in page.select(".adm-entretemps tbody tr")]


def refused(response):
    assert response.status_code == 200
    assert CHANGED in errors(response)[0], errors(response)
    return typed(response)


def accepted(response):
    assert response.status_code == 302, errors(response)


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource], ids=name_of)
def test_the_second_save_is_refused_told_and_then_made_knowingly(team, colleague, model):
    fiche = published(model, name="La Ruche", summary="Avant.", website="")
    opened = start(team, fiche)
    accepted(save(colleague, fiche, summary="Le résumé de Claire.", website="https://ruche.test/", why="Au téléphone."))

    response = save(team, fiche, opened, summary="Mon résumé.", name="La Ruche d’Arles")

    fiche.refresh_from_db()
    assert (fiche.summary, fiche.name, fiche.revision) == ("Le résumé de Claire.", "La Ruche", 2)
    kept = refused(response)
    page = BeautifulSoup(response.text, "html.parser")
    told = plain(page.select_one(".adm-entretemps"))
    assert "par Claire Au téléphone." in told
    assert "Ce que vous n’aviez pas touché a pris la valeur d’aujourd’hui." in told
    assert changed_meanwhile(response) == [
        ["Résumé", "retiré : Avant.", "ajouté : Le résumé de Claire.", "votre saisie"],
        ["Site", "vide", "ajouté : https://ruche.test/", "ce changement"],
    ]
    assert (kept["summary"], kept["name"], kept["website"]) == (
        ["Mon résumé."],
        ["La Ruche d’Arles"],
        ["https://ruche.test/"],
    )
    assert breaches(response) == []

    accepted(save(team, fiche, kept))
    fiche.refresh_from_db()
    assert (fiche.summary, fiche.name, fiche.website, fiche.revision) == (
        "Mon résumé.",
        "La Ruche d’Arles",
        "https://ruche.test/",
        3,
    )
    assert [str(act.by) for act in read_acts(versions_of(fiche))] == [
        "equipe@exemple.test",
        "Claire",
        "equipe@exemple.test",
    ]


def test_a_second_change_meanwhile_is_refused_again(team, colleague):
    fiche = published(Actor, summary="Avant.")
    opened = start(team, fiche)
    save(colleague, fiche, summary="Un.")
    kept = refused(save(team, fiche, opened, summary="Le mien."))
    save(colleague, fiche, summary="Deux.")

    response = save(team, fiche, kept)

    assert changed_meanwhile(response) == [["Résumé", "retiré : Un.", "ajouté : Deux.", "votre saisie"]]
    assert refused(response)["summary"] == ["Le mien."]


def test_acts_of_others_count_too_and_cannot_be_undone_by_a_save(team, colleague):
    fiche = published(Actor)
    opened = start(team, fiche)
    archive(fiche=fiche, at=factories.SOME_TIME)

    kept = refused(save(team, fiche, opened, name="Un nom retouché"))
    accepted(save(team, fiche, kept))

    fiche.refresh_from_db()
    assert (fiche.status, fiche.name) == ("archived", "Un nom retouché")


def test_one_person_in_two_windows_is_told_that_it_was_them(team):
    fiche = published(Actor)
    opened = start(team, fiche)
    save(team, fiche, summary="Dans l’autre fenêtre.")

    assert "par vous" in plain(
        BeautifulSoup(save(team, fiche, opened, name="Ici").text, "html.parser").select_one(".adm-entretemps")
    )


def test_every_kind_of_value_that_only_others_changed_is_taken_and_what_was_touched_stays(team, colleague):
    themes, towns = factories.ThemeFactory.create_batch(4), factories.TerritoryFactory.create_batch(3)
    audiences = factories.AudienceFactory.create_batch(2)
    fiche = published(
        Initiative, themes=themes[:2], sites=towns[:1], audiences=audiences[:1], to_verify={"stage": "Un doute."}
    )
    opened = start(team, fiche)
    accepted(
        save(
            colleague,
            fiche,
            theme_1=themes[2].pk,
            theme_2=themes[0].pk,
            coverage=[towns[1].pk, towns[2].pk],
            audiences=[audiences[1].pk],
            novelties=["production"],
            stage="developpement",
            start_year="2015",
            checked_on="04/05/2026",
            to_verify="résumé : à reprendre",
        )
    )

    kept = refused(save(team, fiche, opened, response="Ma réponse.", stage="essaimage"))
    accepted(save(team, fiche, kept))

    fiche.refresh_from_db()
    assert fiche.theme_list == [themes[2], themes[0]]
    assert {*fiche.coverage.all()} == {*towns[1:]}
    assert [*fiche.audiences.all()] == audiences[1:]
    assert (fiche.novelties, fiche.start_year, str(fiche.checked_on)) == (["production"], 2015, "2026-05-04")
    assert fiche.to_verify == {"summary": "à reprendre"}
    assert (fiche.stage, fiche.response) == ("essaimage", "Ma réponse.")


def test_a_set_that_both_changed_stays_as_it_was_typed(team, colleague):
    first, second, third = factories.ThemeFactory.create_batch(3)
    fiche = published(Initiative, themes=[first])
    opened = start(team, fiche)
    save(colleague, fiche, theme_1=second.pk, theme_2=first.pk)

    response = save(team, fiche, opened, theme_2=third.pk)

    assert [row[3] for row in changed_meanwhile(response)] == ["votre saisie"]
    accepted(save(team, fiche, refused(response)))
    assert fiche.theme_list == [first, third]


def test_lines_that_others_changed_added_and_removed_are_followed(team, colleague):
    fiche = initiative_with_lines()
    factories.MilestoneFactory(initiative=fiche, year=2018, text="Deuxième atelier")
    factories.MilestoneFactory(initiative=fiche, year=2019, text="Troisième atelier")
    opened = start(team, fiche)
    data = typed(colleague.get(admin_url(fiche, "change")))
    data |= {"milestones-0-text": "Ouverture, enfin", "milestones-1-DELETE": "on"}
    data = with_line(data, "milestones", year="2020", text="Ajoutée par Claire")
    accepted(save(colleague, fiche, data))

    mine = with_line(
        opened | {"milestones-2-text": "Troisième, retouchée"}, "milestones", year="2021", text="La mienne"
    )
    response = save(team, fiche, mine)

    assert fiche.milestones.count() == 3
    kept = refused(response)
    assert kept["milestones-TOTAL_FORMS"] == ["4"]
    accepted(save(team, fiche, kept))
    assert [*fiche.milestones.values_list("year", "text")] == [
        (2015, "Ouverture, enfin"),
        (2019, "Troisième, retouchée"),
        (2020, "Ajoutée par Claire"),
        (2021, "La mienne"),
    ]


def test_a_line_removed_meanwhile_comes_back_when_it_was_touched(team, colleague):
    fiche = published(Initiative)
    factories.ParticipationFactory.create_batch(2, initiative=fiche)
    opened = start(team, fiche)
    accepted(save(colleague, fiche, **{"participations-0-DELETE": "on", "participations-1-DELETE": "on"}))

    response = save(
        team, fiche, opened, **{"participations-0-detail": "Prête son local", "participations-1-DELETE": "on"}
    )

    assert [(row[0], row[3]) for row in changed_meanwhile(response)] == [
        ("Participation", "votre saisie"),
        ("Participation", "ce changement"),
    ]
    assert "Prête son local" in response.text
    accepted(save(team, fiche, refused(response)))
    assert fiche.participations.get().detail == "Prête son local"


def test_a_photo_sent_with_a_save_that_is_refused_is_kept(team, colleague, settings):
    fiche = published(Initiative)
    factories.PhotoFactory(initiative=fiche, alt="Une ancienne")
    opened = start(team, fiche)
    accepted(save(colleague, fiche, **{"photos-0-DELETE": "on"}))
    new = {"alt": "Un four", "credit": "Claire", "licence": "CC BY 4.0", "position": ""}
    mine = with_line(opened, "photos", upload=SimpleUploadedFile("four.jpg", jpeg(), "image/jpeg"), **new)

    kept = refused(save(team, fiche, mine))

    accepted(save(team, fiche, kept))
    assert Photo.objects.get().alt == "Un four"


def test_a_private_contact_typed_by_both_is_one(team, colleague):
    actor = published(Actor)
    opened = start(team, actor)
    line = {"name": "Une personne", "phone": "", "note": ""}
    accepted(
        save(colleague, actor, with_line(typed(colleague.get(admin_url(actor, "change"))), "private_contact", **line))
    )

    mine = with_line(opened, "private_contact", **line | {"name": "Une autre"})
    accepted(save(team, actor, refused(save(team, actor, mine))))

    assert PrivateContact.objects.get().name == "Une autre"


@pytest.mark.parametrize("revision", ["", "abc", "-1", "99999999999", "²", None])
def test_a_form_that_does_not_say_when_it_was_opened_is_shown_again(team, revision):
    fiche = published(Actor)
    opened = start(team, fiche)
    if revision is None:
        del opened["revision"]
    else:
        opened["revision"] = [revision]

    kept = refused(save(team, fiche, opened, summary="Mon résumé."))

    assert (kept["summary"], kept["revision"]) == (["Mon résumé."], ["1"])
    accepted(save(team, fiche, kept))


def test_what_has_no_history_keeps_all_that_was_typed(team, colleague):
    fiche = published(Actor, summary="Avant.", website="")
    factories.OfferFactory(actor=fiche)
    opened = typed(team.get(admin_url(fiche, "change")))
    accepted(save(colleague, fiche, website="https://ruche.test/", **{"offers-0-DELETE": "on"}))

    response = save(team, fiche, opened, summary="Mon résumé.")

    kept = refused(response)
    assert "Ce que vous enregistrerez remplacera ce qui a changé." in response.text
    assert (kept["summary"], kept.get("website", [""])) == (["Mon résumé."], [""])
    accepted(save(team, fiche, kept))
    assert fiche.offers.count() == 1


def test_a_wrong_value_is_said_with_the_rest_and_the_revision_stays(team, colleague):
    fiche = published(Initiative)
    opened = start(team, fiche)

    response = save(team, fiche, opened, start_year="3015")
    assert typed(response)["revision"] == ["1"]
    save(colleague, fiche, summary="Le résumé de Claire.")

    kept = refused(save(team, fiche, typed(response), start_year="2015"))
    assert (kept["summary"], kept["start_year"]) == (["Le résumé de Claire."], ["2015"])


def test_an_upload_of_rubbish_in_the_counts_of_lines_does_not_break_the_page(team, colleague):
    fiche = published(Initiative)
    opened = start(team, fiche)
    save(colleague, fiche, summary="Le résumé de Claire.")

    for rubbish in ("abc", "-3", "100000", ""):
        response = save(team, fiche, opened, **{"sites-TOTAL_FORMS": rubbish, "sites-99999-label": "x"})
        assert response.status_code == 200
    assert fiche.sites.count() == 1


def test_a_draft_deleted_meanwhile_can_be_made_again_from_what_was_typed(team, colleague):
    fiche = factories.InitiativeFactory(themes=[factories.ThemeFactory()], sites=[factories.TerritoryFactory()])
    factories.ParticipationFactory(initiative=fiche, detail="Prête son local")
    opened = start(team, fiche)
    assert colleague.post(admin_url(fiche, "delete"), {"post": "yes"}).status_code == 302

    response = save(team, fiche, opened, response="Ma réponse.")

    assert "Cette fiche a été supprimée entre-temps" in errors(response)[0]
    assert not Initiative.objects.exists()
    form = BeautifulSoup(response.text, "html.parser").select_one("#initiative_form")
    assert form["action"] == admin_url(Initiative, "add")
    accepted(team.post(form["action"], typed(response)))
    again = Initiative.objects.get()
    assert (again.response, again.status, again.theme_links.count()) == ("Ma réponse.", "draft", 1)
    assert (again.sites.count(), again.participations.get().detail) == (1, "Prête son local")


def test_whoever_may_not_add_is_told_that_the_draft_is_gone(client, colleague):
    fiche, editor = factories.ActorFactory(), factories.UserFactory(is_staff=True)
    allow(editor, "view_actor", "change_actor")
    client.force_login(editor)
    opened = start(client, fiche)
    colleague.post(admin_url(fiche, "delete"), {"post": "yes"})

    assert "n’existe pas" in messages(client.post(admin_url(fiche, "change"), opened, follow=True))[0]


def test_somebody_who_may_only_read_learns_nothing_by_a_save(client, colleague):
    fiche, reader = published(Actor), factories.UserFactory(is_staff=True)
    allow(reader, "view_actor")
    client.force_login(reader)

    assert client.post(admin_url(fiche, "change"), {"revision": "7", "name": "Autre"}).status_code == 403
