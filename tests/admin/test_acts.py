"""Acts: from buttons on the page of a fiche, to the fiche that one has before one's eyes; in bulk where it is safe."""

import pytest
from bs4 import BeautifulSoup
from reversion.models import Revision

from initiatives.admin.acts import BUTTONS
from initiatives.models import Actor, FundingSource, Initiative, current_version
from initiatives.submission.history import told
from tests import factories
from tests.admin.pages import FACTORIES, admin_url, allow, messages, name_of, published
from tests.admin.test_policy import breaches

pytestmark = pytest.mark.django_db

FICHES = [Initiative, Actor, FundingSource]
every_noun = pytest.mark.parametrize("model", FICHES, ids=name_of)


def ready(model, **values):
    if model is Initiative:
        values = {"sites": [factories.TerritoryFactory()], "themes": [factories.ThemeFactory()]} | values
    return FACTORIES[model](**values)


def offered(client, fiche):
    """The acts that the page of a fiche offers, in its order."""
    page = BeautifulSoup(client.get(admin_url(fiche, "change")).text, "html.parser")
    return [button["value"] for button in page.select(".adm-actes button[name=act]")]


def press(client, fiche, act, **values):
    """What is said once a button of the page of the fiche is pressed."""
    fiche.refresh_from_db()
    data = {"act": act, "revision": fiche.revision} | values
    return messages(client.post(admin_url(fiche, "act"), data, follow=True))


@every_noun
def test_a_fiche_is_published_archived_and_published_again_by_its_buttons(team, model):
    fiche = ready(model, name="La Ruche")

    assert press(team, fiche, "publier", why="Relue.") == ["« La Ruche » est publiée."]
    assert press(team, fiche, "archiver") == ["« La Ruche » est archivée."]
    assert press(team, fiche, "republier") == ["« La Ruche » est de nouveau publiée."]

    fiche.refresh_from_db()
    assert (fiche.status, fiche.slug, fiche.revision) == ("published", "la-ruche", 3)
    verbs = [told(revision) for revision in Revision.objects.order_by("pk")]
    assert verbs == [("Publication", "Relue."), ("Archivage", ""), ("Retour dans l’annuaire", "")]
    assert {revision.user.email for revision in Revision.objects.all()} == {"equipe@exemple.test"}
    assert current_version() == 3


@every_noun
def test_the_buttons_are_those_of_the_state_of_the_fiche(team, model):
    is_initiative = model is Initiative
    live = ["verifier", "mettre-a-la-une", "archiver"] if is_initiative else ["verifier", "archiver"]

    assert offered(team, ready(model)) == ["publier", "verifier"]
    assert offered(team, published(model)) == live
    assert offered(team, ready(model, archived=True)) == ["republier", "verifier"]
    assert offered(team, ready(model, merged_into=published(model))) == []


def test_an_initiative_is_put_on_the_front_page_and_taken_off(team):
    fiche = published(Initiative, name="La Ruche")

    assert press(team, fiche, "mettre-a-la-une") == ["« La Ruche » est à la une."]
    assert offered(team, fiche) == ["verifier", "retirer-de-la-une", "archiver"]
    assert press(team, fiche, "retirer-de-la-une") == ["« La Ruche » n’est plus à la une."]


def test_who_verified_is_the_one_who_pressed(team):
    fiche = published(Actor)

    press(team, fiche, "verifier")

    fiche.refresh_from_db()
    assert fiche.checked_by.email == "equipe@exemple.test"


def test_an_act_that_is_refused_says_why(team):
    bare = factories.InitiativeFactory(name="Nue", summary="")

    said = press(team, bare, "publier")

    assert said == [
        "« Nue » ne peut pas être publiée : il manque son résumé, il manque un lieu ou un territoire "
        "d’intervention, il manque un thème."
    ]
    assert press(team, bare, "archiver") == ["« Nue » est brouillon : elle ne peut pas devenir archivée."]
    assert not Revision.objects.exists()


def in_state(model, state):
    match state:
        case "published" | "archived":
            return ready(model, **{state: True})
        case "merged":
            return ready(model, merged_into=ready(model, published=True))
    return ready(model, status=state)


@pytest.mark.parametrize(
    ("model", "state"), [(model, state) for model in FICHES for state in model._meta.get_field("status").choices]
)
def test_every_act_that_the_page_does_not_offer_is_refused_in_a_sentence(team, model, state):
    fiche = in_state(model, state[0])
    before = type(fiche).objects.filter(pk=fiche.pk).values().get()
    not_offered = {*BUTTONS} - {*offered(team, fiche)}
    if "republier" not in not_offered or "publier" not in not_offered:
        not_offered -= {"publier", "republier"}  # one act, under two names
    if model is not Initiative:
        not_offered -= {"mettre-a-la-une", "retirer-de-la-une"}

    for act in not_offered:
        (said,) = press(team, fiche, act)
        assert said.startswith(f"« {fiche} » ")
        assert said.endswith(".")

    assert type(fiche).objects.filter(pk=fiche.pk).values().get() == before
    assert not Revision.objects.exists()


@pytest.mark.parametrize("model", [Actor, FundingSource], ids=name_of)
@pytest.mark.parametrize("act", ["mettre-a-la-une", "retirer-de-la-une"])
def test_only_initiatives_are_put_on_the_front_page(team, model, act):
    fiche = ready(model, published=True)

    (said,) = press(team, fiche, act)

    assert said == f"« {fiche} » n’est pas une initiative : seule une initiative est mise à la une."
    assert not Revision.objects.exists()


