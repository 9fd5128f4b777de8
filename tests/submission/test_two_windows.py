"""Two windows on the same step of a draft: none overwrites the other without a word, and nothing typed is lost."""

from time import sleep

import pytest
from django.test import Client

from initiatives.models import Submission
from initiatives.submission.forms import elsewhere
from tests.at_once import at_once
from tests.photos import upload
from tests.submission.depositing import address, fill, rows, started
from tests.submission.people import by_a_person
from tests.submission.test_deposit_pages import _as_shown, places, read, words  # noqa: F401

pytestmark = pytest.mark.django_db
# Long enough for the other window to come to where it waits.
A_WHILE = 0.3
HERE, THERE = "Trois vallées sans commerce.", "Plus un seul marché."


@pytest.fixture
def draft(client):
    return started(client)


def window(client, draft, step="nouveaute"):
    """What a window that was just opened on a step would send."""
    shown = _as_shown(read(client.get(address(draft, step))))
    return shown | (by_a_person({}) if step == "essentiel" else {}) | {"faire": "continuer"}


def answers(draft):
    draft.refresh_from_db()
    return draft.answers


def both(client, draft, step="nouveaute", here=None, there=None):
    """The answer to the older window, after the newer one was sent."""
    old, new = window(client, draft, step), window(client, draft, step)
    assert client.post(address(draft, step), new | (there or {"social_need": THERE})).status_code == 302
    response = client.post(address(draft, step), old | (here or {"social_need": HERE}))
    assert response.status_code == 200
    return read(response)


def told(page):
    """Label → (the other window, this one)."""
    panel = page.select_one("#ailleurs")
    return {words(one.h3): tuple(words(side) for side in one.select(".versions p")) for one in panel.select(".champ")}


def test_the_older_window_does_not_overwrite_the_newer_one_and_both_are_shown(client, draft):
    page = both(client, draft)

    assert answers(draft)["social_need"] == THERE
    assert page.select_one("#id_social_need").text.strip() == HERE
    assert told(page) == {"Besoin": (f"Dans l’autre fenêtre {THERE}", f"Ici {HERE}")}
    panel = page.select_one("#ailleurs")
    assert (panel["role"], panel["tabindex"]) == ("alert", "-1")
    assert panel.select_one(".champ a")["href"] == "#id_social_need"
    assert words(page.title).startswith("Erreur : changée dans une autre fenêtre.")


def test_sent_a_second_time_it_wins(client, draft):
    page = both(client, draft)

    assert client.post(address(draft, "nouveaute"), _as_shown(page) | {"faire": "continuer"}).status_code == 302

    assert answers(draft)["social_need"] == HERE


def test_it_wins_over_the_version_that_was_shown_not_over_a_later_one(client, draft):
    page = both(client, draft)
    client.post(address(draft, "nouveaute"), window(client, draft) | {"social_need": "Une troisième."})

    again = client.post(address(draft, "nouveaute"), _as_shown(page) | {"faire": "continuer"})

    assert told(read(again)) == {"Besoin": ("Dans l’autre fenêtre Une troisième.", f"Ici {HERE}")}
    assert answers(draft)["social_need"] == "Une troisième."


def test_what_only_the_other_window_changed_stays_as_it_saved_it(client, draft):
    old, new = window(client, draft), window(client, draft)
    client.post(address(draft, "nouveaute"), new | {"results": "140 foyers."})

    assert client.post(address(draft, "nouveaute"), old | {"social_need": HERE}).status_code == 302

    assert (answers(draft)["results"], draft.answers["social_need"]) == ("140 foyers.", HERE)


def test_what_was_not_touched_is_not_put_back_by_the_second_sending(client, draft):
    page = both(client, draft, there={"social_need": THERE, "results": "140 foyers."})
    assert [*told(page)] == ["Besoin"]

    client.post(address(draft, "nouveaute"), _as_shown(page) | {"faire": "continuer"})

    assert (answers(draft)["results"], draft.answers["social_need"]) == ("140 foyers.", HERE)


@pytest.mark.parametrize("wish", ["retour", "plus-tard", "moyens"])
def test_whichever_way_one_leaves_it_is_said_first(client, draft, wish):
    assert told(both(client, draft, here={"social_need": HERE, "faire": wish}))
    assert answers(draft)["social_need"] == THERE


def test_both_windows_that_say_the_same_ask_nothing(client, draft):
    old, new = window(client, draft), window(client, draft)

    for data in (new, old):
        assert client.post(address(draft, "nouveaute"), data | {"social_need": HERE}).status_code == 302


MEANS = rows("financements", {"funder": "La Région", "amount": "20 000", "year": "2024"}) | rows(
    "partenaires", {"partner": "Les Voisins", "role": "partenaire"}
)
TWICE = {
    "moyens": {"structure": "Le Collectif", "way_acheter": "Sur place."} | MEANS,
    "territoire": rows("lieux", {"place": "Arles", "label": "La halle"}),
    "photos": rows("liens", {"url": "www.gazette.test/article", "title": "Un article"}),
    "essentiel": {"name": "La boutique"},
    "nouveaute": {"social_need": HERE},
}


@pytest.mark.parametrize("step", TWICE)
def test_a_double_click_raises_nothing_though_its_lines_are_new_each_time(client, draft, step):
    data = window(client, draft, step) | TWICE[step]

    for _ in range(2):
        response = client.post(address(draft, step), data)
        assert response.status_code == 302, read(response).select(".avis")
    for name in ("fundings", "participations", "sites", "sources"):
        assert len(answers(draft)[name]) <= 2


