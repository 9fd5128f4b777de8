"""Two people who press at the very same moment: one is served, the other is told, and nothing is lost or half done."""

import pytest
from django.test import Client

from initiatives.models import Actor, FundingSource, Initiative
from initiatives.submission import actions
from tests import factories
from tests.admin.pages import admin_url, errors, messages, name_of, published, typed, with_line
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

FICHES = [Initiative, Actor, FundingSource]


@pytest.fixture
def people():
    """Three browsers, each of somebody who may do everything."""
    browsers = [Client(), Client(), Client()]
    for number, browser in enumerate(browsers):
        browser.force_login(
            factories.UserFactory(email=f"equipe{number}@exemple.test", is_staff=True, is_superuser=True)
        )
    return browsers


def opened(browser, fiche):
    return typed(browser.get(admin_url(fiche, "change")))


def save(browser, fiche, data, **values):
    return lambda: browser.post(admin_url(fiche, "change"), data | values)


def press(browser, fiche, key):
    """Press a button of the page of a fiche, read now."""
    address = admin_url(fiche, "act")
    revision = type(fiche).objects.get(pk=fiche.pk).revision
    return lambda: browser.post(address, {"act": key, "revision": revision, "why": ""}, follow=True)


def merging(browser, fiche, into):
    address = f"{admin_url(fiche, 'merge')}?avec={into.pk}"
    data = {name: values for name, values in typed(browser.get(address)).items() if not name.startswith("choix-")}
    choices = {name: str(into.pk) for name in choices_asked(browser.get(address))}
    return lambda: browser.post(address, data | choices | {"keep": into.pk, "why": "La même."})


