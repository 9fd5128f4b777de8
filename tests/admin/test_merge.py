"""« Comparer et fusionner »: what differs, what to keep, and one fiche in the end."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision

from initiatives.models import Actor, FundingSource, Initiative, NotDuplicate
from initiatives.submission.history import told
from tests import factories
from tests.admin.pages import admin_url, allow, initiative_with_lines, messages, name_of, published
from tests.admin.test_history import plain
from tests.admin.test_policy import breaches

pytestmark = pytest.mark.django_db


def address(fiche, other):
    return f"{admin_url(fiche, 'merge')}?avec={other.pk}"


def parse(response):
    return BeautifulSoup(response.text, "html5lib")


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
