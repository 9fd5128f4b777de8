"""« La fiche telle qu’elle paraîtra », opened from the last step by who has the link, and by nobody else."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative, RateCount, Submission
from initiatives.submission import abuse, tokens
from initiatives.submission.abuse import HOUR, Limit
from tests.factories import SubmissionFactory, ThemeFactory, UserFactory, make_places
from tests.photos import upload
from tests.submission.deciding import deposit, proposal
from tests.submission.depositing import address, fill, received, sent, started

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ThemeFactory(slug="alimentation")
    return make_places()


def preview(draft):
    return reverse("deposit_preview", args=[tokens.make("draft", draft.uuid)])


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def said(page):
    return " ".join(page.select_one("main .avis").get_text(" ").split())


def test_the_last_step_keeps_its_summary_and_opens_the_page_which_leads_back(client):
    draft = started(client)

    step = soup(client.get(address(draft, "envoi")))
    assert len(step.select('.relire button[name="faire"]')) == 5
    [link] = step.select('.relire a[target="_blank"]')
    page = soup(client.get(link["href"]))

    assert page.select_one("article.fiche h1").get_text() == "Boutique du pays"
    assert said(page) == "Aperçu : rien n’est publié. Revenir à la relecture"
    back = soup(client.get(page.select_one("main .avis a")["href"]))
    assert back.select_one("h1").get_text() == "Relire et envoyer"


def test_it_is_kept_by_nobody_and_does_not_write_its_own_address(client):
    draft = started(client)

    response = client.get(preview(draft))

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    page = soup(response)
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"
    assert "/apercu/" not in response.text
    assert not page.select_one('link[rel="canonical"]')["href"].endswith("apercu/")


def test_looking_changes_nothing_and_sends_nothing(client, queued_mails):
    draft = started(client)
    before = Submission.objects.values().get()
    mails = len(queued_mails)

    for _ in range(3):
        assert client.get(preview(draft)).status_code == 200
        assert client.head(preview(draft)).status_code == 200
    assert client.post(preview(draft)).status_code == 405

    assert Submission.objects.values().get() == before
    assert not Initiative.objects.exists()
    assert len(queued_mails) == mails


def test_its_photos_are_seen_at_the_addresses_of_the_draft(client):
    draft = started(client)
    client.post(address(draft, "photos"), {"faire": "photos", "fichiers": upload()})

    page = soup(client.get(preview(draft)))

    [image] = page.select("figure.photo img")
    assert image["src"].startswith("/deposer/brouillon/")
    assert client.get(image["src"]).status_code == 200
    for part in image.get("srcset", "").split(","):
        assert client.get(part.split()[0]).status_code == 200
    assert "Les photos n’ont pas toutes leur description" in said(page)


def test_what_was_left_wrong_does_not_show_and_the_page_says_so(client):
    draft = started(client)
    fill(client, draft, "nouveaute", social_need="Plus rien.", start_year="pas une année", faire="retour")

    page = soup(client.get(preview(draft)))

    assert "Les réponses à corriger ne se voient pas encore ici : « Ce qui est nouveau »." in said(page)
    assert "pas une année" not in page.get_text()


def test_it_is_not_asked_without_end(client, monkeypatch):
    monkeypatch.setitem(abuse.LIMITS, "preview", (Limit("email", 2, HOUR),))
    draft = started(client)

    answers = [client.get(preview(draft)).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    RateCount.objects.filter(action="preview").update(until=timezone.now() - timedelta(seconds=1))


# Strangers, at every door


def test_the_link_of_another_purpose_or_of_nothing_opens_no_preview(client):
    draft = started(client)
    pieces = tokens.make("draft", draft.uuid)

    for purpose in ("tracking", "confirmation", "question", "invitation"):
        token = tokens.make(purpose, draft.uuid)
        assert client.get(reverse("deposit_preview", args=[token])).status_code == 404
    for token in (pieces[:-1], pieces[1:], pieces.replace(".", "-"), "x", str(draft.uuid), "9" * 900):
        response = client.get(reverse("deposit_preview", args=[token]))
        assert response.status_code == 404
        assert "Boutique du pays" not in response.text
        assert response["Cache-Control"] == "private, no-store"


def test_a_link_shows_its_own_draft_and_nobody_elses_photos(client):
    mine, theirs = started(client), started(client, name="La leur", email="zoe@exemple.test")
    client.post(address(theirs, "photos"), {"faire": "photos", "fichiers": upload()})
    uuid = theirs.photos.get().uuid

    assert "La leur" not in client.get(preview(mine)).text
    assert client.get(reverse("sent_photo", args=[tokens.make("draft", mine.uuid), uuid, "480"])).status_code == 404


def test_a_draft_that_was_sent_or_thrown_away_has_no_preview_any_more(client):
    draft = sent(client, started(client))
    response = client.get(preview(draft))
    assert response.status_code == 302
    assert response["Location"].startswith("/deposer/suivi/")

    Submission.objects.all().delete()
    assert client.get(preview(draft)).status_code == 404


def test_a_draft_that_is_erased_while_it_is_asked_for_is_said_to_be_gone(client, monkeypatch):
    draft = started(client)

    def erased(*args, **kwargs):
        Submission.objects.all().delete()

    monkeypatch.setattr("initiatives.submission.views.deposit_preview.refuse_if_too_many", erased)
    response = client.get(preview(draft))

    assert response.status_code == 404
    assert "vient d’être effacée" in response.text


def test_the_link_of_a_change_or_of_what_waits_opens_no_preview(client):
    change = proposal(summary="Après.")
    assert client.get(preview(change)).status_code == 404

    waits = received(client)
    assert client.get(preview(waits)).status_code == 302


def test_what_waits_is_seen_at_the_desk_by_those_who_moderate_alone(client):
    submission = deposit()
    desk = [reverse(f"admin:moderation_{page}", args=[submission.pk]) for page in ("preview", "embedded")]

    for page in desk:
        response = client.get(page)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
        # What was sent is kept for who signs in: the fiche is not shown.
        assert submission.initiative.name not in client.post(page).text
    for person, expected in ((submission.user, 302), (UserFactory(is_staff=True), 403)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for page in desk:
            assert client.get(page).status_code == expected
            assert submission.initiative.name not in client.get(page).text


def test_a_draft_is_not_seen_at_the_desk_even_by_those_who_moderate(client):
    draft = SubmissionFactory(kind="new", state="draft", confirmed_at=None, waiting_since=None, sent_at=None)
    boss = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")

    for page in ("preview", "embedded"):
        assert client.get(reverse(f"admin:moderation_{page}", args=[draft.pk])).status_code == 404