def test_an_act_is_on_the_fiche_that_one_has_read(team):
    fiche = ready(Actor, name="La Ruche")
    Actor.objects.filter(pk=fiche.pk).update(revision=4)

    for seen in ("3", "", "abc"):
        said = messages(team.post(admin_url(fiche, "act"), {"act": "publier", "revision": seen}, follow=True))
        assert said == ["« La Ruche » a changé depuis que vous l’avez ouverte : relisez-la, puis recommencez."]

    fiche.refresh_from_db()
    assert fiche.status == "draft"


def test_a_reason_too_long_is_cut_and_a_fake_act_is_unknown(team):
    fiche = ready(Actor)

    press(team, fiche, "verifier", why="a" * 1000)

    assert told(Revision.objects.get())[1] == "a" * 300
    for act in ("detruire", ""):
        assert team.post(admin_url(fiche, "act"), {"act": act, "revision": 1}).status_code == 404
    assert team.post(admin_url(Actor(pk=98765), "act"), {"act": "publier"}).status_code == 404


def test_reading_the_address_of_the_acts_does_nothing(team):
    fiche = ready(Actor)

    response = team.get(admin_url(fiche, "act"), {"act": "publier", "revision": 0})

    assert response["Location"] == admin_url(fiche, "change")
    fiche.refresh_from_db()
    assert fiche.status == "draft"


@every_noun
def test_acts_are_for_those_who_may_publish(client, model):
    fiche, person = ready(model), factories.UserFactory(is_staff=True)
    client.force_login(person)
    name = model._meta.model_name
    data = {"act": "publier", "revision": 0}
    assert client.post(admin_url(fiche, "act"), data).status_code == 403

    allow(person, f"view_{name}", f"change_{name}")
    assert client.post(admin_url(fiche, "act"), data).status_code == 403
    assert offered(client, fiche) == []

    allow(person, f"view_{name}", f"change_{name}", f"publish_{name}")
    assert client.post(admin_url(fiche, "act"), data).status_code == 302
    fiche.refresh_from_db()
    assert fiche.status == "published"


# In bulk


def choose(client, action, *fiches, **values):
    chosen = {"action": action, "_selected_action": [fiche.pk for fiche in fiches]} | values
    return client.post(admin_url(fiches[0], "changelist"), chosen, follow=True)


@every_noun
def test_many_fiches_are_verified_at_once_each_with_its_own_history(team, model):
    fiches = [ready(model) for _ in range(3)]

    assert messages(choose(team, "verify", *fiches)) == ["3 fiches vérifiées."]

    assert not model.objects.filter(checked_on=None).exists()
    assert Revision.objects.count() == 3


@every_noun
@pytest.mark.parametrize("action", ["publish", "archive", "merge", "delete_selected"])
def test_nothing_that_readers_would_see_is_done_in_bulk(team, model, action):
    fiche = ready(model)

    choose(team, action, fiche)

    fiche.refresh_from_db()
    assert fiche.status == "draft"
    assert f'value="{action}"' not in team.get(admin_url(model, "changelist")).text


def test_a_theme_is_added_to_several_initiatives(team):
    old, new = factories.ThemeFactory(name="Travail"), factories.ThemeFactory(name="Alimentation")
    fiches = [ready(Initiative, themes=[old]) for _ in range(2)]
    full = ready(Initiative, name="Pleine", themes=factories.ThemeFactory.create_batch(3))

    asked = choose(team, "add_theme", *fiches, full)
    assert "3 fiches choisies" in asked.text
    assert breaches(asked) == []
    said = messages(
        choose(team, "add_theme", *fiches, full, apply="1", theme=new.pk, as_main="on", why="Mieux rangées.")
    )

    assert sorted(said) == ["2 fiches complétées.", "« Pleine » a déjà 3 thèmes."]
    assert [fiche.theme_list for fiche in fiches] == [[new, old]] * 2
    assert [told(revision) for revision in Revision.objects.all()] == [("Thème ajouté", "Mieux rangées.")] * 2


def test_a_theme_that_was_not_chosen_is_asked_again(team):
    fiche = ready(Initiative)

    response = choose(team, "add_theme", fiche, apply="1", theme="")

    assert "Ce champ est obligatoire." in response.text
    assert fiche.theme_links.count() == 1


def test_somebody_who_may_only_read_is_offered_no_bulk_act(client):
    reader = factories.UserFactory(is_staff=True)
    allow(reader, "view_initiative")
    client.force_login(reader)
    fiche = ready(Initiative)

    for action in ("verify", "add_theme"):
        choose(client, action, fiche, apply="1", theme=factories.ThemeFactory().pk)

    assert not Revision.objects.exists()
    assert 'name="action"' not in client.get(admin_url(Initiative, "changelist")).text


def test_the_page_that_asks_for_acts_holds_the_policy(team):
    for model in FICHES:
        assert breaches(team.get(admin_url(published(model), "change"))) == []


def test_what_cannot_be_done_to_one_fiche_of_a_list_is_said_and_done_to_the_others(team):
    gone, other = in_state(Actor, "merged"), ready(Actor)

    said = messages(choose(team, "verify", gone, other))

    assert said == [
        f"« {gone} » est fusionnée : vérifiez plutôt la fiche qui est restée.",
        "1 fiche vérifiée.",
    ]
    assert [*Actor.objects.exclude(checked_on=None)] == [other]
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("action", ["verify", "add_theme"])
def test_an_act_on_too_many_fiches_is_refused_whole(team, monkeypatch, action):
    monkeypatch.setattr("initiatives.admin.acts.MOST_AT_ONCE", 1)
    first, second, theme = ready(Initiative), ready(Initiative), factories.ThemeFactory()

    said = messages(choose(team, action, first, second, apply="1", theme=theme.pk))

    assert said == ["2 fiches, c’est trop à la fois : choisissez-en 1 au plus."]
    assert not Revision.objects.exists()
