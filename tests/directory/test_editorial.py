"""The texts that the team writes itself, where they show, and what keeps one from being saved."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from initiatives.directory.editorial import FOLDER, TAKEN, TEXTS, Words, default_of, render_words
from initiatives.directory.editorial_check import LONGEST_LEAD, refusals
from initiatives.directory.insertions import INSERTIONS
from initiatives.directory.visitor import is_found
from initiatives.models import EditorialText
from tests.directory.reading import read, words
from tests.factories import (
    ActorFactory,
    EditorialTextFactory,
    FundingSourceFactory,
    InitiativeFactory,
    PhotoFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGES = [text for text in TEXTS.values() if text.is_page]
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def plain(sentence):
    return re.sub(r"\s", " ", sentence)


def refused(key, **values):
    """The sentences that a text is refused with, spaces made plain."""
    return [plain(sentence) for _, sentence in refusals(key, replace(default_of(key), **values))]


# What is there from the beginning


def test_each_text_has_a_file_and_each_file_is_a_text():
    assert {path.stem for path in FOLDER.iterdir()} == {*TEXTS}


@pytest.mark.parametrize("key", TEXTS)
def test_the_words_of_origin_could_be_saved(key, client, db):
    InitiativeFactory(published=True)

    assert refusals(key, default_of(key)) == []


def test_the_ids_that_the_pages_around_texts_take_are_known(client):
    around = set()
    for text in PAGES:
        EditorialTextFactory(key=text.key, body="")
        page = read(client.get(text.address))
        around |= {tag["id"] for tag in page.select("[id]") if tag.name != "symbol"}

    assert around == TAKEN


def test_every_part_to_which_a_page_leads_is_there_and_is_kept(client):
    links = {
        (resolve(link.partition("#")[0]).url_name, link.partition("#")[2])
        for key in TEXTS
        for link in render_words(key, default_of(key)).links
        if re.match(r"/.*#", link)
    }
    assert links
    links |= {
        found
        for path in TEMPLATES.rglob("*.html")
        for found in re.findall(r'{% url "(\w+)" %}#([\w-]+)', path.read_text(encoding="utf-8"))
    }

    assert {("method", "ordre"), ("method", "cartes")} <= links
    for route, part in links:
        page = read(client.get(reverse(route)))
        assert page.select(f"#{part}"), f"{route}#{part}"
        assert part in TAKEN or part in next(text.parts for text in PAGES if text.route == route)


# A text that the team changed


@pytest.mark.parametrize("text", PAGES, ids=lambda text: text.key)
def test_a_page_says_what_is_stored(client, text):
    EditorialTextFactory(
        key=text.key,
        title='L\'essai "entier" <b>',
        lead="Un chapô ; voilà.",
        body='## C\'est "neuf" {#neuf}\n\nUn <script>alert(1)</script> : **non** !\n\n### Sous\n\n## Contenu',
    )

    page = read(client.get(text.address))

    assert page.h1.get_text().strip() == "L’essai «\u202fentier\u202f» <b>"
    assert page.select_one(".chapo").get_text().strip() == "Un chapô\u202f; voilà."
    contents = [(link["href"], link.get_text()) for link in page.select(".livre-table a")]
    assert contents[:2] == [("#neuf", "C’est «\u202fneuf\u202f»"), ("#contenu-2", "Contenu")]
    assert len(contents) == (4 if text.key == "methode" else 2)
    assert page.select_one(".texte p").get_text() == "Un <script>alert(1)</script>\u00a0: non\u202f!"
    assert not page.select(".texte script, .chapo b, h1 b")
    assert page.title.get_text() == f"{text.name.replace(' :', chr(160) + ':')} – InnovGuide"


@pytest.mark.parametrize(
    "address", ["/", "/initiatives/", "/charte/", "/mentions-legales/", "/themes/", "/nouveautes/"]
)
def test_the_notice_stands_on_top_of_every_page_while_it_says_something(client, places, address):
    assert not read(client.get(address)).select(".annonce")
    notice = EditorialTextFactory(key="bandeau", body="Fermé du **24** au 31 : [écrivez-nous](/contact/) !")

    shown = read(client.get(address)).select_one("body > aside.annonce")

    assert words(shown) == "Fermé du 24 au 31 : écrivez-nous !"
    assert shown.select_one('a[href="/contact/"]')
    notice.body = ""
    notice.save()
    assert not read(client.get(address)).select(".annonce")


def test_the_notice_is_neither_on_the_desk_nor_on_a_page_that_is_not_there(client):
    EditorialTextFactory(key="bandeau", body="Fermé.")
    archived = InitiativeFactory(archived=True)

    assert "annonce" not in client.get("/nulle-part/").text
    assert "annonce" not in client.get(f"/initiatives/{archived.slug}/").text
    assert "annonce" not in client.get("/admin/login/").text


def test_the_home_page_and_a_vain_search_say_what_is_stored(client, places):
    EditorialTextFactory(key="accueil", body="Une **autre** phrase.")
    EditorialTextFactory(key="recherche-vide", body="Rien ! [Écrivez-nous](/contact/).")

    assert str(read(client.get("/")).select_one(".cartouche .chapo")) == (
        '<p class="chapo">Une <strong>autre</strong> phrase.</p>'
    )
    vain = read(client.get(TEXTS["recherche-vide"].address)).select_one(".vide")
    assert words(vain) == "Rien ! Écrivez-nous."
    assert vain.select_one('a[href="/contact/"]')


@pytest.mark.parametrize(("address", "number"), [("/charte/", 2), ("/mentions-legales/", 1), ("/methode/", 5)])
def test_a_page_asks_once_for_its_text_and_the_notice(client, address, number):
    for key in TEXTS:
        EditorialTextFactory(key=key)
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    # And once for each number that the page gives, and for the version of what its parameters may be.
    assert len(asked) == number
    assert sum("editorialtext" in query["sql"] for query in asked) == 1


def test_a_page_that_is_not_there_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/nulle-part/")


# Insertions


@pytest.mark.parametrize("insertion", INSERTIONS.values(), ids=lambda insertion: insertion.name)
@pytest.mark.parametrize("is_published", [True, False])
def test_each_insertion_is_safe_html_in_french(settings, insertion, is_published):
    if is_published:
        settings.PUBLISHER, settings.CONTACT_EMAIL = "La chambre <b> & fils", "bonjour@exemple.test"

    html = render_words("charte", Words("", body=f"Avant\n\n{{{insertion.name}}}\n\nAprès")).html

    assert "{" not in html
    assert "<b>" not in html
    assert not re.search(r" [:;!?]", html)
    assert len(BeautifulSoup(html, "html5lib").select("body > *")) == 3


@pytest.mark.parametrize(("count", "said"), [(0, "0 initiative,"), (1, "1 initiative,"), (2, "2 initiatives,")])
def test_numbers_are_counted_and_agree(count, said):
    for _ in range(count):
        InitiativeFactory(published=True)
    InitiativeFactory()

    html = render_words("charte", Words("", body="{Nombre d'initiatives}, {nombre de financements}")).html

    assert html == f"<p>{said} 0 source de financement</p>\n"


# What keeps a text from being saved


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "Nous avons {nombre de licornes}.",
            "« {nombre de licornes} » n’est pas une insertion connue. Il y a {nombre d’",
        ),
        ("Ici {bloc de contact}.", "« {bloc de contact} » est un paragraphe entier"),
        ("![x](/photo.png)", "Une image ne peut pas être mise dans ce texte"),
        (
            "[x](/initiatives/nulle-part/)",
            "Le lien « /initiatives/nulle-part/ » ne mène à aucune page publique du site.",
        ),
        ("[x](/rien/)", "Le lien « /rien/ » ne mène à aucune page publique du site."),
        ("[x](/style/)", "Le lien « /style/ » ne mène à aucune page publique du site."),
        ("[x](www.exemple.test)", "Pour un autre site, commencez par https://."),
        ("[x](http://127.0.0.1:8000/rien/)", "Le lien « http://127.0.0.1:8000/rien/ » ne mène à aucune page"),
        ("[x](#rien)", "Le lien « #rien » mène à une partie qui n’existe pas."),
        ("[x](/methode/#rien)", "Le lien « /methode/#rien » mène à une partie qui n’existe pas."),
        ("[x](javascript:alert(1))", "Le lien « [x](javascript:alert(1) » n’a pas été compris"),
        ("[x](/char te/)", "Le lien « [x](/char te/) » n’a pas été compris"),
        ("", "Ce texte ne peut pas être vide"),
        (" \n", "Ce texte ne peut pas être vide"),
        ("a" * 40_001, "Ce texte a 40 001 signes ; il en faut 40 000 au plus."),
    ],
)
def test_what_a_reader_could_not_follow_is_refused_in_a_sentence(body, sentence):
    (said,) = refused("charte", body=body)

    assert said.startswith(sentence) or said.endswith(sentence)


def test_a_text_may_lead_to_what_opens():
    fiche, gone = InitiativeFactory(published=True), InitiativeFactory(archived=True)
    body = f"""## Une partie {{#ici}}

