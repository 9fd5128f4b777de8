"""Who enters the admin, and what they find there."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from initiatives.models import (
    Actor,
    Audience,
    EditorialText,
    Initiative,
    Label,
    ModerationRules,
    PrivateContact,
    Territory,
    Theme,
    User,
)
from tests.admin.pages import FACTORIES, NOUNS, admin_url, allow, messages, name_of, typed
from tests.factories import ActorFactory, InitiativeFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ["changelist", "add", "change", "delete", "history"]
DOORS = [pytest.param(model, page, id=f"{name_of(model)}-{page}") for model in NOUNS for page in PAGES]


@pytest.mark.parametrize(("model", "page"), DOORS)
def test_each_page_answers_to_the_team(team, model, page):
    closed = (page == "delete" and model is Territory) or (
        page in ("add", "delete") and model in (EditorialText, Label, ModerationRules)
    )

    response = team.get(admin_url(FACTORIES[model](), page), follow=True)

    assert response.status_code == (403 if closed else 200)


def test_the_list_of_what_has_one_row_is_that_row(team):
    response = team.get(reverse("admin:initiatives_moderationrules_changelist"))

    assert response["Location"] == reverse("admin:initiatives_moderationrules_change", args=[1])


@pytest.mark.parametrize(("model", "page"), DOORS)
def test_each_page_sends_a_stranger_to_the_sign_in_page(client, model, page):
    address = admin_url(FACTORIES[model](), page)

    for response in (client.get(address), client.post(address, {"name": "Intrus"})):
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('admin:login')}?next={address}"


@pytest.mark.parametrize(("model", "page"), DOORS)
def test_each_page_refuses_a_holder_and_says_so(client, model, page):
    client.force_login(UserFactory(email="porteuse@exemple.test"))
    address = admin_url(FACTORIES[model](), page)

    for response in (client.get(address, follow=True), client.post(address, {"name": "Intrus"}, follow=True)):
        assert response.redirect_chain == [(f"{reverse('admin:login')}?next={address}", 302)]
        assert "vous n’êtes pas autorisé" in response.text.replace("&#x27;", "’").replace("'", "’")


@pytest.mark.parametrize(("model", "page"), DOORS)
def test_each_page_refuses_somebody_of_the_team_without_the_right(client, model, page):
    client.force_login(UserFactory(is_staff=True))

    assert client.get(admin_url(FACTORIES[model](), page)).status_code == 403


def test_autocompletion_is_refused_without_the_right_to_see(client):
    address = reverse("admin:autocomplete")
    asked = {"app_label": "initiatives", "model_name": "participation", "field_name": "actor", "term": "a"}

    assert client.get(address, asked).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address, asked).status_code == 403


def test_the_home_page_names_the_site_and_leads_to_it(team):
    page = BeautifulSoup(team.get(reverse("admin:index")).text, "html.parser")

    assert page.select_one("#site-name").get_text() == "InnovGuide administration"
    assert page.select_one("#user-tools a")["href"] == "/"
    assert page.html["lang"] == "fr"


def test_a_published_fiche_leads_to_its_page_and_a_draft_does_not(team):
    published, draft = InitiativeFactory(published=True), InitiativeFactory()

    assert (
        f'href="{published.get_absolute_url()}" class="viewsitelink"' in team.get(admin_url(published, "change")).text
    )
    assert "viewsitelink" not in team.get(admin_url(draft, "change")).text


def test_whoever_may_change_a_fiche_may_change_its_lines_but_not_delete_it(client):
    editor = UserFactory(is_staff=True)
    allow(editor, "change_actor")
    client.force_login(editor)
    actor = ActorFactory()

    response = client.get(admin_url(actor, "change"))

    assert "offers-TOTAL_FORMS" in typed(response)
    assert client.get(admin_url(actor, "delete")).status_code == 403


def test_the_private_contact_is_shown_to_those_who_may_change_it_only(client):
    editor = UserFactory(is_staff=True)
    actor = ActorFactory()
    PrivateContact.objects.create(actor=actor, name="Contact", email="contact@exemple.test")
    client.force_login(editor)

    allow(editor, "change_actor", "view_privatecontact", "add_privatecontact", "delete_privatecontact")
    assert "contact@exemple.test" not in client.get(admin_url(actor, "change")).text

    allow(editor, "change_actor", "change_privatecontact")
    assert "contact@exemple.test" in client.get(admin_url(actor, "change")).text


def test_someone_who_may_only_read_gets_no_form(client):
    reader = UserFactory(is_staff=True)
    allow(reader, "view_initiative")
    client.force_login(reader)
    initiative = InitiativeFactory()

    assert client.get(admin_url(initiative, "change")).status_code == 200
    assert client.post(admin_url(initiative, "change"), {"name": "Autre"}).status_code == 403
    initiative.refresh_from_db()
    assert initiative.name != "Autre"


@pytest.mark.parametrize("address", ["change", "delete"])
def test_someone_who_is_no_superuser_cannot_touch_the_accounts_of_the_team(client, address):
    editor, colleague = UserFactory(is_staff=True), UserFactory(is_staff=True)
    allow(editor, "view_user", "change_user", "delete_user")
    client.force_login(editor)

    assert client.post(admin_url(colleague, address), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[colleague.pk])).status_code == 403


def test_nobody_gives_themselves_rights(client):
    editor, holder = UserFactory(is_staff=True), UserFactory()
    allow(editor, "view_user", "change_user")
    client.force_login(editor)

    page = client.get(admin_url(holder, "change"))
    response = client.post(admin_url(holder, "change"), typed(page) | {"is_staff": "on", "is_superuser": "on"})

    assert response.status_code == 302
    holder.refresh_from_db()
    assert not holder.is_staff
    assert not holder.is_superuser


def test_nobody_deletes_their_own_account(team):
    user = User.objects.get(email="equipe@exemple.test")

    assert team.get(admin_url(user, "delete")).status_code == 403


def test_rights_are_offered_in_french(team):
    text = team.get(admin_url(UserFactory(), "change")).text

    assert "modifier\N{NO-BREAK SPACE}: initiatives" in text
    assert "Can change" not in text


@pytest.mark.parametrize("model", NOUNS, ids=name_of)
def test_nothing_is_deleted_by_the_dozen(team, model):
    row = FACTORIES[model]()
    chosen = {"action": "delete_selected", "_selected_action": [row.pk]}

    response = team.post(admin_url(model, "changelist"), chosen, follow=True)

    assert model.objects.filter(pk=row.pk).exists()
    assert "delete_selected" not in response.text


@pytest.mark.parametrize("factory", [FACTORIES[model] for model in NOUNS if hasattr(model, "status")])
@pytest.mark.parametrize("state", ["published", "archived"])
def test_what_was_once_published_is_never_deleted(team, factory, state):
    fiche = factory(**{state: True})

    assert 'class="deletelink"' not in team.get(admin_url(fiche, "change")).text
    assert team.post(admin_url(fiche, "delete"), {"post": "yes"}).status_code == 403
    assert type(fiche).objects.filter(pk=fiche.pk).exists()


def test_a_theme_an_audience_or_a_zone_in_use_is_not_deleted(team, places):
    theme, audience = FACTORIES[Theme](), FACTORIES[Audience]()
    InitiativeFactory(themes=[theme], audiences=[audience], coverage=[places.crau])

    for row in (theme, audience, places.crau):
        assert team.post(admin_url(row, "delete"), {"post": "yes"}).status_code == 403


def test_an_unknown_row_leads_back_with_a_sentence(team):
    for model in (Initiative, Actor):
        response = team.get(admin_url(model(pk=987654), "change"), follow=True)

        assert "n’existe pas" in messages(response)[0]
