"""What the team does for the search by words: synonyms, and what was looked for in vain."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from initiatives.directory.synonyms import read_synonyms
from initiatives.models import DirectoryVersion, SearchMiss, Synonym, current_version
from initiatives.words import parse_query
from tests import factories
from tests.admin.pages import admin_url, allow, errors, typed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def missed(words, days=1, count=1):
    return SearchMiss.objects.create(day=timezone.localdate() - timedelta(days=days), words=words, count=count)


def page_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def cells(page):
    return [" ".join(cell.get_text().split()) for cell in page.select("main tbody th")]


def test_a_group_of_synonyms_is_applied_from_its_save_without_reading_the_fiches_again(team):
    data = typed(team.get(admin_url(Synonym, "add"))) | {"words": "ressourcerie, recyclerie"}
    before = current_version()

    response = team.post(admin_url(Synonym, "add"), data)

    assert response.status_code == 302, errors(response)
    assert current_version() == before + 1
    assert DirectoryVersion.objects.get().rebuild_from == 0
    assert len(parse_query("recycleries ", read_synonyms()).words[0].ways) == 2


def test_a_word_of_two_groups_is_refused_in_a_sentence(team):
    factories.SynonymFactory(words="ressourcerie, recyclerie")
    data = typed(team.get(admin_url(Synonym, "add"))) | {"words": "recyclerie, récup"}

    (sentence,) = errors(team.post(admin_url(Synonym, "add"), data))

    assert "déjà dans le groupe" in sentence


def test_the_files_begin_the_list_and_never_write_over_it(db):
    call_command("load_reference", verbosity=0)
    count = Synonym.objects.count()
    assert count > 20
    Synonym.objects.first().delete()

    call_command("load_reference", verbosity=0)

    assert Synonym.objects.count() == count - 1
    for group in Synonym.objects.all():
        group.full_clean()


def test_the_searches_without_results_are_listed_the_most_frequent_first(team):
    missed("tipi", count=2)
    missed("yourte", days=2, count=2)
    missed("yourte", days=3)
    missed("ancienne", days=91)

    page = page_of(team.get(reverse("admin:search_misses")))

    assert cells(page) == ["yourte", "tipi"]
    assert page.select_one("main tbody th a")["href"] == "/initiatives/?q=yourte"
    home = page_of(team.get(reverse("admin:index")))
    side = next(link for link in home.select("nav a") if "Recherches sans résultat" in link.get_text())
    assert side.select_one("b").get_text() == "2"
    assert side["href"] == reverse("admin:search_misses")


def test_nothing_missed_is_said_in_a_sentence(team):
    assert "chaque recherche a trouvé" in page_of(team.get(reverse("admin:search_misses"))).get_text()


def test_words_lead_to_a_new_group_of_synonyms(team):
    missed("yourte")
    page = page_of(team.get(reverse("admin:search_misses")))

    link = next(link["href"] for link in page.select("main td a") if "synonyme" in link.get_text())

    assert typed(team.get(link))["words"] == ["yourte, "]


def test_a_search_that_is_settled_leaves_the_list(team):
    missed("yourte")
    missed("yourte", days=2)
    missed("tipi")

    response = team.post(reverse("admin:search_misses"), {"words": "yourte"}, follow=True)

    assert cells(page_of(response)) == ["tipi"]
    assert team.post(reverse("admin:search_misses"), {"words": "a\0b"}).status_code == 302


def test_whoever_may_only_read_settles_nothing(client):
    reader = factories.UserFactory(is_staff=True)
    client.force_login(reader)
    missed("yourte")
    assert client.get(reverse("admin:search_misses")).status_code == 403

    allow(reader, "view_searchmiss")

    page = page_of(client.get(reverse("admin:search_misses")))
    assert not page.select("main form button")
    assert client.post(reverse("admin:search_misses"), {"words": "yourte"}).status_code == 403
    assert SearchMiss.objects.exists()


def test_a_stranger_is_sent_to_the_sign_in_page(client):
    for response in (client.get(reverse("admin:search_misses")), client.post(reverse("admin:search_misses"))):
        assert response.status_code == 302
        assert "login" in response["Location"]
