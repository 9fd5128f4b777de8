"""The directory that changes in place: from a mouse, a keyboard, a finger; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from initiatives.models import ALL, record_change
from tests import factories
from tests.directory.sample import make_directory

# What a browser does of a page; its words are asked to both databases elsewhere.

MARSEILLE = {"latitude": 43.296482, "longitude": 5.369779}


@pytest.fixture(autouse=True)
def directory(live_server, transactional_db):
    places = factories.make_places()
    for place, latitude, longitude in ((places.arles, 43.677, 4.63), (places.marseille_3, 43.31, 5.38)):
        place.latitude, place.longitude = latitude, longitude
        place.save()
    make_directory(places)
    for number in range(30):
        factories.InitiativeFactory(published=True, name=f"Atelier {number:02}", sites=[places.aix], stage="essaimage")
    record_change(ALL)
    return places


@pytest.fixture
def open_list(open_page):
    """The list, marked so that a test knows whether it is still the same page."""

    def open_(path="/initiatives/", **options):
        page = open_page(path, **options)
        if options.get("javascript", True):
            page.mouse.move(5, 5)
            page.wait_for_function("document.documentElement.dataset.live !== undefined")
            page.wait_for_selector("#filtres[data-htmx-powered]", state="attached")
            page.evaluate("window.stayed = true")
        return page

    return open_


def stayed(page):
    return page.evaluate("window.stayed === true")


def title(page):
    return " ".join(page.locator("h1").inner_text().split())


def test_a_tick_changes_the_list_and_leaves_the_rest_where_it_was(open_list):
    page = open_list()
    page.locator("#d-milieu summary").click()
    box = page.get_by_label("Essaimage")
    box.focus()
    page.evaluate("scrollTo({ top: 300, behavior: 'instant' })")
    before = box.bounding_box()["y"]

    page.keyboard.press("Space")

    expect(page).to_have_url(re.compile(r"/initiatives/\?etape=essaimage$"))
    expect(page.locator("h1")).to_have_text("31 initiatives dans l’annuaire")
    expect(page.get_by_role("status").filter(has_text="31 initiatives")).to_have_count(1)
    expect(page).to_have_title(re.compile("^31 initiatives, Essaimage"))
    assert page.locator("link[rel=canonical]").get_attribute("href").endswith("/initiatives/?etape=essaimage")
    assert page.locator("link[rel=alternate]").get_attribute("href").endswith("?etape=essaimage")
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    assert box.bounding_box()["y"] == pytest.approx(before, abs=1)
    expect(page.locator("#d-milieu")).to_have_attribute("open", "")
    expect(page.locator(".choix", has_text="Émergence").locator(".n")).to_have_text("32")
    assert stayed(page)

    page.get_by_role("link", name="Retirer le critère").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("36 initiatives dans l’annuaire")
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_label("Essaimage")).not_to_be_checked()
    assert stayed(page)


def test_back_and_forward_give_back_each_search_and_its_place_in_the_page(open_list):
    page = open_list(height=500)
    page.get_by_label("Essaimage").check()
    expect(page.locator("h1")).to_contain_text("31 initiatives")
    page.evaluate("scrollTo({ top: 700, behavior: 'instant' })")
    page.locator("#q").evaluate("field => { field.value = 'toits'; field.form.requestSubmit(); }")
    expect(page.locator("h1")).to_contain_text("1 initiative dans l’annuaire pour « toits »")

    page.go_back()
    expect(page.locator("h1")).to_contain_text("31 initiatives")
    expect(page.locator("header.entete, footer.pied")).to_have_count(2)
    expect(page.get_by_label("Essaimage")).to_be_checked()
    expect(page.locator("#q")).to_have_value("")
    page.wait_for_function("Math.abs(scrollY - 700) < 5")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("36 initiatives")
    expect(page.get_by_label("Essaimage")).not_to_be_checked()
    page.go_forward()
    expect(page.get_by_label("Essaimage")).to_be_checked()
    expect(page.locator("h1")).to_contain_text("31 initiatives")
    assert stayed(page)

    # From a fiche one comes back to the list, not to the part of it that a script had asked for.
    page.locator(".rang a").first.click()
    expect(page.locator(".fil")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("31 initiatives")
    expect(page.locator("header.entete")).to_be_visible()


def test_order_size_and_pages_change_the_list_in_place(open_list):
    page = open_list()

    page.get_by_label("Trier par").select_option("nom")
    expect(page.locator(".rang h3").first).to_have_text("Atelier 00")
    page.get_by_label("Par page").select_option("10")
    expect(page.locator(".rang")).to_have_count(10)
    page.get_by_role("link", name="Suite").click()

    expect(page).to_have_url(re.compile(r"\?tri=nom&par_page=10&page=2$"))
    expect(page.locator(".rang h3").first).to_have_text("Atelier 10")
    expect(page.get_by_role("status").filter(has_text="Page 2")).to_have_count(1)
    expect(page.locator("#h-r")).to_be_focused()
    expect(page.locator(".rang").first).to_be_in_viewport()
    expect(page.get_by_role("button", name="Trier")).to_be_hidden()
    assert stayed(page)


def test_a_slow_answer_never_covers_a_newer_one(open_list):
    page = open_list()
    held = []
    page.route("**/initiatives/?etape=essaimage", lambda route: held.append(route))

    page.get_by_label("Essaimage").check()
    page.wait_for_function("document.querySelector('#resultats.htmx-request')")
    page.get_by_label("Émergence").check()
    expect(page.locator("h1")).to_contain_text("32 initiatives")
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)

    assert held
    assert title(page).startswith("32 initiatives")
    expect(page).to_have_url(re.compile("etape=emergence&etape=essaimage"))


def test_a_failure_is_told_and_leads_to_the_plain_page(open_list):
    page = open_list()
    page.expected_errors += ["Failed to fetch", "ERR_FAILED"]
    page.route("**/initiatives/?etape=essaimage", lambda route: route.abort())
    page.get_by_label("Essaimage").check()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("La liste n’a pas pu être mise à jour.")
    page.unroute("**/initiatives/?etape=essaimage")
    alert.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("31 initiatives")

    # Several places of one name: it is another page, that asks which one.
    page.mouse.move(9, 9)
    page.wait_for_selector("#filtres[data-htmx-powered]", state="attached")
    page.get_by_label("Territoire").first.fill("Aix")
    page.get_by_label("Territoire").first.press("Escape")
    page.get_by_label("Territoire").first.press("Enter")
    expect(page).to_have_url(re.compile("territoire=com-13001|lieu=Aix"))


def test_a_place_is_chosen_by_the_keyboard_among_those_proposed(open_list):
    page = open_list("/initiatives/?etape=developpement")
    field = page.get_by_role("combobox", name="Territoire", exact=True)

    field.focus()
    page.keyboard.type("arl")
    options = page.locator("[role=option]:visible")
    expect(options.first).to_contain_text("Arles")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="proposé")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("arl")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"etape=developpement&territoire=com-13004$|territoire=com-13004&etape="))
    expect(page.locator("h1")).to_have_text("2 initiatives à Arles")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("lyon")
    page.keyboard.press("Tab")
    expect(options).to_have_count(0)
    assert stayed(page)


def test_a_place_is_chosen_by_a_finger(open_list):
    page = open_list(width=390, has_touch=True)

    page.get_by_role("combobox", name="Territoire", exact=True).tap()
    page.keyboard.type("arl")
    page.locator("[role=option]:visible").first.tap()

    expect(page.locator("h1")).to_have_text("4 initiatives à Arles")
    assert stayed(page)


def test_without_a_choice_the_server_finds_the_place(open_list):
    page = open_list()

    page.get_by_role("combobox", name="Nom d’un lieu").fill("Arles")
    page.get_by_role("combobox", name="Nom d’un lieu").press("Enter")

    expect(page).to_have_url(re.compile(r"\?territoire=com-13004$"))
    expect(page.locator("h1")).to_have_text("4 initiatives à Arles")
    page.get_by_label("Territoire", exact=True).fill("Nullepart")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Aucun lieu ne s’appelle « Nullepart »")).to_be_visible()
    assert stayed(page)


def test_around_me_asks_on_a_press_and_sends_a_rounded_place(open_list):
    page = open_list(geolocation=MARSEILLE, permissions=["geolocation"])
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Autour de moi").click()

    expect(page).to_have_url(re.compile(r"\?pres_de=43\.30%2C5\.37$"))
    expect(page.locator("h1")).to_contain_text("à moins de 30 km")
    expect(page.locator(".rang .raison").first).to_contain_text("km")
    assert not [url for url in asked if "43.29" in url or "5.36" in url]
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_around_me_says_plainly_that_the_position_was_not_given(open_list):
    page = open_list(permissions=[])

    page.get_by_role("button", name="Autour de moi").click()

    expect(page.get_by_text("Votre position n’a pas été donnée. Indiquez plutôt une commune.")).to_be_visible()
    assert title(page).startswith("36 initiatives")


def test_the_drawer_of_a_phone_is_a_dialog(open_list):
    page = open_list(width=390, height=800)
    opener = page.get_by_role("link", name="Affiner")
    drawer = page.get_by_role("dialog", name="Affiner")

    opener.click()
    expect(drawer.get_by_role("link", name="Fermer")).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || filtres.contains(document.activeElement)")
    drawer.get_by_label("Essaimage").check()
    expect(drawer.get_by_role("button", name="Voir les 31 initiatives")).to_be_visible()
    expect(drawer.get_by_label("Essaimage")).to_be_focused()
    assert page.evaluate("document.querySelector('#resultats').inert")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    drawer.get_by_role("button", name="Voir les 31 initiatives").click()
    expect(page.get_by_label("Essaimage")).to_be_hidden()
    expect(page.locator(".rang").first).to_be_visible()
    assert page.locator("[inert]").count() == 0
    assert stayed(page)


def test_a_long_facet_is_searched(open_list):
    page = open_list()
    page.keyboard.press("Tab")
    field = page.get_by_label("Trouver dans la liste, Forme juridique")

    field.fill("cooperative")
    expect(page.locator("#d-forme .choix:visible")).to_have_count(2)
    expect(page.locator("#d-forme [role=status]")).to_have_text(re.compile("^2 sur "))
    field.press("Enter")
    page.locator("#f-forme-cooperative").check()
    expect(page.locator("h1")).to_contain_text("Aucune initiative")
    expect(field).to_have_value("cooperative")
    expect(page.locator("#d-forme .choix:visible")).to_have_count(2)
    assert stayed(page)


def test_a_tick_before_htmx_is_there_opens_the_plain_page(open_page):
    page = open_page("about:blank")
    held = []
    page.route("**/htmx.min.*.js", lambda route: held.append(route))
    page.goto("/initiatives/")
    page.wait_for_function("document.documentElement.dataset.live !== undefined")

    page.get_by_label("Essaimage").check()

    expect(page.locator("h1")).to_contain_text("31 initiatives")
    assert held


def test_back_from_a_plain_page_ticks_and_types_what_the_list_answers(open_page):
    page = open_page("/initiatives/?etape=essaimage")
    page.route("**/htmx*", lambda route: None)
    page.get_by_label("Développement").check()
    page.wait_for_url("**etape=developpement**")
    page.get_by_label("Mots").fill("atelier")
    page.get_by_role("button", name="Chercher").click()
    page.wait_for_url("**q=atelier**")

    page.go_back()
    expect(page.get_by_label("Mots")).to_have_value("")
    expect(page.get_by_label("Développement")).to_be_checked()
    page.go_back()
    expect(page.get_by_label("Développement")).not_to_be_checked()
    expect(page.get_by_label("Essaimage")).to_be_checked()


def test_a_tick_in_the_drawer_before_htmx_is_there_leaves_the_drawer_open(open_page):
    page = open_page("about:blank", width=390)
    page.route("**/htmx.min.*.js", lambda route: route.abort())
    page.expected_errors = ["ERR_FAILED"]
    page.goto("/initiatives/")
    page.wait_for_function("document.documentElement.dataset.live !== undefined")

    page.get_by_role("link", name="Affiner").click()
    page.get_by_label("Essaimage").check()

    expect(page).to_have_url(re.compile("etape=essaimage"))
    # The script of the drawer is there: until then it is open by its address alone.
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Voir les 31 initiatives").click()
    expect(page.get_by_label("Essaimage")).not_to_be_visible()
    expect(page.locator("h1")).to_contain_text("31 initiatives")


def test_without_javascript_the_same_is_done_by_forms_and_links(open_list):
    page = open_list(javascript=False)
    expect(page.get_by_role("button", name="Autour de moi")).to_have_count(0)
    expect(page.get_by_text("Trouver dans la liste")).to_have_count(0)

    page.get_by_label("Essaimage").check()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("h1")).to_contain_text("31 initiatives")
    page.get_by_label("Par page").select_option("10")
    page.get_by_role("button", name="Trier").click()
    expect(page.locator(".rang")).to_have_count(10)
    page.get_by_role("link", name="Suite").click()
    expect(page).to_have_url(re.compile("etape=essaimage.*page=2"))
    page.get_by_label("Territoire", exact=True).fill("Arles")
    page.get_by_label("Périmètre").select_option("30")
    page.get_by_role("button", name="Chercher").click()
    expect(page).to_have_url(re.compile("territoire=com-13004"))
    expect(page).to_have_url(re.compile("rayon=30"))
    page.get_by_role("link", name="Retirer le critère Étape").click()
    expect(page.locator("h1")).to_contain_text("à Arles")


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_every_state_of_the_list_reads_well(open_list, axe, width):
    page = open_list("/initiatives/?etape=essaimage&territoire=com-13004&rayon=30", width=width)
    if width < 800:
        page.get_by_role("link", name="Affiner").click()
    page.locator("#f-lieu").fill("a")
    page.locator("#f-lieu").press_sequentially("ix")
    expect(page.locator("[role=option]:visible").first).to_be_visible()

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
