"""A proposal whose fiche changes while it is written, whose photos come first, or that the team sends back."""

import pytest
from django.utils import timezone

from initiatives.models import Initiative, ProposedChange, SentPhoto, Submission, SubmissionMessage
from initiatives.submission.actions import record_edit
from initiatives.submission.actions.deposits import start_completion
from initiatives.submission.history import act
from initiatives.submission.lifecycle import State, move
from initiatives.submission.tokens import make
from tests.factories import PhotoFactory
from tests.photos import upload
from tests.submission.test_proposals import PERSON, changed, propose
from tests.submission.visiting import door, link_in, owned_by, published, sentences, typed

pytestmark = pytest.mark.django_db

WHO = {name.replace("__", "-"): value for name, value in PERSON.items()}


def opened(client, fiche, query=""):
    """The page as it is read now, with who proposes."""
    return typed(client.get(door(fiche, "proposer-une-modification") + query)) | WHO


def sent(client, fiche, data, **files):
    return client.post(door(fiche, "proposer-une-modification"), data | files)


def edit(fiche, **values):
    """What the team does meanwhile."""
    with act(verb="Modification", at=timezone.now()):
        fiche.refresh_from_db()
        for name, value in values.items():
            setattr(fiche, name, value)
        fiche.save()
        record_edit(fiche=fiche, at=timezone.now())


def test_what_others_changed_elsewhere_meanwhile_is_not_undone(client):
    fiche = published(Initiative, summary="Ancien", social_need="Un besoin")
    data = opened(client, fiche)
    edit(fiche, summary="Corrigé par l’équipe")

    answer = sent(client, fiche, data | {"social_need": "Un autre besoin"})

    assert answer.status_code == 302
    assert changed() == {"social_need": ("Un besoin", "Un autre besoin")}
    fiche.refresh_from_db()
    assert Submission.objects.get().base_revision == fiche.revision


def test_what_both_changed_is_said_with_everything_typed_and_goes_the_second_time(client):
    fiche = published(Initiative, summary="Ancien", social_need="Un besoin")
    data = opened(client, fiche)
    edit(fiche, summary="Corrigé par l’équipe", response="Écrite par l’équipe")

    answer = sent(client, fiche, data | {"summary": "Le mien", "social_need": "Un autre besoin"})

    assert answer.status_code == 200
    [sentence] = sentences(answer, ".avis.erreur li")
    assert "quelqu’un a changé la fiche" in sentence
    assert "résumé" in sentence
    assert "Le mien" in answer.text
    assert "Un autre besoin" in answer.text
    assert "Écrite par l’équipe" in answer.text
    assert not Submission.objects.exists()

    again = sent(client, fiche, typed(answer) | WHO)

    assert again.status_code == 302
    assert changed() == {
        "summary": ("Corrigé par l’équipe", "Le mien"),
        "social_need": ("Un besoin", "Un autre besoin"),
    }


def test_both_changed_it_alike_is_no_proposal(client):
    fiche = published(Initiative, summary="Ancien")
    data = opened(client, fiche)
    edit(fiche, summary="La même correction")

    answer = sent(client, fiche, data | {"summary": "La même correction"})

    assert any("Rien n’est changé" in sentence for sentence in sentences(answer))


@pytest.mark.parametrize("marks", ["", "rien", "[]", "3", '{"summary": 3}'])
def test_marks_that_were_tampered_with_break_nothing(marks, client):
    fiche = published(Initiative, summary="Ancien")

    answer = sent(client, fiche, opened(client, fiche) | {"montre": marks, "summary": "Nouveau"})

    assert answer.status_code in (200, 302)


# Photos


def test_a_photo_is_kept_whatever_else_is_wrong_then_described_and_proposed(client, queued_mails):
    fiche = published(Initiative)
    online = PhotoFactory(initiative=fiche)

    page = sent(client, fiche, opened(client, fiche) | {"vous-name": ""}, fichiers=upload())

    photo = SentPhoto.objects.get()
    assert photo.submission.state == "draft"
    assert "vous-name" in page.text
    data = typed(page) | WHO
    assert str(photo.uuid) in page.text
    refused = sent(client, fiche, data)
    assert any("dites ce que l’on y voit" in sentence for sentence in sentences(refused))
    described = {"photos-1-alt": "Une halle", "photos-1-credit": "Ana", "photos-1-may_publish": "on"}

    answer = sent(client, fiche, data | described)

    assert answer.status_code == 302, sentences(answer)
    before, after = changed()["photos"]
    assert [line["uuid"] for line in after] == [str(online.uuid), str(photo.uuid)]
    assert after[1]["alt"] == "Une halle"
    assert before == after[:1]
    assert Submission.objects.get() == photo.submission
    kept = set(photo.submission.consents.values_list("text", flat=True))
    assert kept == {"licence", "donnees-personnelles", "photos"}
    assert len(queued_mails) == 1


