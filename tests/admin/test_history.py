"""Each save and each deletion leaves history, and each page of history says who, when, why and what changed."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision, Version

from initiatives.models import (
    Actor,
    EditorialText,
    Initiative,
    Label,
    ModerationRules,
    PrivateContact,
    Territory,
    Theme,
    User,
)
from initiatives.submission.history import told
from tests import factories
from tests.admin.pages import (
    FACTORIES,
    NOUNS,
    admin_url,
    allow,
    errors,
    initiative_with_lines,
    name_of,
    published,
    typed,
    with_line,
)
from tests.admin.test_saving import NEW

pytestmark = pytest.mark.django_db

# A person’s account is nobody’s history: Django’s own log keeps what is done to it. Labels are only read.
KEPT = [model for model in NOUNS if model not in (Label, User)]
# What has its rows once and for all.
FIXED = (EditorialText, ModerationRules)
DELETED = [model for model in KEPT if model not in (Territory, *FIXED)]


def acts_of(response):
    """The acts that a page of history tells: (verb, when and who, why, rows of changes)."""
    page = BeautifulSoup(response.text, "html.parser")
    return [
        (
            plain(act.h2),
            plain(act.select_one(".adm-titre p")),
            plain(act.select_one(".adm-motif")) if act.select_one(".adm-motif") else "",
            [[plain(cell) for cell in row.select("th, td")] for row in act.select("tbody tr")],
        )
        for act in page.select(".adm-histoire > li")
    ]


def plain(tag):
    return re.sub(r"\s+", " ", tag.get_text()).strip()


@pytest.mark.parametrize("model", KEPT, ids=name_of)
def test_each_save_leaves_a_revision_that_says_who_and_why(team, model):
    row = FACTORIES[model]()
    data = typed(team.get(admin_url(row, "change"))) | {"why": "Relu avec le porteur."}

    response = team.post(admin_url(row, "change"), data)

    assert response.status_code == 302, errors(response)
    revision = Revision.objects.get()
    assert told(revision) == ("Modification", "Relu avec le porteur.")
    assert revision.user.email == "equipe@exemple.test"
    assert Version.objects.get_for_object(row).get().revision == revision


@pytest.mark.parametrize("model", [model for model in KEPT if model not in FIXED], ids=name_of)
def test_each_row_that_is_added_begins_a_history(team, model):
    new = NEW.get(model, {"name": "Un nom, et rien d’autre"})
    if model is Territory:
        new = new | {"members": [factories.TerritoryFactory().pk]}

    response = team.post(admin_url(model, "add"), typed(team.get(admin_url(model, "add"))) | new)

    assert response.status_code == 302, errors(response)
    assert told(Revision.objects.get()) == ("Création", "")


@pytest.mark.parametrize("model", DELETED, ids=name_of)
def test_what_is_deleted_is_kept_one_last_time(team, model):
    row = FACTORIES[model]()
    key = str(row.pk)

    assert team.post(admin_url(row, "delete"), {"post": "yes"}).status_code == 302

    revision = Revision.objects.get()
    assert (told(revision)[0], revision.user.email) == ("Suppression", "equipe@exemple.test")
    assert revision.version_set.filter(object_id=key, content_type__model=model._meta.model_name).exists()


def test_a_draft_that_is_deleted_is_told_by_the_fiches_that_led_to_it(team):
    line = factories.LineageFactory(
        initiative=published(Initiative), other=factories.InitiativeFactory(name="Un essai")
    )

    team.post(admin_url(line.other, "delete"), {"post": "yes", "why": "Saisie deux fois."})

    line.initiative.refresh_from_db()
    assert (line.initiative.lineage.count(), line.initiative.revision) == (0, 1)
    assert [told(revision) for revision in Revision.objects.order_by("pk")] == [
        ("Suppression", "Saisie deux fois."),
        ("Suppression d’une fiche liée", "« Un essai »"),
    ]
    assert Version.objects.get_for_object(line.initiative).get().revision.user.email == "equipe@exemple.test"


def test_the_log_of_django_is_kept_for_accounts_only(team):
    actor, person = factories.ActorFactory(), factories.UserFactory()
    for row in (actor, person):
        team.post(admin_url(row, "change"), typed(team.get(admin_url(row, "change"))))
    team.post(admin_url(factories.ThemeFactory(), "delete"), {"post": "yes"})

    assert [entry.content_type.model for entry in LogEntry.objects.all()] == ["user"]
    assert team.get(admin_url(person, "history")).status_code == 200


def test_a_refused_save_leaves_no_history(team):
    fiche = published(Initiative)
    data = typed(team.get(admin_url(fiche, "change"))) | {"theme_1": ""}

    assert team.post(admin_url(fiche, "change"), data).status_code == 200
    assert not Revision.objects.exists()


def test_the_history_of_a_fiche_reads_act_by_act_the_last_first(team):
    fiche = initiative_with_lines(name="La Ruche")
    address = admin_url(fiche, "change")
    team.post(address, typed(team.get(address)) | {"why": "Pour commencer."})
    data = typed(team.get(address)) | {"start_year": "2015", "milestones-0-text": "Deuxième atelier"}
    data |= {"sources-0-DELETE": "on", "why": ""}
    data = with_line(data, "ways_to_take_part", way="visiter", how="Le samedi.")
    response = team.post(address, data)
    assert response.status_code == 302, errors(response)

    response = team.get(admin_url(fiche, "history"))

    (verb, who, why, changed), (_, _, first_why, first_state) = acts_of(response)
    assert verb == "Modification"
    assert re.fullmatch(r"\d+(er)? \w+ \d{4} à \d+ h \d\d, par vous", who)
    assert (why, first_why) == ("", "Pour commencer.")
    assert ["Année de démarrage", "vide", "ajouté : 2015"] in changed
    assert [
        "Date « 2015 : Deuxième atelier », quoi",
        "retiré : Ouverture du premier atelier",
        "ajouté : Deuxième atelier",
    ] in changed
    assert ["Façon de prendre part", "vide", "ajouté : façon : Visiter ; comment : Le samedi."] in changed
    removed = next(row for row in changed if row[0] == "Source")
    assert removed[1].startswith("retiré : titre : Un article")
    assert removed[2] == "vide"
    assert ["Nom", "vide", "ajouté : La Ruche"] in first_state
    page = BeautifulSoup(response.text, "html.parser")
    assert page.select_one("del .vh").get_text() == "retiré\N{NO-BREAK SPACE}: "
    assert page.select_one("ins .vh").get_text() == "ajouté\N{NO-BREAK SPACE}: "


def test_what_people_type_is_told_as_text(team):
    fiche = factories.InitiativeFactory()
    address = admin_url(fiche, "change")
    team.post(address, typed(team.get(address)))
    team.post(address, typed(team.get(address)) | {"response": "<script>alert(1)</script>", "why": "<b>vite</b>"})

    text = team.get(admin_url(fiche, "history")).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>vite" not in text


def test_a_save_without_change_says_so(team):
    actor = factories.ActorFactory()
    for _ in range(2):
        team.post(admin_url(actor, "change"), typed(team.get(admin_url(actor, "change"))))

    assert "Enregistrée sans changement." in team.get(admin_url(actor, "history")).text


def test_the_private_contact_is_in_no_history(team):
    actor = factories.ActorFactory()
    PrivateContact.objects.create(actor=actor, email="avant@exemple.test")
    address = admin_url(actor, "change")
    team.post(address, typed(team.get(address)))
    team.post(address, typed(team.get(address)) | {"private_contact-0-email": "apres@exemple.test"})

    text = team.get(admin_url(actor, "history")).text

    assert actor.private_contact.__class__.objects.get().email == "apres@exemple.test"
    assert "avant@exemple.test" not in text
    assert "apres@exemple.test" not in text


def test_each_page_of_a_row_leads_to_its_history(team):
    for model in KEPT:
        row = FACTORIES[model]()
        page = BeautifulSoup(team.get(admin_url(row, "change")).text, "html.parser")
        assert page.select_one("a.historylink")["href"] == admin_url(row, "history")


def test_a_fiche_without_history_says_when_it_will_begin(team):
    assert "Rien n’a encore été gardé" in team.get(admin_url(factories.ActorFactory(), "history")).text


def with_acts(count):
    fiche = initiative_with_lines()
    from initiatives.submission.actions import record_edit
    from initiatives.submission.history import act

    for number in range(count):
        fiche.start_year = 1900 + number
        fiche.save()
        factories.ParticipationFactory(initiative=fiche)
        with act(verb=f"Acte {number}", by=factories.UserFactory()):
            record_edit(fiche=fiche, at=factories.SOME_TIME)
    return fiche


def test_a_long_history_has_pages_and_each_act_is_compared_with_the_one_before(team):
    fiche = with_acts(13)
    address = admin_url(fiche, "history")

    first, second = acts_of(team.get(address)), acts_of(team.get(f"{address}?page=2"))

    assert [act[0] for act in (*first, *second)] == [f"Acte {number}" for number in reversed(range(13))]
    assert ["Année de démarrage", "retiré : 1902", "ajouté : 1903"] in first[-1][3]
    assert ["Année de démarrage", "retiré : 1901", "ajouté : 1902"] in second[0][3]
    for wrong in ("0", "3", "-1", "²", "99999999999", "9" * 5000):
        assert team.get(f"{address}?page={wrong}").status_code in (200, 404)
    assert team.get(f"{address}?page=3").status_code == 404
    assert acts_of(team.get(f"{address}?page=abc")) == first


def test_reading_history_costs_the_same_for_few_acts_and_for_many(team):
    few, many = with_acts(3), with_acts(25)

    def cost(fiche):
        with CaptureQueriesContext(connection) as queries:
            team.get(admin_url(fiche, "history"))
        return len(queries)

    cost(few)
    assert cost(few) == cost(many)


def test_history_is_read_by_those_who_may_see_the_fiche(client):
    actor, reader = factories.ActorFactory(), factories.UserFactory(is_staff=True)
    client.force_login(reader)
    assert client.get(admin_url(actor, "history")).status_code == 403

    allow(reader, "view_actor")

    assert client.get(admin_url(actor, "history")).status_code == 200


def test_the_history_of_an_unknown_row_leads_back(team):
    for model in (Initiative, Theme):
        assert team.get(admin_url(model(pk=98765), "history")).status_code == 302


def test_nothing_in_the_desk_goes_back_in_time(team):
    actor = factories.ActorFactory()
    team.post(admin_url(actor, "change"), typed(team.get(admin_url(actor, "change"))))
    version = Version.objects.get_for_object(actor).get()

    for address in (f"{admin_url(actor, 'history')}{version.pk}/", f"{admin_url(Actor, 'changelist')}recover/"):
        assert (
            team.get(address, follow=True).status_code == 404 or "n’existe pas" in team.get(address, follow=True).text
        )
    assert not BeautifulSoup(team.get(admin_url(actor, "history")).text, "html.parser").select("#content form")
