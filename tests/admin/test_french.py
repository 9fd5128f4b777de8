"""The desk speaks French: no sentence of Django’s that nobody would write, no English word, no space that breaks."""

import ast
import gettext
import json
import re
from pathlib import Path

import django
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse

from initiatives.admin.site import site
from initiatives.models import Actor, Audience, Initiative, Theme
from initiatives.text import with_a, with_the
from tests import factories
from tests.admin.pages import FACTORIES, NOUNS, admin_url, allow, messages, name_of, published, typed
from tests.admin.walk import walk

pytestmark = pytest.mark.once

CATALOGUES = settings.BASE_DIR / "initiatives" / "locale" / "fr" / "LC_MESSAGES"
CLUMSY = re.compile(
    r"""\bobjets?\b | supplémentaire | \bModification\ de\b | \bAjout\ de\b | \bAffichage\ de\b | Sélectionnez
    | \bsélectionné | avec\ succès | continuer\ les\ modifications | ajouter\ un\ nouveau | \binvalide\b
    | \b(?:de|le|la)\ (?:initiative|acteur)\b | ^Ajouter\ (?:initiative|acteur|personne|thème|public|territoire)$
    | \bdisponible\(s\) | Aucun\(e\) | ·e\b | -{4,} | ^-$ | \butilisateurs?\b | \bsuper-utilisateur\b | \bcourriel\b
    | \bauthentif | \bFiltre$""",
    re.VERBOSE | re.MULTILINE,
)
ENGLISH = re.compile(
    r"""\b(?:add|another|and|are|changed|choose|close|delete|deleted|edit|error|false|filter|from|go|hide
    |history|home|home|log|more|name|new|none|of|or|password|please|remove|reset|save|search|select|selected|show
    |site\ admin|submit|success|the|this|true|user|username|view|yes|you|your|with)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# Signs that hold to the word before by a space that breaks, or by none.
BREAKING = re.compile(r"(?:[ \n]|(?<=[\wéèà)»]))[:;!?](?=\s|$)|« | »|«[ \n]|[ \n]»")
STRAIGHT = re.compile(r"\w'\w")
# Addresses, variables of the environment, formats: not French, and not ours to change.
NOT_WORDS = re.compile(r"https?://\S+|\S+@\S+|\b[A-Z]+_[A-Z_]+\b|\b\d\d?:\d\d\b")
NAMED = ("title", "alt", "aria-label", "placeholder", "data-label", "data-nom")


def said(response):
    """What a page says to somebody: its texts, what its buttons and pictures are called, what its scripts will add."""
    page = BeautifulSoup(response.text, "html.parser")
    texts = []
    for inline in page.select("[data-inline-formset]"):
        texts += json.loads(inline["data-inline-formset"])["options"].values()
    # Names that people gave, and what code they read, are not ours; a value to choose is a name too.
    for tag in page.select("script, style, template, textarea, option[value]:not([value='']) , code, .readonly a"):
        tag.extract()
    for tag in page.find_all(True):
        texts += [tag[name] for name in NAMED if tag.get(name)]
        if tag.name == "input" and tag.get("type") in ("submit", "button"):
            texts.append(tag["value"])
    # A sentence may run through several marks: blocks are told apart, what is inside of them is not.
    for block in page.select(
        "p, li, h1, h2, h3, h4, td, th, label, legend, summary, caption, a, button, option, title"
    ):
        texts.append(re.sub(r"[ \n\t]+", " ", block.get_text()).strip())
    return [NOT_WORDS.sub("", str(text)) for text in texts if isinstance(text, str)]


def faults(response):
    found = []
    for text in dict.fromkeys(said(response)):
        for kind, pattern in (("clumsy", CLUMSY), ("English", ENGLISH), ("space", BREAKING), ("apostrophe", STRAIGHT)):
            if match := pattern.search(text):
                found.append(f"{kind}: « {match[0]} » in « {text[:150]} »")
    return found


def test_every_page_of_the_desk_is_in_good_french(team):
    found = [f"{address}: {fault}" for address, response in walk(team) for fault in faults(response)]

    assert not found, "".join(f"\n{fault}" for fault in found)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/login/", "/admin/mot-de-passe/", "/admin/mot-de-passe/envoye/"])
def test_the_pages_before_signing_in_are_in_good_french(client, address):
    assert faults(client.get(address)) == []


@pytest.mark.parametrize("model", NOUNS, ids=name_of)
def test_what_is_refused_and_what_is_done_are_said_in_good_french(team, model):
    pages = site.get_model_admin(model)
    row = FACTORIES[model]()
    change = admin_url(row, "change")
    form = typed(team.get(change))
    empty = {name: value for name, value in form.items() if "_FORMS" in name or name == "revision"}

    assert faults(team.post(change, empty)) == []
    assert faults(team.post(change, form, follow=True)) == []
    if pages.actions:
        for chosen in ({}, {"_selected_action": [row.pk]}):
            asked = {"action": "verify"} if hasattr(pages, "verify") else {}
            assert faults(team.post(admin_url(model, "changelist"), asked | chosen, follow=True)) == []
    assert faults(team.get(admin_url(model(pk=987654), "change"), follow=True)) == []


def test_deleting_says_what_goes_and_that_it_went(team):
    theme, draft = factories.ThemeFactory(name="Vélo"), factories.InitiativeFactory(name="Atelier vélo")
    factories.SourceFactory(initiative=draft)

    asked = team.get(admin_url(draft, "delete"))
    assert "Supprimer l’initiative «\N{NARROW NO-BREAK SPACE}Atelier vélo" in asked.text
    assert "Sources\N{NO-BREAK SPACE}: 1" in asked.text
    for row in (theme, draft):
        assert faults(team.get(admin_url(row, "delete"))) == []
        done = team.post(admin_url(row, "delete"), {"post": "yes"}, follow=True)
        assert "C’est supprimé" in messages(done)[0]
        assert faults(done) == []


def test_saving_says_so_in_words_that_fit_every_noun(team):
    fiche = published(Initiative, name="Atelier vélo")
    page = team.get(admin_url(fiche, "change"))

    done = team.post(admin_url(fiche, "change"), typed(page) | {"_continue": "x"}, follow=True)

    assert "C’est enregistré (initiative) : Atelier vélo. Vous pouvez continuer ci-dessous." in messages(done)[0]


@pytest.mark.parametrize(
    ("model", "title", "button"),
    [
        (Initiative, "Initiatives", "Ajouter une initiative"),
        (Actor, "Acteurs", "Ajouter un acteur"),
        (Theme, "Thèmes", "Ajouter un thème"),
        (Audience, "Publics", "Ajouter un public"),
    ],
)
def test_titles_and_buttons_agree_with_their_noun(team, model, title, button):
    listed = BeautifulSoup(team.get(admin_url(model, "changelist")).text, "html.parser")
    added = BeautifulSoup(team.get(admin_url(model, "add")).text, "html.parser")

    assert listed.title.get_text() == f"{title} – Bureau InnovGuide"
    assert listed.select_one(".object-tools .addlink").get_text() == button
    assert added.h1.get_text() == button


@pytest.mark.django_db
def test_a_page_that_one_may_only_read_says_so(client):
    client.force_login(reader := factories.UserFactory(is_staff=True))
    allow(reader, "view_initiative")
    page = BeautifulSoup(client.get(admin_url(factories.InitiativeFactory(), "change")).text, "html.parser")

    assert "Initiative, en lecture seule" in page.select_one(".adm-titre").get_text()


NAMES = {
    str(lines.verbose_name or lines.model._meta.verbose_name)
    for model in NOUNS
    for lines in site.get_model_admin(model).inlines
} | {str(model._meta.verbose_name) for model in NOUNS}


def test_every_noun_and_every_line_has_its_article():
    feminine = {name for name in NAMES if with_a(name).startswith("une ")}

    assert feminine == {
        "annonce",
        "date",
        "façon de prendre part",
        "initiative",
        "offre",
        "participation",
        "personne",
        "photo",
        "source",
        "source de financement",
    }
    assert with_the("initiative") == "l’initiative"
    assert with_the("personne") == "la personne"
    assert with_the("public") == "le public"


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_our_words_are_compiled_and_replace_words_that_django_says(name):
    with (CATALOGUES / f"{name}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    written = _read(CATALOGUES / f"{name}.po")

    assert {key: text for key, text in compiled.items() if key} == {key: text for key, text in written.items() if key}
    known = set()
    for path in Path(django.__file__).parent.rglob(f"fr/LC_MESSAGES/{name}.mo"):
        with path.open("rb") as file:
            known |= {key[0] if isinstance(key, tuple) else key for key in gettext.GNUTranslations(file)._catalog}
    assert {key[0] if isinstance(key, tuple) else key for key in written} <= known


MESSAGE = re.compile(r'^(msgid|msgstr)(_plural)?(?:\[(\d)\])? (".*")$', re.MULTILINE)


def _read(path):
    """A catalogue of texts of one line: key, or (key, form) → text."""
    found, key = {}, ""
    for word, plural, form, text in MESSAGE.findall(path.read_text()):
        text = ast.literal_eval(text)
        if word == "msgid":
            key = key if plural else text
        elif form:
            found[key, int(form)] = text
        else:
            found[key] = text
    return found


def test_the_scripts_of_django_say_our_words(team):
    script = team.get(reverse("admin:jsi18n")).text

    assert "Choix\\u00a0: %(sel)s sur %(cnt)s" in script
    assert "Aujourd" in script
