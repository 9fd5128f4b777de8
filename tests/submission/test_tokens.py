"""Signed links: one purpose each, an end, nothing that can be made up; and the pages that they open."""

import re
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from initiatives.submission.tokens import PURPOSES, BadToken, make, private_page, read

NOW = datetime(2026, 5, 4, 10, 12, tzinfo=UTC)
ENDING = {purpose: longest for purpose, longest in PURPOSES.items() if longest}
ROW = UUID("6b1c3f7e-1111-4222-8333-444455556666")


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("value", [ROW, "17", "a@exemple.fr", "17.18", ""])
def test_a_token_gives_back_what_it_was_made_of(purpose, value):
    token = make(purpose, value, at=NOW)

    assert read(purpose, token, at=NOW) == value
    assert re.fullmatch(r"[\w.-]+", token)


@pytest.mark.parametrize(("purpose", "other"), [*permutations(PURPOSES, 2)])
def test_a_token_of_one_purpose_never_works_for_another(purpose, other):
    with pytest.raises(BadToken) as trouble:
        read(other, make(purpose, ROW, at=NOW), at=NOW)

    assert not trouble.value.is_expired


@pytest.mark.parametrize(("purpose", "longest"), [*ENDING.items()])
def test_a_link_holds_for_its_time_and_then_says_that_it_is_over(purpose, longest):
    token = make(purpose, ROW, at=NOW)

    assert read(purpose, token, at=NOW + longest) == ROW
    with pytest.raises(BadToken) as trouble:
        read(purpose, token, at=NOW + longest + timedelta(seconds=1))
    assert trouble.value.is_expired
    assert str(longest.days if longest.days > 1 else "un jour") in str(trouble.value)


@pytest.mark.parametrize("purpose", sorted(PURPOSES.keys() - ENDING))
def test_a_link_to_what_lasts_lasts(purpose):
    assert read(purpose, make(purpose, ROW, at=NOW), at=NOW + timedelta(days=3000)) == ROW


def test_nobody_makes_a_link_without_the_secret_of_the_site(settings):
    token = make("tracking", ROW, at=NOW)
    settings.SECRET_KEY = "une autre suite, qui ne protège rien non plus, 0123456789"

    with pytest.raises(BadToken):
        read("tracking", token, at=NOW)


@pytest.mark.parametrize("place", range(len(make("tracking", ROW, at=NOW))))
def test_a_link_of_which_one_letter_was_changed_is_no_link(place):
    token = make("tracking", ROW, at=NOW)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(BadToken):
        read("tracking", changed, at=NOW)


@pytest.mark.parametrize("cut", [0, 1, 10, 30, -1])
def test_a_link_that_was_cut_is_no_link(cut):
    with pytest.raises(BadToken):
        read("tracking", make("tracking", ROW, at=NOW)[:cut], at=NOW)


@given(st.text())
def test_no_text_is_a_link(text):
    with pytest.raises(BadToken):
        read("tracking", text)


def test_a_purpose_that_nobody_declared_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        make("autre", uuid4())


# The pages that links open


@private_page
def private(request):
    return HttpResponse("privé", headers={"Cache-Control": "public, max-age=3600"})


@pytest.fixture
def trouble(rf):
    """``trouble(error)``: what somebody reads whose link raises it."""

    def answer(error):
        @private_page
        def view(request):
            raise error

        request = rf.get("/deposer/suivi/x/")
        return view(request)

    return answer


def headers(response):
    return response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]


def test_a_private_page_is_kept_by_nobody_and_tells_its_address_to_no_other_site(rf):
    assert headers(private(rf.get("/"))) == ("private, no-store", "noindex", "same-origin")


@pytest.mark.django_db
@pytest.mark.parametrize(("is_expired", "status"), [(False, 404), (True, 410)])
def test_a_link_that_leads_nowhere_says_what_to_do(trouble, is_expired, status):
    response = trouble(BadToken("Ce lien est trop vieux.", is_expired=is_expired))

    assert response.status_code == status
    assert headers(response) == ("private, no-store", "noindex", "same-origin")
    assert "Ce lien est trop vieux." in response.text
    for page in ("connection", "contact"):
        assert f'href="{reverse(page)}"' in response.text


@pytest.mark.django_db
def test_a_private_page_does_not_write_its_own_address(trouble):
    page = trouble(BadToken("Ce lien est trop vieux."))

    assert "/deposer/suivi/x/" not in page.text
    assert '<meta name="robots" content="noindex">' in page.text
