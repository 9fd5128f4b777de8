"""What is written of each request, and above all what is not."""

import io
import json
import logging
import re
import socket

import pytest
from django.test import Client
from django.urls import path

from initiatives import urls as site
from innovguide import logs


def broken(request, token):
    raise ValueError("personne@exemple.fr existe déjà")


# The site's own addresses too: its page for what is not found leads to them.
urlpatterns = [path("suivi/<token>/", broken, name="follow"), *site.urlpatterns]
handler500 = "innovguide.errors.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def lines():
    """`lines()`: what has been written so far, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.LineFormatter())
    handler.addFilter(logs.RequestContext())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def visitor():
    return Client(
        raise_request_exception=False,
        REMOTE_ADDR="203.0.113.9",
        headers={"User-Agent": "Navigateur de Camille"},
    )


def test_what_a_database_quotes_of_the_rows_is_not_written(lines):
    said = "camille".title()
    try:
        raise ValueError(f"invalid input\nDETAIL: Token {said}.\nCONTEXT: JSON data, line 1: {said}")
    except ValueError:
        logging.getLogger("initiatives").exception("CONTEXT: %s", said)

    written = json.dumps(lines(), ensure_ascii=False)
    assert "Camille" not in written
    assert "invalid input" in written


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_route_status_and_time(visitor, lines):
    response = visitor.get("/sante/?q=camille")

    (line,) = lines()
    assert line["method"] == "GET"
    assert line["route"] == "health"
    assert line["status"] == 200
    assert 0 <= line["ms"] < 60_000
    assert line["level"] == "INFO"
    assert re.match(r"\d{4}-\d\d-\d\dT", line["time"])
    assert line["request_id"] == response["X-Request-ID"]
    assert set(line) == {"time", "level", "logger", "message", "request_id", "method", "route", "status", "ms"}


def test_nothing_of_the_visitor_is_written_even_when_the_page_breaks(visitor, lines):
    response = visitor.get("/suivi/un-secret/?q=camille")

    assert response.status_code == 500
    written = json.dumps(lines(), ensure_ascii=False)
    for private in ("203.0.113.9", "camille", "Camille", "un-secret", "personne@exemple.fr"):
        assert private not in written


def test_an_error_is_written_with_its_traceback_and_the_id_that_the_visitor_sees(visitor, lines):
    response = visitor.get("/suivi/un-secret/")

    error, request = lines()
    assert error["level"] == "ERROR"
    assert "ValueError: [adresse] existe déjà" in error["traceback"]
    assert error["message"] == "Internal Server Error: follow"
    assert error["request_id"] == request["request_id"] == response["X-Request-ID"]
    assert request["status"] == 500


def test_a_page_that_does_not_exist_has_no_route_and_no_path(visitor, lines):
    visitor.get("/un-secret/")

    (line,) = lines()
    assert line["status"] == 404
    assert line["route"] is None
    assert "un-secret" not in json.dumps(line)


@pytest.mark.django_db
def test_a_line_about_a_connection_is_written_too(lines):
    # The development server has the socket where others have the request.
    with socket.socket() as connection:
        logging.getLogger("initiatives").warning("Broken pipe from %s", "[…]", extra={"request": connection})

    assert [line["message"] for line in lines()] == ["Broken pipe from […]"]


def test_the_id_of_a_trusted_proxy_is_kept(visitor, settings):
    settings.TRUSTED_PROXIES = 1

    assert visitor.get("/sante/", headers={"X-Request-ID": "abc-123_DEF.4"})["X-Request-ID"] == "abc-123_DEF.4"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["court", "a" * 65, "deux mots ici", 'a"guillemet-dedans', "-commence-mal"])
def test_an_ill_formed_id_is_replaced(visitor, settings, given):
    settings.TRUSTED_PROXIES = 1

    assert re.fullmatch(r"[0-9a-f]{32}", visitor.get("/sante/", headers={"X-Request-ID": given})["X-Request-ID"])


@pytest.mark.django_db
def test_without_a_trusted_proxy_the_visitor_does_not_choose_the_id(visitor):
    assert visitor.get("/sante/", headers={"X-Request-ID": "abc-123_DEF.4"})["X-Request-ID"] != "abc-123_DEF.4"


@pytest.mark.django_db
def test_two_requests_have_two_ids_and_none_stays_behind(visitor):
    first, second = visitor.get("/sante/"), visitor.get("/sante/")

    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert logs.request_id.get() is None
