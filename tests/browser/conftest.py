"""A real Chromium before a real server. A page that breaks the house rules fails its test by itself.

def test_the_home_page_reads_well_on_a_phone(open_page, axe):
    page = open_page("/", width=320)
    assert axe(page) == []

`open_page` shows rows of the test; `visit`, the real content as bin/serve gives it.
"""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from tests.serving import shared

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARTIFACTS = settings.BASE_DIR / "var" / "test-artifacts"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """What a browser does of a page is tried once: no second database changes it.

    The files that take longest begin, so that no worker is left alone with one at the end.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            item.add_marker("once")
    result = yield
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Lets `open_page` know, once the test is over, whether it failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"{CHROMIUM} is missing")
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, in which Django would refuse to talk to the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Chromium has no sandbox for root, and refuses to start without saying so.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *quiet,
                *sandbox,
                "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            ],
        )
        yield browser
        browser.close()
        # Under that loop this thread had database connections of its own, that nobody else would find again.
        connections.close_all()


class WhiteNoiseOnly:
    """In place of the test server's own static files, which know nothing of hashed names: the site serves its own."""

    def __new__(cls, application):
        assert isinstance(application, WSGIHandler)
        return application


@pytest.fixture(scope="session")
def live_server(request):
    from pytest_django.live_server_helper import LiveServer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", WhiteNoiseOnly)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def real_site(tmp_path_factory, request):
    """The address of the site with its real content, as bin/serve gives it to a newcomer."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    with shared(folder / "real-site") as address:
        yield address


@pytest.fixture
def open_page(chromium, live_server, request):
    """`open_page(path, width=, height=, javascript=)`: a page in a fresh context, in French.

    At the end of the test it must have had no error in its console, no breach of the security policy, no exception and
    no request to another host. `page.expected_errors` is a list of regular expressions for those a test provokes.
    """
    yield from _watched_pages(chromium, live_server.url, request)


@pytest.fixture
def visit(chromium, real_site, request):
    """`open_page`, on the real content."""
    yield from _watched_pages(chromium, real_site, request)


def _watched_pages(chromium, site, request):
    opened = []

    def open_(path="/", *, width=1440, height=900, javascript=True, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            base_url=site,
            **options,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.expected_errors, page.errors = [], []
        _watch(page, site)
        opened.append(page)
        page.goto(path)
        return page

    yield open_

    failed = getattr(request.node, "failed", False)
    errors = [error for page in opened for error in page.errors if not _is_expected(error, page)]
    for number, page in enumerate(opened):
        if failed or errors:
            ARTIFACTS.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w.-]+", "-", request.node.nodeid)
            page.screenshot(path=ARTIFACTS / f"{name}-{number}.png", full_page=True)
        page.context.close()
    if not failed:
        assert errors == []


def _watch(page, site):
    """Breaches of the security policy are errors of the console too."""

    def on_console(message):
        if message.type in ("error", "warning"):
            page.errors.append(f"console: {message.text}")

    def on_request(request):
        if not request.url.startswith((f"{site}/", "data:", "blob:")):
            page.errors.append(f"other host: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: page.errors.append(f"exception: {error}"))


def _is_expected(error, page):
    return any(re.search(pattern, error) for pattern in page.expected_errors)


@pytest.fixture
def axe():
    """`axe(page)`: what axe-core finds against RGAA 4 and WCAG 2.2 AA, one line a fault; an empty list when none."""

    def run(page):
        # Evaluated from outside the page: a script tag would need a hole in the security policy.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        # Reading imported sheets would make axe write inline styles, and no rule of these tags needs them.
        options = {"runOnly": AXE_TAGS, "resultTypes": ["violations"], "preload": False}
        result = page.evaluate("options => axe.run(options)", options)
        return [
            f"{fault['id']} ({fault['impact']}): {node['html']}"
            for fault in result["violations"]
            for node in fault["nodes"]
        ]

    return run


@pytest.fixture(params=[(1440, True), (390, True), (390, False)], ids=["wide", "phone", "no-javascript"])
def screen(request):
    """(width, javascript) of a journey that is made on each."""
    return request.param


@pytest.fixture
def look(axe, screen):
    """`look(page)`: nothing passes the width of the screen, and axe finds nothing, in a page inside either."""

    def check(page):
        width, javascript = screen
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not javascript or axe(page) == []

    return check
