"""What the team does at the desk, from the keyboard alone, on a screen of 1440 px: the fiches."""

import re

import pytest
from playwright.sync_api import expect

from initiatives.models import Initiative
from initiatives.submission.actions import record_edit
from initiatives.submission.history import act
from tests import factories
from tests.browser.keyboard import member, page_of, sign_in


@pytest.fixture
def places(live_server, transactional_db):
    return factories.make_places()


@pytest.fixture
def theme(transactional_db):
    return factories.ThemeFactory(slug="reemploi", name="Réemploi")


@pytest.fixture
def lea(transactional_db):
    return member("Léa Martin")


def test_quick_entry_shows_what_may_be_the_same_before_it_saves_and_loses_nothing(open_page, lea, places, theme):
    known = factories.InitiativeFactory(published=True, name="Le Recyclodrome", sites=[places.marseille])
    desk = sign_in(open_page, lea)
    page = desk.page

    desk.follow("Saisie rapide")
    expect(page.get_by_label("Nom de l’initiative")).to_be_focused()
    page.keyboard.type("Recyclodrome")
    desk.fill("Commune", "Marseille")
    desk.fill("L’initiative en deux phrases", "Des objets finissaient au rebut. Ici, on les répare.")
    desk.choose("Thème principal", theme.name)
    desk.fill("Adresse de la source", "la gazette")
    desk.fill("Qui publie cette source", "La gazette de l’essai")
    desk.send("Enregistrer et saisir la suivante")

    refusal = page.get_by_role("alert")
    expect(refusal).to_be_focused()
    expect(refusal).to_contain_text("Cette adresse n’est pas complète.")
    desk.follow("Cette adresse n’est pas complète.")
    expect(page.get_by_label("Adresse de la source")).to_be_focused()
    desk.fill("Adresse de la source", "https://gazette.exemple.test/recyclodrome")
    desk.send("Enregistrer et saisir la suivante")

    found = page.get_by_role("region", name="Est-elle déjà dans l’annuaire ?")
    expect(found).to_be_focused()
    expect(found).to_contain_text("Le Recyclodrome (nouvel onglet) (publiée, Marseille)")
    assert Initiative.objects.get() == known
    desk.send("C’est une autre : enregistrer et saisir la suivante")

    expect(page.get_by_text("« Recyclodrome » est enregistrée en brouillon, à Marseille.")).to_be_visible()
    expect(page.get_by_label("Nom de l’initiative")).to_be_focused()
    expect(page.get_by_label("Commune")).to_have_value("Marseille (Bouches-du-Rhône)")
    draft = Initiative.objects.get(name="Recyclodrome")
    assert draft.summary == "Des objets finissaient au rebut. Ici, on les répare."
    assert draft.sources.get().publisher == "La gazette de l’essai"
    desk.follow("Recyclodrome", back=True)
    expect(page.locator("h1")).to_have_text("Recyclodrome")
    expect(page.get_by_role("heading", name="Doublon probable")).to_have_count(0)


def test_a_duplicate_that_is_none_is_not_shown_again(open_page, lea, places):
    first, second = factories.InitiativeFactory.create_batch(2, name="Recyclodrome", sites=[places.marseille])
    desk = sign_in(open_page, lea, page_of(first))
    page = desk.page
    alike = page.get_by_role("heading", name="Doublon probable")
    expect(alike).to_be_visible()

    desk.send("Ce n’est pas un doublon")

    expect(page.locator(".messagelist")).to_be_visible()
    expect(alike).to_have_count(0)
    page.goto(page_of(second))
    expect(page.locator("h1")).to_have_text("Recyclodrome")
    expect(alike).to_have_count(0)


