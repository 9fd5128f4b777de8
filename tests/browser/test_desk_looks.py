"""Every page of the desk, in the browser: read by everybody, on a wide screen and on phones, in each of its states.

The pages are those of the site of the team: a noun that is registered tomorrow is looked at tomorrow.
"""

import pytest
from django.test import Client
from django.urls import resolve

from tests import factories
from tests.admin.pages import admin_url, initiative_with_lines
from tests.admin.walk import addresses, make_rows
from tests.browser.reading import OVERFLOWING, PHONE, WIDTHS, resize

# A page that the keyboard walks through from its skip link to its last control, and back to the window.
MOST_STOPS = 400
STOP = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const bar = document.querySelector(".submit-row");
  const over = bar?.getBoundingClientRect();
  const hidden = bar && !bar.contains(element) && getComputedStyle(bar).position === "sticky"
    && box.right > over.left && box.top >= over.top && box.bottom <= over.bottom;
  const shows = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [element.outerHTML.slice(0, 120), element === document.body ? "" : hidden ? "hidden by the bar"
    : shows ? "" : "no line around it"];
}"""


@pytest.fixture
def team(live_server, transactional_db, open_page):
    """A page of somebody of the team who may do everything."""
    client = Client()
    client.force_login(factories.UserFactory(email="lea@exemple.test", is_staff=True, is_superuser=True))
    page = open_page("/robots.txt", reduced_motion="reduce")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def faults_of(page, axe, where):
    """What keeps somebody from reading a page as it stands, at each width."""
    faults = []
    for width in WIDTHS:
        resize(page, width, 900)
        if width != PHONE:
            faults += [f"{where}, {width} px: {fault}" for fault in axe(page)]
        faults += [f"{where}, {width} px, too wide: {fault}" for fault in page.evaluate(OVERFLOWING)]
    resize(page, WIDTHS[0], 900)
    return faults


def assert_none(faults):
    assert not faults, "".join(f"\n{fault}" for fault in faults)


def kinds():
    """The addresses of each kind of page of each noun, its fullest row first. What a list is asked: for one noun."""
    found = {}
    for address in addresses(make_rows()):
        path, _, query = address.partition("?")
        kind = resolve(path).view_name
        if not query or "initiative_" in kind or "popup" in query:
            found.setdefault((kind, query), []).append(address)
    return found.values()


def test_every_page_can_be_read_by_everybody(team, axe):
    found, seen = [], 0
    for offered in kinds():
        for address in offered:
            # Some rows have no such page: what was published is not deleted, nor previewed.
            answer = team.request.get(address, max_redirects=0)
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                team.goto(address)
                found += faults_of(team, axe, address)
                seen += 1
                break

    assert_none(found)
    assert seen > 50


def test_a_form_can_be_read_in_all_its_states(team, axe):
    fiche = initiative_with_lines()
    team.goto(admin_url(fiche, "change"))

    groups = team.locator(".inline-group")
    for number in range(groups.count()):
        group = groups.nth(number)
        if (folded := group.locator("details:not([open]) > summary")).count():
            folded.click()
        group.locator(".add-row a").click()
        assert group.evaluate("group => group.contains(document.activeElement)"), "a new line takes the keyboard"
    team.locator("#id_name").fill("")
    faults = faults_of(team, axe, "new lines")

    place = team.locator("#sites-group tr.form-row:not(.empty-form) [role=combobox]").last
    place.focus()
    team.keyboard.press("Enter")
    team.keyboard.type("a")
    team.locator(".select2-results__option--highlighted").wait_for()
    faults += [f"choices shown: {fault}" for fault in axe(team)]
    team.keyboard.press("Escape")

    team.locator(".submit-row .default").click()
    team.locator(".adm-erreurs").wait_for()
    faults += faults_of(team, axe, "refused")
    team.locator(".adm-erreurs").get_by_role("link", name="Nom").click()
    assert team.locator("#id_name").evaluate("name => name === document.activeElement")

    assert_none(faults)


@pytest.mark.parametrize("noun", ["initiative", "user"])
def test_the_keyboard_goes_through_a_form_and_out_of_it(team, noun):
    row = initiative_with_lines() if noun == "initiative" else factories.UserFactory()
    team.goto(admin_url(row, "change"))

    stops = []
    for _ in range(MOST_STOPS):
        team.keyboard.press("Tab")
        element, fault = team.evaluate(STOP)
        if element.startswith("<body"):
            break
        stops.append((element, fault))
    else:
        pytest.fail("the keyboard never leaves the page")

    assert 'class="skip-to-content-link"' in stops[0][0]
    assert any('name="_save"' in element for element, _ in stops)
    assert_none([f"{fault}: {element}" for element, fault in stops if fault])


def test_strangers_can_read_what_they_are_told(open_page, axe, transactional_db):
    page = open_page("/admin/", reduced_motion="reduce")
    page.expected_errors = ["404"]
    faults = faults_of(page, axe, "sign in")
    page.get_by_label("Adresse électronique").fill("lea@exemple.test")
    page.get_by_label("Mot de passe").fill("un-mot-de-passe-faux")
    page.keyboard.press("Enter")
    page.locator(".errornote").wait_for()
    faults += faults_of(page, axe, "not signed in")
    for address in ("/admin/mot-de-passe/", "/admin/mot-de-passe/envoye/", "/admin/mot-de-passe/MQ/abc-def/"):
        page.goto(address)
        faults += faults_of(page, axe, address)

    assert_none(faults)


def test_the_team_can_read_what_is_refused(team, axe):
    team.expected_errors = ["403", "404"]
    faults = []
    for address in ("/admin/nulle-part/", admin_url(factories.InitiativeFactory(published=True), "delete")):
        team.goto(address)
        assert team.get_by_role("link", name="Revenir au bureau").is_visible()
        faults += faults_of(team, axe, address)

    assert_none(faults)
