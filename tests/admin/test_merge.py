"""« Comparer et fusionner »: what differs, what to keep, and one fiche in the end."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Revision

from initiatives.models import Actor, FundingSource, Initiative, NotDuplicate
from initiatives.submission.actions import merge
from initiatives.submission.history import told
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
from tests.photos import with_files

pytestmark = pytest.mark.django_db

FICHES = [Initiative, Actor, FundingSource]


def address(fiche, other):
    return f"{admin_url(fiche, 'merge')}?avec={other.pk}"


def parse(response):
    return BeautifulSoup(response.text, "html.parser")


def asked(response):
    """Field → which of the two is chosen at first (« une », « autre », « les deux » or nothing), in the order shown."""
    found = {}
    for row in parse(response).select("form .adm-fusion tr:has(input[type=radio])"):
        radios = row.select("input[type=radio]")
        found[radios[0]["name"]] = next((radio["value"] for radio in radios if radio.has_attr("checked")), "")
    return found


def hidden(response):
    return {field["name"]: field["value"] for field in parse(response).select("input[name^=revision-]")}


def test_two_fiches_are_shown_side_by_side_with_what_differs_only(team):
    fiche = published(
        Initiative, name="La Ruche", website="https://ruche.test/", stage="developpement", stage_as_of=2020
    )
    other = published(Initiative, name="Ruche d’Arles", difficulties="Un local.")

    response = team.get(address(fiche, other))

    assert asked(response) == {
        "keep": "",
        "choix-name": "",
        "choix-website": str(fiche.pk),
        "choix-difficulties": str(other.pk),
        "choix-stage": str(fiche.pk),
        "choix-themes": "",
    }
    said = plain(parse(response).select_one("#champ-stage").parent)
    assert "Développement ; année de cette lecture : 2020 ; étape lue par : la rédaction" in said
    assert breaches(response) == []


def test_what_is_chosen_is_kept_and_the_other_one_leads_to_it(team, client):
    fiche = initiative_with_lines(name="La Ruche", response="La réponse de la Ruche.")
    other = published(Initiative, name="Ruche d’Arles", response="La réponse d’Arles.")
    page = team.get(address(fiche, other))
    answers = asked(page) | hidden(page) | {"keep": other.pk, "why": "Même équipe, même four."}
    answers |= {name: str(other.pk) for name, value in answers.items() if value == ""}
    answers |= {"choix-response": str(fiche.pk), "choix-themes": "both"}

    response = team.post(address(fiche, other), answers, follow=True)

    assert messages(response) == ["« La Ruche » a rejoint « Ruche d’Arles » : ses adresses y mènent."]
    assert response.redirect_chain[-1][0] == admin_url(other, "change")
    fiche.refresh_from_db()
    other.refresh_from_db()
    assert (fiche.status, fiche.merged_into) == ("merged", other)
    assert (other.name, other.response) == ("Ruche d’Arles", "La réponse de la Ruche.")
    assert (other.theme_links.count(), other.sites.count(), other.milestones.count()) == (2, 2, 1)
    revision = Revision.objects.get()
    assert told(revision) == ("Fusion", "« La Ruche » rejoint « Ruche d’Arles ». Même équipe, même four.")
    assert revision.user.email == "equipe@exemple.test"
    public = client.get(fiche.get_absolute_url())
    assert (public.status_code, public["Location"]) == (301, other.get_absolute_url())


@pytest.mark.parametrize("model", [Actor, FundingSource], ids=name_of)
def test_actors_and_funding_sources_merge_in_the_same_way(team, model):
    fiche, other = published(model, name="Une"), published(model, name="Autre")
    page = team.get(address(fiche, other))
    answers = asked(page) | hidden(page) | {"keep": fiche.pk, "choix-name": str(other.pk)}

    team.post(address(fiche, other), answers)

    other.refresh_from_db()
    fiche.refresh_from_db()
    assert (other.status, other.merged_into, fiche.name) == ("merged", fiche, "Autre")


def test_what_was_not_chosen_is_asked_again_and_the_rest_is_not_lost(team):
    fiche, other = published(Actor, name="Une", summary="Ici."), published(Actor, name="Autre", summary="Là.")
    page = team.get(address(fiche, other))

    response = team.post(address(fiche, other), hidden(page) | {"choix-summary": str(fiche.pk), "why": "Une raison."})

    assert asked(response) == {"keep": "", "choix-name": "", "choix-summary": str(fiche.pk)}
    wrong = [plain(row.th) for row in parse(response).select("tr.errors")]
    assert wrong == ["Fiche gardéeDites laquelle des deux fiches reste.", "NomChoisissez la valeur à garder."]
    assert parse(response).select_one("[name=why]")["value"] == "Une raison."
    assert breaches(response) == []
    fiche.refresh_from_db()
    assert fiche.is_published


def test_values_that_cannot_stand_together_are_refused_in_a_sentence(team):
    fiche = published(Initiative, start_year=2010, end_year=2012)
    other = published(Initiative, start_year=2015, end_year=2018)
    page = team.get(address(fiche, other))
    answers = hidden(page) | {name: str(other.pk) for name in asked(page)} | {"choix-end_year": str(fiche.pk)}

    response = team.post(address(fiche, other), answers)

    assert "ne peut pas précéder" in plain(parse(response).select_one(".avis.erreur"))
    assert asked(response)["choix-end_year"] == str(fiche.pk)
    other.refresh_from_db()
    assert other.end_year == 2018


def test_what_changed_since_it_was_compared_is_compared_again(team):
    fiche, other = published(Actor, name="Une"), published(Actor, name="Autre")
    page = team.get(address(fiche, other))
    answers = asked(page) | hidden(page) | {"keep": fiche.pk, "choix-name": str(other.pk)}
    Actor.objects.filter(pk=other.pk).update(revision=3, summary="Tout autre chose.")

    response = team.post(address(fiche, other), answers)

    assert "a changé depuis que vous l’avez ouverte" in plain(parse(response).select_one(".avis.erreur"))
    assert hidden(response)[f"revision-{other.pk}"] == "3"
    assert asked(response)["choix-name"] == str(other.pk)
    assert "Tout autre chose." in response.text
    other.refresh_from_db()
    assert other.is_published


def test_only_what_is_published_may_stay(team):
    fiche, other = factories.ActorFactory(archived=True), published(Actor)

    page = team.get(address(fiche, other))

    assert asked(page)["keep"] == str(other.pk)
    assert "Pas publiée : elle ne peut pas être gardée." in plain(parse(page))
    response = team.post(address(fiche, other), asked(page) | hidden(page) | {"keep": fiche.pk})
    assert parse(response).select("tr.errors")


def test_a_draft_is_said_not_to_merge(team):
    draft, other = factories.ActorFactory(name="La Nue"), published(Actor)
    page = team.get(address(draft, other))

    assert "Une fiche jamais publiée ne se fusionne pas" in page.text
    answers = hidden(page) | {name: str(other.pk) for name in asked(page)}
    response = team.post(address(draft, other), answers)
    assert "ne peut pas devenir fusionnée" in plain(parse(response).select_one(".avis.erreur"))


def test_the_other_fiche_is_found_among_the_likely_ones_or_by_its_name(team):
    fiche = published(Actor, name="La Ruche d’Arles")
    twin, other = published(Actor, name="Ruche d’Arles"), published(Actor, name="Écolieu des Alpilles")
    gone = factories.ActorFactory(name="Écolieu disparu", merged_into=other)

    page = team.get(admin_url(fiche, "merge"))
    links = {link["href"] for link in parse(page).select("#content-main a")}
    assert f"?avec={twin.pk}" in links
    assert f"?avec={other.pk}" not in links
    assert breaches(page) == []
    found = team.get(admin_url(fiche, "merge"), {"q": "ecolieu"})
    links = {link["href"] for link in parse(found).select("#content-main a")}
    assert f"?avec={other.pk}" in links
    assert f"?avec={gone.pk}" not in links
    assert "Aucune fiche ne répond" in team.get(admin_url(fiche, "merge"), {"q": "zzzzqqqq"}).text


@pytest.mark.parametrize("other", ["", "abc", "987654", "itself"])
def test_an_unknown_other_fiche_is_asked_for(team, other):
    fiche = published(Actor)
    asked_for = fiche.pk if other == "itself" else other

    response = team.get(f"{admin_url(fiche, 'merge')}?avec={asked_for}")

    assert response.status_code == 200
    assert "Chercher une fiche" in response.text


def test_an_unknown_fiche_leads_back(team):
    for key in (987654, "abc"):
        assert team.get(f"/admin/initiatives/actor/{key}/fusionner/").status_code == 302


def test_two_fiches_may_be_told_apart_instead(team):
    fiche, other = published(Actor), published(Actor)
    form = parse(team.get(address(fiche, other))).select_one("form#not-duplicate")

    team.post(form["action"], {"autre": form.select_one("[name=autre]")["value"]})

    assert NotDuplicate.objects.count() == 1


def test_merging_is_for_those_who_may_publish(client):
    fiche, other = published(Actor, name="Une"), published(Actor, name="Autre")
    editor = factories.UserFactory(is_staff=True)
    client.force_login(editor)
    allow(editor, "view_actor", "change_actor")

    for page in (address(fiche, other), admin_url(fiche, "merge")):
        assert client.get(page).status_code == 403
        assert client.post(page, {"keep": other.pk, "choix-name": other.pk}).status_code == 403
    fiche.refresh_from_db()
    assert fiche.is_published


def test_comparing_costs_the_same_for_few_lines_and_for_many(team):
    def pair(count):
        fiche, other = published(Initiative), published(Initiative)
        for owner in (fiche, other):
            for _ in range(count):
                factories.ParticipationFactory(initiative=owner)
                factories.FundingFactory(initiative=owner)
                factories.LineageFactory(initiative=owner)
                factories.LineageFactory(other=owner)
                factories.SiteFactory(initiative=owner)
        return fiche, other

    def cost(fiche, other):
        with CaptureQueriesContext(connection) as queries:
            team.get(address(fiche, other))
        return len(queries)

    few, many = pair(2), pair(12)
    cost(*few)
    assert cost(*few) == cost(*many)


# What was merged


def merged(model, **values):
    """A fiche that was merged, and the one that stays."""
    fiche, stays = published(model, name="La vieille ruche", **values), published(model, name="La Ruche")
    merge(fiche=fiche, into=stays, at=factories.SOME_TIME)
    fiche.refresh_from_db()
    return fiche, stays


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_what_was_merged_is_read_and_leads_to_the_one_that_stays(team, model):
    fiche, stays = merged(model)

    response = team.get(admin_url(fiche, "change"))

    page = parse(response)
    assert page.select_one("#content .avis a")["href"] == admin_url(stays, "change")
    assert page.select("#content-main form [name=summary], #content-main [type=submit], .adm-actes") == []
    assert breaches(response) == []


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_what_was_typed_on_a_fiche_that_is_then_merged_is_refused_and_shown_again(team, model):
    fiche, stays = published(model, name="La vieille ruche"), published(model, name="La Ruche")
    opened = typed(team.get(admin_url(fiche, "change"))) | {"summary": "Un résumé retapé."}
    merge(fiche=fiche, into=stays, at=factories.SOME_TIME)

    response = team.post(admin_url(fiche, "change"), opened)

    refusal = (
        "« La vieille ruche » est fusionnée avec « La Ruche » : elle ne change plus. "
        "Reportez votre saisie sur « La Ruche »."
    )
    assert errors(response) == [refusal]
    assert typed(response)["summary"] == ["Un résumé retapé."]
    assert not parse(response).select("[name=_save], [name=_continue]")
    # Sent again all the same, on the revision of today.
    again = team.post(admin_url(fiche, "change"), typed(response))
    assert errors(again) == [refusal]
    assert typed(again)["summary"] == ["Un résumé retapé."]
    fiche.refresh_from_db()
    assert (fiche.summary != "Un résumé retapé.", fiche.revision) == (True, 1)


def test_no_new_line_leads_to_what_was_merged(team):
    gone, stays = merged(Actor)
    initiative = published(Initiative)
    page = admin_url(initiative, "change")
    data = with_line(typed(team.get(page)), "participations", actor=gone.pk, role="partenaire")

    response = team.post(page, data)

    assert errors(response) == ["« La vieille ruche » est fusionnée avec « La Ruche » : choisissez cette dernière."]
    assert not initiative.participations.exists()
    assert team.post(page, data | {"participations-0-actor": stays.pk}).status_code == 302


@pytest.mark.parametrize(
    ("owner", "line", "column"),
    [
        (Initiative, factories.FundingFactory, "source"),
        (Initiative, factories.FundingFactory, "actor"),
        (Initiative, factories.LineageFactory, "other"),
        (Actor, factories.ActorTieFactory, "other"),
        (FundingSource, None, "offered_by"),
    ],
)
def test_every_way_to_lead_to_another_fiche_is_looked_at(team, owner, line, column):
    fiche = published(owner)
    model = (line._meta.model if line else owner)._meta.get_field(column).related_model
    gone, _ = merged(model)
    if line:
        line(**{"actor" if owner is Actor else "initiative": fiche, column: gone})
    else:
        FundingSource.objects.filter(pk=fiche.pk).update(offered_by=gone)

    response = team.post(admin_url(fiche, "change"), typed(team.get(admin_url(fiche, "change"))))

    assert "« La vieille ruche » est fusionnée avec « La Ruche »" in errors(response)[0]


def test_what_was_merged_is_not_proposed_to_other_fiches_and_stays_in_its_list(team):
    merged(Actor)
    asked_for = {"app_label": "initiatives", "model_name": "participation", "field_name": "actor", "term": "ruche"}

    found = team.get(reverse("admin:autocomplete"), asked_for).json()["results"]

    assert [row["text"] for row in found] == ["La Ruche"]
    assert "La vieille ruche" in team.get(admin_url(Actor, "changelist"), {"q": "vieille ruche"}).text


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_merges_that_follow_one_another_lead_straight_to_the_last(team, client, model):
    first, second, last = (published(model, name=name) for name in ("Un moulin", "Deux moulins", "Trois moulins"))
    merge(fiche=first, into=second, at=factories.SOME_TIME)
    merge(fiche=second, into=last, at=factories.SOME_TIME)

    for fiche in (first, second):
        for old in (fiche.get_absolute_url(), f"/id/{fiche.uuid}/"):
            assert client.get(old)["Location"] == last.get_absolute_url()


def test_photos_follow_with_their_files(team, client):
    fiche, other = published(Initiative), published(Initiative)
    moved, own = (
        with_files(factories.PhotoFactory, initiative=fiche),
        with_files(factories.PhotoFactory, initiative=other),
    )

    merge(fiche=fiche, into=other, at=factories.SOME_TIME)

    assert [*other.photos.all()] == [own, moved]
    for photo in (own, moved):
        assert client.get(photo.smallest).status_code == 200
