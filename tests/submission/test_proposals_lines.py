"""The lines of a fiche in a proposal, known by their UUID; what an actor and a funding source may be said to be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.models import Actor, FundingSource, Initiative, Submission
from initiatives.submission import documents
from tests.factories import (
    ActorFactory,
    FundingFactory,
    OfferFactory,
    ParticipationFactory,
    SiteFactory,
    SourceFactory,
    TerritoryFactory,
)
from tests.submission.test_proposals import changed, propose
from tests.submission.visiting import door, published, sentences, typed

pytestmark = pytest.mark.django_db


def test_the_page_asks_as_many_questions_whatever_the_number_of_lines(client):
    fiche = published(Initiative)

    def grow(number):
        for _ in range(number):
            ParticipationFactory(initiative=fiche, actor=ActorFactory(published=True))
            FundingFactory(initiative=fiche, actor=ActorFactory(published=True), source__published=True)
            SiteFactory(initiative=fiche)

    def questions():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(door(fiche, "proposer-une-modification")).status_code == 200
        return len(queries)

    grow(2)
    questions()
    few = questions()
    grow(10)

    assert questions() == few


def test_a_site_is_added_changed_and_removed(client):
    first, second, third = (TerritoryFactory(name=name) for name in ("Aubagne", "Bandol", "Cassis"))
    fiche = published(Initiative, sites=[first, second])
    base = documents.read(fiche)["sites"]
    seat, other = base

    propose(
        client,
        fiche,
        site_label="La halle",
        **{"lieux-0-DELETE": "on", "lieux-1-place": "Cassis", "lieux-1-address": "3 quai des Tests"},
    )

    before, after = changed()["sites"]
    assert before == base
    assert after[0] == seat | {"label": "La halle"}
    [added] = after[1:]
    assert (added["territory"], added["address"]) == (third.key, "3 quai des Tests")
    assert added["uuid"] not in (seat["uuid"], other["uuid"])


def test_a_known_actor_and_a_described_one_become_partners(client):
    fiche = published(Initiative)
    known = ActorFactory(name="Inter-Made", published=True)
    told = ParticipationFactory(initiative=fiche, actor=ActorFactory(published=True), detail="local prêté")

    propose(
        client,
        fiche,
        **{
            "partenaires-TOTAL_FORMS": "3",
            "partenaires-1-partner": "Inter-Made",
            "partenaires-1-role": "accompagnateur",
            "partenaires-2-partner": "Le Comptoir des Tests",
            "partenaires-2-role": "partenaire",
        },
    )

    before, after = changed()["participations"]
    lines = {line["uuid"]: line for line in after}
    assert lines.pop(str(told.uuid)) == before[0]
    found = sorted(lines.values(), key=lambda line: line["role"])
    assert (found[0]["actor"], found[0]["role"]) == (str(known.uuid), "accompagnateur")
    assert (found[1]["actor"], found[1]["new_actor"]["name"]) == (None, "Le Comptoir des Tests")
    assert not Actor.objects.filter(name="Le Comptoir des Tests").exists()


def test_what_is_not_published_is_neither_shown_nor_lost(client):
    fiche = published(Initiative)
    hidden = ActorFactory(name="Structure cachée")
    line = ParticipationFactory(initiative=fiche, actor=hidden)
    money = FundingFactory(initiative=fiche, source__name="Dispositif caché")

    page = client.get(door(fiche, "proposer-une-modification"))
    propose(client, fiche, **{"partenaires-0-partner": "Le Comptoir", "partenaires-0-role": "partenaire"})

    assert "Structure cachée" not in page.text
    assert "Dispositif caché" not in page.text
    before, after = changed()["participations"]
    assert before == []
    today = documents.read(fiche)
    put_back = documents.rebase(
        Initiative, "participations", base=before, proposed=after, today=today["participations"]
    )
    assert str(line.uuid) in {item["uuid"] for item in put_back}
    assert "fundings" not in changed()
    assert str(money.uuid) in {item["uuid"] for item in today["fundings"]}


def test_nobody_names_an_actor_that_is_not_published(client):
    fiche, hidden = published(Initiative), ActorFactory(name="Structure cachée")

    propose(
        client,
        fiche,
        **{
            "partenaires-0-partner": "Structure cachée",
            "partenaires-0-partner_key": str(hidden.uuid),
            "partenaires-0-role": "partenaire",
        },
    )

    _, [line] = changed()["participations"]
    assert line["actor"] is None


def test_who_offers_a_funding_source_without_being_published_stays_unsaid(client):
    hidden = ActorFactory(name="Financeur caché")
    fiche = published(FundingSource, offered_by=hidden)

    page = client.get(door(fiche, "proposer-une-modification"))
    propose(client, fiche, eligibility="Toute association.")

    assert "Financeur caché" not in page.text
    assert set(changed()) == {"eligibility"}


def test_an_offer_and_a_source_of_an_actor_are_changed_by_their_uuid(client):
    fiche = published(Actor)
    offer = OfferFactory(actor=fiche, what="Six mois d’accompagnement")
    SourceFactory(initiative=None, actor=fiche, title="Un article", publisher="La gazette")

    propose(
        client,
        fiche,
        **{
            "offres-0-what": "Un an d’accompagnement",
            "offres-0-stages": ["emergence", "experimentation"],
            "liens-1-url": "https://exemple.fr/rapport",
        },
    )

    _, [line] = changed()["offers"]
    assert (line["uuid"], line["what"]) == (str(offer.uuid), "Un an d’accompagnement")
    assert line["stages"] == ["emergence", "experimentation"]
    _, sources = changed()["sources"]
    assert [line["url"] for line in sources][1] == "https://exemple.fr/rapport"
    assert set(changed()) == {"offers", "sources"}


def test_every_kind_of_answer_about_a_funding_source(client):
    place = TerritoryFactory(name="Aubagne")
    carrier = ActorFactory(name="La Caisse des Tests", published=True)
    fiche = published(FundingSource)

    answer = propose(
        client,
        fiche,
        offered="La Caisse des Tests",
        kinds=["subvention", "pret"],
        amount_min="1 000",
        amount_max="20 000 €",
        max_share="80",
        repayable="non",
        legal_forms=["association"],
        closes_on="2027-06-30",
        returns_in_month="6",
        ended="on",
        how_to_apply="Par courriel.",
        **{"territoires-0-place": "Aubagne"},
    )

    assert answer.status_code == 302, sentences(answer)
    proposed = {field: after for field, (_, after) in changed().items()}
    assert proposed == {
        "offered_by": str(carrier.uuid),
        "kinds": ["subvention", "pret"],
        "amount_min": 1000,
        "amount_max": 20000,
        "max_share": 80,
        "repayable": False,
        "legal_forms": ["association"],
        "closes_on": "2027-06-30",
        "returns_in_month": 6,
        "ended": True,
        "how_to_apply": "Par courriel.",
        "territories": [place.key],
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount_min": "500", "amount_max": "100"}, "ne peut pas être inférieur"),
        ({"opens_on": "2027-06-30", "closes_on": "2027-01-01"}, "ne peut pas précéder"),
        ({"closes_on": "2027-01-01", "is_permanent": "on"}, "l’un des deux"),
        ({"max_share": "140"}, "entre 1 et 100"),
        ({"offered": "Personne de connu"}, "ne connaît pas cette structure"),
        ({"amount_min": "beaucoup"}, "montant en euros"),
    ],
    ids=str,
)
def test_what_a_funding_source_cannot_be_is_refused(wrong, said, client):
    answer = propose(client, published(FundingSource), **wrong)

    assert any(said in sentence for sentence in sentences(answer))
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"siren": "123456789"}, "existe pas"),
        ({"siren": "732829320", "siret": "35600000000048"}, "commence par le Siren"),
        ({"rna": "X12"}, "RNA"),
        ({"seat": "Nulle part"}, "Aucun lieu"),
        ({"founded_year": "demain"}, "année"),
        ({"contact_email": "bonjour"}, "pas complète"),
        ({"offres-0-description": "Sans titre"}, "Dites ce que c’est"),
    ],
    ids=str,
)
def test_what_an_actor_cannot_be_is_refused(wrong, said, client):
    answer = propose(client, published(Actor), **wrong)

    assert any(said in sentence for sentence in sentences(answer))
    assert not Submission.objects.exists()


def test_a_line_is_added_without_sending_anything(client):
    fiche = published(Actor)
    path = door(fiche, "proposer-une-modification")
    data = typed(client.get(path)) | {
        "faire": "ajouter-offres",
        "offres-0-what": "Du conseil",
        "vous-comment": "Mes mots",
    }

    page = client.post(path, data)

    assert page.status_code == 200
    assert "offres-1-what" in page.text
    assert 'value="Du conseil"' in page.text
    assert "Mes mots" in page.text
    assert not sentences(page)
    assert not Submission.objects.exists()
