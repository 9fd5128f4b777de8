"""The fiche as it will look, inside the page of the request that is about to be decided."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from initiatives.models import Actor, FundingSource, Initiative, SentPhoto, Submission
from initiatives.submission.images import store_photo
from tests.admin.pages import allow, published, typed
from tests.factories import SubmissionFactory, ThemeFactory, UserFactory
from tests.photos import upload
from tests.submission.deciding import deposit, described_actor, moderator, participation, proposal, site

pytestmark = pytest.mark.django_db


def of(submission, page="moderation_embedded"):
    return reverse(f"admin:{page}", args=[submission.pk])


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def said(page):
    return " ".join(page.select_one("main .avis").get_text(" ").split())


def fiche(page):
    return page.select_one("article.fiche").get_text()


# Inside the page


def test_the_item_holds_the_page_and_leads_to_it(team):
    for submission in (deposit(), proposal(summary="Après.")):
        page = soup(team.get(of(submission, "moderation_item")))

        [frame] = page.select("iframe")
        assert frame["src"] == of(submission)
        assert frame["title"] == "La fiche telle qu’elle paraîtra"
        assert frame["loading"] == "lazy"
        # Neither scripts nor forms.
        assert {*frame["sandbox"]} == {"allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"}
        assert page.select_one(f'.adm-apercu a[href="{of(submission, "moderation_preview")}"]')


def test_that_one_page_may_be_framed_by_us_and_no_other(team):
    submission = proposal(summary="Après.")
    deposited = deposit()

    for framed in (team.get(of(submission)), team.get(of(deposited)), team.post(of(submission))):
        assert framed.status_code == 200
        assert framed["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in framed["Content-Security-Policy"].split("; ")
        assert "default-src 'self'" in framed["Content-Security-Policy"].split("; ")
        assert "no-store" in framed["Cache-Control"]

    others = [
        team.get(of(submission, "moderation_preview")),
        team.get(of(submission, "moderation_item")),
        team.get(reverse("admin:moderation")),
        team.get(submission.fiche.get_absolute_url()),
        team.get("/admin/"),
        # What answers at the address of the frame to who may not see it.
        Client().get(of(submission)),
        team.get(reverse("admin:moderation_embedded", args=[0])),
    ]
    for response in others:
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"].split("; ")


def test_the_page_inside_has_no_menu_no_script_and_opens_its_links_beside(team):
    page = soup(team.get(of(deposit())))

    assert page.select_one("base")["target"] == "_blank"
    assert not page.select("script:not([type='application/ld+json']), header.entete, footer, form")
    assert page.select_one("article.fiche h1")
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"


def test_in_full_it_leads_back_to_the_request(team):
    submission = deposit()

    page = soup(team.get(of(submission, "moderation_preview")))

    assert page.select_one("footer")
    assert page.select_one("main .avis a")["href"] == of(submission, "moderation_item")


# What it shows


def test_a_new_fiche_shows_with_the_structures_that_wait_beside_it(team):
    submission = deposit(participations=[participation(new_actor=described_actor(), is_lead=True)])

    page = soup(team.get(of(submission)))

    assert "Les Amis du lavoir" in fiche(page)
    assert not Actor.objects.exists()


@pytest.mark.parametrize("noun", [Initiative, Actor, FundingSource], ids=lambda noun: noun.__name__)
def test_a_change_shows_all_that_is_proposed_then_what_is_accepted(team, noun):
    submission = proposal(published(noun, summary="Avant."), summary="Après.", website="https://nouveau.exemple.test/")
    form = typed(team.get(of(submission, "moderation_item")))

    page = soup(team.get(of(submission)))
    assert said(page) == "Aperçu : rien n’est publié. Voici la fiche avec les changements proposés."
    assert "Après." in fiche(page)
    assert "nouveau.exemple.test" in str(page.select_one("article.fiche"))

    page = soup(team.post(of(submission), form | {"d-summary": "accepted", "d-website": "rejected"}))
    assert said(page) == "Aperçu : rien n’est publié. Voici la fiche avec le changement accepté : 1 sur 2."
    assert "Après." in fiche(page)
    assert "nouveau.exemple.test" not in str(page.select_one("article.fiche"))

    page = soup(team.post(of(submission), form))
    assert "Aucun changement n’est accepté" in said(page)
    assert "Avant." in fiche(page)

    assert noun.objects.get().summary == "Avant."
    assert Submission.objects.get().state == "waiting"
    assert not submission.changes.exclude(decision="").exists()


def test_the_form_sends_itself_to_the_page_inside(team):
    submission = proposal(summary="Après.")

    page = soup(team.get(of(submission, "moderation_item")))

    [button] = page.select(".adm-apercu button")
    assert (button["formaction"], button["formtarget"]) == (of(submission), page.select_one("iframe")["name"])
    assert not button.get("name")
    assert page.select_one('.adm-apercu a[target="apercu"]')["href"] == of(submission)
    assert not soup(team.get(of(deposit(), "moderation_item"))).select(".adm-apercu button")


def test_what_is_sent_to_the_page_inside_comes_from_our_form(team):
    submission = proposal(summary="Après.")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(moderator(), backend="django.contrib.auth.backends.ModelBackend")

    assert strict.post(of(submission), {"d-summary": "accepted"}).status_code == 403


def test_photos_that_are_proposed_show_to_those_who_moderate(team, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    submission = proposal(summary="Après.")
    stored = store_photo(upload())
    sent = SentPhoto.objects.create(submission=submission, file=stored.name, width=stored.width, height=stored.height)
    line = {"uuid": str(sent.uuid), "alt": "Le toit", "credit": "Bob", "licence": "CC BY", "print_allowed": False}
    submission.changes.create(field="photos", base=[], proposed=[line])

    [image] = soup(team.get(of(submission))).select("figure.photo img")

    assert image["src"].startswith(f"/admin/moderation/{submission.pk}/photos/")
    assert team.get(image["src"]).status_code == 200


def test_what_was_merged_meanwhile_still_shows_what_is_said_of_it(team):
    submission = proposal(summary="Après.")
    stays = published(Initiative)
    Initiative.objects.filter(pk=submission.initiative_id).update(status="merged", merged_into=stays)

    assert team.get(of(submission)).status_code == 200


# What has none


def test_what_changes_no_fiche_or_is_decided_has_no_preview(team):
    fiche = published(Initiative)
    others = [SubmissionFactory(kind=kind, fiche=fiche) for kind in ("report", "claim", "withdrawal", "recheck")]
    ended = proposal(summary="Après.")
    Submission.objects.filter(pk=ended.pk).update(state="rejected", decided_at=ended.created_at)

    for submission in (*others, ended):
        assert not soup(team.get(of(submission, "moderation_item"))).select("iframe")
        for page in ("moderation_preview", "moderation_embedded"):
            assert team.get(of(submission, page)).status_code == 404


def test_a_person_of_the_team_who_does_not_moderate_does_not_see_it(client):
    submission = proposal(summary="Après.")
    writer = UserFactory(is_staff=True)
    allow(writer, "change_initiative", "publish_initiative")
    client.force_login(writer, backend="django.contrib.auth.backends.ModelBackend")

    for page in ("moderation_preview", "moderation_embedded"):
        assert client.get(of(submission, page)).status_code == 403
    assert client.post(of(submission)).status_code == 403
    moderates = UserFactory(is_staff=True)
    allow(moderates, "moderate")
    client.force_login(moderates, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(of(submission)).status_code == 200


# Duplicates of what is online


def twins():
    first = published(Initiative, name="Le Lavoir partagé", themes=[ThemeFactory()])
    place = first.sites.get().territory
    return first, published(
        Initiative, name="Le Lavoir partagé", slug="lavoir-2", sites=[place], themes=[ThemeFactory()]
    )


@pytest.mark.parametrize("kind", ["change", "report", "claim", "recheck", "withdrawal"])
def test_two_fiches_that_readers_know_are_merged_from_the_request(team, client, kind):
    first, second = twins()
    submission = proposal(first, summary="Après.") if kind == "change" else SubmissionFactory(kind=kind, fiche=first)

    page = soup(team.get(of(submission, "moderation_item")))

    [link] = page.select(".adm-doublons a.bouton")
    assert link["href"] == f"/admin/initiatives/initiative/{first.pk}/fusionner/?avec={second.pk}"
    assert link["target"] == "_blank"
    assert not page.select('button[value^="meme-"]')
    assert page.select(f'button[value="autre-{second.pk}"]')
    merge = soup(team.get(link["href"]))
    assert merge.select_one("h1").get_text() == "Comparer et fusionner"

    moderates = UserFactory(is_staff=True)
    allow(moderates, "moderate")
    client.force_login(moderates, backend="django.contrib.auth.backends.ModelBackend")
    assert not soup(client.get(of(submission, "moderation_item"))).select(".adm-doublons a.bouton")


def test_one_that_is_not_public_yet_completes_the_other_and_is_not_merged(team):
    first, _ = twins()
    submission = deposit(sites=[site(first.sites.get().territory)])

    page = soup(team.get(of(submission, "moderation_item")))

    assert page.select(f'button[value="meme-{first.pk}"]')
    assert not page.select(".adm-doublons a.bouton")