def test_an_initiative_is_completed_published_found_archived_and_comes_back(open_page, lea, places, theme):
    draft = factories.InitiativeFactory(name="Atelier vélo du Mas", summary="On y répare son vélo.")
    factories.ActorFactory(published=True, name="Les Roues libres")
    factories.FundingSourceFactory(published=True, name="Fonds du vélo")
    desk = sign_in(open_page, lea, page_of(draft))
    page, said = desk.page, desk.page.locator(".messagelist")

    desk.send("Publier")
    expect(said).to_contain_text("ne peut pas être publiée")
    desk.choose("Thème principal", theme.name)
    desk.choose(re.compile("^Étape(?! lue)"), "Développement")
    desk.fill("Année de démarrage", "2019")
    site = desk.add_line("Lieux")
    desk.pick("Commune ou arrondissement", "arl", "Arles (commune, 13004)", within=site)
    desk.fill("Nom du lieu", "La cour du Mas", within=site)
    participation = desk.add_line("Participations")
    desk.pick("Acteur", "roues", "Les Roues libres", within=participation)
    desk.choose("Rôle", "Porteur", within=participation)
    desk.tick("Structure porteuse principale", within=participation)
    funding = desk.add_line("Financements reçus")
    desk.pick("Source de financement", "velo", "Fonds du vélo", within=funding)
    desk.fill("Montant", "12000", within=funding)
    milestone = desk.add_line("Dates")
    desk.fill("Année", "2019", within=milestone)
    desk.fill("Quoi", "Premier atelier sous le préau", within=milestone)
    way = desk.add_line("Façons de prendre part")
    desk.choose("Façon", "Aider", within=way)
    desk.fill("Comment", "Le samedi matin, sans s’inscrire", within=way)
    desk.open("Sources")
    source = desk.add_line("Sources")
    desk.fill("Éditeur", "La gazette de l’essai", within=source)
    desk.fill("Adresse", "https://gazette.exemple.test/velo", within=source)
    desk.save()
    expect(said).to_contain_text("Atelier vélo du Mas")
    expect(page.get_by_label("Année de démarrage")).to_have_value("2019")

    stranger = open_page("/initiatives/")
    expect(stranger.locator(".rang")).to_have_count(0)
    desk.fill("Pourquoi (facultatif)", "Relue avec le porteur")
    page.keyboard.press("Enter")  # does nothing: an act is chosen
    desk.send("Publier", back=True)
    expect(said).to_contain_text("« Atelier vélo du Mas » est publiée.")
    stranger.reload()
    stranger.locator(".rang").get_by_role("link", name="Atelier vélo du Mas").press("Enter")
    expect(stranger.locator("h1")).to_have_text("Atelier vélo du Mas")
    address = stranger.url
    for words in (
        "Arles",
        "Développement",
        "Les Roues libres",
        "Fonds du vélo",
        "12 000 €",
        "Premier atelier sous le préau",
        "Le samedi matin, sans s’inscrire",
        "La gazette de l’essai",
    ):
        expect(stranger.get_by_role("main").get_by_text(words).first).to_be_visible()

    desk.fill("Pourquoi (facultatif)", "L’atelier a fermé")
    desk.send("Archiver", back=True)
    expect(said).to_contain_text("« Atelier vélo du Mas » est archivée.")
    stranger.expected_errors = ["410"]
    assert stranger.goto(address).status == 410
    expect(stranger.locator("h1")).to_have_text("« Atelier vélo du Mas » n’est plus dans l’annuaire")

    desk.send("Republier")
    expect(said).to_contain_text("« Atelier vélo du Mas » est de nouveau publiée.")
    assert stranger.goto(address).status == 200
    desk.follow("Historique")
    acts = page.get_by_role("main").get_by_role("heading", level=2)
    expect(acts).to_have_text(["Retour dans l’annuaire", "Archivage", "Publication", "Modification"])
    expect(page.get_by_text("L’atelier a fermé")).to_be_visible()


def test_two_fiches_become_one_and_the_old_address_leads_to_it(open_page, lea, places):
    options = {"published": True, "sites": [places.arles], "themes": [factories.ThemeFactory()]}
    gone = factories.InitiativeFactory(name="Le Recyclodrome", social_need="Des objets au rebut.", **options)
    stays = factories.InitiativeFactory(name="Ressourcerie d’Arles", summary="On y répare.", **options)
    desk = sign_in(open_page, lea, page_of(gone))
    page = desk.page

    desk.follow("Comparer et fusionner…")
    desk.fill("Nom", "ressourcerie arles")
    desk.enter()
    desk.follow("Ressourcerie d’Arles")
    desk.send("Fusionner")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Il reste à choisir")

    desk.mark("Garder celle-ci : Ressourcerie d’Arles")
    desk.mark("Ressourcerie d’Arles", within=page.get_by_role("row", name="Nom"))
    desk.mark("On y répare.")
    desk.fill("Pourquoi", "C’est le même lieu")
    desk.send("Fusionner")

    expect(page.locator(".messagelist")).to_contain_text("« Le Recyclodrome » a rejoint « Ressourcerie d’Arles »")
    expect(page.get_by_role("textbox", name="Besoin")).to_have_value("Des objets au rebut.")
    stranger = open_page("/")
    answer = stranger.request.get(f"/initiatives/{gone.slug}/", max_redirects=0)
    assert (answer.status, answer.headers["location"]) == (301, f"/initiatives/{stays.slug}/")
    stranger.goto(f"/initiatives/{gone.slug}/")
    expect(stranger.locator("h1")).to_have_text("Ressourcerie d’Arles")