def test_lines_are_told_too(client, draft):
    page = both(
        client,
        draft,
        "moyens",
        there=rows("financements", {"funder": "La Région", "amount": "20 000", "year": "2024"}),
        here=rows("financements", {"funder": "La Ville", "amount": "900", "year": "2025"}),
    )

    ((label, (there, here)),) = told(page).items()
    assert "La Région" in there, label
    assert "La Ville" in here, label
    assert client.post(address(draft, "moyens"), _as_shown(page) | {"faire": "continuer"}).status_code == 302
    assert [line["amount"] for line in answers(draft)["fundings"]] == [900]


def test_what_was_wrong_and_is_corrected_in_the_same_window_raises_nothing(client, draft):
    wrong = client.post(address(draft, "nouveaute"), window(client, draft) | {"start_year": "hier"})
    again = read(wrong)
    assert not again.select("#ailleurs")

    right = _as_shown(again) | {"start_year": "2019", "faire": "continuer"}
    assert client.post(address(draft, "nouveaute"), right).status_code == 302
    assert answers(draft)["start_year"] == 2019


def test_what_was_left_wrong_is_taken_up_over_what_it_was_typed_on(client, draft):
    """It waited while the other window changed the same answer: to correct it is not to overwrite that."""
    old, new = window(client, draft), window(client, draft)
    client.post(address(draft, "nouveaute"), new | {"social_need": THERE})
    client.post(address(draft, "nouveaute"), old | {"social_need": HERE, "start_year": "hier", "faire": "moyens"})

    data = window(client, draft)
    assert data["social_need"] == [HERE]
    page = read(client.post(address(draft, "nouveaute"), data | {"start_year": "2019"}))

    assert told(page)["Besoin"] == (f"Dans l’autre fenêtre {THERE}", f"Ici {HERE}")
    assert answers(draft)["social_need"] == THERE


def test_what_the_other_window_left_wrong_is_not_taken_away_without_a_word(client, draft):
    old, new = window(client, draft), window(client, draft)
    client.post(address(draft, "nouveaute"), new | {"social_need": THERE, "start_year": "hier"})

    page = read(client.post(address(draft, "nouveaute"), old | {"social_need": HERE}))

    ((_, (there, here)),) = told(page).items()
    assert THERE in there
    assert "Année de démarrage : hier" in there
    assert HERE in here
    assert client.post(address(draft, "nouveaute"), _as_shown(page) | {"faire": "continuer"}).status_code == 302
    assert answers(draft)["social_need"] == HERE


def test_words_under_photos_are_compared_and_files_that_come_with_them_are_kept(client, draft):
    client.post(address(draft, "photos"), {**window(client, draft, "photos"), "fichiers": upload(), "faire": "photos"})
    said = {"photos-0-credit": "Léa", "photos-0-may_publish": "on"}

    page = both(
        client,
        draft,
        "photos",
        there=said | {"photos-0-alt": "La halle"},
        here=said | {"photos-0-alt": "Le marché", "fichiers": upload(name="autre.jpg")},
    )

    assert len(told(page)) == 1
    assert [line["alt"] for line in answers(draft)["photos"]] == ["La halle", ""]
    last = {"photos-1-alt": "La cour", "photos-1-credit": "Léa", "photos-1-may_publish": "on", "faire": "continuer"}
    response = client.post(address(draft, "photos"), _as_shown(page) | last)
    assert response.status_code == 302, read(response).select(".avis")
    assert [line["alt"] for line in answers(draft)["photos"]] == ["Le marché", "La cour"]


def test_photos_half_described_then_described_raise_nothing(client, draft):
    client.post(address(draft, "photos"), {**window(client, draft, "photos"), "fichiers": upload(), "faire": "photos"})
    half = window(client, draft, "photos") | {"photos-0-alt": "La halle"}
    page = read(client.post(address(draft, "photos"), half))
    assert page.select(".avis.erreur")
    assert not page.select("#ailleurs")

    rest = {"photos-0-credit": "Léa", "photos-0-may_publish": "on", "faire": "continuer"}
    for data in (_as_shown(page), window(client, draft, "photos")):
        assert client.post(address(draft, "photos"), data | rest | {"photos-0-alt": "La halle"}).status_code == 302


@pytest.mark.parametrize("marks", ["", "rien", "[]", "3", '{"social_need": 3}', '{"_attend": []}'])
def test_marks_that_were_tampered_with_break_nothing(client, draft, marks):
    response = client.post(address(draft, "nouveaute"), window(client, draft) | {"montre": marks, "results": "Oui."})

    assert response.status_code in (200, 302)


def test_answers_that_bear_no_mark_are_kept_as_before(client, draft):
    assert fill(client, draft, "nouveaute", social_need=HERE).status_code == 302
    assert answers(draft)["social_need"] == HERE


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_are_one_after_the_other(client, monkeypatch):
    draft = started(client)
    real = elsewhere.sort_out

    def slow(*args):
        sleep(A_WHILE)
        return real(*args)

    monkeypatch.setattr(elsewhere, "sort_out", slow)
    sent = {text: window(client, draft) | {"social_need": text} for text in (HERE, THERE)}

    responses = at_once(*(lambda data=data: Client().post(address(draft, "nouveaute"), data) for data in sent.values()))

    assert sorted(response.status_code for response in responses) == [200, 302]
    first = next(text for text, response in zip(sent, responses, strict=True) if response.status_code == 302)
    assert Submission.objects.get().answers["social_need"] == first
