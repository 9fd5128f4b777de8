"""The page of a fiche that is written and undone: it shows all that it will, and nothing of it stays."""

import time
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from initiatives.directory.preview import Preview
from initiatives.directory.views.initiative import initiative_page
from initiatives.models import Actor, FundingSource, Initiative, Photo, SentPhoto, Submission
from initiatives.models.version import current_version
from initiatives.submission import documents, imagined, tokens
from initiatives.submission.actions.sent_photos import add_photo
from initiatives.submission.images import store_photo
from initiatives.submission.imagined import page_of_changes, page_of_deposit, page_of_draft
from tests.at_once import at_once
from tests.factories import ActorFactory, SubmissionFactory, TerritoryFactory, ThemeFactory
from tests.photos import upload
from tests.submission.deciding import NOW, deposit, described_actor, edit, participation, proposal, site
from tests.submission.visiting import published

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PREVIEW = Preview("Aperçu : rien n’est publié.")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def asked():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


def photo_address(uuid, width):
    return f"/ici/{uuid}/{width}"


def draft(**answers):
    """A draft that says a lot."""
    document = documents.blank(Initiative) | {
        "name": "Le Lavoir partagé",
        "summary": "Un lavoir rouvert par ses voisins.",
        "themes": [ThemeFactory().slug],
        "sites": [site(TerritoryFactory(name="Arles"))],
        "social_need": "Rien n’était ouvert.",
        "stage": "essaimage",
        "start_year": 2020,
        "website": "https://lavoir.exemple.test/",
        "participations": [participation(new_actor=described_actor(), is_lead=True)],
        "sources": [{"uuid": str(uuid4()), "title": "Un lavoir", "publisher": "La gazette", "url": "", "year": 2021}],
    }
    row = SubmissionFactory(
        kind="new", state="draft", answers=document | answers, confirmed_at=None, waiting_since=None, sent_at=None
    )
    return Submission.objects.get(pk=row.pk)


def with_photo(submission, **said):
    photo = add_photo(submission=submission, stored=store_photo(upload()), at=NOW)
    submission.refresh_from_db()
    submission.answers["photos"][-1] |= said
    submission.save()
    return photo


def shown(submission, preview=PREVIEW):
    return soup(page_of_draft(asked(), submission, preview, photo_address=photo_address))


def shown_changes(submission, changes=None):
    changes = list(submission.changes.all()) if changes is None else changes
    return soup(page_of_changes(asked(), submission, changes, PREVIEW, photo_address=photo_address))


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def said(page):
    return " ".join(page.select_one("main .avis").get_text(" ").split())