def test_the_second_save_of_a_fiche_is_refused_and_loses_nothing(open_page, lea, places, theme):
    fiche = factories.InitiativeFactory(
        published=True, name="Atelier vélo", summary="On répare.", sites=[places.arles], themes=[theme]
    )
    record(fiche)
    first = sign_in(open_page, lea, page_of(fiche))
    second = sign_in(open_page, member("Marc Petit"), page_of(fiche))

    second.fill("Résumé", "On y répare son vélo.")
    second.fill("Téléphone public", "04 90 00 00 00")
    second.fill("Pourquoi ce changement", "Leur message du jour")
    second.save()
    expect(second.page.locator(".messagelist")).to_be_visible()

    first.fill("Résumé", "On y apprend à réparer son vélo.")
    first.fill("Besoin", "Des vélos dorment dans les caves.")
    milestone = first.add_line("Dates")
    first.fill("Année", "2019", within=milestone)
    first.fill("Quoi", "Premier atelier", within=milestone)
    first.save()

    page = first.page
    meanwhile = page.get_by_role("region", name="Enregistrée entre-temps, pendant que vous écriviez")
    expect(meanwhile).to_be_focused()
    expect(meanwhile).to_contain_text("par Marc Petit")
    expect(meanwhile).to_contain_text("Leur message du jour")
    summary = meanwhile.get_by_role("row", name="Résumé")
    expect(summary.get_by_role("insertion").first).to_contain_text("ajouté : ")
    expect(summary).to_contain_text("votre saisie")
    expect(meanwhile.get_by_role("row", name="Téléphone public")).to_contain_text("ce changement")
    expect(page.get_by_label("Résumé")).to_have_value("On y apprend à réparer son vélo.")
    expect(page.get_by_role("textbox", name="Besoin")).to_have_value("Des vélos dorment dans les caves.")
    expect(page.get_by_label("Téléphone public")).to_have_value("04 90 00 00 00")
    expect(page.get_by_role("group", name="Dates").get_by_label("Quoi").locator("visible=true")).to_have_value(
        "Premier atelier"
    )

    first.save()
    expect(page.locator(".messagelist")).to_be_visible()
    fiche.refresh_from_db()
    assert fiche.summary == "On y apprend à réparer son vélo."
    assert fiche.contact_phone == "04 90 00 00 00"
    assert fiche.milestones.get().text == "Premier atelier"


def test_history_says_in_words_what_was_removed_and_what_was_added(open_page, lea, places, theme):
    fiche = factories.InitiativeFactory(
        name="Atelier vélo", summary="On répare le samedi.", sites=[places.arles], themes=[theme]
    )
    record(fiche)
    desk = sign_in(open_page, lea, page_of(fiche))
    page = desk.page

    desk.fill("Résumé", "On répare le dimanche.")
    desk.tick(re.compile("Supprimer|Enlever"), within=page.get_by_role("group", name="Lieux"))
    desk.fill("Pourquoi ce changement", "Leur site l’annonce")
    desk.save()
    expect(page.locator(".messagelist")).to_be_visible()
    desk.follow("Historique")

    changed = page.get_by_role("main").get_by_role("listitem").filter(has_text="Modification").first
    expect(changed).to_contain_text("par vous")
    expect(changed).to_contain_text("Leur site l’annonce")
    summary = changed.get_by_role("row", name="Résumé")
    expect(summary.get_by_role("deletion")).to_have_text("retiré : samedi")
    expect(summary.get_by_role("insertion")).to_have_text("ajouté : dimanche")
    expect(changed.get_by_role("row", name="Lieu").get_by_role("deletion")).to_contain_text("Arles")


def record(fiche):
    """What history knows of a fiche before a test begins."""
    with act(verb="Création"):
        record_edit(fiche=fiche, at=factories.SOME_TIME)
    fiche.refresh_from_db()
