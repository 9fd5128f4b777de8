"""The texts of the team on the desk: rewritten, looked at before they are saved, brought back to their origin."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from reversion.models import Revision, Version

from initiatives.directory.editorial import TEXTS, default_of, is_default
from initiatives.models import EditorialText, current_version
from initiatives.submission.actions import Refused, restore_text
from initiatives.submission.history import told
from tests import factories
from tests.admin.pages import admin_url, allow, errors, messages, typed
from tests.admin.test_policy import breaches
from tests.directory.reading import read, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter():
    return factories.EditorialTextFactory(key="charte")


@pytest.fixture
def notice():
    return factories.EditorialTextFactory(key="bandeau")


def save(client, text, **values):
    page = admin_url(text, "change")
    return client.post(page, typed(client.get(page)) | values)


def look(client, text, **values):
    return client.post(admin_url(text, "preview"), typed(client.get(admin_url(text, "change"))) | values)


def body_with(text):
    return f"## Une partie\n\n{text}"


# The list


def test_the_list_is_closed_and_says_what_each_text_is(team):
    for key in reversed(TEXTS):
        factories.EditorialTextFactory(key=key)
    factories.EditorialTextFactory(key="methode").delete()
    EditorialText.objects.create(key="methode", title="Changée", body="Autrement")
    EditorialText.objects.create(key="autrefois", title="Autrefois")

    response = team.get(admin_url(EditorialText, "changelist"))

    rows = [
        [words(cell) for cell in row.select("th, td")]
        for row in BeautifulSoup(response.text, "html.parser").select("#result_list tbody tr")
    ]
    assert [row[0] for row in rows] == [words(BeautifulSoup(text.name, "html.parser")) for text in TEXTS.values()]
    assert rows[0] == ["La charte", "page entière, /charte/", "–", "d’origine"]
    assert rows[1] == ["La méthode", "page entière, /methode/", "–", "modifié ici"]
    assert "add" not in {
        link["href"].strip("/").split("/")[-1]
        for link in BeautifulSoup(response.text, "html.parser").select("main a, #content a")
    }


def test_the_menu_leads_to_the_texts(team):
    page = BeautifulSoup(team.get("/admin/").text, "html.parser")

    assert (
        words(page.select_one(f'.adm-cote a[href="{admin_url(EditorialText, "changelist")}"]')) == "Textes éditoriaux"
    )


# The form


def test_a_page_is_rewritten_and_shown_at_once(team, charter):
    before = current_version()

    response = save(team, charter, title="Notre charte", body=body_with("Du **neuf**."), why="Relu en réunion.")

    assert response.status_code == 302, errors(response)
    charter.refresh_from_db()
    assert (charter.revision, is_default(charter), current_version()) == (1, False, before + 1)
    revision = Revision.objects.get()
    assert (told(revision), revision.user.email) == (("Modification", "Relu en réunion."), "equipe@exemple.test")
    page = read(team.get("/charte/"))
    assert words(page.h1) == "Notre charte"
    assert words(page.select_one(".texte p")) == "Du neuf."


def test_a_message_has_one_field(team, notice):
    form = typed(team.get(admin_url(notice, "change")))
    assert {"body"} == {*form} & {"title", "lead", "body", "key"}

    response = save(team, notice, body="Fermé.", title="Autre", key="charte")

    assert response.status_code == 302, errors(response)
    notice.refresh_from_db()
    assert (notice.body, notice.title, notice.key) == ("Fermé.", "Bandeau", "bandeau")


def test_a_text_that_a_browser_sends_back_as_it_was_is_still_that_of_origin(team, charter):
    response = save(team, charter, body=charter.body.replace("\n", "\r\n") + "\r\n")

    assert response.status_code == 302, errors(response)
    charter.refresh_from_db()
    assert (charter.body, is_default(charter)) == (default_of("charte").body, True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("body", "Voici {nombre de licornes}.", "n’est pas une insertion connue"),
        ("body", "[x](/acteurs/rien/)", "Le lien « /acteurs/rien/ » ne mène à aucune page publique du site."),
        ("body", "[x](javascript:alert(1))", "n’a pas été compris"),
        ("body", "a" * 40_001, "il en faut 40 000 au plus"),
        ("body", "a" * 300_000, "il en faut 40 000 au plus"),
        ("body", "a\x00", "caractère"),
        ("body", "", "ne peut pas être vide"),
        ("title", "", ""),
        ("title", "a" * 151, "150"),
        ("lead", "a" * 601, "Ce chapô a 601 signes"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_nothing_typed_is_lost(team, charter, field, value, sentence):
    response = save(team, charter, **{field: value})

    assert response.status_code == 200
    assert any(sentence in said for said in errors(response)), errors(response)
    assert typed(response)[field] == [value]
    charter.refresh_from_db()
    assert (charter.revision, is_default(charter)) == (0, True)
    assert not Revision.objects.exists()
    assert breaches(response) == []


def test_the_form_says_how_to_write(team, charter, notice):
    page, short = (
        words(BeautifulSoup(team.get(admin_url(text, "change")).text, "html.parser").select_one(".adm-ecrire aside"))
        for text in (charter, notice)
    )

    assert "{nombre d’initiatives}" in page
    assert "{bloc de contact}" in page
    assert "> **Gras.** Suite" in page
    assert "{bloc de contact}" not in short
    assert "## Titre" not in short


def test_no_text_is_added_or_removed(team, charter):
    assert team.get(admin_url(EditorialText, "add")).status_code == 403
    assert team.post(admin_url(EditorialText, "add"), {"title": "x"}).status_code == 403
    assert team.post(admin_url(charter, "delete"), {"post": "yes"}).status_code == 403
    assert team.get("/admin/initiatives/editorialtext/add/").status_code == 403
    assert EditorialText.objects.get() == charter


def test_a_text_that_is_not_ours_has_no_page(team):
    stray = EditorialText.objects.create(key="autrefois", title="Autrefois")

    assert team.get(admin_url(stray, "change")).status_code == 302
    assert team.post(admin_url(stray, "preview"), {"body": "x"}).status_code == 404
    assert team.get(admin_url(stray, "origin")).status_code == 404


# Two people at once


def test_the_second_save_is_refused_and_told_word_by_word(team, charter):
    colleague = Client()
    colleague.force_login(factories.UserFactory(name="Claire", is_staff=True, is_superuser=True))
    save(team, charter, lead="Un chapô.")
    page = admin_url(charter, "change")
    opened = typed(team.get(page))
    save(colleague, charter, title="Le titre de Claire", body=charter.body.replace("aucune note", "aucun rang"))

    # As a browser sends it: with its own ends of lines.
    response = team.post(
        page,
        {name: [value.replace("\n", "\r\n") for value in sent] for name, sent in opened.items()}
        | {"lead": "Mon chapô."},
    )

    assert response.status_code == 200
    meanwhile = words(BeautifulSoup(response.text, "html.parser").select_one(".adm-entretemps"))
    assert "par Claire" in meanwhile
    assert "retiré : aucune note" in meanwhile
    assert "ajouté : aucun rang" in meanwhile
    kept = typed(response)
    assert (kept["title"], kept["lead"]) == (["Le titre de Claire"], ["Mon chapô."])
    assert "aucun rang" in kept["body"][0]
    assert team.post(page, kept).status_code == 302
    charter.refresh_from_db()
    assert (charter.title, charter.lead, charter.revision) == ("Le titre de Claire", "Mon chapô.", 3)


def test_the_history_of_a_long_text_shows_the_words_that_changed(team):
    text = factories.EditorialTextFactory(key="methode")
    text.body += f"\n\n{default_of('charte').body}"
    save(team, text, body=text.body)
    body = text.body.replace("Rien n’y est recopié.", "Rien n’y est copié.").replace(
        "domaine public", "libre de droits"
    )

    assert save(team, text, body=body).status_code == 302

    page = BeautifulSoup(team.get(admin_url(text, "history")).text, "html.parser")
    row = page.select_one(".adm-histoire tbody tr")
    assert [words(piece) for piece in row.select("del")] == ["retiré : recopié", "retiré : domaine public"]
    assert [words(piece) for piece in row.select("ins")] == ["ajouté : copié", "ajouté : libre de droits"]
    assert len(words(row)) < 2_000


# The preview


@pytest.mark.parametrize("key", TEXTS)
def test_the_preview_is_the_public_page_with_what_is_typed_and_saves_nothing(team, places, key):
    text = factories.EditorialTextFactory(key=key)
    factories.EditorialTextFactory(key="bandeau")
    body = text.body + "\n\nDu tout neuf {nombre d’acteurs}."

    response = look(team, text, body=body)

    page = read(response)
    assert "Aperçu : rien n’est enregistré." in words(page.select_one("main .avis"))
    assert "Du tout neuf 0 acteur" in words(page.body)
    assert not page.select("main .avis li")
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "DENY"
    assert page.select_one("link[rel=canonical]")["href"].startswith("http://127.0.0.1:8000/")
    assert "/admin/" not in page.select_one("link[rel=canonical]")["href"]
    assert "Du tout neuf" not in team.get(TEXTS[key].address).text
    assert EditorialText.objects.get(pk=text.pk).body == text.body
    assert not Revision.objects.exists()


def test_the_preview_of_a_text_that_cannot_be_saved_says_why(team, charter):
    response = look(team, charter, title="", body="<script>alert(1)</script> {truc} [x](/rien/)")

    page = read(response)
    said = words(page.select_one("main .avis"))
    assert len(page.select("main .avis li")) == 3
    assert "« {truc} » n’est pas une insertion connue" in said
    assert "/rien/" in said
    assert not page.select(".texte script")
    assert "{truc}" in words(page.select_one(".texte"))


@pytest.mark.parametrize("typed_body", ["[" * 300_000, "", "\x00", "a\r\n\r\n" * 9_000])
def test_no_text_breaks_the_preview(team, charter, typed_body):
    assert team.post(admin_url(charter, "preview"), {"title": "x", "lead": "", "body": typed_body}).status_code == 200
    assert team.post(admin_url(charter, "preview"), {}).status_code == 200


def test_the_preview_is_only_sent_and_from_our_own_form(charter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))

    assert client.get(admin_url(charter, "preview")).status_code == 405
    assert client.post(admin_url(charter, "preview"), {"body": "x"}).status_code == 403


# Back to the words of origin


def test_a_text_goes_back_to_its_origin_once_it_is_confirmed(team, charter):
    save(team, charter, title="Autre titre")
    tools = BeautifulSoup(team.get(admin_url(charter, "change")).text, "html.parser").select(".object-tools a")
    page = admin_url(charter, "origin")
    assert page in [link["href"] for link in tools]
    question = team.get(page)
    assert "retiré : Autre titre" in words(BeautifulSoup(question.text, "html.parser").table)
    assert breaches(question) == []

    response = team.post(page, typed(question) | {"why": "Une erreur."}, follow=True)

    assert "est revenu au texte d’origine" in messages(response)[0]
    charter.refresh_from_db()
    assert (is_default(charter), charter.title, charter.revision) == (True, default_of("charte").title, 2)
    last = Version.objects.get_for_object(charter).first().revision
    assert (told(last), last.user.email) == (("Retour au texte d’origine", "Une erreur."), "equipe@exemple.test")
    assert page not in team.get(admin_url(charter, "change")).text
    assert "déjà celui d’origine" in team.get(page).text
    again = team.post(page, {"revision": "2"}, follow=True)
    assert "est déjà le texte d’origine" in messages(again)[0]


def test_a_text_that_changed_meanwhile_does_not_go_back(team, charter):
    save(team, charter, title="Autre titre")
    question = typed(team.get(admin_url(charter, "origin")))
    save(team, charter, title="Encore un autre")

    for sent in (question, {}, {"revision": "abc"}):
        response = team.post(admin_url(charter, "origin"), sent, follow=True)
        assert "a changé depuis que vous l’avez ouvert" in messages(response)[-1]
    charter.refresh_from_db()
    assert charter.title == "Encore un autre"


def test_the_text_of_origin_is_refused_in_a_sentence(charter, now):
    with pytest.raises(Refused, match="est déjà le texte d’origine"):
        restore_text(text=charter, at=now)

    assert not Revision.objects.exists()


@pytest.fixture
def now():
    return factories.SOME_TIME


# Who may


@pytest.mark.parametrize(
    ("name", "may"), [("Lecture", False), ("Rédaction", False), ("Modération", True), ("Administration", True)]
)
def test_moderators_write_and_the_others_read(client, charter, name, may):
    call_command("create_staff_groups")
    person = factories.UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    client.force_login(person)
    page = client.get(admin_url(charter, "change"))
    assert page.status_code == 200
    assert ("Aperçu" in page.text, "Comment l’écrire" in page.text) == (may, may)

    sent = {"title": "Un titre", "lead": "", "body": "## Un", "revision": "0"}
    answers = [client.post(admin_url(charter, door), sent).status_code for door in ("preview", "change", "origin")]

    charter.refresh_from_db()
    assert answers == ([200, 302, 302] if may else [403, 403, 403])
    assert (charter.title == "Un titre") is may


def test_strangers_and_holders_are_sent_to_the_sign_in_page(client, charter):
    for user in (None, factories.UserFactory()):
        if user:
            client.force_login(user)
        for door in ("preview", "origin"):
            assert client.post(admin_url(charter, door), {"body": "x"}).status_code == 302


def test_the_right_to_see_does_not_open_the_preview(client, charter):
    reader = factories.UserFactory(is_staff=True)
    allow(reader, "view_editorialtext")
    client.force_login(reader)

    assert client.post(admin_url(charter, "preview"), {"body": "x"}).status_code == 403
    assert client.get(admin_url(charter, "origin")).status_code == 403
