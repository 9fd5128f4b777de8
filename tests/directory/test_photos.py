"""``/photos/…``: there while the fiche is published, and on its page."""

from uuid import uuid4

import pytest
from django.conf import settings

from initiatives.submission.actions import archive, publish
from tests import factories
from tests.admin.pages import allow
from tests.directory.filled import full_actor, full_initiative
from tests.directory.reading import read, words
from tests.photos import with_files

pytestmark = pytest.mark.django_db

STATES = {"draft": {}, "published": {"published": True}, "archived": {"archived": True}}
each_hidden_state = pytest.mark.parametrize("state", ["draft", "archived"])


def photo_of(state="published", **values):
    return with_files(factories.PhotoFactory, initiative=factories.InitiativeFactory(**STATES[state]), **values)


def logo_of(state):
    return with_files(factories.PhotoFactory, initiative=None, actor=factories.ActorFactory(**STATES[state]))


def test_everybody_sees_the_photo_of_a_published_fiche(client):
    photo = photo_of(size=(1600, 900))

    for width in (480, 960, 1440):
        response = client.get(f"/photos/{photo.uuid}/{width}.webp")

        assert response.status_code == 200
        assert response.content == photo.path(width).read_bytes()
        assert response["Content-Type"] == "image/webp"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-cache"
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert "Set-Cookie" not in response
        assert "Content-Encoding" not in response


@pytest.mark.parametrize("make", [photo_of, logo_of])
@each_hidden_state
def test_a_stranger_does_not_see_what_is_not_published(client, make, state):
    photo = make(state)

    assert client.get(photo.src).status_code == 404
    client.force_login(factories.UserFactory())
    assert client.get(photo.src).status_code == 404


@pytest.mark.parametrize(("make", "noun"), [(photo_of, "initiative"), (logo_of, "actor")])
@each_hidden_state
def test_the_team_sees_it_with_the_right_to_see_the_fiche(client, make, noun, state):
    photo, colleague = make(state), factories.UserFactory(is_staff=True)
    client.force_login(colleague)
    assert client.get(photo.src).status_code == 404

    for right in ("view", "change"):
        allow(colleague, f"{right}_{noun}")
        response = client.get(photo.src)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-cache"

    colleague.is_active = False
    colleague.save()
    assert client.get(photo.src).status_code == 404


def test_a_right_on_the_fiches_is_not_enough_for_somebody_who_left_the_team(client):
    holder = factories.UserFactory(is_staff=False)
    allow(holder, "view_initiative")
    client.force_login(holder)

    assert client.get(photo_of("draft").src).status_code == 404


def test_archiving_hides_it_at_once_even_to_who_has_seen_it(client):
    photo = photo_of()
    etag = client.get(photo.src)["ETag"]
    assert client.get(photo.src, headers={"If-None-Match": etag}).status_code == 304

    archive(fiche=photo.initiative, at=factories.SOME_TIME)

    assert client.get(photo.src, headers={"If-None-Match": etag}).status_code == 404
    publish_again(photo.initiative)
    assert client.get(photo.src).status_code == 200


def publish_again(initiative):
    factories.SiteFactory(initiative=initiative)
    initiative.theme_links.create(theme=factories.ThemeFactory())
    publish(fiche=initiative, at=factories.SOME_TIME)


def test_a_fiche_that_was_merged_shows_its_photos_no_more(client):
    fiche = factories.InitiativeFactory(merged_into=factories.InitiativeFactory(published=True))
    photo = with_files(factories.PhotoFactory, initiative=fiche)

    assert client.get(photo.src).status_code == 404


def test_an_unchanged_photo_is_not_sent_again_and_another_one_is(client):
    photo, other = photo_of(), photo_of()
    response = client.get(photo.src)

    again = client.get(photo.src, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]
    assert again["Cache-Control"] == "no-cache"

    photo.delete()
    type(other).objects.filter(pk=other.pk).update(uuid=photo.uuid)
    assert client.get(photo.src, headers={"If-None-Match": response["ETag"]}).status_code == 200


def test_head_says_the_same_without_the_picture(client):
    photo = photo_of()
    wanted, response = client.get(photo.src), client.head(photo.src)

    assert response.status_code == 200
    assert response.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert response[name] == wanted[name]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_but_reading_is_answered(client, method):
    assert getattr(client, method)(photo_of().src).status_code == 405


def test_only_the_widths_that_pages_use_have_an_address(client):
    photo = photo_of(size=(640, 400))

    assert photo.widths == [480, 960]
    for width in ("1440", "2400", "0", "481", "0480", "original", "-480", "٤٨٠"):
        assert client.get(f"/photos/{photo.uuid}/{width}.webp").status_code == 404, width
    for end in ("480.jpg", "480", "480.webp/", "", "480.webp.webp"):
        assert client.get(f"/photos/{photo.uuid}/{end}").status_code == 404, end


