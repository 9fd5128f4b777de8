"""What people come to do, on the real content: with a mouse or a keyboard, with and without JavaScript, on paper."""

import re

import pytest
from playwright.sync_api import expect

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


def announced(page):
    return int(re.match(r"\d+", page.locator("h1").inner_text())[0])


@with_and_without_javascript
def test_a_newcomer_types_a_place_and_reaches_a_fiche_based_there(visit, javascript):
    page = visit("/", javascript=javascript)

    page.get_by_label("Où, ou quoi").fill("Arles")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()

    expect(page).to_have_url(re.compile(r"/initiatives/\?(.*&)?territoire=com-13004"))
    expect(page.locator("h1")).to_contain_text("à Arles")
    row = page.locator(".rang", has_text="Basée à Arles").first
    name = row.get_by_role("heading").inner_text()
    row.get_by_role("link", name=name).click()

    expect(page).to_have_url(re.compile(r"/initiatives/[a-z-]+/$"))
    expect(page.locator("h1")).to_have_text(name)
    expect(page.get_by_role("main").get_by_text("Arles").first).to_be_visible()


@with_and_without_javascript
def test_facets_narrow_the_directory_and_chips_widen_it_again(visit, javascript):
    page = visit("/initiatives/", javascript=javascript)
    everything = announced(page)

    chips = page.locator(".critere")
    page.get_by_role("checkbox", name="Bouches-du-Rhône").check()
    expect(chips).to_have_count(1 if javascript else 0)
    page.get_by_label("Alimentation et agriculture").check()
    if not javascript:
        page.get_by_role("button", name="Voir les résultats").click()

    expect(page.get_by_role("checkbox", name="Bouches-du-Rhône")).to_be_checked()
    expect(chips).to_have_count(2)
    both = announced(page)
    page.get_by_label("Par page").select_option("100")
    if not javascript:
        page.get_by_role("button", name="Trier").click()
    # The number of rows is the same before and after: the address says that the answer came, and with it the chips.
    expect(page).to_have_url(re.compile("par_page=100"))
    expect(page.locator(".rang")).to_have_count(both)

    chips.filter(has_text="Bouches-du-Rhône").click()
    expect(chips).to_have_count(1)
    food = announced(page)
    assert 0 < both < food < everything
    expect(page.locator(".rang")).to_have_count(food)

    page.go_back()
    expect(chips).to_have_count(2)
    assert announced(page) == both

    page.get_by_role("link", name="Tout effacer").click()
    expect(chips).to_have_count(0)
    assert announced(page) == everything


@with_and_without_javascript
def test_on_a_phone_the_filters_open_and_give_the_same_results(visit, javascript):
    page = visit("/initiatives/", javascript=javascript, width=390)
    expect(page.get_by_label("Habitat et logement")).not_to_be_visible()

    page.get_by_role("link", name="Affiner").click()
    page.get_by_label("Habitat et logement").check()
    page.get_by_role("button", name=re.compile(r"Voir les (\d+ initiatives|résultats)$")).click()

    expect(page.locator(".critere")).to_have_count(1)
    expect(page.get_by_label("Habitat et logement")).not_to_be_visible()
    expect(page.locator(".rang")).to_have_count(announced(page))


def test_the_back_button_gives_the_list_back_as_it_was(visit):
    page = visit("/initiatives/?theme=habitat&tri=nom")
    title = page.locator("h1").inner_text()

    page.locator(".rang").nth(2).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/initiatives/[a-z-]+/$"))
    page.go_back()

    expect(page.locator("h1")).to_have_text(title)
    expect(page.get_by_label("Habitat et logement")).to_be_checked()


def focused(page):
    return page.locator(":focus")


def test_the_first_stop_of_the_keyboard_goes_to_the_content(visit):
    page = visit("/initiatives/")

    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Aller au contenu")
    expect(focused(page)).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Mots")).to_be_focused()


@with_and_without_javascript
def test_the_keyboard_may_pass_over_the_map(visit, javascript):
    page = visit("/", javascript=javascript)

    for _ in range(30):
        page.keyboard.press("Tab")
        if page.locator(".lieu:focus").count():
            pytest.fail("The seals of the map come first.")
        if page.locator(".evitement:focus", has_text="Passer la carte").count():
            break
    expect(focused(page)).to_have_text("Passer la carte")
    expect(focused(page)).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#carte-liste a:focus")).to_have_count(1)


