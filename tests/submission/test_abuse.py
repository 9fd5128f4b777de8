"""What keeps abuse away: how many times, the empty field, the signed time; and what those who are stopped read."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.signing import Signer
from django.template import engines
from django.test import RequestFactory

from initiatives.models import RateCount
from initiatives.submission import abuse
from initiatives.submission.abuse import (
    DAY,
    HOUR,
    LIMITS,
    SHOWN_AT,
    TOO_FAST,
    TOO_OLD,
    TRAP,
    TRAPPED,
    Guarded,
    Limit,
    client_address,
    form_time,
    purge_rate_counts,
    refuse_if_too_many,
)
from innovguide.middleware import read_client_address
from tests.at_once import at_once
from tests.submission.people import by_a_person

PLACES = count(1)
NOW = datetime(2026, 5, 4, 10, 12, tzinfo=UTC)


@pytest.fixture
def limits(monkeypatch):
    """Twice an hour for an address, three times a day for an e-mail."""
    monkeypatch.setitem(LIMITS, "question", (Limit("address", 2, HOUR), Limit("email", 3, DAY)))


def request_from(address, **headers):
    """A request as it comes to a view, once the middleware has read where it comes from."""
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)
    return read_client_address(lambda request: request)(request)


def allow(action, email, *, at):
    """Whether somebody with this e-mail may go on, each time from another place."""
    return refuse_if_too_many(request_from(f"2001:db8:{next(PLACES):x}::1"), action, at=at, email=email) is None


# How many


@pytest.mark.django_db
def test_so_many_times_and_no_more_until_the_period_ends(limits):
    asked = [allow("question", "a@exemple.fr", at=NOW) for _ in range(5)]

    assert asked == [True, True, True, False, False]
    assert allow("question", "a@exemple.fr", at=NOW + DAY)


@pytest.mark.django_db
def test_an_email_is_one_whatever_its_case_and_each_has_its_own_count(limits):
    for typed in ("A@Exemple.fr", " a@exemple.fr", "a@EXEMPLE.FR"):
        assert allow("question", typed, at=NOW)

    assert not allow("question", "a@exemple.fr", at=NOW)
    assert allow("question", "b@exemple.fr", at=NOW)
    assert allow("claim", "a@exemple.fr", at=NOW)


@pytest.mark.django_db
@pytest.mark.django_db
def test_what_follows_a_plus_makes_no_other_mailbox(limits):
    for typed in ("a+1@exemple.fr", "a+2@exemple.fr", "A+x+y@exemple.fr"):
        assert allow("question", typed, at=NOW)

    assert not allow("question", "a@exemple.fr", at=NOW)
    assert allow("question", "ab@exemple.fr", at=NOW)


@pytest.mark.django_db
def test_what_is_kept_tells_nobodys_address(limits):
    refuse_if_too_many(request_from("203.0.113.7"), "question", at=NOW, email="a@exemple.fr")

    kept = [str(value) for row in RateCount.objects.values() for value in row.values()]
    assert len(kept) == 10
    assert not re.search(r"exemple|203", " ".join(kept))


@pytest.mark.django_db
def test_the_secret_of_the_site_makes_the_key(monkeypatch, settings):
    monkeypatch.setitem(LIMITS, "question", (Limit("email", 3, DAY),))
    allow("question", "a@exemple.fr", at=NOW)
    settings.SECRET_KEY = "une autre suite, qui ne protège rien non plus, 0123456789"
    allow("question", "a@exemple.fr", at=NOW)

    assert RateCount.objects.values("key").distinct().count() == 2


@pytest.mark.django_db
def test_whoever_is_stopped_for_their_connection_takes_nothing_from_an_email(limits):
    for _ in range(6):
        refuse_if_too_many(request_from("203.0.113.7"), "question", at=NOW, email="a@exemple.fr")

    assert refuse_if_too_many(request_from("203.0.113.8"), "question", at=NOW, email="a@exemple.fr") is None


@pytest.mark.django_db
@pytest.mark.parametrize("action", LIMITS)
def test_each_action_has_an_end(action):
    most = max(limit.most for limit in LIMITS[action])
    request = request_from("203.0.113.7")

    answers = [refuse_if_too_many(request, action, at=NOW, email="a@exemple.fr") for _ in range(most + 1)]

    assert answers[0] is None
    assert answers[-1] is not None


@pytest.mark.django_db(transaction=True)
def test_people_who_want_the_last_one_at_once_do_not_all_get_it(monkeypatch):
    monkeypatch.setitem(LIMITS, "question", (Limit("email", 5, HOUR),))

    answers = at_once(*[lambda: allow("question", "a@exemple.fr", at=NOW)] * 12)

    assert sorted(answers) == [False] * 7 + [True] * 5
    assert RateCount.objects.get().count == 5


@pytest.mark.django_db
def test_counts_whose_period_is_over_are_forgotten(limits):
    refuse_if_too_many(request_from("203.0.113.7"), "question", at=NOW, email="a@exemple.fr")

    assert purge_rate_counts(NOW) == 0
    assert purge_rate_counts(NOW + HOUR) == 1
    assert purge_rate_counts(NOW + DAY) == 1


# Who


def test_a_forged_header_does_not_change_who_one_is(settings):
    settings.TRUSTED_PROXIES = 0
    assert client_address(request_from("203.0.113.7", x_forwarded_for="198.51.100.1")) == "203.0.113.7"

    settings.TRUSTED_PROXIES = 1
    forged = request_from("127.0.0.1", x_forwarded_for="198.51.100.1, 203.0.113.7")
    assert client_address(forged) == "203.0.113.7"


@pytest.mark.django_db
def test_a_forged_header_does_not_help_to_go_on(limits):
    asked = [
        refuse_if_too_many(request_from("203.0.113.7", x_forwarded_for=f"198.51.100.{n}"), "question", at=NOW)
        for n in range(3)
    ]

    assert [blocked is None for blocked in asked] == [True, True, False]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "inconnue"),
        ("unix:", "inconnue"),
    ],
)
def test_a_home_counts_as_one_whatever_its_addresses(address, counted):
    request = RequestFactory().get("/")
    request.META["REMOTE_ADDR"] = address

    assert client_address(request) == counted


# What those who are stopped read


class Question(Guarded, forms.Form):
    text = forms.CharField(label="Votre question")


FORM = "{% include 'components/error_summary.html' %}{{ form.text }}{% include 'components/guards.html' %}"


def shown(form):
    return BeautifulSoup(engines["django"].from_string(FORM).render({"form": form}), "html.parser")


@pytest.mark.django_db
def test_a_form_that_comes_too_often_is_shown_again_with_all_that_was_typed(limits):
    request = request_from("203.0.113.7")
    for _ in range(2):
        refuse_if_too_many(request, "question", at=NOW)
    form = Question(by_a_person({"text": "Où êtes-vous ?"}, NOW), now=NOW)
    assert form.is_valid()

    blocked = refuse_if_too_many(request, "question", at=NOW)
    form.add_error(None, blocked.sentence)

    page = shown(form)
    assert page.select_one("[name=text]")["value"] == "Où êtes-vous ?"
    alert = page.select_one("[role=alert]")
    assert "renvoyez ce formulaire dans 48 minutes" in alert.get_text()
    assert alert.select_one("a")["href"] == "/contact/"
    assert alert.h2.get_text() == "Ce formulaire n’est pas encore envoyé"


@pytest.mark.django_db
def test_where_there_is_no_form_a_page_says_when_to_come_back_and_whom_to_write_to(limits, rf):
    request = request_from("203.0.113.7")
    blocked = [refuse_if_too_many(request, "question", at=NOW) for _ in range(3)][-1]
    request.user = None

    answer = blocked.page(request)

    assert answer.status_code == 429
    assert answer["Retry-After"] == str(48 * 60)
    assert "no-store" in answer["Cache-Control"]
    page = BeautifulSoup(answer.content, "html.parser")
    assert "Réessayez dans 48 minutes" in page.main.get_text()
    assert page.main.select_one("a.bouton")["href"] == "/contact/"


@pytest.mark.parametrize(
    ("until", "words"),
    [(10, "une minute"), (60, "une minute"), (61, "2 minutes"), (5400, "90 minutes"), (80000, "23 heures")],
)
def test_how_long_to_wait_is_said_in_words(until, words):
    assert abuse.Blocked(until=NOW + timedelta(seconds=until), at=NOW).wait == words


# What only a machine does


def test_a_person_passes():
    form = Question(by_a_person({"text": "Bonjour"}, NOW), now=NOW)

    assert form.is_valid()
    assert form.cleaned_data == {"text": "Bonjour"}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({TRAP: "https://exemple.fr"}, TRAPPED),
        ({SHOWN_AT: form_time(NOW - timedelta(seconds=1))}, TOO_FAST),
        ({SHOWN_AT: form_time(NOW)}, TOO_FAST),
        ({SHOWN_AT: form_time(NOW - DAY - HOUR)}, TOO_OLD),
        ({SHOWN_AT: form_time(NOW + HOUR)}, TOO_OLD),
        ({SHOWN_AT: ""}, TOO_OLD),
        ({SHOWN_AT: str(int(NOW.timestamp()) - 60)}, TOO_OLD),
        ({SHOWN_AT: Signer(salt="autre").sign(str(int(NOW.timestamp()) - 60))}, TOO_OLD),
        ({SHOWN_AT: Signer(salt="initiatives.form").sign("hier")}, TOO_OLD),
        ({SHOWN_AT: "9" * 400}, TOO_OLD),
    ],
)
def test_what_a_machine_sends_is_refused_and_sending_it_again_is_enough(sent, sentence):
    form = Question(by_a_person({"text": "Bonjour"}, NOW) | sent, now=NOW)

    assert form.non_field_errors() == [sentence]

    page = shown(form)
    again = {field["name"]: field["value"] for field in page.select("[name]")}
    assert again["text"] == "Bonjour"
    later = NOW + timedelta(seconds=4)
    assert Question(again, now=later).is_valid()


def test_an_old_page_may_be_sent_again_at_once():
    form = Question(by_a_person({"text": "Bonjour"}, NOW - 2 * DAY), now=NOW)
    assert not form.is_valid()

    assert Question({"text": "Bonjour", SHOWN_AT: form.guards["time"]}, now=NOW).is_valid()


def test_a_form_with_an_answer_to_correct_does_not_start_its_clock_again():
    sent = by_a_person({"text": ""}, NOW)

    form = Question(sent, now=NOW)

    assert not form.non_field_errors()
    assert form.guards["time"] == sent[SHOWN_AT]


def test_who_presses_the_button_of_an_empty_form_at_once_is_told_what_it_lacks_and_of_no_robot():
    form = Question({"text": "", SHOWN_AT: form_time(NOW)}, now=NOW)

    assert [*form.errors] == ["text"]


def test_the_empty_field_is_hidden_from_everybody_and_its_words_are_for_pages_without_styles():
    trap = shown(Question(now=NOW)).select_one(f"[name={TRAP}]")

    hidden = trap.find_parent(attrs={"aria-hidden": "true"})
    assert "vh" in hidden["class"]
    assert (trap["tabindex"], trap["autocomplete"], trap["value"]) == ("-1", "off", "")
    assert "Laissez ce champ vide" in hidden.get_text()


def test_the_guards_are_no_questions():
    assert [*Question(now=NOW).fields] == ["text"]
