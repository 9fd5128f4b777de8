"""What the team finds and shows, from the keyboard alone, on a screen of 1440 px: lists, previews, photos, texts."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import expect

from initiatives.models import Photo
from tests import factories
from tests.browser.keyboard import member, page_of, sign_in
from tests.photos import jpeg


@pytest.fixture
def places(live_server, transactional_db):
    return factories.make_places()


@pytest.fixture
def draft(places):
    return factories.InitiativeFactory(name="Atelier vélo", sites=[places.arles], themes=[factories.ThemeFactory()])


def test_lists_are_searched_narrowed_and_opened_from_what_waits(open_page, places, draft):
    factories.InitiativeFactory(
        published=True, name="Ressourcerie d’Arles", sites=[places.arles], themes=[factories.ThemeFactory()]
    )
    factories.InitiativeFactory(name="Ressourcerie de nulle part", sites=[factories.TerritoryFactory()])
    desk = sign_in(open_page, member("Léa Martin"), "/admin/initiatives/initiative/")
    page, main = desk.page, desk.page.get_by_role("main")
    names = main.get_by_role("rowheader")
    expect(names).to_have_count(3)

    desk.fill("Chercher", "ATELIER VELO")
    desk.enter()
    expect(names).to_have_text(["Atelier vélo"])
    desk.fill("Chercher", "resourcerie arle")
    desk.enter()
    expect(page.locator(".messagelist")).to_contain_text(
        "Rien pour « resourcerie arle ». Voici les noms les plus proches."
    )
    expect(names.filter(has_text="Ressourcerie d’Arles")).to_be_visible()
    desk.fill("Chercher", "")
    desk.enter()
    expect(names).to_have_count(3)

    desk.pick("Basées là, ou y intervenant", "arle", "Arles (commune, 13004)")
    desk.send("Filtrer", within=page.locator("#changelist-filter"))
    expect(names).to_have_text(["Atelier vélo", "Ressourcerie d’Arles"])
    desk.follow("Partout", back=True)
    expect(names).to_have_count(3)

    desk.follow("InnovGuide", back=True)
    row = main.get_by_role("row", name="Sans source")
    expect(row.get_by_role("cell").first).to_have_text("1")
    desk.follow("Sans source", within=row)
    expect(page.locator("h1")).to_have_text("Sans source")
    expect(main.get_by_role("rowheader")).to_have_text(["Ressourcerie d’Arles"])
    desk.follow("Ressourcerie d’Arles", within=main)
    expect(page.locator("h1")).to_have_text("Ressourcerie d’Arles")
    expect(page.get_by_role("form", name="Publiée")).to_be_visible()


def test_a_draft_is_previewed_by_the_team_and_unknown_to_strangers(open_page, draft):
    desk = sign_in(open_page, member("Léa Martin"), page_of(draft))
    page = desk.page

    desk.follow("Aperçu")
    expect(page.get_by_text("Aperçu : cette fiche n’est pas publiée.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Atelier vélo")
    expect(page.get_by_role("main").get_by_text("Arles").first).to_be_visible()
    preview = page.url
    desk.follow("Revenir à la fiche")
    expect(page.get_by_role("link", name="Historique")).to_be_visible()

    stranger = open_page("/initiatives/")
    expect(stranger.get_by_text("Atelier vélo")).to_have_count(0)
    stranger.expected_errors = ["404"]
    for address in ("/initiatives/atelier-velo/", f"/id/{draft.uuid}/"):
        assert stranger.goto(address).status == 404
    stranger.goto(preview)
    expect(stranger.locator("h1")).to_have_text("Entrer dans le bureau")


def test_a_photo_is_shown_with_its_fiche_and_hidden_with_it(open_page, places):
    fiche = factories.InitiativeFactory(
        published=True, name="Atelier vélo", sites=[places.arles], themes=[factories.ThemeFactory()]
    )
    desk = sign_in(open_page, member("Léa Martin"), page_of(fiche))
    page = desk.page

    desk.open("Photos")
    photo = desk.add_line("Photos")
    heic = {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic\0\0\0\0" + bytes(200)}
    desk.give("Fichier", heic, within=photo)
    desk.fill("Description pour qui ne la voit pas", "Un vélo sur un pied d’atelier", within=photo)
    desk.fill("Crédit", "L’atelier", within=photo)
    desk.fill("Licence", "CC BY 4.0", within=photo)
    desk.tick("Peut être imprimée", within=photo)
    desk.save()

    expect(photo.locator(".errorlist")).to_contain_text("HEIC")
    expect(photo.get_by_label("Crédit")).to_have_value("L’atelier")
    desk.give("Fichier", {"name": "velo.jpg", "mimeType": "image/jpeg", "buffer": taken_at_arles()}, within=photo)
    desk.save()
    expect(page.locator(".messagelist")).to_be_visible()
    kept = Photo.objects.get()
    assert (kept.alt, kept.print_allowed) == ("Un vélo sur un pied d’atelier", True)

    stranger = open_page(fiche.get_absolute_url())
    image = stranger.get_by_role("img", name="Un vélo sur un pied d’atelier")
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    stranger.wait_for_function("document.images.length && [...document.images].every(image => image.complete)")
    assert image.evaluate("image => image.naturalWidth") > 0
    expect(stranger.get_by_text("Photo : L’atelier. CC BY 4.0.")).to_be_visible()
    served = stranger.request.get(kept.src)
    assert Image.open(BytesIO(served.body())).getexif() == {}
    assert b"GPS" not in served.body()

    desk.send("Archiver")
    expect(page.locator(".messagelist")).to_contain_text("est archivée")
    assert stranger.request.get(kept.src).status == 404
    assert page.request.get(kept.src).status == 200


def taken_at_arles():
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (43.0, 40.0, 36.0), 3: "E", 4: (4.0, 37.0, 40.0)})
    photo = jpeg((1000, 700), exif=exif)
    assert Image.open(BytesIO(photo)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    return photo


def test_a_text_of_the_site_is_rewritten_looked_at_and_read_at_once(open_page, transactional_db):
    text = factories.EditorialTextFactory(key="contact")
    desk = sign_in(open_page, member("Léa Martin"))
    page = desk.page
    stranger = open_page("/contact/")
    expect(stranger.get_by_text("Poussez la porte.")).to_have_count(0)

    desk.follow("Textes éditoriaux", within=page.get_by_role("main"))
    desk.follow("Nous écrire", within=page.get_by_role("main"))
    body = page.get_by_label("Texte", exact=True)
    desk.fill("Chapô", "Poussez la porte.")
    desk.fill("Texte", "## Le jour\n\nLe mardi, [ici](/nulle-part/).")
    desk.save()
    expect(page.locator(".errorlist")).to_contain_text("ne mène à aucune page publique du site")
    expect(body).to_have_value("## Le jour\n\nLe mardi, [ici](/nulle-part/).")
    desk.fill("Texte", "## Le jour\n\nLe mardi, [selon la charte](/charte/).")

    with page.expect_popup() as opened:
        desk.press("Aperçu", within=page.locator(".submit-row").last)
    preview = opened.value
    expect(preview.get_by_text("Aperçu : rien n’est enregistré.")).to_be_visible()
    expect(preview.get_by_text("Poussez la porte.")).to_be_visible()
    preview.close()
    stranger.reload()
    expect(stranger.get_by_text("Poussez la porte.")).to_have_count(0)

    desk.save()
    expect(page.locator(".messagelist")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("Poussez la porte.")).to_be_visible()
    expect(stranger.get_by_role("main").get_by_role("link", name="selon la charte")).to_be_visible()
    text.refresh_from_db()
    assert text.revision == 1
