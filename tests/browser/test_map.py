"""The live map, by mouse and by keyboard, on the real content; and that of a directory too large to be sent whole."""

import re

import pytest
from playwright.sync_api import expect

from initiatives.models import Initiative, Site
from tests import factories

# What a browser does of a page; its words are asked to both databases elsewhere.

SEAL = ".sceau"


def open_map(visit, address="/carte/", **options):
    page = visit(address, **options)
    page.locator(SEAL).first.wait_for()
    page.locator("#carte").scroll_into_view_if_needed()
    return page


def numbers(page):
    return [int(re.split(r"\s: ", label)[1].split()[0]) for label in labels(page)]


def labels(page):
    return page.locator(SEAL).evaluate_all("seals => seals.map(seal => seal.ariaLabel)")


def settled(page, change):
    """Once the map has moved and shows other seals."""
    before = labels(page)
    change()
    page.wait_for_function(
        "before => { const now = [...document.querySelectorAll('.sceau')].map(seal => seal.ariaLabel);"
        " return now.length && now.join() !== before.join(); }",
        arg=before,
    )


def test_the_live_map_takes_the_place_of_the_engraved_one(visit, axe):
    page = open_map(visit)

    expect(page.get_by_role("group", name="Carte interactive")).to_be_visible()
    expect(page.locator("[data-carte-gravee]")).to_be_hidden()
    expect(page.locator(".leaflet-control-attribution")).to_have_text(re.compile("^Contours : IGN ADMIN EXPRESS"))
    assert axe(page) == []


def test_without_javascript_the_engraved_map_is_there(visit):
    page = visit("/carte/?territoire=dep-13", javascript=False)

    expect(page.locator("svg.carte")).to_be_visible()
    seal = page.locator("a.lieu").first
    number = int(re.search(r"(\d+) initiative", seal.get_attribute("aria-label"))[1])
    page.goto(seal.get_attribute("href"))
    assert int(re.match(r"\d+", page.locator("h1").inner_text())[0]) == number


@pytest.mark.parametrize("address", ["/carte/points.json", "/static/maps/fond-93"])
def test_what_fails_leaves_the_engraved_map(visit, address):
    page = visit("about:blank")
    page.expected_errors += ["500", "Failed to load", "exception"]
    page.route(re.compile(re.escape(address)), lambda route: route.fulfill(status=500))
    page.goto("/carte/")
    page.wait_for_load_state("networkidle")

    expect(page.locator("svg.carte")).to_be_visible()
    expect(page.locator(".carte-vive")).to_be_hidden()


def test_the_seals_of_the_map_are_all_the_results_that_have_a_place(visit):
    page = open_map(visit)
    answer = page.request.get("/carte/points.json").json()

    located = int(re.search(r"(\d+) des \d+ initiatives sont situées", page.locator(".tete-liste").inner_text())[1])
    assert located == answer["places"] == len(answer["fiches"])
    assert sum(numbers(page)) >= answer["places"]
    assert answer["places"] + answer["sans_lieu"] == answer["total"]
    expect(page.locator("[data-carte-dite]")).to_have_text(
        re.compile(rf"^{answer['places']} fiches sur la carte ; {answer['sans_lieu']} fiches sans lieu précis\.$")
    )


def test_a_press_on_a_group_of_places_goes_closer(visit):
    page = open_map(visit)
    group = page.locator(f"{SEAL}[aria-label*=agrandir]").last
    before = max(numbers(page))

    settled(page, lambda: group.click())

    assert max(numbers(page)) <= before
    expect(page).to_have_url(re.compile(r"#\d+/43\.\d{3}/\d\.\d{3}$"))


def test_a_search_that_is_small_is_asked_once(visit):
    page = open_map(visit)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "points.json" in request.url else None)

    settled(page, lambda: page.get_by_role("button", name="Agrandir", exact=True).click())
    page.get_by_role("button", name="Réduire", exact=True).click()
    page.wait_for_timeout(600)

    assert asked == []


def test_a_popup_opens_and_closes_by_keyboard(visit, axe):
    page = open_map(visit)
    seal = page.locator(f"{SEAL}[aria-label*=ouvrir]").first
    label = seal.get_attribute("aria-label")
    seal.focus()
    page.keyboard.press("Enter")

    popup = page.get_by_role("dialog")
    expect(popup.locator("h2")).to_be_focused()
    expect(popup.locator(".rang").first).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert page.evaluate("document.activeElement.ariaLabel") == label


