"""Every save of the admin ends in one place, and nothing typed is lost."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.models import (
    Actor,
    Audience,
    DirectoryVersion,
    EditorialText,
    FundingSource,
    Initiative,
    Label,
    ModerationRules,
    ReplyTemplate,
    Synonym,
    Territory,
    Theme,
    User,
    current_version,
)
from tests import factories
from tests.admin.pages import (
    FACTORIES,
    NOUNS,
    admin_url,
    errors,
    initiative_with_lines,
    name_of,
    published,
    typed,
    with_line,
)

pytestmark = pytest.mark.django_db

EDITED = [model for model in NOUNS if model is not Label]
ADDED = [model for model in EDITED if model not in (EditorialText, ModerationRules)]
DELETED = [model for model in ADDED if model is not Territory]
FICHES = [Initiative, Actor, FundingSource]
PASSWORD = "une phrase que personne ne devine"
NEW = {
    Audience: {"name": "Bergères et bergers", "slug": "bergers"},
    ReplyTemplate: {"name": "Merci", "act": "publish", "body": "Merci pour « {fiche} »."},
    Synonym: {"words": "ressourcerie, recyclerie"},
    Theme: {"name": "Forêt", "slug": "foret"},
    Territory: {"name": "Alpilles", "code": "alpilles"},
    User: {"email": "nouvelle@exemple.test", "password1": PASSWORD, "password2": PASSWORD},
}


@pytest.fixture
def now(monkeypatch):
    moment = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.mark.parametrize("model", EDITED, ids=name_of)
def test_saving_an_unchanged_form_is_accepted_and_moves_the_version(team, model):
    row = FACTORIES[model]()
    before = current_version()

    response = team.post(admin_url(row, "change"), typed(team.get(admin_url(row, "change"))))

    assert response.status_code == 302, errors(response)
    assert current_version() == before + 1


@pytest.mark.parametrize("model", ADDED, ids=name_of)
def test_adding_a_row_moves_the_version(team, model):
    new = NEW.get(model, {"name": "Un nom, et rien d’autre"})
    if model is Territory:
        new = new | {"members": [factories.TerritoryFactory().pk]}
    before = current_version()

    response = team.post(admin_url(model, "add"), typed(team.get(admin_url(model, "add"))) | new)

    assert response.status_code == 302, errors(response)
    assert model.objects.filter(**{name: new[name] for name in ("name", "email") if name in new}).exists()
    assert current_version() == before + 1


@pytest.mark.parametrize("model", [*FICHES, Synonym, User], ids=name_of)
def test_deleting_what_no_reader_knew_does_not_make_the_directory_be_read_again(team, model):
    row = FACTORIES[model]()

    assert team.post(admin_url(row, "delete"), {"post": "yes"}).status_code == 302

    assert (current_version(), DirectoryVersion.objects.get().rebuild_from) == (1, 0)


@pytest.mark.parametrize("model", DELETED, ids=name_of)
def test_deleting_a_row_moves_the_version(team, model):
    row = FACTORIES[model]()
    before = current_version()

    response = team.post(admin_url(row, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()
    assert current_version() == before + 1


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_each_save_of_a_fiche_adds_a_revision_and_its_date(team, model, now):
    fiche = published(model)
    data = typed(team.get(admin_url(fiche, "change"))) | {"name": "Un autre nom"}

    team.post(admin_url(fiche, "change"), data)

    fiche.refresh_from_db()
    assert (fiche.name, fiche.revision, fiche.modified_at) == ("Un autre nom", 1, now)


def test_an_unchanged_fiche_with_all_its_lines_is_saved_as_it_was(team, places):
    initiative = initiative_with_lines(
        sites=[places.arles, places.marseille_1],
        coverage=[places.crau],
        themes=[factories.ThemeFactory(), factories.ThemeFactory()],
        to_verify={"stage": "Lue dans un article de 2017."},
    )
    lines = [
        "sites",
        "theme_links",
        "participations",
        "fundings",
        "milestones",
        "lineage",
        "notices",
        "ways_to_take_part",
        "sources",
    ]

    def content():
        fiche = Initiative.objects.filter(pk=initiative.pk)
        columns = fiche.values().get()
        for name in ("revision", "modified_at", "directory_version", "completeness"):
            del columns[name]
        return columns, {name: list(getattr(fiche.get(), name).values()) for name in lines}

    before = content()
    response = team.post(admin_url(initiative, "change"), typed(team.get(admin_url(initiative, "change"))))

    assert response.status_code == 302, errors(response)
    assert content() == before


def test_a_change_of_a_line_alone_moves_the_fiche(team, now):
    initiative = initiative_with_lines()
    data = typed(team.get(admin_url(initiative, "change")))

    response = team.post(admin_url(initiative, "change"), data | {"milestones-0-text": "Deuxième atelier"})

    assert response.status_code == 302, errors(response)
    initiative.refresh_from_db()
    assert initiative.milestones.get().text == "Deuxième atelier"
    assert (initiative.revision, initiative.directory_version) == (1, current_version())


def test_an_incomplete_draft_can_be_saved(team):
    data = typed(team.get(admin_url(Initiative, "add"))) | {"name": "Une idée notée au vol"}

    response = team.post(admin_url(Initiative, "add"), data)

    assert response.status_code == 302, errors(response)
    draft = Initiative.objects.get()
    assert (draft.status, draft.slug, draft.summary) == ("draft", None, "")


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_a_published_fiche_that_loses_its_summary_is_refused_and_nothing_is_lost(team, model):
    fiche = published(model)
    before = current_version()
    data = typed(team.get(admin_url(fiche, "change"))) | {"summary": "", "name": "Un nom retouché"}

    response = team.post(admin_url(fiche, "change"), data)

    assert errors(response) == ["Une fiche publiée garde son nom et son résumé."]
    assert typed(response)["name"] == ["Un nom retouché"]
    fiche.refresh_from_db()
    assert fiche.summary
    assert fiche.revision == 0
    assert current_version() == before


def test_a_published_initiative_that_loses_its_place_is_refused_and_nothing_is_lost(team, places):
    initiative = factories.InitiativeFactory(published=True, sites=[places.arles], themes=[factories.ThemeFactory()])
    before = current_version()
    data = typed(team.get(admin_url(initiative, "change")))
    data |= {"sites-0-DELETE": "on", "summary": "Un résumé retouché."}

    response = team.post(admin_url(initiative, "change"), data)

    assert errors(response) == [f"« {initiative} » est publiée : il manque un lieu ou un territoire d’intervention."]
    assert typed(response)["summary"] == ["Un résumé retouché."]
    assert initiative.sites.get().territory == places.arles
    initiative.refresh_from_db()
    assert initiative.summary != "Un résumé retouché."
    assert current_version() == before


def test_a_published_initiative_that_loses_its_themes_is_refused(team, places):
    initiative = factories.InitiativeFactory(published=True, sites=[places.arles], themes=[factories.ThemeFactory()])

    response = team.post(
        admin_url(initiative, "change"), typed(team.get(admin_url(initiative, "change"))) | {"theme_1": ""}
    )

    assert errors(response) == [f"« {initiative} » est publiée : il manque un thème."]
    assert initiative.theme_links.count() == 1


def test_status_and_address_are_not_typed(team):
    initiative = factories.InitiativeFactory()
    data = typed(team.get(admin_url(initiative, "change")))
    assert not {"status", "slug", "published_at", "origin", "is_featured"} & set(data)

    team.post(admin_url(initiative, "change"), data | {"status": "published", "slug": "force", "is_featured": "on"})

    initiative.refresh_from_db()
    assert (initiative.status, initiative.slug, initiative.is_featured) == ("draft", None, False)


def test_the_themes_of_an_initiative_keep_the_order_in_which_they_are_chosen(team):
    first, second, third = factories.ThemeFactory.create_batch(3)
    initiative = factories.InitiativeFactory(themes=[first, second])
    data = typed(team.get(admin_url(initiative, "change")))
    assert [data[f"theme_{rank}"] for rank in (1, 2, 3)] == [[str(first.pk)], [str(second.pk)], [""]]

    team.post(admin_url(initiative, "change"), data | {"theme_1": second.pk, "theme_2": third.pk, "theme_3": first.pk})

    assert initiative.theme_list == [second, third, first]


def test_the_same_theme_twice_is_refused(team):
    theme = factories.ThemeFactory()
    data = typed(team.get(admin_url(Initiative, "add"))) | {"name": "Essai", "theme_1": theme.pk, "theme_3": theme.pk}

    assert errors(team.post(admin_url(Initiative, "add"), data)) == ["Choisissez des thèmes différents."]


def test_the_lead_passes_from_one_actor_to_another_in_one_save(team):
    lead = factories.ParticipationFactory(role="porteur", is_lead=True, position=1)
    other = factories.ParticipationFactory(initiative=lead.initiative, role="porteur", position=2)
    address = admin_url(lead.initiative, "change")

    for old, new in ((0, 1), (1, 0)):
        data = typed(team.get(address))
        del data[f"participations-{old}-is_lead"]
        response = team.post(address, data | {f"participations-{new}-is_lead": "on"})
        assert response.status_code == 302, errors(response)
        other.refresh_from_db()
        assert other.is_lead == (new == 1)


def test_a_new_line_without_a_rank_goes_to_the_end(team, places):
    initiative = factories.InitiativeFactory(sites=[places.arles, places.aix])
    data = typed(team.get(admin_url(initiative, "change")))
    data = with_line(data, "sites", territory=places.tarascon.pk, label="", address="", position="")

    response = team.post(admin_url(initiative, "change"), data)

    assert response.status_code == 302, errors(response)
    assert list(initiative.sites.values_list("territory__name", "position")) == [
        ("Arles", 1),
        ("Aix-en-Provence", 2),
        ("Tarascon", 3),
    ]


def test_a_zone_is_made_from_communes_and_counts_its_units(team, places):
    data = typed(team.get(admin_url(Territory, "add"))) | {
        "name": "Alpilles",
        "code": "alpilles",
        "name_at": "dans les Alpilles",
        "name_of": "des Alpilles",
        "members": [places.tarascon.pk, places.marseille.pk],
    }

    response = team.post(admin_url(Territory, "add"), data)

    assert response.status_code == 302, errors(response)
    zone = Territory.objects.get(code="alpilles")
    assert (zone.key, zone.in_scope, zone.unit_count) == ("zone-alpilles", True, 4)
    data = typed(team.get(admin_url(zone, "change"))) | {"members": [places.tarascon.pk], "code": "autre"}
    team.post(admin_url(zone, "change"), data)
    zone.refresh_from_db()
    assert (zone.code, zone.unit_count) == ("alpilles", 1)


def test_an_official_territory_takes_other_names_and_figures_and_nothing_else(team, places):
    address = admin_url(places.arles, "change")
    data = typed(team.get(address))
    assert not {"name", "code", "kind", "population", "members"} & set(data)
    data = with_line(data, "other_names", name="Arelate", former_code="")
    data = with_line(data, "figures", label="habitants", value="50968", unit="", year="2023", source="Insee")

    response = team.post(address, data | {"name": "Ailleurs", "in_scope": ""})

    assert response.status_code == 302, errors(response)
    places.arles.refresh_from_db()
    assert places.arles.name == "Arles"
    assert places.arles.other_names.get().folded == "arelate"
    assert places.arles.figures.get().value == 50968


def test_an_address_typed_without_a_scheme_is_in_https(team):
    data = typed(team.get(admin_url(Actor, "add"))) | {"name": "La Ruche", "website": "laruche.exemple.test"}

    team.post(admin_url(Actor, "add"), data)

    assert Actor.objects.get().website == "https://laruche.exemple.test"


def test_people_are_known_by_their_folded_address(team):
    data = typed(team.get(admin_url(User, "add"))) | NEW[User] | {"email": "Claire@Exemple.Test"}

    assert team.post(admin_url(User, "add"), data).status_code == 302
    assert User.objects.get(email="claire@exemple.test").check_password(PASSWORD)
    assert errors(team.post(admin_url(User, "add"), data)) == ["Cette adresse existe déjà."]


def test_a_milestone_takes_a_source_of_its_own_fiche_only(team):
    initiative = initiative_with_lines()
    stranger = factories.SourceFactory()
    data = typed(team.get(admin_url(initiative, "change")))

    response = team.post(admin_url(initiative, "change"), data | {"milestones-0-source": stranger.pk})

    assert len(errors(response)) == 1
    assert initiative.milestones.get().source == initiative.sources.get()


def test_who_checked_is_somebody_of_the_team(team):
    holder = factories.UserFactory(email="porteuse@exemple.test")
    data = typed(team.get(admin_url(Initiative, "add"))) | {"name": "Essai", "checked_on": "04/05/2026"}
    colleague = User.objects.get(email="equipe@exemple.test")

    assert len(errors(team.post(admin_url(Initiative, "add"), data | {"checked_by": holder.pk}))) == 1
    assert team.post(admin_url(Initiative, "add"), data | {"checked_by": colleague.pk}).status_code == 302
    assert Initiative.objects.get().checked_on == date(2026, 5, 4)


def test_a_fiche_of_many_lines_is_saved_whole(team):
    initiative = initiative_with_lines()
    for number in range(40):
        factories.ParticipationFactory(initiative=initiative, position=number)
        factories.FundingFactory(initiative=initiative, position=number)
        factories.SourceFactory(initiative=initiative, position=number)
    data = typed(team.get(admin_url(initiative, "change"))) | {"response": "Une réponse."}

    response = team.post(admin_url(initiative, "change"), data)

    assert response.status_code == 302, errors(response)
    initiative.refresh_from_db()
    assert initiative.response == "Une réponse."


LINES = {
    Initiative: [
        factories.SiteFactory,
        factories.ParticipationFactory,
        factories.FundingFactory,
        factories.MilestoneFactory,
        factories.LineageFactory,
        factories.SourceFactory,
        factories.PhotoFactory,
    ],
    Actor: [
        factories.ActorLabelFactory,
        factories.ActorTieFactory,
        factories.OfferFactory,
        partial(factories.MilestoneFactory, initiative=None),
        partial(factories.SourceFactory, initiative=None),
    ],
    FundingSource: [partial(factories.SourceFactory, initiative=None)],
}
OWNER = {Initiative: "initiative", Actor: "actor", FundingSource: "funding_source"}


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_the_page_of_a_fiche_asks_the_database_as_many_questions_whatever_its_lines(team, model):
    fiche = published(model, name="Un nom qui ne ressemble à aucun autre")

    def questions(count):
        for factory in LINES[model]:
            for _ in range(count):
                factory(**{OWNER[model]: fiche})
        with CaptureQueriesContext(connection) as queries:
            assert team.get(admin_url(fiche, "change")).status_code == 200
        return len(queries)

    questions(2)  # what is asked once for all
    assert questions(1) == questions(20)