[a](#ici) [b](/methode/#ordre) [c](https://ailleurs.test/rien) [d](mailto:a@b.test) [e](/charte/) [f](?q=a)
[g]({fiche.get_absolute_url()}#lieux) [h](/initiatives/{gone.slug}/) [i](/acteurs/?type=reseau) [j](/sitemap.xml)
[k](http://127.0.0.1:8000/charte/#ici) [1] (une parenthèse) `[code](x y)`
"""

    assert refused("charte", body=body) == []


def test_a_page_keeps_the_parts_to_which_others_lead():
    assert refused("methode", body="## L’ordre des listes {#ordre}\n\n## Cartes") == [
        "D’autres pages mènent à la partie « une » : gardez un titre qui finit par {#une}."
    ]


def test_a_long_lead_or_message_is_refused():
    assert refused("charte", lead="a" * (LONGEST_LEAD + 1)) == ["Ce chapô a 601 signes ; il en faut 600 au plus."]
    assert refused("bandeau", body="a" * 601) == ["Ce texte a 601 signes ; il en faut 600 au plus."]
    assert refused("bandeau", body="") == []
    assert refused("accueil", body="") != []


def test_a_part_of_another_text_is_looked_for_in_what_it_says_now():
    EditorialTextFactory(key="contact", body="## Ailleurs")

    assert refused("charte", body="[x](/contact/#ailleurs)") == []
    assert refused("charte", body="[x](/contact/#adresse)") != []


# Seen by a stranger


def test_what_a_stranger_finds_or_not():
    shown, draft = ActorFactory(published=True), ActorFactory()
    merged = FundingSourceFactory(merged_into=FundingSourceFactory(published=True))
    archived = InitiativeFactory(archived=True)
    found = [
        shown.get_absolute_url(),
        f"/financements/{merged.slug}/",
        f"/initiatives/{archived.slug}/",
        "/",
        "/sante/",
    ]
    found += [f"/id/{shown.uuid}/", "/robots.txt", "/sitemap.xml"]
    lost = [f"/id/{draft.uuid}/", "/acteurs/rien/", "/charte", "", "/style/", "/admin", "/static/css/base.css", "//"]
    lost.append(f"/photos/{PhotoFactory(initiative=InitiativeFactory()).uuid}/480.webp")

    assert {path: is_found(path) for path in [*found, *lost]} == dict.fromkeys(found, True) | dict.fromkeys(lost, False)


def test_the_rights_of_whoever_asks_do_not_count(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    assert client.get("/style/").status_code == 200
    assert not is_found("/style/")


def test_a_text_that_is_no_longer_one_of_ours_disturbs_nobody(client):
    EditorialText.objects.create(key="autrefois", title="Autrefois")

    assert client.get("/charte/").status_code == 200
