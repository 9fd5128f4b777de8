"""A holder answers the team, which changes the fiche meanwhile: both versions are shown, and nothing is lost."""

import pytest

from initiatives.models import Initiative, Milestone
from initiatives.submission.lifecycle import State
from tests.photos import upload
from tests.submission.test_deposit_pages import ESSENTIAL, _as_shown, _asked, places, read, tracking, words  # noqa: F401
from tests.submission.test_proposals_meanwhile import edit

pytestmark = pytest.mark.django_db
OURS, THEIRS = "Une boutique paysanne, à Arles.", "Une boutique de producteurs."


@pytest.fixture
def submission(client):
    return _asked(client, summary="Dites où.")


@pytest.fixture
def page(client, submission):
    return f"{tracking(submission)}corriger/"


def opened(client, page):
    return _as_shown(read(client.get(page))) | {"faire": "repondre"}


def fiche():
    return Initiative.objects.get()


def both_changed(client, page, **more):
    """The page that says that both have changed the summary."""
    data = opened(client, page) | {"summary": OURS, "message": "Voilà."} | more
    edit(fiche(), summary=THEIRS, social_need="Écrit par la Cress.")
    response = client.post(page, data)
    assert response.status_code == 200
    return read(response)


def chosen(asked, which):
    [value] = [radio["value"] for radio in asked.select('[name="choix-summary"]') if radio["value"].startswith(which)]
    return _as_shown(asked) | {"choix-summary": value, "faire": "repondre"}


def test_what_the_team_changed_elsewhere_is_kept_without_a_word(client, submission, page):
    data = opened(client, page)
    edit(fiche(), social_need="Écrit par la Cress.")

    assert client.post(page, data | {"summary": OURS}).status_code == 302

    assert (fiche().summary, fiche().social_need, fiche().status) == (OURS, "Écrit par la Cress.", "pending")


def test_a_page_that_does_not_say_what_it_showed_undoes_nothing_without_asking(client, submission, page):
    data = opened(client, page) | {"summary": OURS}
    del data["montre"]
    edit(fiche(), social_need="Écrit par la Cress.")

    asked = read(client.post(page, data))

    assert len(asked.select("#a-choisir fieldset")) == 2
    assert fiche().social_need == "Écrit par la Cress."


def test_both_versions_are_shown_none_is_chosen_and_nothing_is_written(client, submission, page):
    asked = both_changed(client, page)

    panel = asked.select_one("#a-choisir")
    assert "La Cress a changé la même réponse que vous" in words(panel)
    assert [words(side) for side in panel.select(".versions p")] == [
        f"Ce qu’a écrit la Cress {THEIRS}",
        f"Votre réponse {OURS}",
    ]
    assert not panel.select("[checked]")
    assert panel.select_one("p a")["href"] == "#id_summary"
    # All that was typed is in the form, and what the team wrote elsewhere.
    assert asked.select_one("#id_summary").text.strip() == OURS
    assert asked.select_one("#id_social_need").text.strip() == "Écrit par la Cress."
    assert asked.select_one("#message").text.strip() == "Voilà."
    submission.refresh_from_db()
    assert (fiche().summary, submission.state) == (THEIRS, State.CHANGES_REQUESTED)


@pytest.mark.parametrize(("which", "summary"), [("mien", OURS), ("cress", THEIRS)])
def test_the_version_that_the_holder_chooses_stands(client, submission, page, which, summary):
    asked = both_changed(client, page)

    assert client.post(page, chosen(asked, which)).status_code == 302

    submission.refresh_from_db()
    assert (fiche().summary, fiche().social_need) == (summary, "Écrit par la Cress.")
    assert submission.state == State.WAITING
    assert submission.messages.get(is_from_team=False).text == "Voilà."


def test_sent_again_without_a_choice_it_is_asked_again(client, submission, page):
    asked = both_changed(client, page)

    again = read(client.post(page, _as_shown(asked) | {"faire": "repondre"}))

    assert again.select_one("#a-choisir")
    assert again.select_one("#id_summary").text.strip() == OURS
    assert fiche().summary == THEIRS


def test_a_choice_is_about_one_version_of_the_team(client, submission, page):
    asked = both_changed(client, page)
    edit(fiche(), summary="Encore une autre.")

    again = read(client.post(page, chosen(asked, "mien")))

    assert "Encore une autre." in words(again.select_one("#a-choisir"))
    assert fiche().summary == "Encore une autre."
    assert client.post(page, chosen(again, "mien")).status_code == 302
    assert fiche().summary == OURS


def test_what_is_typed_after_the_choice_is_shown_is_what_is_sent(client, submission, page):
    asked = both_changed(client, page)

    client.post(page, chosen(asked, "mien") | {"summary": "Les deux réunies."})

    assert fiche().summary == "Les deux réunies."


def test_both_changed_it_alike_asks_nothing(client, submission, page):
    data = opened(client, page)
    edit(fiche(), summary=OURS)

    assert client.post(page, data | {"summary": OURS}).status_code == 302
    assert fiche().summary == OURS


def test_lines_are_told_too(client, submission, page):
    data = opened(client, page)
    [sources] = [name for name in data if name.endswith("liens-TOTAL_FORMS")]
    edit(fiche(), name="Corrigé par la Cress")
    Milestone.objects.create(initiative=fiche(), year=2020, text="Ouverture")

    asked = read(client.post(page, data | {"name": "Mon nom", sources: "0"}))

    assert [words(legend) for legend in asked.select("#a-choisir legend")] == ["Nom"]
    assert Milestone.objects.exists()


def test_photos_that_the_holder_sends_are_no_change_of_the_team(client, submission, page):
    data = opened(client, page)
    edit(fiche(), summary=THEIRS)

    again = read(client.post(page, data | {"faire": "photos", "fichiers": [upload()]}))
    described = {"photos-0-alt": "La halle", "photos-0-credit": "Léa", "photos-0-may_publish": "on"}
    response = client.post(page, _as_shown(again) | described | {"faire": "repondre"})

    assert response.status_code == 302
    assert (fiche().photos.get().alt, fiche().summary) == ("La halle", THEIRS)


def test_a_photo_stays_promised_while_one_chooses(client, submission, page):
    again = read(client.post(page, opened(client, page) | {"faire": "photos", "fichiers": [upload()]}))
    described = {"photos-0-alt": "La halle", "photos-0-credit": "Léa", "photos-0-may_publish": "on"}
    edit(fiche(), summary=THEIRS)

    asked = read(client.post(page, _as_shown(again) | described | {"summary": OURS, "faire": "repondre"}))
    assert client.post(page, chosen(asked, "mien")).status_code == 302

    assert (fiche().photos.get().alt, fiche().summary) == ("La halle", OURS)


@pytest.mark.parametrize("marks", ["", "rien", "[]", "3", '{"summary": 3}'])
def test_marks_that_were_tampered_with_break_nothing(client, submission, page, marks):
    response = client.post(page, opened(client, page) | {"montre": marks, "summary": OURS})

    assert response.status_code in (200, 302)
