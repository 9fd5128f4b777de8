"""The words of origin of the texts: loaded once, followed until somebody changes them."""

import pytest
from reversion.models import Version

from initiatives.directory.editorial import is_default
from initiatives.exchange.importers.shapes import ContentError
from initiatives.exchange.importers.texts import load_texts
from initiatives.models import EditorialText, current_version
from initiatives.submission.actions import record_text
from initiatives.submission.history import act, told

CHARTER, NOTICE = "texts/charte.md", "texts/bandeau.md"
TEXT = '+++\ntitle = "La charte"\nlead = "Un chapô."\n+++\n\n## Un\n\nDeux\n'


@pytest.fixture
def texts(content):
    content.write(CHARTER, TEXT)
    content.write(NOTICE, '+++\ntitle = "Bandeau"\n+++\n')
    return content


def the_charter():
    return EditorialText.objects.get(key="charte")


def test_a_load_makes_the_texts_that_are_missing(texts, some_day):
    report = texts.load(some_day)

    assert report.created["texte éditorial"] == 2
    text = the_charter()
    assert (text.title, text.lead, text.body) == ("La charte", "Un chapô.", "## Un\n\nDeux")
    assert (text.revision, text.modified_at, is_default(text)) == (1, some_day, True)
    revision = Version.objects.get_for_object(text).get().revision
    assert (told(revision), revision.user) == (("Chargement des contenus", ""), None)


def test_loading_again_changes_nothing(texts):
    texts.load()
    version = current_version()

    assert texts.load().unchanged["texte éditorial"] == 2
    load_texts(texts.folder / "texts", at=the_charter().modified_at)

    assert (current_version(), the_charter().revision) == (version, 1)


def test_a_text_that_nobody_changed_follows_its_file(texts):
    texts.load()
    texts.replace(CHARTER, "Deux", "Trois")

    assert texts.load().updated["texte éditorial"] == 1

    assert (the_charter().body, the_charter().revision) == ("## Un\n\nTrois", 2)
    assert Version.objects.get_for_object(the_charter()).count() == 2


def test_a_text_that_was_changed_here_is_left_and_told(texts, some_day):
    texts.load()
    text = the_charter()
    with act(verb="Modification"):
        text.body = "Le nôtre"
        text.save()
        record_text(text=text, at=some_day)
    texts.replace(CHARTER, "Deux", "Trois")

    report = texts.load()

    assert [(row.key, why) for row, why in report.left] == [("charte", "ce texte a été modifié ici")]
    assert the_charter().body == "Le nôtre"


def test_each_start_brings_the_texts_alone(texts, some_day):
    load_texts(texts.folder / "texts", at=some_day)

    assert EditorialText.objects.count() == 2
    assert the_charter().revision == 1


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("texts/chartre.md", TEXT, "chartre.md : aucun texte du site ne porte ce nom"),
        (CHARTER, "Sans rien", "charte.md"),
        (CHARTER, TEXT.replace('title = "', "title = "), "charte.md"),
        (CHARTER, TEXT.replace("lead", "chapo"), "charte.md"),
        (CHARTER, TEXT.replace('title = "La charte"\n', ""), "charte.md"),
    ],
)
def test_a_file_that_says_nothing_clear_is_refused(texts, name, text, sentence):
    texts.write(name, text)

    with pytest.raises(ContentError, match=sentence):
        texts.load()

    assert not EditorialText.objects.exists()
