"""A fiche said as plain data and back: nothing is lost, nothing else is touched, and later changes are kept."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from initiatives.models import Actor, FundingSource, Initiative, Photo, SentPhoto
from initiatives.models.vocabulary import ReadBy
from initiatives.submission import documents
from initiatives.submission.actions import record_edit
from initiatives.submission.changes import compare
from initiatives.submission.history import act
from initiatives.submission.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


@pytest.fixture
def places():
    return factories.make_places()


@pytest.fixture
def whole(places):
    """An initiative that says something in every field."""
    fiche = factories.InitiativeFactory(
        published=True,
        name="La Cagette",
        website="https://cagette.exemple.test",
        social_need="Des légumes perdus.",
        novelties=["production", "participation"],
        stage="essaimage",
        start_year=2014,
        start_precision="environ",
        sites=[places.arles],
        coverage=[places.bouches_du_rhone, places.crau],
        themes=[factories.ThemeFactory(), factories.ThemeFactory()],
        audiences=[factories.AudienceFactory()],
        lead=factories.ActorFactory(published=True),
    )
    factories.FundingFactory(initiative=fiche, amount=12000, year=2015, kind="mecenat")
    factories.SourceFactory(initiative=fiche, year=2016)
    factories.MilestoneFactory(initiative=fiche)
    factories.NoticeFactory(initiative=fiche, until=date(2026, 12, 1))
    factories.TakingPartFactory(initiative=fiche)
    factories.PhotoFactory(initiative=fiche)
    site = fiche.sites.get()
    site.latitude, site.longitude, site.label = 43.68, 4.63, "La halle"
    site.save()
    return fiche


def apply(fiche, values, **more):
    with act(verb="Essai", at=NOW):
        documents.apply(fiche, values, at=NOW, **more)
        record_edit(fiche=fiche, at=NOW)
    return type(fiche).objects.get(pk=fiche.pk)


def test_every_field_of_a_whole_fiche_is_said(whole):
    document = documents.read(whole)

    empty = [name for name, value in document.items() if value in ("", None, [], "inconnu")]
    assert set(empty) == {
        *("response", "innovation", "results", "difficulties", "end_year", "scale", "milieu", "activity"),
        *("contact_email", "contact_phone", "contact_note"),
        *("redo_cost", "redo_duration", "redo_partners", "redo_pitfalls"),
    }
    assert document["sites"][0]["territory"] == "com-13004"
    assert document["coverage"] == ["dep-13", "zone-crau"]
    assert document["notices"][0]["until"] == "2026-12-01"


def test_a_document_is_json_and_says_the_same_once_it_is_written(whole):
    document = json.loads(json.dumps(documents.read(whole)))

    assert documents.differences(Initiative, documents.read(whole), document) == {}
    assert documents.read(apply(whole, document)) == document


def test_a_document_makes_another_fiche_that_says_the_same(whole):
    document = documents.read(whole)
    for name in ("sites", "participations", "fundings", "sources", "milestones", "notices", "ways_to_take_part"):
        for line in document[name]:
            line["uuid"] = str(uuid4())
    document["photos"] = []
    other = Initiative.objects.create(name="", origin="depot")

    other = apply(other, document, read_by=ReadBy.HOLDER)

    assert documents.read(other) == document
    assert (other.stage_read_by, other.stage_as_of) == (ReadBy.HOLDER, 2026)


def test_a_field_that_is_not_in_the_document_is_left_alone(whole):
    before = documents.read(whole)

    after = documents.read(apply(whole, {"summary": "Autre chose."}))

    assert after == before | {"summary": "Autre chose."}
    whole.refresh_from_db()
    assert whole.stage_as_of is None  # nobody read the stage again


def test_a_line_keeps_what_the_document_does_not_say_of_it(whole):
    sites = documents.read(whole)["sites"]
    sites[0]["label"] = "Le hangar"

    fiche = apply(whole, {"sites": sites})

    site = fiche.sites.get()
    assert (site.label, site.latitude) == ("Le hangar", 43.68)


def test_lines_are_added_removed_and_put_in_the_order_of_the_document(whole, places):
    [first] = documents.read(whole)["sites"]
    new = {"uuid": str(uuid4()), "territory": "com-13001", "label": "", "address": "1 cours Mirabeau"}

    fiche = apply(whole, {"sites": [new, first], "fundings": []})

    assert [site.territory for site in fiche.sites.all()] == [places.aix, places.arles]
    assert not fiche.fundings.exists()


def test_the_lead_passes_from_one_line_to_another(whole):
    [old] = documents.read(whole)["participations"]
    actor = factories.ActorFactory(published=True)
    new = {"uuid": str(uuid4()), "actor": str(actor.uuid), "role": "porteur", "is_lead": True, "detail": ""}

    fiche = apply(whole, {"participations": [old | {"is_lead": False}, new]})

    assert fiche.lead_actor == actor


def test_a_described_actor_waits_for_somebody_who_makes_it(whole):
    described = {"name": "Les Jardins", "kind": "collectif", "legal_form": "association"}
    line = {"uuid": str(uuid4()), "actor": None, "new_actor": described, "role": "partenaire", "is_lead": False}
    document = {"participations": [*documents.read(whole)["participations"], line]}

    assert documents.described_actors(document) == [described]
    assert apply(whole, document).participations.count() == 1
    fiche = apply(whole, document, make_actor=lambda said: factories.ActorFactory(name=said["name"]))
    assert [part.actor.name for part in fiche.participations.all()][-1] == "Les Jardins"


def test_an_actor_that_was_merged_meanwhile_is_the_one_that_stays(whole):
    stays = factories.ActorFactory(published=True)
    gone = factories.ActorFactory(merged_into=stays, name="Partie")
    line = {"uuid": str(uuid4()), "actor": str(gone.uuid), "role": "partenaire", "is_lead": False}

    assert apply(whole, {"participations": [line]}).participations.get().actor == stays


def test_a_photo_that_was_sent_becomes_that_of_the_fiche(whole):
    submission = factories.SubmissionFactory()
    sent = SentPhoto.objects.create(
        submission=submission, file=f"photos/{'a' * 32}/original.webp", width=900, height=600
    )
    line = {"uuid": str(sent.uuid), "alt": "Une halle", "credit": "La Cagette", "licence": "CC BY 4.0"}
    kept = documents.read(whole)["photos"]

    fiche = apply(whole, {"photos": [*kept, line]}, photos=submission)

    assert fiche.photos.count() == 2
    photo = Photo.objects.get(uuid=sent.uuid)
    assert (photo.file, photo.width) == (sent.file, 900)
    assert not SentPhoto.objects.exists()


def test_the_photo_of_somebody_else_is_not_taken(whole):
    theirs = SentPhoto.objects.create(
        submission=factories.SubmissionFactory(), file=f"photos/{'b' * 32}/original.webp", width=9, height=9
    )
    line = {"uuid": str(theirs.uuid), "alt": "Une halle", "credit": "X", "licence": "CC BY 4.0"}

    with pytest.raises(Refused, match="photos"):
        apply(whole, {"photos": [line]}, photos=factories.SubmissionFactory())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"end_year": 1999}, "ne peut pas précéder"),
        ({"start_year": 1500}, "1800"),
        ({"website": "pas une adresse"}, "URL"),
        ({"stage": "ailleurs"}, "choix"),
        ({"start_year": "deux mille"}, "entier"),
        ({"themes": ["inconnu"]}, "n’existe plus"),
        ({"sites": [{"uuid": str(uuid4()), "territory": "dep-13"}]}, "commune"),
        ({"milestones": [{"uuid": str(uuid4()), "year": "x", "text": "Ici"}]}, "entier"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(whole, values, said):
    before = documents.read(whole)

    with pytest.raises(Refused, match=said):
        apply(whole, {"summary": "Écrit avant l’erreur."} | values)

    assert documents.read(Initiative.objects.get(pk=whole.pk)) == before


@pytest.mark.parametrize("model", [Initiative, Actor, FundingSource])
def test_a_blank_document_is_what_a_new_fiche_says(model):
    document = documents.blank(model)

    assert document == documents.read(model.objects.create(name=""))
    assert set(document) == set(documents.FIELDS[model])


def test_actors_and_funding_sources_are_said_and_written_too(places):
    actor = factories.ActorFactory(published=True, seat=places.arles, coverage=[places.paca], founded_year=1999)
    factories.OfferFactory(actor=actor, stages=["emergence"])
    source = factories.FundingSourceFactory(
        published=True, offered_by=actor, closes_on=date(2026, 9, 1), territories=[places.paca], amount_max=5000
    )

    for fiche in (actor, source):
        document = documents.read(fiche)
        assert documents.read(apply(fiche, json.loads(json.dumps(document)))) == document
    changed = apply(source, {"closes_on": "2026-10-15", "territories": ["dep-13"]})
    assert changed.closes_on == date(2026, 10, 15)
    assert list(changed.territories.all()) == [places.bouches_du_rhone]


def test_only_what_differs_is_a_difference(whole):
    base = documents.read(whole)
    proposed = deepcopy(base) | {"summary": "Autre.", "results": "  ", "response": "Une\r\nréponse"}
    proposed["sites"][0]["label"] = "Ailleurs"

    found = documents.differences(Initiative, base, proposed)

    assert set(found) == {"summary", "sites", "response"}
    assert found["summary"] == (whole.summary, "Autre.")


def test_what_others_changed_meanwhile_is_kept():
    a, b, c, d = ({"uuid": letter, "label": letter} for letter in "abcd")
    rebase = documents.rebase

    # b was changed by somebody else, c was added by them; the proposal changed a, took nothing away and added d.
    today = [a, b | {"label": "B"}, c]
    lines = rebase(Initiative, "sites", base=[a, b], proposed=[a | {"label": "A"}, b, d], today=today)
    assert lines == [a | {"label": "A"}, b | {"label": "B"}, c, d]
    # What the proposal took away goes; what others took away stays away unless the proposal changed it.
    assert rebase(Initiative, "sites", base=[a, b], proposed=[b], today=[a, b, c]) == [b, c]
    assert rebase(Initiative, "sites", base=[a, b], proposed=[a, b], today=[a]) == [a]
    assert rebase(Initiative, "sites", base=[a], proposed=[a | {"label": "A"}], today=[]) == [a | {"label": "A"}]
    assert rebase(Initiative, "coverage", base=["x", "y"], proposed=["x", "z"], today=["w", "x", "y"]) == [
        "w",
        "x",
        "z",
    ]
    assert rebase(Initiative, "themes", base=["x"], proposed=["y", "x"], today=["x", "w"]) == ["y", "x", "w"]
    assert rebase(Initiative, "summary", base="A", proposed="B", today="C") == "B"


def test_each_field_is_said_in_words(whole):
    document = documents.read(whole)

    said = {name: documents.words(Initiative, name, value) for name, value in document.items()}

    assert said["stage"] == "Essaimage"
    assert said["coverage"] == ["Bouches-du-Rhône", "Crau"]
    assert said["sites"] == ["commune ou arrondissement\xa0: Arles\u202f; nom du lieu\xa0: La halle"]
    assert said["contact_email"] == ""
    before, after = compare(said["summary"], "Un résumé qui tient en deux phrases.")
    assert [piece.text for piece in after if piece.changed]
    for name in document:
        plain = ("milieu", "participations", "sources", "photos")
        assert name in plain or documents.label(Initiative, name) != name


def test_a_described_actor_is_said_with_its_name_where_one_of_the_directory_would_be():
    line = {"uuid": "a", "actor": None, "new_actor": {"name": "Les Jardins"}, "role": "partenaire"}

    [said] = documents.words(Initiative, "participations", [line])

    assert said == "acteur\xa0: Les Jardins (à créer)\u202f; rôle\xa0: Partenaire"
