"""Photos and logos through the real forms of the desk."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext

from initiatives.models import Actor, Initiative, Photo
from initiatives.submission.images import store_photo
from tests import factories
from tests.admin.pages import admin_url, allow, errors, published, typed, with_line
from tests.photos import jpeg, upload, with_files
from tests.submission import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SAID = {"alt": "Une serre", "credit": "Léa Martin", "licence": "CC BY 4.0"}
LINES = {Initiative: "photos", Actor: "logo"}
each_noun = pytest.mark.parametrize("model", LINES, ids=["initiative", "actor"])


def photo_folders():
    room = Path(settings.MEDIA_ROOT) / "photos"
    return {f"photos/{path.name}/original.webp" for path in room.iterdir()} if room.exists() else set()


def with_photo(data, line, **values):
    return with_line(data, line, **{"upload": upload(), "position": "", **SAID, **values})


def save(team, fiche, data, **changes):
    return team.post(admin_url(fiche, "change"), data | changes)


def assert_saved(response):
    assert response.status_code == 302, errors(response)


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What is done within is committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@each_noun
def test_a_photo_is_added_with_what_must_be_said_of_it_and_shows_on_the_page(team, model):
    fiche, line = published(model), LINES[model]
    data = with_photo(typed(team.get(admin_url(fiche, "change"))), line, print_allowed="on")

    assert_saved(save(team, fiche, data))

    photo = Photo.objects.get()
    assert photo.fiche == fiche
    assert (photo.alt, photo.credit, photo.licence, photo.print_allowed) == (*SAID.values(), True)
    assert (photo.width, photo.height) == (640, 400)
    assert photo_folders() == {photo.file}
    fiche.refresh_from_db()
    assert fiche.revision == 1
    team.logout()
    page = team.get(fiche.get_absolute_url()).text
    assert f"/photos/{photo.uuid}/" in page
    assert "Léa Martin" in page
    assert team.get(photo.src).status_code == 200


@each_noun
def test_a_new_fiche_takes_its_photo_at_once(team, model):
    data = typed(team.get(admin_url(model, "add"))) | {"name": "Essai"}

    assert_saved(team.post(admin_url(model, "add"), with_photo(data, LINES[model])))

    assert Photo.objects.get().fiche.name == "Essai"


@each_noun
@pytest.mark.parametrize("missing", ["upload", *SAID])
def test_each_thing_that_a_photo_needs_is_asked_for(team, model, missing):
    fiche = published(model)
    data = with_photo(typed(team.get(admin_url(fiche, "change"))), LINES[model])
    del data[f"{LINES[model]}-0-{missing}"]

    assert "Ce champ est obligatoire." in errors(save(team, fiche, data))
    assert not Photo.objects.exists()


@pytest.mark.parametrize("name", ["heic", "svg", "text", "empty", "gif", "tiny", "html that begins as a jpeg"])
def test_a_file_that_is_refused_says_why_and_loses_nothing_else(team, name):
    fiche = published(Initiative)
    content, words = hostile.not_photos()[name]
    data = typed(team.get(admin_url(fiche, "change"))) | {"summary": "Un résumé retouché."}

    response = save(team, fiche, with_photo(data, "photos", upload=SimpleUploadedFile("photo.jpg", content)))

    assert len(errors(response)) == 1
    assert words in errors(response)[0]
    again = typed(response)
    assert again["summary"] == ["Un résumé retouché."]
    assert {name: again[f"photos-0-{name}"] for name in SAID} == {name: [value] for name, value in SAID.items()}
    assert "photos-0-upload-gardee" not in again
    fiche.refresh_from_db()
    assert fiche.summary != "Un résumé retouché."
    assert not photo_folders()
    assert_saved(save(team, fiche, again | {"photos-0-upload": upload()}))
    assert Photo.objects.get().alt == SAID["alt"]


def test_files_too_heavy_together_are_said_and_lose_nothing_else(team, settings):
    settings.MAX_UPLOAD_SIZE, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000, 500
    fiche = published(Initiative)
    data = typed(team.get(admin_url(fiche, "change"))) | {"summary": "Un résumé retouché."}

    response = save(team, fiche, with_photo(data, "photos"))

    assert "à eux tous" in errors(response)[0]
    assert typed(response)["summary"] == ["Un résumé retouché."]


def test_a_disk_that_is_full_is_said_beside_the_file(team, settings, tmp_path):
    fiche = published(Initiative)
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("")

    response = save(team, fiche, with_photo(typed(team.get(admin_url(fiche, "change"))), "photos"))

    assert "n’a pas pu être enregistrée" in errors(response)[0]


def test_a_photo_is_kept_when_the_rest_of_the_form_is_refused(team):
    fiche = published(Initiative)
    data = with_photo(typed(team.get(admin_url(fiche, "change"))) | {"summary": ""}, "photos", alt="")

    for _ in range(2):  # refused twice: still there
        response = save(team, fiche, data)
        assert "Une fiche publiée garde son nom et son résumé." in errors(response)
        data = typed(response)
        assert data["photos-0-upload-gardee"]
        page = BeautifulSoup(response.text, "html.parser")
        said, helped = page.select_one("#id_photos-0-upload")["aria-describedby"].split()
        assert "Photo gardée" in page.select_one(f"#{said}").get_text()
        assert "JPEG" in page.select_one(f"#{helped}").get_text()
    [kept] = photo_folders()

    assert_saved(save(team, fiche, data | {"summary": "Un résumé.", "photos-0-alt": "Une serre"}))

    assert Photo.objects.get().file == kept
    assert photo_folders() == {kept}


def test_a_photo_is_kept_when_the_save_itself_is_refused(team, places):
    """The rules speak once all the lines are written: the form is read twice, the photo is made once."""
    fiche = published(Initiative)
    data = with_photo(typed(team.get(admin_url(fiche, "change"))) | {"theme_1": ""}, "photos")

    response = save(team, fiche, data)

    assert "il manque un thème" in errors(response)[0]
    assert not Photo.objects.exists()
    [kept] = photo_folders()
    assert_saved(save(team, fiche, typed(response) | {"theme_1": factories.ThemeFactory().pk}))
    assert Photo.objects.get().file == kept


def test_a_kept_photo_gives_way_to_another_file(team):
    fiche = published(Initiative)
    data = with_photo(typed(team.get(admin_url(fiche, "change"))), "photos", alt="")
    data = typed(save(team, fiche, data))

    assert_saved(save(team, fiche, data | {"photos-0-alt": "Vue", "photos-0-upload": upload(jpeg((300, 300)))}))

    assert Photo.objects.get().height == 300


def test_a_form_sent_twice_does_not_make_two_rows_of_one_kept_photo(team):
    fiche = published(Initiative)
    data = typed(save(team, fiche, with_photo(typed(team.get(admin_url(fiche, "change"))), "photos", alt="")))
    data |= {"photos-0-alt": "Une serre"}
    assert_saved(save(team, fiche, data))
    data = data | {
        name: value for name, value in typed(team.get(admin_url(fiche, "change"))).items() if "revision" in name
    }

    assert "Cette photo est déjà enregistrée." in errors(save(team, fiche, data))
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("token", ["", "photos/x/original.webp", "eyJ:bad:sig"])
def test_nobody_takes_a_file_by_its_name(team, token):
    store_photo(upload())
    fiche = published(Initiative)
    data = with_photo(typed(team.get(admin_url(fiche, "change"))), "photos")
    del data["photos-0-upload"]

    response = save(team, fiche, data | {"photos-0-upload-gardee": token or next(iter(photo_folders()))})

    assert "Ce champ est obligatoire." in errors(response)


def test_a_kept_photo_that_was_purged_is_asked_for_again(team):
    fiche = published(Initiative)
    data = typed(save(team, fiche, with_photo(typed(team.get(admin_url(fiche, "change"))), "photos", alt="")))
    folder = (Path(settings.MEDIA_ROOT) / photo_folders().pop()).parent
    folder.rename(folder.with_name("0" * 32))

    assert "Ce champ est obligatoire." in errors(save(team, fiche, data | {"photos-0-alt": "Une serre"}))


@each_noun
def test_a_photo_is_replaced_and_the_old_files_leave(team, model, commits):
    fiche, line = published(model), LINES[model]
    photo = with_files(factories.PhotoFactory, **{"initiative": None, model._meta.model_name: fiche})
    old, address, etag = photo.file, photo.src, team.get(photo.src)["ETag"]
    data = typed(team.get(admin_url(fiche, "change")))

    with commits():
        assert_saved(save(team, fiche, data | {f"{line}-0-upload": upload(jpeg((1000, 500)))}))

    photo.refresh_from_db()
    assert (photo.width, photo.height) == (1000, 500)
    assert photo.file != old
    assert photo_folders() == {photo.file}
    assert team.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_words_are_changed_without_sending_the_photo_again(team, commits):
    photo = with_files(factories.PhotoFactory, initiative=published(Initiative))
    data = typed(team.get(admin_url(photo.initiative, "change"))) | {"photos-0-alt": "Autre chose"}

    with commits():
        assert_saved(save(team, photo.initiative, data))

    before = photo.file
    photo.refresh_from_db()
    assert (photo.file, photo.alt) == (before, "Autre chose")
    assert photo_folders() == {photo.file}


def test_a_replacement_that_is_refused_leaves_the_old_photo(team, commits):
    photo = with_files(factories.PhotoFactory, initiative=published(Initiative))
    data = typed(team.get(admin_url(photo.initiative, "change")))

    with commits():
        response = save(team, photo.initiative, data | {"photos-0-upload": upload(), "theme_1": ""})

    assert "il manque un thème" in errors(response)[0]
    before = photo.file
    photo.refresh_from_db()
    assert photo.file == before
    assert before in photo_folders()


@each_noun
def test_a_photo_is_removed_with_its_files(team, model, commits):
    fiche = published(model)
    with_files(factories.PhotoFactory, **{"initiative": None, model._meta.model_name: fiche})
    data = typed(team.get(admin_url(fiche, "change")))

    with commits():
        assert_saved(save(team, fiche, data | {f"{LINES[model]}-0-DELETE": "on"}))

    assert not Photo.objects.exists()
    assert not photo_folders()


@each_noun
def test_the_files_of_a_draft_leave_with_it(team, model, commits):
    draft = factories.InitiativeFactory() if model is Initiative else factories.ActorFactory()
    with_files(factories.PhotoFactory, **{"initiative": None, model._meta.model_name: draft})
    other = with_files(factories.PhotoFactory)

    with commits():
        assert team.post(admin_url(draft, "delete"), {"post": "yes"}).status_code == 302

    assert photo_folders() == {other.file}


def test_the_form_shows_each_photo_and_names_every_field(team):
    photo = with_files(factories.PhotoFactory, initiative=published(Initiative), size=(300, 600))
    page = BeautifulSoup(team.get(admin_url(photo.initiative, "change")).text, "html.parser")

    image = page.select_one("#photos-group img")
    assert (image["src"], image["alt"]) == (photo.smallest, photo.alt)
    assert (image["width"], image["height"]) == ("120", "240")
    assert team.get(image["src"]).status_code == 200
    control = page.select_one("#id_photos-0-upload")
    assert control["type"] == "file"
    assert control["accept"] == "image/jpeg,image/png,image/webp"
    assert not control.has_attr("required")
    for name in ("upload", *SAID, "print_allowed", "position"):
        assert page.select_one(f"label[for=id_photos-0-{name}]"), name
        help_id = page.select_one(f"#id_photos-0-{name}").get("aria-describedby")
        assert name == "position" or page.select_one(f"#{help_id}").get_text(strip=True), name
    assert page.select_one("#initiative_form")["enctype"] == "multipart/form-data"
    assert not page.select("#photos-group [style], #photos-group [onclick]")
    assert not re.search(r"MEDIA|var/media|original\.webp", str(page))


def test_an_actor_is_asked_for_one_logo(team):
    actor = published(Actor)
    with_files(factories.PhotoFactory, initiative=None, actor=actor)
    data = typed(team.get(admin_url(actor, "change")))
    assert data["logo-MAX_NUM_FORMS"] == ["1"]

    response = save(team, actor, with_photo(data, "logo"))

    assert response.status_code == 200
    assert Photo.objects.count() == 1


def test_a_fiche_of_many_photos_is_saved_like_another(team):
    """A browser sends a part for each file that it is asked for, even when none is chosen."""
    fiche = published(Initiative)
    factories.PhotoFactory.create_batch(12, initiative=fiche)
    data = typed(team.get(admin_url(fiche, "change")))
    data |= {f"photos-{number}-upload": SimpleUploadedFile("none", b"") for number in range(12)}
    body = encode_multipart(BOUNDARY, data).replace(b'filename="none"', b'filename=""')

    assert_saved(team.generic("POST", admin_url(fiche, "change"), body, MULTIPART_CONTENT))

    too_many = with_photo(typed(team.get(admin_url(fiche, "change"))), "photos")
    assert errors(save(team, fiche, too_many)) == ["12 au plus : supprimez-en avant d’en ajouter."]
    assert Photo.objects.count() == 12
    assert_saved(save(team, fiche, too_many | {"photos-3-DELETE": "on", "photos-12-upload": upload()}))


def test_a_fiche_that_a_merge_gave_more_photos_keeps_them(team):
    fiche = published(Initiative)
    factories.PhotoFactory.create_batch(14, initiative=fiche)

    assert_saved(save(team, fiche, typed(team.get(admin_url(fiche, "change"))) | {"summary": "Un résumé retouché."}))

    assert Photo.objects.count() == 14


def test_somebody_who_may_only_read_sees_the_photo_and_cannot_send_one(client):
    reader = factories.UserFactory(is_staff=True)
    allow(reader, "view_initiative")
    client.force_login(reader)
    photo = with_files(factories.PhotoFactory, initiative=factories.InitiativeFactory())

    page = BeautifulSoup(client.get(admin_url(photo.initiative, "change")).text, "html.parser")

    assert page.select_one("#photos-group img")["src"] == photo.smallest
    assert not page.select("input[type=file]")
    assert client.get(photo.smallest).status_code == 200
    data = {"photos-TOTAL_FORMS": 1, "photos-INITIAL_FORMS": 0, "photos-0-upload": upload()}
    assert client.post(admin_url(photo.initiative, "change"), data).status_code == 403
    assert len(photo_folders()) == 1


def test_a_fiche_with_many_photos_asks_the_database_as_little(team):
    fiche = published(Initiative)

    def questions():
        team.get(admin_url(fiche, "change"))
        with CaptureQueriesContext(connection) as queries:
            team.get(admin_url(fiche, "change"))
        return len(queries)

    factories.PhotoFactory.create_batch(2, initiative=fiche)
    few = questions()
    factories.PhotoFactory.create_batch(8, initiative=fiche)

    assert questions() == few
