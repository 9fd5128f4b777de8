"""A list that a browser has already is not made again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.directory import freshness
from initiatives.models import ALL, EditorialText, record_change
from initiatives.submission.actions import record_text
from initiatives.submission.history import act
from tests.directory.sample import make_directory
from tests.factories import UserFactory

LIST = "/initiatives/?theme=alimentation"


@pytest.fixture
def directory(places):
    make_directory(places)
    record_change(ALL)
    return places


def again(client, answer, path=LIST, **headers):
    return client.get(path, headers={"If-None-Match": answer["ETag"], **headers})


def test_what_has_not_changed_is_answered_without_a_search(client, directory):
    first = client.get(LIST)
    assert first["ETag"].startswith('W/"')
    assert first["Cache-Control"] == "private, no-cache"
    assert {"HX-Request", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}

    with CaptureQueriesContext(connection) as queries:
        second = again(client, first)

    assert second.status_code == 304
    assert second.content == b""
    assert [second[name] for name in ("ETag", "Cache-Control")] == [first[name] for name in ("ETag", "Cache-Control")]
    assert len(queries) == 1


def test_a_compressed_page_is_known_again_too(client, directory):
    first = client.get(LIST, headers={"Accept-Encoding": "gzip"})

    assert first["Content-Encoding"] == "gzip"
    assert again(client, first, **{"Accept-Encoding": "gzip"}).status_code == 304


def publish(monkeypatch):
    record_change([])


def change_a_text(monkeypatch):
    with act(verb="Texte changé"):
        text = EditorialText.objects.create(key="bandeau", body="Fermé lundi.")
        record_text(text=text, at=timezone.now())


def wait_for_tomorrow(monkeypatch):
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(freshness.timezone, "localdate", lambda: tomorrow)


def deploy(monkeypatch):
    monkeypatch.setattr(freshness, "release", lambda: "another")


@pytest.mark.parametrize("change", [publish, change_a_text, wait_for_tomorrow, deploy])
def test_what_may_have_changed_is_made_again(client, directory, monkeypatch, change):
    first = client.get(LIST)
    change(monkeypatch)
    second = again(client, first)

    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]
    assert second.content


def test_another_address_or_the_part_of_a_page_is_another_page(client, directory):
    first = client.get(LIST)

    assert again(client, first, path=f"{LIST}&tri=nom").status_code == 200
    part = again(client, first, **{"HX-Request": "true"})
    assert part.status_code == 200
    assert len(part.content) < len(first.content)
    assert again(client, part, **{"HX-Request": "true"}).status_code == 304


def test_who_is_signed_in_or_has_a_message_to_read_gets_a_page_of_their_own(client, directory):
    first = client.get(LIST)
    client.get("/initiatives/?lieu=Introuvable")
    told = again(client, first)
    assert told.status_code == 200
    assert "Aucun lieu ne s’appelle" in told.text
    assert "ETag" not in told

    client.cookies.clear()
    client.force_login(UserFactory())
    assert again(client, first).status_code == 200
    assert "ETag" not in client.get(LIST)


def test_a_search_that_finds_nothing_is_made_each_time(client, directory):
    assert "ETag" not in client.get("/initiatives/?q=introuvable")
    assert "ETag" not in client.get("/initiatives/?lieu=Arles")
    assert "ETag" not in client.get("/initiatives/?page=999")
