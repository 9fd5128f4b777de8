"""How the desk asks: long texts in several lines, dates by the browser, refusals that lead to what they are about."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative, User
from tests import factories
from tests.admin.pages import FACTORIES, admin_url, allow, errors, name_of, published, typed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page_of(client, row, page="change"):
    return BeautifulSoup(client.get(admin_url(row, page)).text, "html.parser")


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource], ids=name_of)
def test_a_summary_is_typed_in_several_lines_and_kept_as_one_paragraph(team, model):
    fiche = FACTORIES[model]()
    assert page_of(team, fiche).select_one("textarea#id_summary").get("maxlength") is None

    form = typed(team.get(admin_url(fiche, "change")))
    team.post(admin_url(fiche, "change"), form | {"summary": "Un atelier.\r\nOn y répare\n tout."})

    fiche.refresh_from_db()
    assert fiche.summary == "Un atelier. On y répare tout."


def test_a_summary_that_is_too_long_is_said_and_not_cut(team):
    fiche = factories.InitiativeFactory()
    form = typed(team.get(admin_url(fiche, "change"))) | {"summary": "x" * 301}

    response = team.post(admin_url(fiche, "change"), form)

    assert "300 caractères" in " ".join(errors(response))
    assert BeautifulSoup(response.text, "html.parser").select_one("#id_summary").get_text().strip() == "x" * 301


def test_dates_are_asked_by_the_browser_and_read_back(team):
    fiche = factories.InitiativeFactory(checked_on="2026-02-03")

    field = page_of(team, fiche).select_one("#id_checked_on")

    assert (field["type"], field["value"]) == ("date", "2026-02-03")
    form = typed(team.get(admin_url(fiche, "change")))
    team.post(admin_url(fiche, "change"), form | {"checked_on": "2026-02-04"})
    fiche.refresh_from_db()
    assert str(fiche.checked_on) == "2026-02-04"


def test_a_refusal_leads_to_each_field_and_to_the_lines_that_are_wrong(team):
    fiche = published(Initiative)
    factories.MilestoneFactory(initiative=fiche)
    form = typed(team.get(admin_url(fiche, "change"))) | {"name": "", "milestones-0-text": ""}

    page = BeautifulSoup(team.post(admin_url(fiche, "change"), form).text, "html.parser")

    links = {link["href"]: link.get_text() for link in page.select(".adm-erreurs a")}
    assert links == {"#id_name": "Nom", "#milestones-heading": "Dates"}
    assert all(page.select_one(target) for target in links)


def test_a_long_form_names_its_sections_and_how_many_lines_they_have(team):
    fiche = factories.InitiativeFactory()
    factories.SourceFactory.create_batch(2, initiative=fiche)

    page = page_of(team, fiche)

    links = page.select(".adm-sommaire a")
    assert [link.get_text() for link in links][-1] == "Sources 2"
    assert all(page.select_one(link["href"]) for link in links)
    assert page_of(team, factories.ThemeFactory()).select_one(".adm-sommaire") is None


def test_each_cell_of_a_list_bears_the_name_of_its_column_and_truths_are_words(team):
    page = BeautifulSoup(team.get(admin_url(User, "changelist")).text, "html.parser")

    cells = {cell["data-label"]: cell.get_text() for cell in page.select("#result_list tbody td[data-label]")}
    assert cells["Fait partie de l’équipe"] == "oui"
    assert "data-empty" in page.select_one('[data-label="Groupes"]').attrs
    assert page.select_one("#result_list img[alt=True], #result_list img[alt=False]") is None


def test_the_page_of_an_account_says_nothing_of_what_is_stored_of_its_password(team):
    person = factories.UserFactory()
    person.set_password("un-mot-de-passe-bien-long")
    person.save()

    page = page_of(team, person)

    assert "Choisi. Le changer" in page.select_one(".field-how_to_enter").get_text()
    assert "itérations" not in page.get_text()
    assert "md5" not in page.get_text()


def test_the_front_page_counts_what_is_public_and_leads_to_the_drafts(team):
    factories.InitiativeFactory.create_batch(2)
    factories.InitiativeFactory(archived=True)
    published(Initiative)
    published(Actor)

    page = BeautifulSoup(team.get(reverse("admin:index")).text, "html.parser")

    said = [" ".join(item.get_text().split()) for item in page.select(".adm-nombres li")]
    assert said[:2] == ["1 initiative en ligne 2 brouillons", "1 acteur en ligne aucun brouillon"]
    drafts = page.select_one('.adm-nombres a[href$="status__exact=draft"]')["href"]
    assert len(BeautifulSoup(team.get(drafts).text, "html.parser").select("#result_list tbody tr")) == 2


def test_the_front_page_counts_only_what_one_may_see(client):
    client.force_login(reader := factories.UserFactory(is_staff=True))
    allow(reader, "view_actor")

    page = BeautifulSoup(client.get(reverse("admin:index")).text, "html.parser")

    assert [link.get_text() for link in page.select(".adm-nombres a")] == ["0 acteur en ligne"]