def choices_asked(response):
    return {name for name in response.context["form"].fields if name.startswith("choix-")}


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_of_several_saves_one_is_made_and_the_others_are_told_and_lose_nothing(people, model):
    fiche = published(model)
    forms = [opened(browser, fiche) for browser in people]

    answers = at_once(
        *(
            save(browser, fiche, form, summary=f"Le résumé de {number}.")
            for number, (browser, form) in enumerate(zip(people, forms, strict=True))
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 200, 302]
    fiche.refresh_from_db()
    for number, answer in enumerate(answers):
        if answer.status_code == 302:
            assert (fiche.revision, fiche.summary) == (1, f"Le résumé de {number}.")
        else:
            assert "enregistrée entre-temps" in errors(answer)[0]
            assert typed(answer)["summary"] == [f"Le résumé de {number}."]


def test_of_two_publications_one_is_made_and_the_other_is_told(people):
    fiche = factories.InitiativeFactory(sites=[factories.TerritoryFactory()], themes=[factories.ThemeFactory()])
    first, second, _ = people

    answers = at_once(press(first, fiche, "publier"), press(second, fiche, "publier"))

    said = sorted(messages(answer)[0] for answer in answers)
    assert said == [
        f"« {fiche} » a changé depuis que vous l’avez ouverte : relisez-la, puis recommencez.",
        f"« {fiche} » est publiée.",
    ]
    fiche.refresh_from_db()
    assert fiche.revision == 1


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_a_save_and_an_archiving_never_undo_each_other(people, model):
    fiche = published(model)
    first, second, _ = people

    saved, archived = at_once(
        save(first, fiche, opened(first, fiche), summary="Un autre résumé."), press(second, fiche, "archiver")
    )

    fiche.refresh_from_db()
    if saved.status_code == 302:
        assert (fiche.status, fiche.summary) == ("published", "Un autre résumé.")
        assert "a changé depuis" in messages(archived)[0]
    else:
        assert fiche.status == "archived"
        assert fiche.summary != "Un autre résumé."
        assert typed(saved)["summary"] == ["Un autre résumé."]
    assert fiche.revision == 1


@pytest.mark.parametrize("which", ["the one that goes", "the one that stays"])
def test_a_merge_and_a_save_of_one_of_the_two_never_undo_each_other(people, which):
    gone, stays = published(Actor), published(Actor)
    saved_fiche = gone if which == "the one that goes" else stays
    first, second, _ = people

    saved, merged = at_once(
        save(first, saved_fiche, opened(first, saved_fiche), summary="Un autre résumé."),
        merging(second, gone, stays),
    )

    assert sorted([saved.status_code, merged.status_code]) == [200, 302]
    gone.refresh_from_db()
    saved_fiche.refresh_from_db()
    if merged.status_code == 302:
        assert gone.status == "merged"
        assert typed(saved)["summary"] == ["Un autre résumé."]
        assert saved_fiche.summary != "Un autre résumé."
    else:
        assert gone.status == "published"
        assert saved_fiche.summary == "Un autre résumé."
        assert "a changé depuis que vous l’avez ouverte" in merged.context["refusal"]


def test_a_pair_merged_by_two_people_is_merged_once(people):
    gone, stays = published(Actor), published(Actor)
    first, second, _ = people

    answers = at_once(merging(first, gone, stays), merging(second, stays, gone))

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert sorted(Actor.objects.values_list("status", flat=True)) == ["merged", "published"]


def test_a_line_added_to_an_actor_that_is_being_merged_leads_to_the_one_that_stays_or_is_refused(people):
    gone, stays, initiative = published(Actor), published(Actor), published(Initiative)
    # Already linked: the merge writes on the initiative too.
    factories.FundingFactory(initiative=initiative, source=None, actor=gone)
    first, second, _ = people
    form = with_line(opened(first, initiative), "participations", actor=gone.pk, role="partenaire")

    saved, merged = at_once(save(first, initiative, form), merging(second, gone, stays))

    assert merged.status_code == 302, errors(merged)
    lines = initiative.participations.all()
    assert [line.actor for line in lines] == ([stays] if saved.status_code == 302 else [])


def test_an_act_on_a_whole_list_and_a_save_of_one_of_its_fiches_wait_for_each_other(people):
    fiches = [published(Actor) for _ in range(8)]
    first, second, _ = people
    chosen = {"action": "verify", "_selected_action": [fiche.pk for fiche in fiches]}

    saved, verified = at_once(
        save(first, fiches[-1], opened(first, fiches[-1]), summary="Un autre résumé."),
        lambda: second.post(admin_url(Actor, "changelist"), chosen, follow=True),
    )

    assert messages(verified) == ["8 fiches vérifiées."]
    assert saved.status_code in (200, 302)
    assert not Actor.objects.filter(checked_on=None).exists()


def test_a_draft_that_is_published_while_it_is_deleted_is_either(people):
    fiche = factories.ActorFactory()
    first, second, _ = people

    deleted, _ = at_once(
        lambda: first.post(admin_url(fiche, "delete"), {"post": "yes"}), press(second, fiche, "publier")
    )

    left = Actor.objects.filter(pk=fiche.pk).first()
    assert (deleted.status_code, left and left.status) in [(302, None), (403, "published")]


def test_an_act_on_a_list_that_breaks_down_leaves_every_fiche_as_it_was(people, monkeypatch):
    fiches = [published(Actor) for _ in range(3)]
    done, verify = [], actions.verify

    def break_down(**values):
        if len(done) == 2:
            raise ZeroDivisionError
        done.append(verify(**values))

    monkeypatch.setattr(actions, "verify", break_down)
    chosen = {"action": "verify", "_selected_action": [fiche.pk for fiche in fiches]}
    with pytest.raises(ZeroDivisionError):
        people[0].post(admin_url(Actor, "changelist"), chosen)

    assert len(done) == 2
    assert not Actor.objects.exclude(checked_on=None).exists()


def test_pages_that_only_show_wait_for_nobody(people):
    """A request that is not in a transaction may take no turn: PostgreSQL refuses it."""
    fiche, text = published(Actor), factories.EditorialTextFactory()
    browser = people[0]

    assert browser.post(admin_url(fiche, "history")).status_code == 405
    assert browser.post(admin_url(text, "preview"), typed(browser.get(admin_url(text, "change")))).status_code == 200
