"""« Aide »: the staff's handbook tells the truth about the desk, and each page leads to its chapter."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from PIL import Image

from initiatives.admin import help
from initiatives.directory.attention import LISTS
from initiatives.models import Actor, FundingSource, Initiative, SearchMiss, Territory, Theme, User
from initiatives.submission.history import act, keep
from initiatives.text import typographic
from tests import factories
from tests.admin.pages import NOUNS, admin_url, initiative_with_lines, published, typed
from tests.admin.walk import what_was_sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HELP = "/admin/aide/"
MOST_BYTES, WIDEST = 60_000, 1200
# What people read and press: the words that the handbook may quote.
WORDS = "button, a, label, legend, h1, h2, h3, th, dt, summary, option, caption, .discret, .errornote, .adm-actes p"


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def plain(text):
    """Without typography, nor the sign that ends a label."""
    return " ".join(text.replace("'", "’").split()).removesuffix(" :").strip()


@pytest.fixture
def text(team):
    return soup(team.get(HELP)).select_one(".adm-aide-texte")


def quoted():
    """The words in bold of the source, but those that begin a box."""
    source = re.sub(r"`[^`\n]*`", "", help.SOURCE.read_text())
    lines = [line for line in source.splitlines() if not line.startswith(">")]
    boxes = re.findall(r"^>.*?\*\*.*?\*\*(.*)$", source, re.MULTILINE)
    return {plain(words) for line in [*lines, *boxes] for words in re.findall(r"\*\*(.+?)\*\*", line)}


def said_by(page):
    """The words of a page: what is read, without what only screen readers hear; what its scripts will add."""
    page = BeautifulSoup(page.text, "html.parser")  # much faster; test_saving reads these pages strictly
    for hidden in page.select(".vh, .visually-hidden"):
        hidden.decompose()
    found = {plain(tag.get_text()) for tag in page.select(WORDS)}
    found |= {plain(re.sub(r"\(.*?\)$", "", words)) for words in found}
    # The label of a control that is asked for says so after its name.
    found |= {plain(tag.contents[0].get_text()) for tag in page.select("label, th, legend") if tag.contents}
    found |= {plain(tag["value"]) for tag in page.select("input[type=submit]")}
    found |= set(map(plain, re.findall(r'"addText": "([^"]+)"', page.decode().replace("&quot;", '"'))))
    return found


@pytest.fixture
def desk_words(team, client):
    """The words of every page that the handbook speaks of, on fiches that show all that can be shown."""
    user = User.objects.get(email="equipe@exemple.test")
    place, theme = factories.TerritoryFactory(), factories.ThemeFactory()
    initiative = initiative_with_lines(name="Recyclodrome", sites=[place], themes=[theme])
    twin = published(Initiative, name="Recyclodrome", slug="recyclodrome-2", sites=[place], themes=[theme])
    archived = published(Initiative, name="Ancienne", status="archived")
    factories.make_given_up("maud@exemple.test")
    SearchMiss.objects.create(words="recyclodrome lunaire", day=timezone.localdate())
    featured = published(Initiative, name="Célèbre", is_featured=True)
    draft = factories.InitiativeFactory(name="Brouillonne")
    others = [published(Actor), published(FundingSource), Territory.objects.first(), Theme.objects.first(), user]
    with act(verb="Création", by=user):
        keep(initiative)
    pages = [
        "/admin/",
        "/admin/a-traiter/",
        "/admin/a-traiter/a-reverifier/",
        reverse("admin:search_misses"),
        reverse("admin:undelivered"),
        reverse("admin:quick_entry"),
        reverse("admin:password_change"),
        *[admin_url(noun, "changelist") for noun in NOUNS],
        *[admin_url(noun, "add") for noun in (Actor, FundingSource, Territory, Theme, User)],
        *[admin_url(row, "change") for row in (initiative, archived, featured, draft, *others)],
        admin_url(initiative, "history"),
        admin_url(initiative, "merge"),
        f"{admin_url(initiative, 'merge')}?avec={twin.pk}",
    ]
    found = set().union(*(said_by(team.get(page)) for page in pages))
    found |= said_by(_typed_again(team, initiative))
    found |= set().union(*(said_by(team.get(page)) for page in _of_moderation(initiative, twin)))
    found |= said_by(_quick_entry_of_a_duplicate(team, place, theme))
    found |= said_by(team.get(admin_url(draft, "preview")))
    found |= said_by(_bulk(team, initiative))
    text = factories.EditorialTextFactory(key="charte", title="Notre charte")
    found |= said_by(team.get(admin_url(text, "change")))
    client.logout()
    for page in ("/admin/login/", "/admin/mot-de-passe/", _link_of_password(user)):
        found |= said_by(client.get(page, follow=True))
    found |= said_by(_taken_up(client, user))
    return found


def _of_moderation(initiative, twin):
    """The queue, a page of each kind, and what leads to them."""
    for submission in what_was_sent(initiative):
        yield reverse("admin:moderation_item", args=[submission.pk])
    yield reverse("admin:moderation")
    yield reverse("admin:on_behalf")
    factories.OwnershipFactory(fiche=initiative)
    yield admin_url(initiative, "owners")
    yield reverse("admin:invite", query={"nature": "initiative", "fiche": twin.pk})
    yield admin_url(factories.ModerationRulesFactory(), "change")


def _typed_again(team, initiative):
    page = admin_url(initiative, "change")
    data = typed(team.get(page))
    team.post(page, data | {"social_need": "Une"})
    return team.post(page, data | {"social_need": "L’autre"})


def _quick_entry_of_a_duplicate(team, place, theme):
    answers = {
        "name": "Recyclodrome",
        "place": place.name,
        "summary": "Un besoin. Une réponse.",
        "theme": theme.pk,
        "source_url": "https://gazette.example/recyclodrome",
        "publisher": "La gazette",
    }
    return team.post(reverse("admin:quick_entry"), answers)


def _bulk(team, initiative):
    return team.post(
        admin_url(Initiative, "changelist"), {"action": "add_theme", "_selected_action": [initiative.pk]}, follow=True
    )


def _taken_up(client, user):
    user.set_password("trois petits vélos rouges")
    user.save()
    sent = {
        "username": user.email,
        "password": "trois petits vélos rouges",
        "next": "/admin/",
        "kept": '{"name": ["x"]}',
    }
    return client.post("/admin/login/", sent)


def _link_of_password(user):
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("admin_password_reset_choose", args=[uid, default_token_generator.make_token(user)])


def test_the_handbook_is_a_page_of_the_desk_with_its_contents(team):
    page = soup(team.get(HELP))

    titles = [link.get_text() for link in page.select(".adm-aide-table a")]
    assert page.select_one("h1").get_text() == "Manuel de l’équipe"
    assert titles == [tag.get_text() for tag in page.select(".adm-aide-texte :is(h2, h3)")]
    assert len(titles) > 20


def test_only_the_team_reads_it(client):
    assert client.get(HELP).status_code == 302
    client.force_login(factories.UserFactory())
    assert client.get(HELP).status_code == 302


def test_the_files_are_read_once(team, monkeypatch):
    team.get(HELP)
    monkeypatch.setattr(Path, "read_text", None)
    monkeypatch.setattr(Image, "open", None)

    assert team.get(HELP).status_code == 200


def test_each_heading_has_an_address_of_its_own(text):
    addresses = [heading.get("id") for heading in text.select("h2, h3")]

    assert all(addresses)
    assert len(addresses) == len(set(addresses))


def test_each_link_of_the_handbook_leads_somewhere(text):
    for link in text.select("a"):
        address = link["href"]
        if address.startswith("#"):
            assert text.select_one(f"[id='{address[1:]}']"), address
        else:
            assert resolve(address), address


def test_each_picture_is_there_light_and_described(text):
    pictures = text.select("img")
    assert len(pictures) == len(help.handbook().images) > 7
    for source, picture in zip(help.handbook().images, pictures, strict=True):
        path = help.SOURCE.parent / source
        assert len(picture["alt"]) > 20, source
        assert path.stat().st_size <= MOST_BYTES, source
        with Image.open(path) as image:
            assert image.width <= WIDEST
            assert (picture["width"], picture["height"]) == (str(image.width), str(image.height))


def test_no_picture_is_left_behind():
    shown = {(help.SOURCE.parent / source).resolve() for source in help.handbook().images}

    assert set((settings.BASE_DIR / "static" / "img" / "manuel").iterdir()) == shown


def test_each_word_in_bold_is_a_word_of_the_desk(desk_words):
    assert sorted(quoted() - desk_words) == []


def test_the_source_is_in_french_typography():
    code = r"`[^`\n]*`|\]\([^)]*\)|^\|[-|]+\|$|^: "
    for line in help.SOURCE.read_text().splitlines():
        assert typographic(line, code) == line


def test_each_page_of_the_desk_leads_to_its_chapter(team):
    chapters = {heading.id for heading in help.handbook().headings}

    for chapter in (*help.PAGES.values(), *help.LISTS.values(), *help.ENDS.values(), *help.NOUNS.values()):
        assert chapter in chapters
    assert set(help.NOUNS) == {noun._meta.model_name for noun in NOUNS}
    assert set(help.LISTS) <= set(LISTS)


@pytest.mark.parametrize(
    ("page", "chapter"),
    [
        ("/admin/", "la-page-d-accueil"),
        ("/admin/aide/", ""),
        ("/admin/a-traiter/", "ce-qui-demande-attention"),
        ("/admin/a-traiter/sans-source/", "ce-qui-demande-attention"),
        ("/admin/a-traiter/liens-morts/", "les-liens-morts"),
        ("/admin/initiatives/initiative/", "retrouver-une-fiche"),
        ("/admin/initiatives/initiative/saisie-rapide/", "la-saisie-rapide"),
        ("/admin/initiatives/initiative/{}/change/", "completer-une-fiche"),
        ("/admin/initiatives/initiative/{}/history/", "lire-l-historique"),
        ("/admin/initiatives/initiative/{}/fusionner/", "fusionner-deux-fiches"),
        ("/admin/initiatives/actor/add/", "les-acteurs"),
        ("/admin/initiatives/user/", "les-comptes-et-les-droits"),
    ],
)
def test_the_link_to_help_is_about_the_page(team, page, chapter):
    fiche = published(Initiative)

    header = soup(team.get(page.format(fiche.pk))).select_one("#user-tools")

    link = next(link for link in header.select("a") if link.get_text() == "Aide")
    assert link["href"] == HELP + (f"#{chapter}" if chapter else "")
