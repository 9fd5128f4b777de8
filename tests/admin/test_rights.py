"""Each door of the desk, and what it answers to each sort of person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from initiatives.admin.site import site
from initiatives.management.commands.create_staff_groups import GROUPS
from initiatives.models import Actor, FundingSource, Initiative, PrivateContact, Territory, User
from tests import factories
from tests.admin.pages import FACTORIES, admin_url, messages, name_of, published, typed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAMES = ["Lecture", "Rédaction", "Modération", "Administration"]
FICHES = [Initiative, Actor, FundingSource]
SIGN_IN = 302

# What a GET answers to each group, in the order of ``NAMES``.
EVERYBODY, NOBODY = (200, 200, 200, 200), (403, 403, 403, 403)
FROM_WRITERS, FROM_MODERATORS, ADMINISTRATORS = (403, 200, 200, 200), (403, 403, 200, 200), (403, 403, 403, 200)
FICHE = {
    "owners": FROM_MODERATORS,
    "changelist": EVERYBODY,
    "add": FROM_WRITERS,
    "change": EVERYBODY,
    "history": EVERYBODY,
    "delete": FROM_MODERATORS,
    "preview": EVERYBODY,
    "merge": FROM_MODERATORS,
    # Only sent: see ``SENT``.
    "act": (302, 302, 302, 302),
    "not_duplicate": (405, 405, 405, 405),
}
SENT = {"act": (403, 403, 404, 404), "not_duplicate": (403, 404, 404, 404)}
REFERENCE = {
    "changelist": EVERYBODY,
    "add": ADMINISTRATORS,
    "change": EVERYBODY,
    "history": EVERYBODY,
    "delete": ADMINISTRATORS,
}
DOORS = {
    "initiative": FICHE,
    "actor": FICHE,
    "fundingsource": FICHE,
    "theme": REFERENCE,
    "audience": REFERENCE,
    # A commune in the tests: official territories stay.
    "territory": REFERENCE | {"delete": NOBODY},
    "synonym": REFERENCE,
    "label": REFERENCE | {"add": NOBODY, "delete": NOBODY},
    "editorialtext": REFERENCE
    | {"add": NOBODY, "delete": NOBODY, "origin": FROM_MODERATORS}
    # Only sent: see ``test_editorial_text``.
    | {"preview": (405, 405, 405, 405)},
    "replytemplate": dict.fromkeys(["changelist", "add", "change", "history", "delete"], FROM_MODERATORS),
    # The list of one row leads to it.
    "moderationrules": {"changelist": (403, 403, 302, 302), "add": NOBODY, "delete": NOBODY}
    | dict.fromkeys(["change", "history"], FROM_MODERATORS),
    "user": dict.fromkeys(["changelist", "add", "change", "history", "delete"], ADMINISTRATORS),
}
ROUND = {
    "index": EVERYBODY,
    "app_list": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "quick_entry": FROM_WRITERS,
    "attention": EVERYBODY,
    "attention_list": EVERYBODY,
    "help": EVERYBODY,
    "search_misses": EVERYBODY,
    "undelivered": FROM_MODERATORS,
    "moderation": FROM_MODERATORS,
    "moderation_item": FROM_MODERATORS,
    # Only sent: see ``test_moderation``.
    "moderation_charge": (405, 405, 405, 405),
    "moderation_photo": (403, 403, 404, 404),
    # A report changes nothing that the fiche shows.
    "moderation_preview": (403, 403, 404, 404),
    "moderation_embedded": (403, 403, 404, 404),
    "on_behalf": FROM_MODERATORS,
    # Of which fiche, nobody says.
    "invite": (403, 403, 404, 404),
    "auth_user_password_change": ADMINISTRATORS,
}
ARGUMENTS = {"app_list": ["initiatives"], "attention_list": ["sans-source"]}
OPEN = {"login", "logout", "jsi18n", "autocomplete", "view_on_site"}  # each has its own test, or shows nothing


@pytest.fixture
def groups():
    call_command("create_staff_groups")
    return {name: Group.objects.get(name=name) for name in NAMES}


def member(name, **values):
    user = factories.UserFactory(is_staff=True, **values)
    user.groups.add(Group.objects.get(name=name))
    return user


def every_door():
    """(address, expected) of each door of the table."""
    for model, factory in FACTORIES.items():
        for page, expected in DOORS.get(model._meta.model_name, {}).items():
            yield admin_url(factory(), page), expected
    for name, expected in ROUND.items():
        arguments = [factories.UserFactory().pk] if name.startswith("auth_user") else ARGUMENTS.get(name)
        if name.startswith("moderation_"):
            item = factories.SubmissionFactory(kind="report", fiche=factories.InitiativeFactory(published=True))
            arguments = [item.pk, uuid4(), "480"] if name == "moderation_photo" else [item.pk]
        yield reverse(f"admin:{name}", args=arguments), expected


def test_the_command_may_run_again_and_brings_the_groups_back(groups):
    groups["Lecture"].permissions.set(groups["Administration"].permissions.all())
    somebody = member("Lecture")

    call_command("create_staff_groups")

    assert list(Group.objects.values_list("name", flat=True).order_by("pk")) == NAMES == [*GROUPS]
    assert {right.codename for right in groups["Lecture"].permissions.all()} == GROUPS["Lecture"]
    assert somebody.groups.get() == groups["Lecture"]


def test_each_group_may_what_the_one_before_may():
    for less, more in zip(NAMES, NAMES[1:], strict=False):
        assert GROUPS[less] < GROUPS[more]


@pytest.mark.parametrize(("place", "name"), [*enumerate(NAMES)])
def test_each_door_answers_each_group_as_declared(client, groups, place, name):
    client.force_login(member(name))

    doors = {address: expected[place] for address, expected in every_door()}

    assert {address: client.get(address).status_code for address in doors} == doors


@pytest.mark.parametrize("person", ["a stranger", "a holder", "somebody whose account is closed"])
def test_each_door_sends_the_others_to_the_sign_in_page(client, groups, person):
    if person == "a holder":
        holder = factories.UserFactory()
        holder.groups.add(groups["Administration"])
        client.force_login(holder)
    elif person != "a stranger":
        user = member("Administration")
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(is_active=False)

    for address, _ in every_door():
        for response in (client.get(address), client.post(address, {"post": "yes"})):
            assert (response.status_code, response.get("Location", "")) == (SIGN_IN, f"/admin/login/?next={address}")


def named(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def test_every_address_of_the_desk_is_in_the_table():
    listed = {*ROUND, *OPEN}
    for noun, pages in DOORS.items():
        listed |= {f"initiatives_{noun}_{page}" for page in pages}

    assert set(named(site.get_urls())) - listed == set()


@pytest.mark.parametrize("model", FICHES, ids=name_of)
@pytest.mark.parametrize(("place", "name"), [*enumerate(NAMES)])
def test_what_is_only_sent_is_refused_to_those_who_may_not(client, groups, model, place, name):
    client.force_login(member(name))
    fiche = FACTORIES[model]()

    for page, expected in SENT.items():
        # Those who may are told that nothing was asked.
        assert client.post(admin_url(fiche, page), {}).status_code == expected[place], page


@pytest.mark.parametrize("model", FICHES, ids=name_of)
@pytest.mark.parametrize(("name", "publishes"), [*zip(NAMES, [False, False, True, True], strict=True)])
def test_only_moderators_publish_archive_and_verify(client, groups, model, name, publishes):
    client.force_login(member(name))
    draft, shown = FACTORIES[model](summary="Un résumé."), published(model)
    if model is Initiative:
        draft.sites.create(territory=factories.TerritoryFactory(), position=1)
        draft.theme_links.create(theme=factories.ThemeFactory(), position=1)

    for fiche, verb in ((draft, "publier"), (shown, "archiver")):
        client.post(admin_url(fiche, "act"), {"act": verb, "revision": fiche.revision})
        client.post(admin_url(model, "changelist"), {"action": "verify", "_selected_action": [fiche.pk]})
        fiche.refresh_from_db()

    assert (draft.status, shown.status) == (("published", "archived") if publishes else ("draft", "published"))
    assert (draft.checked_on is not None) is publishes


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_a_writer_saves_a_fiche_but_neither_verifies_nor_features_it(client, groups, model):
    client.force_login(member("Rédaction"))
    fiche = published(model)
    page = client.get(admin_url(fiche, "change"))

    forged = typed(page) | {"summary": "Un autre résumé.", "checked_on": "01/02/2026", "is_featured": "on"}
    assert client.post(admin_url(fiche, "change"), forged).status_code == 302

    before, after = fiche, model.objects.get(pk=fiche.pk)
    assert after.summary == "Un autre résumé."
    assert after.checked_on == before.checked_on
    assert not getattr(after, "is_featured", False)
    assert 'name="checked_on"' not in page.text


@pytest.mark.parametrize(("name", "sees"), [*zip(NAMES, [False, False, True, True], strict=True)])
def test_private_contacts_are_for_moderators(client, groups, name, sees):
    client.force_login(member(name))
    actor = factories.ActorFactory()
    PrivateContact.objects.create(actor=actor, name="Contact", email="contact@exemple.test")

    assert ("contact@exemple.test" in client.get(admin_url(actor, "change")).text) is sees


@pytest.mark.parametrize("name", NAMES)
def test_reference_data_is_read_by_all_and_official_territories_are_written_by_nobody(client, groups, name):
    client.force_login(member(name))
    territory = factories.TerritoryFactory(name="Arles")

    client.post(admin_url(territory, "change"), {"name": "Ailleurs", "code": "zz"})

    assert Territory.objects.get(pk=territory.pk).name == "Arles"


@pytest.mark.parametrize("name", NAMES[:3])
def test_a_forged_save_of_a_reader_changes_nothing(client, groups, name):
    client.force_login(member(name))
    theme, person = factories.ThemeFactory(name="Mer"), factories.UserFactory(name="Anne")

    for row in (theme, person):
        assert client.post(admin_url(row, "change"), {"name": "Autre"}).status_code == 403
        row.refresh_from_db()
        assert row.name in ("Mer", "Anne")


def test_autocompletion_follows_the_right_to_see(client, groups):
    asked = {"app_label": "initiatives", "model_name": "participation", "field_name": "actor", "term": "a"}
    client.force_login(member("Lecture"))

    assert client.get(reverse("admin:autocomplete"), asked).status_code == 200


def test_an_administrator_gives_the_groups_of_the_team_to_others_only(client, groups):
    administrator, colleague = member("Administration"), factories.UserFactory()
    client.force_login(administrator)
    page = client.get(admin_url(colleague, "change"))

    given = {"is_staff": "on", "groups": [groups["Rédaction"].pk], "is_superuser": "on"}
    assert client.post(admin_url(colleague, "change"), typed(page) | given).status_code == 302
    own = client.get(admin_url(administrator, "change"))
    client.post(admin_url(administrator, "change"), typed(own) | {"groups": [], "is_superuser": "on"})

    colleague.refresh_from_db()
    administrator.refresh_from_db()
    assert (colleague.is_staff, colleague.groups.get()) == (True, groups["Rédaction"])
    assert not colleague.is_superuser
    assert administrator.groups.get() == groups["Administration"]
    assert not administrator.is_superuser


def test_an_administrator_cannot_touch_a_superuser(client, groups):
    client.force_login(member("Administration"))
    owner = factories.UserFactory(is_staff=True, is_superuser=True)

    assert client.post(admin_url(owner, "change"), {"email": "autre@exemple.test"}).status_code == 403
    assert client.post(admin_url(owner, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[owner.pk])).status_code == 403


def test_a_session_that_has_ended_leads_back_to_the_sign_in_page(client, groups):
    client.force_login(member("Lecture"))
    session = client.session
    session.set_expiry(timedelta(seconds=-1))
    session.save()

    assert client.get(reverse("admin:index")).status_code == SIGN_IN
    assert not messages(client.get(reverse("admin:login")))