def every_row():
    """All that the database holds, table by table, numbers of keys included (where they are rows)."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        tables += ["sqlite_sequence"] if connection.vendor == "sqlite" else []
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def files(root):
    return sorted(path.relative_to(root) for path in root.rglob("*"))


def a_draft():
    submission = draft()
    with_photo(submission, alt="Le lavoir", credit="Léa")
    return lambda: shown(submission)


def a_deposit():
    submission = deposit(participations=[participation(new_actor=described_actor(), is_lead=True)])
    return lambda: soup(page_of_deposit(asked(), submission, PREVIEW))


def changes_of(noun):
    def prepare():
        fiche = published(noun)
        submission = proposal(fiche, summary="Un autre résumé.", sources=[])
        if noun is Initiative:
            sent = add_photo_to_change(submission)
            submission.changes.create(field="photos", base=[], proposed=[photo_line(sent.uuid)])
            described = [participation(new_actor=described_actor())]
            submission.changes.create(field="participations", base=[], proposed=described)
        return lambda: shown_changes(submission)

    return prepare


def add_photo_to_change(submission):
    stored = store_photo(upload())
    return SentPhoto.objects.create(submission=submission, file=stored.name, width=stored.width, height=stored.height)


def photo_line(uuid):
    return {"uuid": str(uuid), "alt": "Le toit", "credit": "Bob", "licence": "CC BY", "print_allowed": False}


EVERY = {
    "draft": a_draft,
    "deposit": a_deposit,
    "initiative": changes_of(Initiative),
    "actor": changes_of(Actor),
    "funding": changes_of(FundingSource),
}


@pytest.mark.parametrize("what", EVERY)
def test_nothing_of_it_stays(what, tmp_path, queued_mails):
    look = EVERY[what]()
    before, on_disk, version = every_row(), files(tmp_path), current_version()
    assert len(before) > 60

    look()

    assert every_row() == before
    assert files(tmp_path) == on_disk
    assert current_version() == version


def test_the_photo_that_a_change_removes_keeps_its_files(tmp_path, django_capture_on_commit_callbacks):
    fiche = published(Initiative)
    stored = store_photo(upload())
    Photo.objects.create(
        initiative=fiche, file=stored.name, width=stored.width, height=stored.height, alt="A", credit="B", licence="C"
    )
    submission = proposal(fiche, photos=[])
    on_disk = files(tmp_path)

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        page = shown_changes(submission)

    assert callbacks == []
    assert not page.select("figure.photo")
    assert files(tmp_path) == on_disk
    assert fiche.photos.count() == 1


def test_what_breaks_while_it_is_made_is_undone_too(monkeypatch):
    submission = draft()

    def breaks(request, fiche, *, preview):
        assert Initiative.objects.filter(pk=fiche.pk).exists()
        raise RuntimeError

    monkeypatch.setitem(imagined.PAGES, Initiative, breaks)
    before = every_row()
    with pytest.raises(RuntimeError):
        shown(submission)

    assert every_row() == before


def test_what_surrounds_it_is_kept():
    submission = draft()

    with transaction.atomic():
        other = ThemeFactory()
        shown(submission)

    other.refresh_from_db()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", EVERY)
def test_several_look_while_somebody_writes_and_nobody_is_refused(what):
    fiche = published(Actor, name="La Ruche", summary="Avant.")
    look, before = EVERY[what](), Initiative.objects.count()

    answers = at_once(look, look, lambda: edit(fiche, summary="Après."))

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Actor.objects.get(pk=fiche.pk).summary == "Après."
    assert Initiative.objects.count() == before


def test_each_is_made_after_the_other_with_a_moment_between_them_for_who_writes(monkeypatch):
    submission, made = draft(), []

    def page(*args, **kwargs):
        made.append([time.monotonic()])
        answer = initiative_page(*args, **kwargs)
        made[-1].append(time.monotonic())
        return answer

    monkeypatch.setitem(imagined.PAGES, Initiative, page)
    shown(submission)
    shown(submission)

    [(_, end), (begin, _)] = made
    assert begin - end > imagined.CALM


def test_who_would_wait_too_long_for_the_others_is_told_to_come_back(client, monkeypatch):
    monkeypatch.setattr(imagined, "LONGEST_WAIT", 0.01)
    address = reverse("deposit_preview", args=[tokens.make("draft", draft().uuid)])

    with imagined.one_at_a_time:
        assert client.get(address).status_code == 503

    assert client.get(address).status_code == 200


# What a draft shows


def test_a_draft_is_the_public_page_under_a_line_that_says_so():
    submission = draft(participations=[])
    page = shown(submission, Preview("Aperçu : rien n’est publié.", back=("/retour/", "Revenir à la relecture")))

    assert page.select_one("article.fiche h1").get_text() == "Le Lavoir partagé"
    text = page.select_one("article.fiche").get_text()
    for words in ("Rien n’était ouvert.", "Arles", "Essaimage", "2020", "La gazette", "lecture du porteur"):
        assert words in text
    assert "Fiche suivie par son porteur" in text
    assert said(page) == "Aperçu : rien n’est publié. Revenir à la relecture"
    assert page.select_one("main .avis a")["href"] == "/retour/"
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"
    assert page.select_one('script[type="application/ld+json"]').string == "{}"


def test_a_structure_that_is_described_is_shown_and_said_to_have_no_page_yet():
    page = shown(draft(participations=[participation(new_actor=described_actor(summary=""), is_lead=True)]))

    assert page.select_one(".carnet .dl dd a").get_text() == "Les Amis du lavoir"
    assert "« Les Amis du lavoir » aura sa propre page" in said(page)
    assert not Actor.objects.exists()


def test_a_draft_with_nothing_but_its_first_step_has_its_page():
    submission = draft()
    submission.answers = {name: submission.answers[name] for name in ("name", "summary")}
    submission.save()
    page = shown(submission)

    assert page.select_one("h1").get_text() == "Le Lavoir partagé"
    assert "non renseigné" in page.get_text()
    assert said(page) == "Aperçu : rien n’est publié."


def test_its_photos_show_at_the_addresses_of_who_looks():
    submission = draft()
    photo = with_photo(submission, alt="Le lavoir", credit="Léa")

    [image] = shown(submission).select("figure.photo img")

    assert image["src"].startswith(f"/ici/{photo.uuid}/")
    assert image["alt"] == "Le lavoir"
    assert all(part.strip().startswith("/ici/") for part in image.get("srcset", "/ici/").split(","))


def test_a_photo_that_nobody_has_described_yet_shows_and_it_is_said():
    submission = draft()
    with_photo(submission)

    page = shown(submission)

    assert page.select_one("figure.photo img")["alt"] == "Photo à décrire"
    assert "Les photos n’ont pas toutes leur description et leur crédit." in said(page)


def test_what_cannot_be_is_left_aside_and_told_and_the_rest_shows():
    gone = {"uuid": str(uuid4()), "alt": "Le toit", "credit": "Bob", "licence": "CC BY", "print_allowed": False}
    page = shown(draft(themes=["parti"], photos=[gone], start_year=2020, end_year=1990, website="nulle part"))

    sentences = said(page)
    assert "Laissé de côté, thèmes : « parti » n’existe plus dans l’annuaire" in sentences
    assert "Laissé de côté, photos : Une des photos n’est plus là" in sentences
    assert "Laissé de côté, site" in sentences
    assert "Laissé de côté, année de fin" in sentences
    text = page.select_one("article.fiche").get_text()
    assert "Rien n’était ouvert." in text
    assert "2020" in text
    assert "1990" not in text


def test_a_structure_that_is_described_shows_though_something_after_it_is_left_aside():
    gone = {"uuid": str(uuid4()), "alt": "Le toit", "credit": "Bob", "licence": "CC BY", "print_allowed": False}
    given = {"uuid": str(uuid4()), "source": None, "actor": None, "new_actor": described_actor(), "amount": 100}
    page = shown(draft(photos=[gone], fundings=[given | {"year": 2020, "kind": "", "detail": ""}]))

    assert page.select_one(".carnet .dl dd a").get_text() == "Les Amis du lavoir"
    assert said(page).count("Laissé de côté") == 1
    assert "100" in page.select_one("article.fiche").get_text()


def test_the_name_of_who_deposits_shows_only_where_they_ask_for_it():
    submission = draft()
    Submission.objects.filter(pk=submission.pk).update(name="Léa Martin")
    assert "Léa Martin" not in shown(submission).get_text()

    Submission.objects.filter(pk=submission.pk).update(name_is_public=True)

    assert "Déposée par Léa Martin" in shown(submission).get_text()


# What waits, what is proposed


def test_what_waits_shows_as_it_will_be_once_published():
    submission = deposit(
        participations=[
            participation(actor=str(ActorFactory(published=True, name="La Ruche").uuid)),
            participation(new_actor=described_actor(), is_lead=True),
        ]
    )

    page = soup(page_of_deposit(asked(), submission, PREVIEW))

    roles = page.select_one(".roles").get_text()
    assert "La Ruche" in roles
    assert "Les Amis du lavoir" in roles
    assert "Relue par le porteur" in page.get_text()
    assert Initiative.objects.get().participations.count() == 1
    assert Initiative.objects.get().holder_checked_on is None


@pytest.mark.parametrize("noun", [Initiative, Actor, FundingSource], ids=lambda noun: noun.__name__)
def test_a_proposal_shows_on_the_fiche_of_today(noun):
    fiche = published(noun, summary="Avant.", website="https://avant.exemple.test/")
    submission = proposal(fiche, summary="Proposé.")
    edit(fiche, website="https://apres.exemple.test/")

    page = shown_changes(submission)

    text = str(page.select_one("article.fiche"))
    assert "Proposé." in text
    assert "apres.exemple.test" in text
    assert "Avant." not in text
    assert noun.objects.get(pk=fiche.pk).summary == "Avant."


def test_only_the_changes_that_are_given_show():
    submission = proposal(published(Initiative, summary="Avant."), summary="Après.", social_need="Un besoin.")
    [need] = submission.changes.filter(field="social_need")

    text = shown_changes(submission, [need]).select_one("article.fiche").get_text()
    assert "Un besoin." in text
    assert "Avant." in text

    text = shown_changes(submission, []).select_one("article.fiche").get_text()
    assert "Un besoin." not in text
    assert "Avant." in text


def test_a_proposal_that_would_leave_a_fiche_without_what_readers_need_says_so():
    page = shown_changes(proposal(published(Initiative), sites=[], coverage=[]))

    assert "il manque un lieu" in said(page)


def test_a_proposal_of_a_theme_that_is_gone_is_left_aside():
    theme = ThemeFactory(slug="partant")
    submission = proposal(published(Initiative), themes=[theme.slug], summary="Après.")
    theme.delete()

    page = shown_changes(submission)

    assert "« partant » n’existe plus" in said(page)
    assert "Après." in page.get_text()