@pytest.mark.parametrize(
    "path",
    [
        "/photos/",
        "/photos/../secret-key",
        "/photos/%2e%2e/%2e%2e/secret-key",
        "/photos/{uuid}/../480.webp",
        "/photos/{uuid}/..%2f480.webp",
        "/photos/{uuid}/%2e%2e%2foriginal.webp",
        "/photos/{folder}/480.webp",
        "/photos/{folder}/original.webp",
        "/media/photos/{folder}/480.webp",
        "/static/photos/{folder}/480.webp",
        "/{folder}/480.webp",
    ],
)
def test_no_other_address_leads_to_the_files(client, path):
    photo = photo_of()
    folder = photo.path(480).parent.name

    assert client.get(path.format(uuid=photo.uuid, folder=folder)).status_code == 404


def test_a_photo_of_nowhere_is_not_found(client):
    assert client.get(f"/photos/{uuid4()}/480.webp").status_code == 404


def test_a_photo_whose_files_were_lost_is_not_found(client):
    assert client.get(factories.PhotoFactory(initiative__published=True).src).status_code == 404


def test_the_database_is_asked_one_question(client, django_assert_num_queries):
    photo = photo_of()

    with django_assert_num_queries(1):
        client.get(photo.src)


# On the pages


def test_the_fiche_shows_its_photos_under_the_answer(client, places):
    fiche = full_initiative(places)
    with_files(factories.PhotoFactory, initiative=fiche, size=(300, 200), position=2, credit="Autrui", licence="CC0")
    first = with_files(factories.PhotoFactory, initiative=fiche, size=(1800, 1200), position=1, print_allowed=True)
    address = f"/photos/{first.uuid}"

    page = read(client.get(fiche.get_absolute_url()))

    figures = page.select("section[aria-labelledby=reponse] > figure.photo")
    assert [words(figure) for figure in figures] == ["Photo : L’atelier. CC BY 4.0.", "Photo : Autrui. CC0."]
    assert ["imprimable" in figure["class"] for figure in figures] == [True, False]
    image = figures[0].img
    assert image["alt"] == first.alt
    assert image["src"] == f"{address}/960.webp"
    assert image["srcset"] == f"{address}/480.webp 480w, {address}/960.webp 960w, {address}/1440.webp 1440w"
    assert (image["width"], image["height"], image["loading"]) == ("1800", "1200", "lazy")
    assert figures[1].img["src"].endswith("/480.webp")
    assert not figures[1].img.has_attr("srcset")
    share = page.select_one('meta[property="og:image"]')["content"]
    assert share == f"{settings.SITE_URL}{address}/960.webp"
    assert "chaque photo garde la sienne" in words(page)
    for image in page.select("figure img[srcset]"):
        for candidate in image["srcset"].split(", "):
            assert client.get(candidate.split()[0]).status_code == 200


def test_a_fiche_without_a_photo_keeps_its_cloth_and_says_nothing_of_photos(client, places):
    page = read(client.get(full_initiative(places).get_absolute_url()))

    assert not page.select("figure.photo")
    assert "chaque photo" not in words(page)
    assert page.select_one('meta[property="og:image"]')["content"].endswith(".png")


def test_machines_are_told_who_is_credited(client, places):
    fiche = full_initiative(places)
    photo = with_files(factories.PhotoFactory, initiative=fiche)

    data = read(client.get(fiche.get_absolute_url())).select_one('script[type="application/ld+json"]').string

    assert f'"contentUrl":"{settings.SITE_URL}{photo.src}"' in data
    assert '"creditText":"L’atelier"' in data


def test_the_page_of_an_actor_shows_its_logo(client, places):
    actor = full_actor(places)
    assert not read(client.get(actor.get_absolute_url())).select("figure.logo")
    logo = with_files(factories.PhotoFactory, initiative=None, actor=actor, alt="Inter-Made", size=(300, 200))

    page = read(client.get(actor.get_absolute_url()))

    image = page.select_one(".carnet > figure.logo img")
    assert (image["src"], image["alt"]) == (f"/photos/{logo.uuid}/480.webp", "Inter-Made")
    assert (image["width"], image["height"]) == ("300", "200")
    assert client.get(image["src"]).status_code == 200


def test_what_is_written_about_a_photo_is_text(client, places):
    fiche = full_initiative(places)
    hostile = '"><script>alert(1)</script>'
    with_files(factories.PhotoFactory, initiative=fiche, alt=hostile, credit=hostile, licence=hostile)

    page = read(client.get(fiche.get_absolute_url()))

    assert not page.select("script:not([type])")
    assert page.select_one("figure.photo img")["alt"] == hostile
