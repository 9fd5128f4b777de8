"""One's data: taken along, all of it and nothing of anybody else; or erased, so that no table holds them any more."""

import json
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import connection, models
from post_office.models import Email
from reversion.models import Revision, Version

from initiatives.models import (
    Consent,
    Initiative,
    Invitation,
    Opinion,
    Ownership,
    PrivateContact,
    ProposedChange,
    Question,
    Recheck,
    SentPhoto,
    Submission,
    SubmissionEvent,
    SubmissionMessage,
    User,
    current_version,
)
from initiatives.submission.actions.fiches import record_edit
from initiatives.submission.actions.my_data import erase
from initiatives.submission.history import act
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused
from tests.factories import (
    ActorFactory,
    InitiativeFactory,
    InvitationFactory,
    OwnershipFactory,
    RecheckFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.submission.holding import ADDRESS, PAGE, words
from tests.submission.people import sent_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_lea")]

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def everything():
    nouns = (Ownership, Submission, Invitation, Recheck, Initiative, User)
    return [
        *([*noun.objects.order_by("pk").values()] for noun in nouns),
        Email.objects.count(),
        Revision.objects.count(),
        current_version(),
    ]


@pytest.fixture
def life(lea, media):
    """All that the site may know of somebody, beside what it knows of others."""
    published = InitiativeFactory(published=True, name="Les Jardins", contact_email=ADDRESS)
    with act(verb="Modification", by=lea, why=f"écrire à {ADDRESS}", at=NOW):
        record_edit(fiche=published, at=NOW)
    OwnershipFactory(user=lea, fiche=published, role="Présidente")
    other_owner = OwnershipFactory(user=UserFactory(email="karim@exemple.test", name="Karim Benali"), fiche=published)
    accepted = SubmissionFactory(
        user=lea,
        email=ADDRESS,
        name="Léa Martin",
        state="accepted",
        fiche=published,
        answers={"contact_email": ADDRESS},
    )
    Consent.objects.create(submission=accepted, text="licence", version="1", at=NOW)
    SubmissionMessage.objects.create(submission=accepted, at=NOW, by=lea, text=f"Mon adresse : {ADDRESS}")
    SubmissionEvent.objects.create(submission=accepted, at=NOW, state="accepted", note=ADDRESS)
    change = SubmissionFactory(kind="change", user=lea, email=ADDRESS, fiche=published)
    ProposedChange.objects.create(submission=change, field="contact_email", base="", proposed=ADDRESS)
    Opinion.objects.create(submission=change, user=other_owner.user, asked_at=NOW, agrees=False, at=NOW, comment="Non.")
    pending = InitiativeFactory(status="pending", name="En attente", contact_email=ADDRESS)
    with act(verb="Dépôt", by=lea, at=NOW):
        record_edit(fiche=pending, at=NOW)
    SubmissionFactory(user=lea, email=ADDRESS, fiche=pending)
    draft = SubmissionFactory(state="draft", email=ADDRESS, sent_at=None, answers={"name": "Brouillon"})
    sent_photo(draft)
    theirs = SubmissionFactory(kind="change", fiche=published, email="karim@exemple.test", name="Karim Benali")
    Opinion.objects.create(submission=theirs, user=lea, asked_at=NOW, agrees=True, at=NOW, comment=f"Oui, {ADDRESS}")
    InvitationFactory(email=ADDRESS, name="Léa Martin", fiche=published, answer="confirmed", answered_at=NOW)
    InvitationFactory(email="suite@exemple.test", name="Paul", fiche=published, sent_by=lea)
    InvitationFactory(email="tiers@exemple.test", fiche=published, sent_by=other_owner.user)
    PrivateContact.objects.create(actor=ActorFactory(published=True), name="Léa Martin", email=ADDRESS.title())
    RecheckFactory(fiche=published, answer="still_true", answered_at=NOW, answered_by=lea)
    Question.objects.create(initiative=published, name="Léa Martin", email=ADDRESS, message="Où ?", asked_at=NOW)
    queue_mail(ADDRESS, "owner_left", {"fiche": published, "others": 1})
    queue_mail("karim@exemple.test", "owner_left", {"fiche": published, "others": 1})
    return published


def test_my_data_are_one_file_with_all_that_is_mine_and_nobody_else(client, life):
    response = client.get(f"{PAGE}donnees/emporter/")

    data = json.loads(response.content)
    text = response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees-innovguide.json"'
    assert "no-store" in response["Cache-Control"]
    assert data["compte"]["adresse électronique"] == ADDRESS
    assert len(data["demandes"]) == 4
    assert data["demandes"][0]["accords"][0]["texte"] == "Licence Ouverte 2.0 pour les textes"
    assert data["demandes"][0]["messages"][0]["de"] == "vous"
    for part in (
        "fiches portées",
        "invitations reçues",
        "invitations envoyées",
        "avis donnés",
        "questions posées à des porteurs",
        "relectures",
    ):
        assert len(data[part]) == 1, part
    assert len(data["contacts tenus par l’équipe"]) == len(data["messages envoyés par le site"]) == 1
    assert len(data["actes dans l’annuaire"]) == 2
    for other in ("karim", "Benali", "suite@exemple.test", "Paul", "Non."):
        assert other not in text, other


def test_every_table_that_names_somebody_is_in_the_export_or_known_to_say_nothing():
    """A new table that points to a person, or keeps an address, is told in ``my_data`` or here."""
    told = {"User", "Submission", "SubmissionEvent", "SubmissionMessage", "Ownership", "Invitation", "Opinion"}
    told |= {"Recheck", "PrivateContact", "Email", "Revision", "Question"}
    public = {"Initiative", "Actor", "FundingSource"}
    # Decisions of the team, and the rights of its accounts.
    silent = {"ProposedChange", "LogEntry", "User_groups", "User_user_permissions", "NotDuplicate"}

    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is User or isinstance(field, models.EmailField):
                found.add(model._meta.object_name)

    assert found - told - public - silent == set()


def columns_with(text):
    """Each table and column, of all there are, where a text is still to be read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("initiatives_fulltext") or "_fts" in table:
                continue
            for column in connection.introspection.get_table_description(cursor, table):
                name, quoted = connection.ops.quote_name(column.name), connection.ops.quote_name(table)
                cursor.execute(
                    f"SELECT COUNT(*) FROM {quoted} WHERE LOWER(CAST({name} AS TEXT)) LIKE %s", [f"%{text}%"]
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column.name}")
    return found


def test_the_walk_of_the_tables_finds_an_address_where_it_is(life):
    found = columns_with(ADDRESS)

    for column in (
        "initiatives_user.email",
        "initiatives_submission.answers",
        "reversion_version.serialized_data",
        "post_office_email.to",
    ):
        assert column in found


def test_once_erased_the_address_is_in_no_table_and_the_fiche_stays(
    client, lea, life, media, django_capture_on_commit_callbacks
):
    [file] = SentPhoto.objects.values_list("file", flat=True)
    version = current_version()

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{PAGE}donnees/effacer/", follow=True)

    assert columns_with(ADDRESS) == []
    assert columns_with("léa martin") == columns_with("Léa Martin".lower()) == []
    assert "Vos données sont effacées" in page.text
    assert "_auth_user_id" not in client.session
    assert not (media / file).exists()
    assert current_version() > version
    life.refresh_from_db()
    assert (life.is_published, life.name, life.contact_email) == (True, "Les Jardins", "")
    assert not Initiative.objects.filter(name="En attente").exists()
    lea.refresh_from_db()
    assert (lea.is_active, lea.has_usable_password()) == (False, False)


def test_once_erased_what_was_accepted_keeps_its_texts_and_history_its_acts(lea, life):
    before = Version.objects.get_for_object(life).count()

    erase(user=lea, at=NOW)

    kept = Submission.objects.get(state="accepted")
    assert (kept.email, kept.user, kept.answers, kept.fiche) == ("", None, {}, life)
    assert Consent.objects.get().submission == kept
    assert Version.objects.get_for_object(life).count() == before + 1
    assert Revision.objects.filter(user=lea).count() == 1
    assert Ownership.objects.filter(user=lea).values_list("ended_at", "role").get() == (NOW, "")
    assert Invitation.objects.get().email == "tiers@exemple.test"
    # What others said stays.
    assert Submission.objects.get(kind="change").email == "karim@exemple.test"
    assert Ownership.objects.current().get().user.email == "karim@exemple.test"


def test_erased_twice_it_is_erased_once(lea, life):
    erase(user=lea, at=NOW)
    after = everything()

    erase(user=lea, at=NOW)

    assert everything() == after


def test_an_account_of_the_team_is_not_erased_from_here(client, lea, life):
    User.objects.filter(pk=lea.pk).update(is_staff=True)

    page = client.post(f"{PAGE}donnees/effacer/", follow=True)

    assert "ne s’efface pas d’ici" in words(page)
    with pytest.raises(Refused):
        erase(user=lea, at=NOW)
    assert User.objects.get(pk=lea.pk).email == ADDRESS


def test_a_photo_that_a_fiche_shows_keeps_its_files(lea, media, django_capture_on_commit_callbacks):
    fiche = InitiativeFactory(published=True)
    accepted = SubmissionFactory(user=lea, email=ADDRESS, state="accepted", fiche=fiche)
    photo = sent_photo(accepted)
    from tests.factories import PhotoFactory

    PhotoFactory(initiative=fiche, uuid=photo.uuid, file=photo.file)

    with django_capture_on_commit_callbacks(execute=True):
        erase(user=lea, at=NOW)

    assert (media / photo.file).exists()


def test_the_same_address_in_an_address_that_holds_it_is_somebody_else(lea):
    other = SubmissionFactory(email=f"x{ADDRESS}", name="Autre")
    fiche = InitiativeFactory(published=True, contact_email=f"x{ADDRESS}", summary=f"Écrire à {ADDRESS}.")
    with act(verb="Modification", at=NOW):
        record_edit(fiche=fiche, at=NOW)
    queue_mail(f"x{ADDRESS}", "owner_left", {"fiche": InitiativeFactory(published=True), "others": 0})

    erase(user=lea, at=NOW)

    other.refresh_from_db()
    kept = json.loads(Version.objects.get_for_object(fiche).get().serialized_data)[0]["fields"]
    assert other.email == kept["contact_email"] == f"x{ADDRESS}"
    assert kept["summary"] == "Écrire à ."
    assert Email.objects.count() == 1


def test_a_draft_is_thrown_away_with_its_photos(client, lea, media, django_capture_on_commit_callbacks):
    draft = SubmissionFactory(user=lea, email=ADDRESS, state="draft", sent_at=None)
    photo = sent_photo(draft)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PAGE}brouillons/{draft.uuid}/effacer/")

    assert not Submission.objects.exists()
    assert not (media / photo.file).exists()