def test_the_menu_of_a_phone_opens_and_closes_by_the_keyboard(visit):
    page = visit("/", width=390)
    menu = page.locator("details.menu")

    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Initiatives")
    page.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_without_javascript_the_menu_of_a_phone_leads_on(visit):
    page = visit("/", width=390, javascript=False)

    page.get_by_text("Menu", exact=True).click()
    page.locator("details.menu").get_by_role("link", name="Territoires").click()

    expect(page).to_have_url(re.compile(r"/territoires/$"))


def test_the_keyboard_goes_through_the_facets_in_the_order_of_the_eye_then_to_the_rows(visit):
    page = visit("/initiatives/")
    fields = page.locator("#filtres").locator(":is(summary, input:not([type=hidden]), select, button):visible")

    page.wait_for_function("document.documentElement.dataset.live !== undefined")
    fields.first.focus()
    for number in range(1, fields.count()):
        page.keyboard.press("Tab")
        expect(fields.nth(number)).to_be_focused()
    heights = fields.evaluate_all("""fields => fields.filter(field => !field.closest(".boite"))
      .map(field => field.getBoundingClientRect().top)""")
    assert len(heights) > 20
    assert heights == sorted(heights)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Trier par")).to_be_focused()

    page.get_by_label("Alimentation et agriculture").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"[?&]theme=alimentation(&|$)"))

    page.locator(".rang a").first.focus()
    name = focused(page).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


ON_PAPER = {"/initiatives/?theme=habitat": ".rang", "/initiatives/les-colibres/": ".para", "/charte/": ".texte h2"}


@pytest.mark.parametrize("address", ON_PAPER)
def test_on_paper_the_content_stays_and_the_tools_go(visit, address):
    page = visit(address)
    expect(page.get_by_role("navigation").first).to_be_visible()

    page.emulate_media(media="print")

    assert page.locator("nav, form, button, .pied, .evitement, .menu").locator("visible=true").count() == 0
    expect(page.locator("h1")).to_be_visible()
    content = page.locator(ON_PAPER[address])
    assert content.locator("visible=true").count() == content.count() > 3


def test_on_a_sheet_of_paper_the_text_of_a_fiche_has_the_width_of_a_text(visit):
    page = visit("/initiatives/les-colibres/", width=680)  # A4, in its margins
    page.emulate_media(media="print")

    widths = page.locator(".para > div > p").evaluate_all("texts => texts.map(text => text.clientWidth)")
    assert widths
    assert min(widths) > 400


def test_on_paper_a_source_is_followed_by_its_address_and_an_address_is_printed_once(visit):
    page = visit("/initiatives/les-colibres/")
    page.emulate_media(media="print")
    what_follows = "links => links.map(link => getComputedStyle(link, '::after').content)"

    sources = page.locator(".notes a[href^=http]").evaluate_all(what_follows)
    assert sources
    assert all("http" in address for address in sources)
    assert {*page.locator("a.adresse").evaluate_all(what_follows)} == {"none"}


@pytest.mark.parametrize("address", ["/", "/initiatives/"])
def test_nothing_moves_for_those_who_ask_for_it(visit, address):
    page = visit(address, reduced_motion="reduce")

    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter(element => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
      return parseFloat(transitionDuration) > 0 || animationName !== "none" || scrollBehavior === "smooth";
    }).map(element => element.outerHTML.slice(0, 100))""")

    assert moving == []


PALE = """() => {
  const light = ([red, green, blue]) => [red, green, blue]
    .map(part => part / 255)
    .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
  const parts = color => color.match(/[\\d.]+/g).map(Number);
  const ground = element => {
    if (!element) return [255, 255, 255];
    const color = parts(getComputedStyle(element).backgroundColor);
    return color.length === 3 || color[3] === 1 ? color : ground(element.parentElement);
  };
  return [...document.querySelectorAll("body *")].filter(element => {
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!says || element.closest("svg, .vh") || !element.checkVisibility()) return false;
    const [ink, paper] = [parts(getComputedStyle(element).color), ground(element)].map(light);
    return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05) < 4.5;
  }).map(element => element.outerHTML.slice(0, 100));
}"""


@pytest.mark.parametrize("address", ["/", "/initiatives/?theme=habitat", "/initiatives/les-colibres/"])
def test_texts_stay_readable_in_the_colours_that_a_person_imposes(visit, address):
    page = visit(address, forced_colors="active")

    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate(PALE) == []
