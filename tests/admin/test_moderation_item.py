"""One item of the queue: what its page shows, and that nothing typed is lost whatever happens."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Actor, Initiative, NotDuplicate, Ownership, Submission, SubmissionMessage
from initiatives.submission import documents, replies
from tests.admin.pages import allow, messages, published, typed
from tests.at_once import at_once
from tests.factories import OwnershipFactory, PhotoFactory, ReplyTemplateFactory, SubmissionFactory, UserFactory
from tests.photos import with_files
from tests.submission.deciding import (
    ALL_CHECKS,
    deposit,
    described_actor,
    edit,
    moderator,
    participation,
    proposal,
    site,
)

pytestmark = pytest.mark.django_db


def address(submission):
    return reverse("admin:moderation_item", args=[submission.pk])


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def plain(tag):
    return " ".join(tag.get_text(" ").split())


def form_of(team, submission):
    return typed(team.get(address(submission)))


def decided(team, submission, do, **values):
    """Press a button of the page, opened now."""
    return team.post(address(submission), form_of(team, submission) | values | {"do": do})


def refusal(response):
    found = soup(response).select_one(".avis.erreur p")
    return plain(found) if found else ""


# A new fiche


def test_it_shows_what_is_said_and_who_says_it_apart(team):
    submission = deposit(social_need="Rien n’était ouvert.")
    submission.consents.create(text="licence", version="2.0 du 1er mars", at=timezone.now())

    page = soup(team.get(address(submission)))

    assert "Rien n’était ouvert." in plain(page.select_one(".adm-champs"))
    who = plain(page.select_one(".adm-qui"))
    assert "Léa Martin" in who
    assert submission.email in who
    assert "Licence Ouverte 2.0 pour les textes, version 2.0 du 1er mars" in who
    preview = reverse("admin:moderation_preview", args=[submission.pk])
    assert page.select_one(f'a[href="{preview}"]')
    assert team.get(preview).status_code == 200


def test_it_is_published_from_its_page(team):
    submission = deposit()

    response = decided(team, submission, "publier", checks=ALL_CHECKS["new"], message="Merci.")

    assert response.url == reverse("admin:moderation")
    fiche = Initiative.objects.get()
    assert fiche.is_published
    assert messages(team.get(response.url)) == [f"« {fiche} » est en ligne ; son porteur est prévenu."]
    assert "Acceptée" in team.get(address(submission)).text


def test_a_refused_publication_loses_nothing_that_was_typed(team):
    submission = deposit()
    sent = {"checks": ["besoin"], "message": "Merci, Léa.", "q-results": "Combien de voisins ?", "reason": "hors-champ"}

    response = decided(team, submission, "publier", **sent)

    assert "il reste à vérifier" in refusal(response)
    again = typed(response)
    assert {name: again[name] for name in sent} == {
        "checks": ["besoin"],
        "message": ["Merci, Léa."],
        "q-results": ["Combien de voisins ?"],
        "reason": ["hors-champ"],
    }
    assert Submission.objects.get().state == "waiting"


def test_questions_go_field_by_field(team):
    submission = deposit()

    decided(team, submission, "preciser", **{"q-sites": "À quelle adresse ?"})

    assert Submission.objects.get().state == "changes_requested"
    page = soup(team.get(address(submission)))
    assert "sur « lieux »" in plain(page.select_one(".adm-messages"))


def test_it_is_refused_with_a_reason_only(team):
    submission = deposit()

    assert "Choisissez le motif" in refusal(decided(team, submission, "refuser"))
    assert decided(team, submission, "refuser", reason="hors-region").status_code == 302
    assert Initiative.objects.get().status == "rejected"


def test_a_described_actor_is_chosen_among_the_likely_ones_or_made(team):
    from tests.factories import ActorFactory

    known = ActorFactory(published=True, name="Les Amis du lavoir")
    submission = deposit(participations=[participation(new_actor=described_actor())])
    page = soup(team.get(address(submission)))
    choices = [radio["value"] for radio in page.select('[name="a-0"]')]
    assert choices == [str(known.uuid), "nouveau"]
    assert not page.select('[name="a-0"][checked]')

    refused = decided(team, submission, "publier", checks=ALL_CHECKS["new"])
    assert "Dites qui est" in refusal(refused)

    decided(team, submission, "publier", checks=ALL_CHECKS["new"], **{"a-0": str(known.uuid)})
    assert Initiative.objects.get().participations.get().actor == known
    assert Actor.objects.count() == 1


def test_a_likely_duplicate_is_told_apart_or_becomes_the_fiche_to_complete(team):
    existing = published(Initiative, name="Le Lavoir partagé")
    place = existing.sites.get().territory
    submission, other = deposit(sites=[site(place)], social_need="Le besoin."), deposit(sites=[site(place)])
    page = soup(team.get(address(submission)))
    assert page.select_one(f'button[value="meme-{existing.pk}"]')

    kept = decided(team, other, f"autre-{existing.pk}", message="Bonjour.")
    assert typed(kept)["message"] == ["Bonjour."]
    assert NotDuplicate.objects.filter(first=min(existing.uuid, other.initiative.uuid)).exists()
    assert not soup(kept).select_one(f'button[value="meme-{existing.pk}"]')

    response = decided(team, submission, f"meme-{existing.pk}")
    assert response.url == address(submission)
    submission = Submission.objects.get(pk=submission.pk)
    assert (submission.kind, submission.fiche) == ("change", existing)
    assert "Besoin" in plain(soup(team.get(response.url)).select_one(".diff"))


def test_photos_that_came_are_seen_by_those_who_moderate_only(team, client):
    submission = proposal(summary="Après.")
    photo = with_files(PhotoFactory)
    sent = submission.photos.create(uuid=photo.uuid, file=photo.file + "x", width=photo.width, height=photo.height)
    Submission.photos.rel.related_model.objects.filter(pk=sent.pk).update(file=photo.file)
    width = str(photo.widths[:2][-1])
    url = reverse("admin:moderation_photo", args=[submission.pk, photo.uuid, width])

    assert soup(team.get(address(submission))).select_one(f'img[src="{url}"]')
    response = team.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert "no-store" in response["Cache-Control"]
    other = proposal(summary="Autre.")
    assert team.get(reverse("admin:moderation_photo", args=[other.pk, photo.uuid, width])).status_code == 404
    assert team.get(url.replace(width, "999")).status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url).status_code == 403


# A change


def test_no_decision_is_chosen_beforehand_and_changes_are_said_in_words(team):
    fiche = published(Initiative, summary="De petites voitures en libre-service.", stage="developpement")
    submission = proposal(fiche, summary="De petites voitures partagées.", stage="essaimage")

    page = soup(team.get(address(submission)))

    assert not page.select("input[type=radio][checked]")
    assert plain(page.select_one(".diff caption")) == "2 champs changent"
    removed, added = page.select_one(".diff del"), page.select_one(".diff ins")
    assert plain(removed).startswith("retiré : ")
    assert plain(added).startswith("ajouté : ")
    assert "0 décision prise sur 2" in plain(page.select_one(".adm-fin"))


def test_changes_are_accepted_one_by_one(team):
    fiche = published(Initiative, summary="Avant.", stage="developpement")
    submission = proposal(fiche, summary="Après.", stage="essaimage")
    chosen = {"d-summary": "accepted", "d-stage": "rejected", "checks": ALL_CHECKS["change"]}

    refused = decided(team, submission, "publier", **chosen | {"d-stage": ""})
    assert "Il reste un champ à décider" in refusal(refused)
    assert typed(refused)["d-summary"] == ["accepted"]
    assert "1 décision prise sur 2" in plain(soup(refused).select_one(".adm-fin"))

    decided(team, submission, "publier", **chosen)
    fiche = Initiative.objects.get()
    assert (fiche.summary, fiche.stage) == ("Après.", "developpement")
    assert "Accepté" in plain(soup(team.get(address(submission))).select_one(".diff"))


def test_lines_are_compared_one_by_one(team):
    fiche = published(Initiative)
    [line] = documents.read(fiche)["sites"]
    from tests.factories import TerritoryFactory

    submission = proposal(fiche, sites=[line | {"label": "Le siège"}, site(TerritoryFactory(name="Arles"))])

    page = soup(team.get(address(submission)))

    assert [plain(item) for item in page.select(".apres li ins")][-1] == "ajouté : commune ou arrondissement : Arles"
    assert len(page.select(".avant li")) == 1


def test_a_fiche_that_changed_since_is_shown_three_ways(team):
    fiche = published(Initiative, summary="Au départ.")
    submission = proposal(fiche, summary="Proposé.")
    edit(fiche, at=timezone.now(), by=moderator(), summary="Corrigé entre-temps.")

    page = soup(team.get(address(submission)))

    assert "Cette fiche a changé depuis l’envoi" in page.get_text()
    assert "Corrigé entre-temps." in plain(page.select_one(".avant"))
    assert "Au départ." in plain(page.select_one(".adm-alors"))
    assert "Proposé." in plain(page.select_one(".apres"))


def test_the_opinions_of_the_holders_are_shown(team):
    ownership = OwnershipFactory(fiche=published(Initiative))
    submission = proposal(ownership.fiche, summary="Après.")
    submission.opinions.create(
        user=ownership.user, agrees=False, comment="C’est faux.", asked_at=timezone.now(), at=timezone.now()
    )

    assert "pas d’accord" in team.get(address(submission)).text


# Letters


def test_a_template_fills_the_message_and_keeps_what_was_typed(team):
    template = ReplyTemplateFactory(body="Bonjour {nom}, « {fiche} » ({numéro}) : {motif} Sous {délai}.")
    submission = deposit()
    sent = {"template": template.pk, "message": "Ma phrase.", "reason": "hors-region", "checks": ["besoin"]}

    again = typed(decided(team, submission, "modele", **sent))

    first, _, rest = again["message"][0].partition("\n\n")
    assert first == "Ma phrase."
    assert rest.startswith(f"Bonjour Léa Martin, « Le Lavoir partagé » ({submission.receipt}) : Elle est hors")
    assert rest.endswith("Sous 10 jours.")
    assert again["checks"] == ["besoin"]
    assert "Choisissez d’abord un modèle" in refusal(decided(team, submission, "modele"))


def test_the_letters_of_origin_fill_in_all_their_words():
    assert replies.load_replies() == len(replies.DEFAULTS)
    assert replies.load_replies() == 0
    for _, _, body in replies.DEFAULTS:
        assert not replies.unknown_placeholders(body)


def test_a_letter_with_a_word_that_nothing_fills_is_refused(team):
    page = reverse("admin:initiatives_replytemplate_add")
    data = typed(team.get(page)) | {"name": "Essai", "act": "publish", "body": "Bonjour {prénom}", "position": "1"}

    response = team.post(page, data)

    assert "Rien ne remplit {prénom}" in response.text


# Others


def test_the_other_kinds_are_decided_from_their_pages(team):
    fiche, person = published(Initiative), UserFactory()
    report = SubmissionFactory(kind="report", fiche=fiche, comment="Le site ne répond plus.")
    claim = SubmissionFactory(kind="claim", fiche=fiche, user=person, email=person.email)
    recheck = SubmissionFactory(kind="recheck", fiche=fiche, email="")
    withdrawal = SubmissionFactory(kind="withdrawal", fiche=fiche)

    assert "Le site ne répond plus." in team.get(address(report)).text
    assert "Choisissez le motif" in refusal(decided(team, report, "refuser"))
    decided(team, report, "refuser", reason="exact")
    decided(team, claim, "accorder")
    decided(team, recheck, "plus-tard")
    decided(team, recheck, "verifier")
    decided(team, withdrawal, "archiver")

    states = dict(Submission.objects.values_list("kind", "state"))
    assert states == {"report": "rejected", "claim": "accepted", "recheck": "accepted", "withdrawal": "accepted"}
    assert Ownership.objects.get().user == person
    fiche.refresh_from_db()
    assert fiche.status == "archived"
    assert fiche.checked_on == timezone.localdate()


@pytest.mark.parametrize("do", ["", "archiver", "publier-tout", "meme-x", "meme-²", "autre-9999", f"autre-{10**20}"])
def test_a_button_that_the_page_does_not_have_does_nothing(team, do):
    submission = deposit()

    assert team.post(address(submission), {"do": do, "revision": submission.revision}).status_code == 404
    assert Submission.objects.get().state == "waiting"


def test_readers_holders_and_strangers_do_not_enter(client, team):
    submission = deposit()
    for user, expected in ((UserFactory(is_staff=True), 403), (submission.user, 302)):
        client.force_login(user)
        for response in (client.get(address(submission)), client.post(address(submission), {"do": "publier"})):
            assert response.status_code == expected
    client.logout()
    assert client.get(address(submission)).status_code == 302
    writer = UserFactory(is_staff=True)
    allow(writer, "change_initiative", "publish_initiative")
    client.force_login(writer)
    assert client.get(address(submission)).status_code == 403


# Two at once


def test_the_second_moderator_reads_what_the_first_decided_and_keeps_their_words(team):
    submission = deposit()
    opened = form_of(team, submission)
    from initiatives.submission.actions.decisions import reject

    reject(submission=submission, revision=submission.revision, reason="hors-champ", by=moderator(), at=timezone.now())

    response = team.post(address(submission), opened | {"do": "preciser", "message": "Et où ?"})

    warning = plain(soup(response).select_one(".adm-entretemps"))
    assert "Refusée" in warning
    assert "par Claire Roux" in warning
    assert not SubmissionMessage.objects.exists()


def test_a_colleague_who_looks_after_it_is_named_and_their_place_taken_knowingly(team):
    submission, colleague = deposit(), moderator()
    Submission.objects.update(assignee=colleague, assigned_at=timezone.now())

    page = soup(team.get(address(submission)))
    assert "C. R. s’en charge" in plain(page.select_one(".avis.info"))

    decided(team, submission, f"charger-{colleague.pk}", message="Bonjour.")
    assert Submission.objects.get().assignee != colleague
    kept = decided(team, submission, "laisser", message="Bonjour.")
    assert typed(kept)["message"] == ["Bonjour."]
    assert Submission.objects.get().assignee is None


def test_a_fiche_edited_meanwhile_is_shown_with_what_changed(team):
    fiche = edit(published(Initiative), summary="Avant.")
    submission = proposal(fiche, summary="Proposé.")
    opened = form_of(team, submission)
    edit(fiche, at=timezone.now(), by=moderator(), summary="Entre-temps.")
    sent = {"d-summary": "accepted", "checks": ALL_CHECKS["change"], "message": "Merci.", "do": "publier"}

    response = team.post(address(submission), opened | sent)

    assert "Entre-temps." in plain(soup(response).select_one(".adm-entretemps"))
    again = typed(response)
    assert (again["d-summary"], again["message"]) == (["accepted"], ["Merci."])
    assert team.post(address(submission), again | {"do": "publier"}).status_code == 302
    assert Initiative.objects.get().summary == "Proposé."


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_the_same_moment_decide_once(queued_mails):
    from initiatives.submission.actions.decisions import publish_submission, reject
    from tests.submission.deciding import NOW, seen

    submission = deposit()
    opened, people = seen(submission), [moderator(), moderator()]
    mails = len(queued_mails)

    answers = at_once(
        lambda: publish_submission(submission=submission, **opened, ticked=ALL_CHECKS["new"], by=people[0], at=NOW),
        lambda: reject(submission=submission, revision=opened["revision"], reason="hors-champ", by=people[1], at=NOW),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    state, status = Submission.objects.get().state, Initiative.objects.get().status
    assert (state, status) in {("accepted", "published"), ("rejected", "rejected")}
    assert len(queued_mails) == mails + 1
