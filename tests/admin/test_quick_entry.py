"""Quick entry of an initiative, and the likely duplicates that are shown before it is saved and on each fiche."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Revision

from initiatives.models import Actor, FundingSource, Initiative, NotDuplicate, User, current_version
from tests import factories
from tests.admin.pages import FACTORIES, admin_url, allow, messages, name_of, typed

pytestmark = pytest.mark.django_db
FICHES = [Initiative, Actor, FundingSource]
ADDRESS = "/admin/initiatives/initiative/saisie-rapide/"


@pytest.fixture
def theme():
    return factories.ThemeFactory(slug="reemploi", name="Réemploi")


@pytest.fixture
def answers(places, theme):
    return {
        "name": "Recyclodrome",
        "place": "Marseille",
        "summary": "Des objets finissaient au rebut. Ici, on les répare et on les vend.",
        "theme": theme.pk,
        "source_url": "https://gazette.exemple.test/recyclodrome",
        "publisher": "La gazette",
    }


def read(response):
    return BeautifulSoup(response.text, "html.parser")


def words(tag):
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def said(response):
    """(the sentences of the summary, those beside the fields)."""
    page = read(response)
    summary = [words(link) for link in page.select(".avis.erreur a")]
    return summary, [words(sentence) for sentence in page.select(".msg-erreur")]


def as_typed(response):
    """What the form of the page shows."""
    data = typed(response)
    return {name: value[0] for name, value in data.items() if name not in ("csrfmiddlewaretoken", "seen")}


def test_an_initiative_is_entered_in_one_step_as_a_draft_with_all_its_lines(team, places, answers, theme):
    before = current_version()

    response = team.post(ADDRESS, answers)

    initiative = Initiative.objects.get()
    assert response["Location"] == admin_url(initiative, "change")
    assert (initiative.status, initiative.name, initiative.origin) == ("draft", "Recyclodrome", "saisie")
    assert initiative.summary == answers["summary"]
    assert [(site.territory, site.position) for site in initiative.sites.all()] == [(places.marseille, 1)]
    assert [(link.theme, link.position) for link in initiative.theme_links.all()] == [(theme, 1)]
    [source] = initiative.sources.all()
    assert (source.publisher, source.url) == ("La gazette", answers["source_url"])
    assert (initiative.revision, current_version()) == (1, before + 1)
    assert initiative.completeness > 0
    [sentence] = messages(team.get(response["Location"]))
    assert sentence == "« Recyclodrome » est enregistrée en brouillon, à Marseille."


def test_quick_entry_is_one_act_of_history_with_its_lines(team, answers):
    team.post(ADDRESS, answers)

    revision = Revision.objects.get()
    assert (revision.comment, revision.user.email) == ("Saisie rapide", "equipe@exemple.test")
    kept = {version.content_type.model for version in revision.version_set.all()}
    assert kept == {"initiative", "site", "initiativetheme", "source"}


def test_the_next_entry_begins_with_the_commune_the_theme_and_the_publisher(team, answers):
    response = team.post(ADDRESS, answers | {"then": "next"}, follow=True)

    assert response.request["PATH_INFO"] == ADDRESS
    assert as_typed(response) == {
        "name": "",
        "place": "Marseille (Bouches-du-Rhône)",
        "summary": "",
        "theme": str(answers["theme"]),
        "source_url": "",
        "publisher": "La gazette",
    }
    assert read(response).select_one(".messagelist a")["href"] == admin_url(Initiative.objects.get(), "change")
    assert read(response).select_one("[autofocus]")["name"] == "name"

    again = team.post(ADDRESS, as_typed(response) | {"name": "Le Talus", "summary": "Oui.", "source_url": "a.test/b"})
    assert again.status_code == 302
    assert Initiative.objects.get(name="Le Talus").sites.get().territory.name == "Marseille"
    assert Initiative.objects.get(name="Le Talus").sources.get().url == "https://a.test/b"


def test_what_is_missing_is_said_in_a_summary_first_and_beside_each_field(team, places):
    response = team.post(ADDRESS, {})

    summary, beside = said(response)
    assert summary == beside
    assert summary == [
        "Donnez son nom.",
        "Dites dans quelle commune elle est.",
        "Dites en deux phrases ce qu’elle est.",
        "Choisissez son thème principal.",
        "Donnez l’adresse de la page où vous l’avez lu.",
        "Dites qui publie cette source.",
    ]
    page = read(response)
    assert page.select_one(".avis.erreur").has_attr("autofocus")
    assert [link["href"] for link in page.select(".avis.erreur a")] == [
        f"#{control['id']}" for control in page.select("[aria-invalid=true]")
    ]
    assert page.title.get_text().startswith("Erreur")
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "x" * 151}, "Raccourcissez de 1 caractère."),
        ({"summary": "x" * 306}, "Raccourcissez de 6 caractères."),
        ({"publisher": "x" * 160}, "Raccourcissez de 10 caractères."),
        ({"source_url": "https://a.test/" + "x" * 490}, "Raccourcissez de 5 caractères."),
        (
            {"source_url": "ceci n’est pas une adresse"},
            "Cette adresse n’est pas complète. Exemple : https://gazette.fr/un-article.",
        ),
        ({"theme": "987654"}, "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."),
        ({"place": "Nulle-Part-Ici"}, "Aucune commune ne s’appelle « Nulle-Part-Ici ». Essayez son code postal."),
        ({"place": "Valence"}, "« Valence » n’est pas dans le territoire de l’annuaire."),
        (
            {"place": "Vaucluse"},
            "« Vaucluse » n’est pas une commune (département) : dites dans laquelle elle est.",
        ),
        ({"name": "a\x00b"}, "Le caractère nul n’est pas autorisé."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_all_the_rest_stays_typed(team, answers, changes, sentence):
    response = team.post(ADDRESS, answers | changes)

    summary, beside = said(response)
    assert summary == beside == [sentence]
    kept = {name: str(value) for name, value in (answers | changes).items()}
    if "\x00" not in "".join(kept.values()) and "theme" not in changes:
        assert as_typed(response) == kept
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("typed_place", "found"),
    [
        ("arles", "Arles"),
        ("13200", "Arles"),
        ("À Arles", "Arles"),
        ("Arles (Bouches-du-Rhône)", "Arles"),
        ("Marseille 3e", "Marseille 3e arrondissement"),
        ("13003", "Marseille 3e arrondissement"),
        ("st martin de crau", "Saint-Martin-de-Crau"),
        ("Saint-Martin", "Saint-Martin-de-Crau"),
    ],
)
def test_a_commune_is_understood_as_people_type_it(team, places, answers, typed_place, found):
    places.arles.postal_codes.create(code="13200")
    places.marseille_3.postal_codes.create(code="13003")

    assert team.post(ADDRESS, answers | {"place": typed_place}).status_code == 302
    assert Initiative.objects.get().sites.get().territory.name == found


def test_when_several_communes_answer_one_is_chosen_among_them(team, places, answers):
    twin = factories.TerritoryFactory(name="Arles", department=places.vaucluse)
    elsewhere = factories.TerritoryFactory(name="Arles", in_scope=False)
    asked = answers | {"place": "Arles"}

    response = team.post(ADDRESS, asked)

    assert said(response)[0] == ["2 communes répondent à « Arles » : choisissez la bonne."]
    page = read(response)
    assert [words(label) for label in page.select("fieldset label")] == [
        "Arles (Bouches-du-Rhône)",
        "Arles (Vaucluse)",
    ]
    assert as_typed(response) == {name: str(value) for name, value in asked.items()}
    for wrong in (elsewhere.pk, places.paca.pk, "x", ""):
        assert team.post(ADDRESS, asked | {"chosen_place": wrong}).status_code == 200
    assert team.post(ADDRESS, asked | {"chosen_place": twin.pk, "then": "next"})["Location"].startswith(
        f"{ADDRESS}?commune=Arles+%28Vaucluse%29"
    )
    assert Initiative.objects.get().sites.get().territory == twin


def test_the_commune_that_was_chosen_is_still_chosen_when_a_duplicate_is_shown(team, places, answers):
    twin = factories.TerritoryFactory(name="Arles", department=places.vaucluse)
    factories.InitiativeFactory(name="Recyclodrome", sites=[twin])

    response = team.post(ADDRESS, answers | {"place": "Arles", "chosen_place": twin.pk})

    assert read(response).select(".avis.alerte")
    assert as_typed(response)["chosen_place"] == str(twin.pk)
    assert team.post(ADDRESS, typed(response) | {"distinct": ""}).status_code == 302


def test_the_communes_that_are_proposed_are_those_of_the_directory_and_are_understood(team, places, answers):
    page = read(team.get(ADDRESS))

    proposed = [option["value"] for option in page.select("datalist#communes option")]
    assert "Marseille 1er arrondissement (Bouches-du-Rhône)" in proposed
    assert "Valence (Drôme)" not in proposed
    assert page.select_one("[name=place]")["list"] == "communes"
    for number, words_proposed in enumerate(proposed):
        changes = {"name": f"Jardin {number}", "source_url": f"https://g{number}.test", "place": words_proposed}
        assert team.post(ADDRESS, answers | changes).status_code == 302, words_proposed
        assert words_proposed.startswith(Initiative.objects.latest("pk").sites.get().territory.name)


@pytest.fixture
def known(places):
    return factories.InitiativeFactory(
        name="Le Recyclodrome", published=True, sites=[places.marseille_1], summary="Une ressourcerie à Noailles."
    )


def test_what_may_be_the_same_is_shown_before_anything_is_saved_and_nothing_typed_is_lost(team, known, answers):
    response = team.post(ADDRESS, answers | {"then": "next"})

    panel = read(response).select_one(".avis.alerte")
    assert panel.has_attr("autofocus")
    assert words(panel.select_one("li p")) == (
        "Le Recyclodrome (nouvel onglet) (publiée, Marseille, 1er) Même nom, même commune. Une ressourcerie à Noailles."
    )
    same = panel.select_one("li .bouton")
    assert words(same).startswith("C’est la même : ouvrir la fiche")
    assert (same["href"], same["target"]) == (admin_url(known, "change"), "_blank")
    assert words(panel.select_one("button[name=distinct]")) == "C’est une autre : enregistrer et saisir la suivante"
    assert as_typed(response) == {name: str(value) for name, value in answers.items()}
    assert Initiative.objects.get() == known
    assert not NotDuplicate.objects.exists()


def test_when_it_is_another_one_it_is_saved_and_the_pair_is_remembered(team, known, answers):
    shown = typed(team.post(ADDRESS, answers))

    response = team.post(ADDRESS, shown | {"distinct": ""})

    new = Initiative.objects.exclude(pk=known.pk).get()
    assert response["Location"] == admin_url(new, "change")
    pair = NotDuplicate.objects.get()
    assert {pair.first, pair.second} == {new.uuid, known.uuid}
    assert (pair.noun, pair.decided_by) == ("initiative", User.objects.get())
    for fiche in (new, known):
        assert not read(team.get(admin_url(fiche, "change"))).select(".adm-doublons")


def test_saying_that_it_is_another_one_saves_and_goes_on_as_it_was_asked_first(team, known, answers):
    page = read(team.post(ADDRESS, answers | {"then": "next"}))
    button = page.select_one("button[name=distinct]")

    response = team.post(ADDRESS, answers | {"seen": str(known.uuid), "distinct": button["value"]})

    assert response["Location"].startswith(f"{ADDRESS}?commune=Marseille")


def test_the_key_enter_answers_nothing_in_the_place_of_the_person(team, known, answers):
    page = read(team.post(ADDRESS, answers | {"then": "next"}))
    first = page.select_one("#content form button")

    assert (first["name"], first["value"], first["tabindex"]) == ("then", "next", "-1")
    response = team.post(ADDRESS, answers | {"seen": str(known.uuid), "then": "next"})
    assert read(response).select(".avis.alerte")
    assert Initiative.objects.get() == known


def test_an_answer_holds_for_the_fiches_that_were_shown_only(team, known, places, answers):
    newer = factories.InitiativeFactory(name="Recyclodrome", sites=[places.marseille])

    response = team.post(ADDRESS, answers | {"seen": str(known.uuid), "distinct": ""})

    assert {item["value"] for item in read(response).select("[name=seen]")} == {str(known.uuid), str(newer.uuid)}
    assert Initiative.objects.count() == 2


def test_only_the_pairs_that_are_still_alike_are_remembered(team, known, answers):
    changes = {"name": "Tout autre chose", "seen": [str(known.uuid), "pas un uuid"], "distinct": ""}

    assert team.post(ADDRESS, answers | changes).status_code == 302
    assert not NotDuplicate.objects.exists()


def test_sending_the_same_answers_twice_does_not_make_two_fiches(team, answers):
    team.post(ADDRESS, answers)

    assert read(team.post(ADDRESS, answers)).select(".avis.alerte")
    assert Initiative.objects.count() == 1


def test_the_site_of_a_known_fiche_given_as_a_source_shows_that_fiche(team, places, answers):
    factories.InitiativeFactory(name="La Boucle", sites=[places.arles], website="https://www.laboucle.exemple.test/")

    response = team.post(ADDRESS, answers | {"place": "Arles", "source_url": "http://laboucle.exemple.test/equipe"})

    assert "Même commune, même site." in words(read(response).select_one(".avis.alerte"))


def test_strangers_are_sent_to_the_sign_in_page_and_those_who_may_not_add_are_refused(client, answers):
    for response in (client.get(ADDRESS), client.post(ADDRESS, answers)):
        assert response["Location"] == f"{reverse('admin:login')}?next={ADDRESS}"
    reader = factories.UserFactory(is_staff=True)
    allow(reader, "view_initiative", "change_initiative")
    client.force_login(reader)
    for response in (client.get(ADDRESS), client.post(ADDRESS, answers)):
        assert response.status_code == 403
    assert "saisie-rapide" not in client.get(admin_url(Initiative, "changelist")).text
    assert not Initiative.objects.exists()


def test_somebody_who_may_only_add_enters_one_after_the_other(client, answers):
    writer = factories.UserFactory(is_staff=True)
    allow(writer, "add_initiative")
    client.force_login(writer)

    response = client.post(ADDRESS, answers, follow=True)

    assert response.request["PATH_INFO"] == ADDRESS
    assert not read(response).select(".messagelist a")
    assert Initiative.objects.count() == 1


def test_other_methods_are_refused(team):
    assert team.put(ADDRESS).status_code == 405


def test_the_list_of_initiatives_leads_to_quick_entry(team):
    links = read(team.get(admin_url(Initiative, "changelist"))).select(".object-tools a")

    assert [(words(link), link["href"]) for link in links][0] == ("Saisie rapide", ADDRESS)


def test_a_strange_address_never_breaks_quick_entry(team, places):
    for query in ({"commune": "\x00" * 3, "theme": "zz", "editeur": "é" * 500}, {"theme": ["a", "b"]}):
        assert team.get(ADDRESS, query).status_code == 200


def test_quick_entry_asks_as_many_questions_whatever_the_number_of_fiches(team, places, answers):
    def questions():
        with CaptureQueriesContext(connection) as queries:
            assert read(team.post(ADDRESS, answers)).select(".avis.alerte")
        return len(queries)

    factories.InitiativeFactory.create_batch(3, name="Recyclodrome", sites=[places.marseille_1])
    questions()
    few = questions()
    factories.InitiativeFactory.create_batch(30, name="Recyclodrome", sites=[places.marseille_1, places.marseille_2])

    assert questions() == few


# On the page of each fiche


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_the_page_of_a_fiche_shows_its_likely_duplicates_with_their_two_answers(team, model):
    fiche, other = FACTORIES[model](name="Les Habeilles"), FACTORIES[model](name="Les Abeilles", archived=True)
    FACTORIES[model](name="Semailles")

    panel = read(team.get(admin_url(fiche, "change"))).select_one(".adm-doublons")

    assert words(panel.h2) == "Doublon probable"
    assert words(panel.li.p).startswith("Les Abeilles (archivée) Nom proche.")
    merge = panel.select_one("a.bouton")
    assert merge["href"] == f"{admin_url(fiche, 'merge')}?avec={other.pk}"
    assert team.get(merge["href"]).status_code == 200
    button = panel.button
    assert (button["name"], button["value"]) == ("autre", str(other.pk))


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_two_fiches_told_apart_are_remembered_and_shown_no_more(team, model):
    fiche, other = FACTORIES[model](name="Les Habeilles"), FACTORIES[model](name="Les Abeilles")
    page = read(team.get(admin_url(fiche, "change")))
    form = page.find(id=page.select_one(".adm-doublons button")["form"])

    response = team.post(form["action"], {"autre": other.pk}, follow=True)

    assert response.redirect_chain == [(admin_url(fiche, "change"), 302)]
    assert messages(response) == ["« Les Habeilles » et « Les Abeilles » ne seront plus rapprochées."]
    assert NotDuplicate.objects.get().decided_by == User.objects.get()
    for shown in (fiche, other):
        assert not read(team.get(admin_url(shown, "change"))).select(".adm-doublons")


def test_the_form_of_the_panel_stands_outside_that_of_the_fiche(team):
    fiche = factories.InitiativeFactory(name="Les Habeilles")
    factories.InitiativeFactory(name="Les Abeilles")

    page = read(team.get(admin_url(fiche, "change")))

    assert not page.select("form form")
    assert not page.select_one("#initiative_form").select("#not-duplicate, .adm-doublons")
    assert page.select_one("#not-duplicate [name=csrfmiddlewaretoken]")


def test_a_merged_fiche_a_new_one_and_other_nouns_have_no_panel(team):
    stays = factories.InitiativeFactory(name="Les Habeilles", published=True)
    merged = factories.InitiativeFactory(name="Les Abeilles", merged_into=stays)
    theme = factories.ThemeFactory(name="Les Habeilles")

    for address in (
        admin_url(merged, "change"),
        admin_url(stays, "change"),
        admin_url(Initiative, "add"),
        admin_url(theme, "change"),
    ):
        assert not read(team.get(address)).select(".adm-doublons")


def test_a_reader_sees_the_panel_without_its_answers_and_is_refused_if_they_answer(client):
    fiche, other = (factories.InitiativeFactory(name=name) for name in ("Les Habeilles", "Les Abeilles"))
    reader = factories.UserFactory(is_staff=True)
    allow(reader, "view_initiative")
    client.force_login(reader)

    panel = read(client.get(admin_url(fiche, "change"))).select_one(".adm-doublons")

    assert not panel.select("button, .bouton")
    assert client.post(admin_url(fiche, "not_duplicate"), {"autre": other.pk}).status_code == 403
    allow(reader, "view_initiative", "change_initiative")
    client.force_login(User.objects.get(pk=reader.pk))
    panel = read(client.get(admin_url(fiche, "change"))).select_one(".adm-doublons")
    assert [words(button) for button in panel.select("button, .bouton")] == ["Ce n’est pas un doublon : Les Abeilles"]
    assert client.post(admin_url(fiche, "not_duplicate"), {"autre": other.pk}).status_code == 302


def test_a_stranger_tells_nothing_apart(client):
    fiche, other = (factories.InitiativeFactory(name=name) for name in ("Les Habeilles", "Les Abeilles"))
    address = admin_url(fiche, "not_duplicate")

    assert client.post(address, {"autre": other.pk})["Location"] == f"{reverse('admin:login')}?next={address}"
    assert not NotDuplicate.objects.exists()


def test_telling_apart_takes_two_fiches_and_a_form(team):
    fiche = factories.InitiativeFactory()
    address = admin_url(fiche, "not_duplicate")

    assert team.get(address).status_code == 405
    for key in ("", "x", "²", "987654", "9" * 40, str(fiche.pk)):
        assert team.post(address, {"autre": key}).status_code == 404
    assert team.post(admin_url(Initiative(pk=987654), "not_duplicate"), {"autre": fiche.pk}).status_code == 404
    assert not NotDuplicate.objects.exists()


@pytest.mark.parametrize("model", FICHES, ids=name_of)
def test_the_panel_asks_as_many_questions_whatever_the_number_of_duplicates(team, model):
    fiche = FACTORIES[model](name="Les Habeilles")

    def questions():
        with CaptureQueriesContext(connection) as queries:
            assert read(team.get(admin_url(fiche, "change"))).select(".adm-doublons")
        return len(queries)

    FACTORIES[model](name="Les Abeilles")
    questions()
    few = questions()
    for _ in range(12):
        FACTORIES[model](name="Les Abeilles")

    assert questions() == few
