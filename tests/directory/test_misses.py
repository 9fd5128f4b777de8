"""Searches that find nothing: counted by day, for nobody in particular, and never many."""

from datetime import date, timedelta

import pytest
from django.core.signals import request_finished
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from initiatives.directory import misses
from initiatives.models import SearchMiss
from initiatives.words import parse_query

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def miss(text, day=TODAY):
    misses.count_miss(parse_query(text), day)


def kept():
    return list(SearchMiss.objects.order_by("day", "words").values_list("words", "count"))


def test_the_same_words_of_a_day_are_one_row_whatever_their_case_accents_or_spaces():
    miss("Yourte  à louer")
    miss("YOURTÉ louer ")
    miss("yourte louer", TODAY + timedelta(days=1))

    assert kept() == [("yourte louer", 2), ("yourte louer", 1)]


@pytest.mark.parametrize(
    "text", ["", "le la", "jean.dupont@exemple.test", "06 12 34 56 78", "yourte 0612345678", "-yourte", "🌱", "\0"]
)
def test_what_says_nothing_or_may_name_somebody_is_not_kept(text):
    miss(text)

    assert kept() == []


def test_hostile_words_are_letters_and_digits_and_bounded():
    miss("<script>alert('yourte')</script>")
    miss("mot" * 100)
    miss('"' + "ab " * 100)

    for words, _ in kept():
        assert words.replace(" ", "").isalnum()
        assert len(words) <= 100


def test_a_robot_cannot_fill_the_table(monkeypatch):
    monkeypatch.setattr(misses, "MOST_A_DAY", 3)
    for number in range(5):
        miss(f"mot{number} ")
    miss("mot0 ")

    assert kept() == [("mot0", 2), ("mot1", 1), ("mot2", 1)]


def test_what_is_older_than_a_year_is_forgotten():
    miss("yourte", TODAY - timedelta(days=366))
    miss("tipi", TODAY - timedelta(days=365))
    miss("igloo")

    assert [words for words, _ in kept()] == ["tipi", "igloo"]


def test_a_search_costs_three_questions_at_most():
    miss("autrement")
    for text in ("yourte", "yourte"):
        with CaptureQueriesContext(connection) as asked:
            miss(text)
        assert len(asked) <= 3


def answer(**headers):
    request = RequestFactory().get("/initiatives/", {"q": "yourte"}, headers=BROWSER | headers)
    response = HttpResponse("Rien.")
    misses.count_after(response, request, parse_query("yourte"), TODAY)
    assert kept() == []
    # What the test client does: the connection of the test stays open.
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


def test_a_search_is_counted_once_its_page_is_sent():
    answer()

    assert kept() == [("yourte", 1)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": ""},
    ],
)
def test_a_robot_or_a_browser_that_reads_ahead_is_not_counted(headers):
    answer(**headers)

    assert kept() == []


def test_a_database_that_refuses_takes_nothing_from_the_reader(monkeypatch, caplog):
    def refuse(query, day):
        raise DatabaseError("locked")

    monkeypatch.setattr(misses, "count_miss", refuse)

    answer()

    assert "not counted" in caplog.text


def test_the_list_adds_the_days_and_begins_with_what_is_asked_most():
    for text, day in (("tipi", 0), ("yourte", 1), ("yourte", 2), ("ancien", 200)):
        miss(text, TODAY - timedelta(days=day))

    rows = list(misses.most_missed(TODAY - timedelta(days=90)))

    assert [(row["words"], row["times"], row["days"]) for row in rows] == [("yourte", 2, 2), ("tipi", 1, 1)]
    assert (rows[0]["first"], rows[0]["last"]) == (TODAY - timedelta(days=2), TODAY - timedelta(days=1))
