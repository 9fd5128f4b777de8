"""What ``/mes-fiches/`` shows: one's own, with what waits for one, and nobody else's."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.models import (
    Opinion,
    SubmissionMessage,
)
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    NoticeFactory,
    OwnershipFactory,
    RecheckFactory,
    SubmissionFactory,
)
from tests.submission.holding import ADDRESS, PAGE, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_lea")]

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_a_stranger_is_asked_to_sign_in_and_comes_back_there():
    for address in (PAGE, f"{PAGE}donnees/emporter/", f"{PAGE}donnees/effacer/"):
        assert Client().get(address).url == f"/connexion/?suite={address}"


def test_everything_of_mine_is_there_and_nothing_of_anybody_else(client, lea):
    OwnershipFactory(user=lea, fiche=InitiativeFactory(published=True, name="Les Jardins"))
    OwnershipFactory(user=lea, fiche=ActorFactory(published=True, name="La Structure"))
    OwnershipFactory(user=lea, fiche=FundingSourceFactory(published=True, name="Le Fonds"))
    waiting = SubmissionFactory(email=ADDRESS, answers={"name": "La Ressourcerie"}, receipt="IG-2026-00007")
    SubmissionMessage.objects.create(submission=waiting, at=NOW, is_from_team=True, text="Où est-ce, au juste ?")
    SubmissionFactory(user=lea, state="draft", answers={"name": "Mon brouillon"}, sent_at=None)
    OwnershipFactory(fiche=InitiativeFactory(published=True, name="Aux autres"))
    SubmissionFactory(answers={"name": "Le secret"})
    SubmissionFactory(state="draft", answers={"name": "Brouillon d’autrui"}, sent_at=None)

    page = words(client.get(PAGE))

    for said in (
        "Les Jardins",
        "La Structure",
        "Le Fonds",
        "La Ressourcerie",
        "IG-2026-00007",
        "Où est-ce, au juste",
        "Mon brouillon",
    ):
        assert said in page
    for unsaid in ("Aux autres", "Le secret", "Brouillon d’autrui"):
        assert unsaid not in page


def test_what_i_left_or_what_is_archived_is_there_no_more(client, lea):
    OwnershipFactory(user=lea, fiche=InitiativeFactory(published=True, name="Quittée"), ended_at=NOW)
    OwnershipFactory(user=lea, fiche=InitiativeFactory(archived=True, name="Archivée"))

    page = words(client.get(PAGE))

    assert "Quittée" not in page
    assert "Archivée" not in page


def test_it_says_what_the_fiche_lacks_and_that_the_question_of_the_year_waits(client, lea):
    fiche = OwnershipFactory(user=lea).fiche
    RecheckFactory(fiche=fiche)

    page = words(client.get(PAGE))

    assert "Il manque" in page
    assert "le besoin" in page
    assert "La question de l’année vous attend" in page


def test_it_asks_for_my_opinion_of_what_others_propose(client, lea):
    fiche = OwnershipFactory(user=lea).fiche
    change = SubmissionFactory(kind="change", fiche=fiche)
    Opinion.objects.create(submission=change, user=lea, asked_at=NOW)

    assert "On vous demande votre avis" in words(client.get(PAGE))
    Opinion.objects.update(agrees=True, at=NOW)
    assert "On vous demande votre avis" not in words(client.get(PAGE))


def test_each_draft_leads_to_the_page_that_goes_on_with_it(client, lea):
    fiche = InitiativeFactory(published=True)
    new = SubmissionFactory(state="draft", user=lea, email=ADDRESS, sent_at=None, answers={"name": "Neuve"})
    change = SubmissionFactory(kind="change", state="draft", user=lea, email=ADDRESS, sent_at=None, fiche=fiche)
    SubmissionFactory(state="unconfirmed", user=lea, email=ADDRESS, answers={"name": "Envoyée"})

    links = [
        link["href"]
        for link in BeautifulSoup(client.get(PAGE).content, "html.parser").select(
            "section[aria-labelledby=brouillons] h3 a"
        )
    ]

    assert {link.split("/")[1] for link in links} == {"deposer", "initiatives"}
    assert all(client.get(link).status_code == 200 for link in links), (new, change)


def test_who_never_had_the_message_of_confirmation_may_have_it_again(client, lea):
    SubmissionFactory(state="unconfirmed", user=lea, email=ADDRESS, answers={"name": "Envoyée"})
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")

    link = page.select_one("section[aria-labelledby=brouillons] .liens a")

    assert link.get_text().startswith("Recevoir de nouveau le message")
    assert "Renvoyer le message" in words(client.get(link["href"]))


def test_it_costs_the_same_whatever_one_owns_and_sent(client, lea):
    def grow(count):
        for _ in range(count):
            for factory in (InitiativeFactory, ActorFactory, FundingSourceFactory):
                fiche = factory(published=True)
                OwnershipFactory(user=lea, fiche=fiche)
                if factory is InitiativeFactory:
                    NoticeFactory(initiative=fiche)
            sent = SubmissionFactory(kind="change", fiche=fiche, user=lea)
            SubmissionMessage.objects.create(submission=sent, at=NOW, is_from_team=True, text="Bien.", field="name")
            Opinion.objects.create(submission=SubmissionFactory(kind="change", fiche=fiche), user=lea, asked_at=NOW)
            SubmissionFactory(state="draft", user=lea, sent_at=None)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    grow(2)
    few = cost()
    grow(10)
    assert cost() == few
