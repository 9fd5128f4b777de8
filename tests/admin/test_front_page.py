"""The front page of the desk, its side list, and the pages of what needs attention."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.admin.attention import CompletenessFilter
from initiatives.directory.attention import LISTS
from initiatives.directory.completeness import RULES
from initiatives.models import Actor, FundingSource, Initiative, LinkCheck, User
from initiatives.submission.history import act, keep
from tests import factories
from tests.admin.pages import admin_url, allow

pytestmark = pytest.mark.django_db
INDEX = "/admin/"
LATE = "a-reverifier"


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def words(tag):
    return " ".join(tag.get_text(" ").split())


def section(page, title):
    heading = next((tag for tag in page.select("main :is(h1, h2)") if title in tag.get_text()), None)
    return heading and heading.find_parent("section")


def list_url(slug=LATE):
    return reverse("admin:attention_list", args=[slug])


def rows(page):
    return [words(cell) for cell in page.select("main tbody th")]


def test_the_front_page_says_what_waits_how_many_and_since_when(team):
    factories.InitiativeFactory(published=True, checked_on=timezone.localdate() - timedelta(days=800))
    factories.ActorFactory(published=True)

    waiting = section(soup(team.get(INDEX)), "Aujourd’hui")
    line = next(row for row in waiting.select("tbody tr") if "À revérifier" in words(row))

    assert [words(cell) for cell in line.select("td")][:2] == ["2", "2 ans"]
    assert line.select_one("a")["href"] == list_url()
    assert "rien n’attend" in words(waiting)


def test_the_side_list_leads_to_each_list_and_each_noun_with_its_count(team):
    factories.FundingSourceFactory(published=True)
    page = soup(team.get(admin_url(Initiative, "changelist")))
    side = page.select_one(".adm-cote")

    assert [words(title) for title in side.select("h2")][:2] == ["À traiter", "Annuaire"]
    assert "Financements à vérifier 1" in [words(link) for link in side.select("a")]
    assert {list_url(slug) for slug in LISTS} <= {link["href"] for link in side.select("a")}
    assert [words(link) for link in side.select("[aria-current]")] == ["Initiatives"]


def test_what_changed_lately_comes_first_with_who_and_why(team):
    user = User.objects.get(email="equipe@exemple.test")
    old = factories.ActorFactory(name="Ancienne", published=True)
    new = factories.InitiativeFactory(name="Nouvelle", published=True, modified_at=timezone.now())
    factories.ActorFactory(name="Jamais modifiée")
    for fiche, comment in ((old, "Création"), (new, "Création"), (new, "Adresse corrigée")):
        with act(verb=comment, by=user):
            keep(fiche)

    lately = section(soup(team.get(INDEX)), "Changées dernièrement")

    assert [words(cell) for cell in lately.select("tbody th")] == ["Nouvelle", "Ancienne"]
    assert "equipe@exemple.test : Adresse corrigée" in words(lately.select_one("tbody tr"))


def test_what_changed_lately_is_said_without_history_too(team):
    factories.ActorFactory(name="Chargée", published=True)

    lately = section(soup(team.get(INDEX)), "Changées dernièrement")

    assert "Chargée" in words(lately)
    assert "non renseigné" in words(lately)


def test_the_front_page_asks_for_what_the_publisher_has_not_said(team, settings):
    settings.PUBLISHER = "La Cress"

    asked = words(section(soup(team.get(INDEX)), "Le site lui-même"))

    assert "INNOVGUIDE_PUBLISHER" not in asked
    for variable in ("INNOVGUIDE_PUBLICATION_DIRECTOR", "INNOVGUIDE_HOST", "INNOVGUIDE_CONTACT_EMAIL"):
        assert variable in asked


def test_the_front_page_says_nothing_of_the_site_when_all_is_well_and_what_is_wrong_when_it_is_not(team, settings):
    for name in ("PUBLISHER", "PUBLICATION_DIRECTOR", "HOST_PROVIDER"):
        setattr(settings, name, "Dit")
    settings.CONTACT_EMAIL = "contact@exemple.test"
    assert section(soup(team.get(INDEX)), "Le site lui-même") is None

    settings.MEDIA_ROOT = settings.MEDIA_ROOT / "absent"
    assert "dossier des photos" in words(section(soup(team.get(INDEX)), "Le site lui-même"))


@pytest.mark.parametrize("slug", LISTS)
def test_each_list_answers_empty_or_not(team, slug):
    assert "Rien n’attend" in words(soup(team.get(list_url(slug))).main)

    initiative = factories.InitiativeFactory(published=True, website="https://mort.exemple.test")
    factories.NoticeFactory(initiative=initiative, said_on=timezone.localdate() - timedelta(days=400))
    factories.FundingSourceFactory(published=True, website="https://mort.exemple.test")
    LinkCheck.objects.create(url="https://mort.exemple.test", failing_since=timezone.now(), error="Perdue.")

    assert rows(soup(team.get(list_url(slug))))


def test_a_row_leads_to_the_page_where_the_fiche_is_changed(team):
    actor = factories.ActorFactory(name="À voir", published=True, completeness=4)

    row = soup(team.get(list_url())).select_one("main tbody tr")

    assert row.select_one("a")["href"] == admin_url(actor, "change")
    assert "4 / 11" in words(row)
    assert "jamais" in words(row)


def test_a_list_is_narrowed_by_noun_and_departement(team, places):
    factories.ActorFactory(name="Acteur d’Arles", published=True, seat=places.arles)
    factories.InitiativeFactory(name="Initiative d’Arles", published=True, sites=[places.arles])
    factories.InitiativeFactory(name="Initiative d’Avignon", published=True, sites=[places.avignon])

    def shown(**asked):
        return rows(soup(team.get(list_url(), asked)))

    assert shown(nature="acteurs") == ["Acteur d’Arles"]
    assert shown(departement="84") == ["Initiative d’Avignon"]
    assert shown(nature="initiatives", departement="13") == ["Initiative d’Arles"]
    assert len(shown(nature="rien", departement="zz")) == 3


def test_a_list_is_turned_page_by_page_and_keeps_its_filters(team):
    for _ in range(51):
        factories.ActorFactory(published=True)

    page = soup(team.get(list_url(), {"nature": "acteurs"}))
    assert len(rows(page)) == 50
    following = page.select_one("a[rel=next]")["href"]
    assert len(rows(soup(team.get(following)))) == 1
    assert "nature=acteurs" in following
    for strange in ("99", "zz", "-1"):
        assert team.get(list_url(), {"page": strange}).status_code == 200


def test_a_list_that_does_not_exist_is_not_found(team):
    assert team.get("/admin/a-traiter/nimporte/").status_code == 404


@pytest.mark.parametrize("url", ["/admin/a-traiter/", f"/admin/a-traiter/{LATE}/"])
def test_strangers_and_those_without_rights_see_no_list(client, url):
    assert client.get(url).status_code == 302

    client.force_login(factories.UserFactory())
    assert client.get(url).status_code == 302

    client.force_login(factories.UserFactory(is_staff=True))
    assert client.get(url).status_code == 403
    assert "Vos droits" in client.get(INDEX).text


def test_somebody_sees_only_the_nouns_that_they_may_see(client):
    reader = factories.UserFactory(is_staff=True)
    allow(reader, "view_actor")
    client.force_login(reader)
    factories.ActorFactory(name="Acteur", published=True)
    factories.InitiativeFactory(name="Initiative", published=True)

    assert rows(soup(client.get(list_url()))) == ["Acteur"]
    assert rows(soup(client.get(list_url(), {"nature": "initiatives"}))) == ["Acteur"]
    assert client.get(list_url("annonces-perimees")).status_code == 403
    front = soup(client.get(INDEX))
    assert "Initiative" not in words(section(front, "Changées dernièrement"))
    assert "À revérifier 1" in [words(link) for link in front.select(".adm-cote a")]


def test_nothing_is_sent_to_a_list(team):
    assert team.post(list_url()).status_code == 405


@pytest.mark.parametrize("url", [INDEX, "/admin/a-traiter/", list_url])
def test_a_page_asks_the_database_as_many_questions_whatever_the_number_of_fiches(team, url, places):
    address = url() if callable(url) else url

    def questions():
        team.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert team.get(address).status_code == 200
        return len(queries)

    def grow(number):
        for _ in range(number):
            factories.InitiativeFactory(published=True, sites=[places.marseille_1], coverage=[places.crau])
            factories.ActorFactory(published=True, seat=places.marseille_2)
            factories.FundingSourceFactory(published=True)

    grow(3)
    few = questions()
    grow(10)

    assert questions() == few


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_the_filter_on_completeness_parts_the_fiches(model):
    total = len(RULES[model])
    factory = {
        Initiative: factories.InitiativeFactory,
        Actor: factories.ActorFactory,
        FundingSource: factories.FundingSourceFactory,
    }[model]
    for number in (total, total - 1, total - 2, total - 3, 0):
        factory(name=f"Fiche {number}", completeness=number)

    def kept(value):
        chosen = CompletenessFilter(None, {"completude": [value]} if value else {}, model, None)
        return sorted(chosen.queryset(None, model.objects.all()).values_list("completeness", flat=True))

    assert kept("complete") == [total]
    assert kept("presque") == [total - 2, total - 1]
    assert kept("a-completer") == [0, total - 3]
    assert len(kept("autre")) == len(kept("")) == 5


def test_the_page_of_a_fiche_says_what_it_lacks(team):
    initiative = factories.InitiativeFactory(social_need="Un besoin.")

    told = words(soup(team.get(admin_url(initiative, "change"))).select_one(".field-whole .readonly"))

    assert (
        told.replace("\N{NARROW NO-BREAK SPACE}", " ")
        .replace("\N{NO-BREAK SPACE}", " ")
        .startswith("2 sur 12 ; il manque : la réponse, ce qui est nouveau, un lieu ou un territoire,")
    )


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_the_page_of_a_new_fiche_counts_nothing_yet(team, model):
    assert words(soup(team.get(admin_url(model, "add"))).select_one(".field-whole .readonly")).startswith("comptée")
