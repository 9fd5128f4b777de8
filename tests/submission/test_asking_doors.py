"""The doors of what anybody may send about a fiche: only of what is published, and opening one changes nothing."""

import pytest
from django.test import Client

from initiatives.models import GivenSlug, Initiative, Ownership, Question, Submission
from initiatives.models.target import target
from tests.factories import SourceFactory
from tests.submission.visiting import FOLDERS, NOUNS, door, owned_by, published, send, sentences, typed

pytestmark = pytest.mark.django_db

WHATS = ["proposer-une-modification", "signaler", "revendiquer"]
DOORS = [(noun, what) for noun in NOUNS for what in WHATS] + [(Initiative, "question")]
every_door = pytest.mark.parametrize(("noun", "what"), DOORS, ids=lambda value: getattr(value, "__name__", value))


@every_door
def test_a_form_opens_for_a_stranger_and_stays_out_of_search_engines(noun, what, client):
    fiche = published(noun)

    page = client.get(door(fiche, what))

    assert page.status_code == 200
    assert '<meta name="robots" content="noindex">' in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    assert fiche.name in page.text


@every_door
def test_three_readings_change_nothing(noun, what, client, queued_mails):
    path = door(published(noun), what)

    for _ in range(3):
        client.get(path)
        client.head(path)

    assert not Submission.objects.exists()
    assert not Question.objects.exists()
    assert not Ownership.objects.exists()
    assert len(queued_mails) == 0


@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "rejected", "withdrawn"])
@pytest.mark.parametrize("what", [*WHATS, "question"])
def test_an_initiative_that_is_not_published_is_not_found_read_or_sent(what, status, client):
    fiche = published(Initiative, published=False, status=status, slug="cachee")

    for answer in (client.get(door(fiche, what)), client.post(door(fiche, what), {})):
        assert answer.status_code == 404
        assert fiche.name not in answer.text


@every_door
def test_a_draft_is_not_found_read_or_sent(noun, what, client):
    fiche = published(noun, published=False, status="draft", slug="cachee")

    for answer in (client.get(door(fiche, what)), client.post(door(fiche, what), {})):
        assert answer.status_code == 404
        assert fiche.name not in answer.text


@every_door
def test_nobody_has_this_address(noun, what, client):
    assert client.get(f"/{FOLDERS[noun]}/personne/{what}/").status_code == 404


@every_door
def test_what_is_archived_is_gone(noun, what, client):
    assert client.get(door(published(noun, published=False, archived=True), what)).status_code == 410


@every_door
def test_what_was_merged_and_what_was_renamed_lead_to_the_same_form_of_today(noun, what, client):
    stays = published(noun)
    merged = published(noun, published=False, merged_into=stays)
    GivenSlug.objects.create(noun=noun._meta.model_name, slug="ancien-nom", uuid=stays.uuid)

    for slug in (merged.slug, "ancien-nom"):
        answer = client.get(f"/{FOLDERS[noun]}/{slug}/{what}/")
        assert (answer.status_code, answer["Location"]) == (301, door(stays, what))


@every_door
@pytest.mark.parametrize("end", ["archived", "merged"])
def test_what_was_typed_is_shown_again_when_the_fiche_left_meanwhile(noun, what, end, client, queued_mails):
    fiche, stays = published(noun), published(noun)
    owned_by(fiche)
    data = typed(client.get(door(fiche, what)))
    data |= {"comment": "Mes mots", "vous-comment": "Mes mots", "message": "Mes mots"}
    noun.objects.filter(pk=fiche.pk).update(status=end, merged_into=stays if end == "merged" else None)

    answer = client.post(door(fiche, what), data)

    assert answer.status_code == {"archived": 410, "merged": 409}[end]
    assert "Mes mots" in answer.text
    assert any("pendant que vous écriviez" in sentence for sentence in sentences(answer))
    assert not Submission.objects.exists()
    assert len(queued_mails) == 0


@every_door
def test_nothing_of_an_archived_fiche_is_shown_by_sending_an_empty_form(noun, what, client):
    fiche = published(noun, published=False, archived=True, summary="Un résumé retiré")
    owner = {noun: None for noun in ("initiative", "actor", "funding_source")} | target(fiche)
    SourceFactory(title="Un titre retiré", **owner)

    answer = client.post(door(fiche, what), {})

    assert answer.status_code == 410
    assert "Un résumé retiré" not in answer.text
    assert "Un titre retiré" not in answer.text


@every_door
def test_no_other_method_is_heard(noun, what, client):
    assert client.put(door(published(noun), what)).status_code == 405


@every_door
def test_a_form_without_its_key_is_refused(noun, what, client):
    path = door(published(noun), what)

    assert Client(enforce_csrf_checks=True).post(path, {"name": "x"}).status_code == 403


@every_door
def test_a_form_that_was_open_too_long_keeps_its_answers(noun, what, client):
    fiche = published(noun)
    owned_by(fiche)

    answer = send(
        client, door(fiche, what), affiche_a="faux", comment="Mes mots", vous__comment="Mes mots", message="Mes mots"
    )

    assert answer.status_code == 200
    assert "Mes mots" in answer.text
    assert not Submission.objects.exists()
    assert not Question.objects.exists()


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_the_page_of_a_fiche_leads_to_its_forms(noun, client):
    fiche = published(noun)

    page = client.get(fiche.get_absolute_url()).text

    for what in WHATS:
        assert f'href="{door(fiche, what)}"' in page
    assert "Fiche suivie par son porteur" not in page
    assert "/question/" not in page


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_a_fiche_that_has_an_owner_says_so_without_a_name(noun, client):
    fiche = published(noun)
    owner = owned_by(fiche, name="Léa Martin", email="lea@exemple.fr")

    page = client.get(fiche.get_absolute_url()).text

    assert "Fiche suivie par son porteur" in page
    assert owner.name not in page
    assert owner.email not in page
    assert ("/question/" in page) == (noun is Initiative)


def test_an_owner_who_left_or_whose_account_is_closed_is_none(client):
    fiche = published(Initiative)
    left = owned_by(fiche)
    Ownership.objects.filter(user=left).update(ended_at="2026-05-01T10:00Z")
    owned_by(fiche, is_active=False)

    page = client.get(fiche.get_absolute_url()).text

    assert "Fiche suivie par son porteur" not in page
    assert "/question/" not in page