def test_a_popup_is_the_card_of_the_list(visit):
    page = open_map(visit, "/carte/?territoire=com-13004&presence=basee")
    page.locator(f"{SEAL}[aria-label*=ouvrir]").first.click()

    card = page.get_by_role("dialog").locator(".rang").first
    name = card.get_by_role("heading").inner_text()
    row = page.locator("[data-rangs] .rang", has=page.get_by_role("heading", name=name, exact=True))
    assert " ".join(card.inner_text().split()) == " ".join(row.inner_text().split())
    card.get_by_role("link", name=name).click()
    expect(page.locator("h1")).to_have_text(name)


def test_a_row_and_its_seal_show_each_other(visit):
    page = open_map(visit)
    row = next(row for row in page.locator("[data-rangs] .rang").all() if "Forcalquier" in row.inner_text())

    row.hover()
    expect(page.locator(f"{SEAL}.vu")).to_have_count(1)
    expect(page.locator(f"{SEAL}.vu")).to_have_attribute("aria-label", re.compile("Forcalquier"))
    page.locator("h1").hover()
    expect(page.locator(f"{SEAL}.vu")).to_have_count(0)
    page.locator(f"{SEAL}[aria-label*=Forcalquier]").focus()
    expect(row).to_have_class(re.compile(r"\bvu\b"))


def test_beside_the_list_a_row_and_its_seal_show_each_other(visit):
    page = visit("/initiatives/?territoire=dep-13&par_page=100")
    row = next(row for row in page.locator(".resultats .rang").all() if "La Verrerie" in row.inner_text())

    row.hover()
    expect(page.locator("[data-lieu].vu")).to_have_attribute("data-lieu", re.compile("com-13004"))
    page.locator("[data-lieu=com-13004]").focus()
    expect(row).to_have_class(re.compile(r"\bvu\b"))


def test_the_address_keeps_where_the_map_is(visit):
    page = open_map(visit, "/carte/#11/43.300/5.380")

    assert {name.partition(",")[0] for name in labels(page)} >= {"Marseille"}
    assert page.locator(f"{SEAL}[aria-label^=Arles]").count() == 0


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_nothing_overflows(visit, axe, width):
    page = open_map(visit, "/carte/?territoire=dep-13", width=width)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_those_who_want_no_motion_have_none(visit):
    page = open_map(visit, reduced_motion="reduce")

    assert page.locator(".leaflet-zoom-anim").count() == 0


def test_paper_has_the_engraved_map(visit):
    page = open_map(visit)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(page.locator("svg.carte")).to_be_visible()
    expect(page.locator(".carte-vive")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".carte-vive")).to_be_visible()


def test_a_large_directory_is_counted_by_the_server(open_page, monkeypatch):
    places = factories.make_places()
    monkeypatch.setattr("initiatives.directory.mapped.ALL_AT_ONCE", 3)
    for name in ("arles", "aix", "marseille", "marseille"):
        factories.InitiativeFactory(
            published=True, name=f"À {name} {Initiative.objects.count()}", sites=[getattr(places, name)]
        )
    own = factories.InitiativeFactory(published=True, name="Au bord du Rhône", sites=[places.arles])
    Site.objects.filter(initiative=own).update(latitude=43.68, longitude=4.62)

    page = open_page("/carte/")
    page.locator(SEAL).first.wait_for()
    assert sum(numbers(page)) == 5
    for _ in range(6):
        if page.locator(f"{SEAL}[aria-label^=Arles][aria-label*=ouvrir]").count():
            break
        arles = page.locator(f"{SEAL}[aria-label^=Arles]")
        (arles if arles.count() else page.locator(SEAL)).first.focus()
        settled(page, lambda: page.keyboard.press("Enter"))

    assert sorted(label for label in labels(page) if label.startswith("Arles")) == ["Arles : 1 initiative, ouvrir"] * 2
    names = []
    for seal in page.locator(f"{SEAL}[aria-label^=Arles]").all():
        seal.focus()
        page.keyboard.press("Enter")
        names.append(page.get_by_role("dialog").locator("h3").inner_text())
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert "Au bord du Rhône" in names
    assert len({*names}) == 2