def test_a_photo_of_a_proposal_is_seen_by_who_has_its_page_and_by_no_other(client):
    fiche = published(Initiative)
    page = sent(client, fiche, opened(client, fiche), fichiers=upload())
    photo = SentPhoto.objects.get()

    assert (
        client.get(
            f"/deposer/brouillon/{make('draft', photo.submission.uuid)}/photos/{photo.uuid}/480.webp"
        ).status_code
        == 200
    )
    assert f"/photos/{photo.uuid}/480.webp" in page.text
    other = start_completion(fiche=fiche, comment="", email="", at=timezone.now())
    stranger = make("draft", other.uuid)
    assert client.get(f"/deposer/brouillon/{stranger}/photos/{photo.uuid}/480.webp").status_code == 404
    assert client.get(f"/photos/{photo.uuid}/480.webp").status_code == 404


def test_a_file_that_is_no_photo_is_refused_and_everything_typed_stays(client):
    fiche = published(Initiative)
    data = opened(client, fiche) | {"summary": "Un résumé tapé"}

    answer = sent(client, fiche, data, fichiers=upload(b"du texte", "note.txt"))

    assert any("note.txt" in sentence for sentence in sentences(answer))
    assert "Un résumé tapé" in answer.text
    assert not SentPhoto.objects.exists()


def test_the_photos_of_a_fiche_are_six_at_most(client):
    fiche = published(Initiative)
    PhotoFactory.create_batch(6, initiative=fiche)

    answer = sent(client, fiche, opened(client, fiche), fichiers=upload())

    assert any("Il y a déjà 6 photos : c’est le plus que prend une fiche" in sentence for sentence in sentences(answer))
    assert not SentPhoto.objects.exists()


# Begun elsewhere, or sent back


def test_what_was_typed_at_the_first_step_of_a_deposit_is_there(client):
    fiche = published(Initiative)
    draft = start_completion(fiche=fiche, comment="Ouvert aussi le samedi.", email="ana@exemple.fr", at=timezone.now())
    query = f"?brouillon={make('draft', draft.uuid)}"

    page = client.get(door(fiche, "proposer-une-modification") + query)
    data = typed(page) | {"vous-name": "Ana", "vous-licence": "on", "summary": "Complété"}
    answer = sent(client, fiche, data)

    assert "Ouvert aussi le samedi." in page.text
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.email, draft.comment) == ("unconfirmed", "ana@exemple.fr", "Ouvert aussi le samedi.")
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("key", ["", "nimporte", "another fiche"])
def test_a_link_that_is_none_of_ours_opens_an_empty_form(key, client):
    fiche, other = published(Initiative), published(Initiative)
    if key == "another fiche":
        draft = start_completion(fiche=other, comment="Secret", email="lea@exemple.fr", at=timezone.now())
        key = make("draft", draft.uuid)

    page = client.get(f"{door(fiche, 'proposer-une-modification')}?brouillon={key}")

    assert page.status_code == 200
    assert "Secret" not in page.text
    assert "lea@exemple.fr" not in page.text


@pytest.fixture
def sent_back(client, queued_mails):
    """A proposal that the team asks to be corrected."""
    fiche = published(Initiative, summary="Ancien", social_need="Un besoin")
    propose(client, fiche, summary="Nouveau")
    client.post(link_in(queued_mails[0]))
    submission = Submission.objects.get()
    move(submission, State.CHANGES_REQUESTED, at=timezone.now())
    SubmissionMessage.objects.create(
        submission=submission, at=timezone.now(), is_from_team=True, field="summary", text="Dites-le plus simplement."
    )
    return submission


def test_a_proposal_that_the_team_sends_back_is_corrected_and_waits_again(client, sent_back):
    fiche = sent_back.fiche
    owner = owned_by(fiche)

    page = client.get(f"{door(fiche, 'proposer-une-modification')}?brouillon={make('draft', sent_back.uuid)}")
    assert "Nouveau" in page.text
    assert "Dites-le plus simplement." in page.text
    answer = sent(
        client, fiche, typed(page) | {"summary": "Plus simple", "vous-comment": "Voilà", "vous-licence": "on"}
    )

    assert answer["Location"].endswith("?etape=recu"), sentences(answer)
    sent_back.refresh_from_db()
    assert sent_back.state == "waiting"
    assert changed() == {"summary": ("Ancien", "Plus simple")}
    assert [message.text for message in sent_back.messages.filter(is_from_team=False)] == ["Voilà"]
    assert sent_back.opinions.get().user == owner


def test_what_waits_or_is_decided_is_not_proposed_again_under_its_name(client, sent_back):
    fiche = sent_back.fiche
    data = typed(client.get(f"{door(fiche, 'proposer-une-modification')}?brouillon={make('draft', sent_back.uuid)}"))
    move(sent_back, State.REJECTED, at=timezone.now())

    answer = sent(client, fiche, data | WHO | {"summary": "Encore"})

    assert answer.status_code == 302
    sent_back.refresh_from_db()
    assert sent_back.state == "rejected"
    assert ProposedChange.objects.get().proposed == "Nouveau"
