"""The tools of the browser tests catch what they are there to catch."""

import pytest

from tests.browser.reading import SPACE, faults_of

# A page that needs no row of the directory.
PATH = "/admin/login/"


@pytest.mark.parametrize(
    ("script", "caught"),
    [
        ("console.error('raté')", "console: raté"),
        ("setTimeout(() => { throw new Error('raté') })", "exception: raté"),
        ("fetch('https://ailleurs.example/').catch(() => {})", "Content Security Policy"),
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "Content Security Policy",
        ),
        ("fetch('/nulle-part/')", "404"),
    ],
)
def test_what_goes_wrong_in_a_page_is_caught(open_page, script, caught):
    page = open_page(PATH)
    assert page.errors == []

    page.evaluate(script)
    page.wait_for_timeout(200)

    assert any(caught in error for error in page.errors), page.errors
    page.expected_errors = ["."]


def test_a_request_to_another_host_is_caught(open_page):
    page = open_page(PATH)

    page.goto("about:blank")
    page.evaluate("fetch('https://ailleurs.example/').catch(() => {})")
    page.wait_for_timeout(200)

    assert "other host: https://ailleurs.example/" in page.errors
    page.expected_errors = ["ailleurs", "ERR_NAME_NOT_RESOLVED"]


def test_static_files_come_hashed_and_compressed_as_in_production(open_page):
    page = open_page("about:blank")
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto(PATH)

    styles = [answer for answer in answers if answer.url.endswith(".css")]
    assert styles
    for answer in styles:
        assert "immutable" in answer.all_headers()["cache-control"]
        assert answer.all_headers()["content-encoding"] == "br"


def test_axe_sees_an_image_without_its_alternative(open_page, axe):
    page = open_page(PATH)

    page.evaluate("document.querySelector('main, body').append(document.createElement('img'))")

    assert any(fault.startswith("image-alt") for fault in axe(page))


def test_without_javascript_no_script_runs(open_page):
    page = open_page(PATH, javascript=False, width=320)

    assert page.viewport_size["width"] == 320
    assert page.locator("input[name=username]").is_visible()


@pytest.mark.parametrize(
    ("harm", "caught"),
    [
        ("h1 { inline-size: 100rem }", "1440 px, too wide: <h1"),
        ("h1 { inline-size: 25rem }", "390 px, too wide: <h1"),
        ("h1 { inline-size: 50rem }", "200 %, too wide: <h1"),
        ("h1 { block-size: 1rem; overflow: hidden }", "320 px, cut: <h1"),
        (
            "h1 { inline-size: fit-content; font-size: 1.5rem; white-space: nowrap }",
            "320 px, text spaced, too wide: <h1",
        ),
        (":focus-visible { outline: none !important; box-shadow: none !important }", "focus does not show: <a"),
        ("h1 { color: #ccc !important }", "axe, 320 px: color-contrast"),
    ],
)
def test_what_keeps_people_from_reading_is_caught(open_page, axe, harm, caught):
    page = open_page("/nulle-part/", reduced_motion="reduce")
    page.expected_errors = ["404"]

    page.evaluate(SPACE, harm)

    assert [fault for fault in faults_of(page, axe) if fault.startswith(caught)]
