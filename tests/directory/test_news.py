"""What was published or changed lately."""

from datetime import UTC, datetime

import pytest

from initiatives.models import Initiative
from tests.directory.reading import read, words
from tests.factories import InitiativeFactory


def published(name, day, changed=None, **values):
    fiche = InitiativeFactory(published=True, name=name, **values)
    at = datetime(2026, 5, day, 9, tzinfo=UTC)
    modified = datetime(2026, 5, changed, 9, tzinfo=UTC) if changed else at
    Initiative.objects.filter(pk=fiche.pk).update(published_at=at, modified_at=modified)
    return fiche


def test_the_last_published_come_first_day_by_day(client, places):
    published("Zèbre", 2, sites=[places.arles])
    published("Âne", 2)
    published("Mule", 5)
    InitiativeFactory(name="Brouillon")
    InitiativeFactory(archived=True, name="Archivée")

    page = read(client.get("/nouveautes/"))

    days = page.select(".resultats section")
    assert [[words(day.h2), *(words(title) for title in day.select("h3"))] for day in days] == [
        ["Publiée le 5 mai 2026", "Mule"],
        ["Publiées le 2 mai 2026", "Âne", "Zèbre"],
    ]
    assert words(page.select_one(".tete-liste")) == (
        "Les nouveautés 3 fiches publiées, de la plus récente à la plus ancienne."
    )
    assert not page.select(".tout-pres")


def test_the_day_is_that_of_paris(client, db):
    fiche = InitiativeFactory(published=True)
    Initiative.objects.filter(pk=fiche.pk).update(published_at=datetime(2026, 5, 31, 22, 30, tzinfo=UTC))

    assert "Publiée le 1er juin 2026" in words(read(client.get("/nouveautes/")))


def test_those_that_changed_since_stand_beside_the_first_page(client, db):
    published("Fixe", 1)
    published("Tôt", 1, changed=3)
    published("Tard", 1, changed=9)

    page = read(client.get("/nouveautes/?par_page=2"))

    assert [words(line) for line in page.select(".tout-pres li")] == ["Tard, le 9 mai 2026", "Tôt, le 3 mai 2026"]
    second = read(client.get(page.select_one('a[rel="next"]')["href"]))
    assert not second.select(".tout-pres")
    assert len(second.select(".rang")) == 1


@pytest.mark.parametrize("query", ["page=0", "page=abc", "page=%00", "par_page=500"])
def test_a_malformed_page_is_named_and_ignored(client, db, query):
    published("Seule", 1)

    page = read(client.get(f"/nouveautes/?{query}"))

    assert page.select(".avis.alerte")
    assert len(page.select(".rang")) == 1


def test_a_page_past_the_end_is_not_found(client, db):
    assert client.get("/nouveautes/?page=2").status_code == 404


def test_an_empty_directory_says_so(client, db):
    assert "Aucune fiche n’est encore publiée." in words(read(client.get("/nouveautes/")))
