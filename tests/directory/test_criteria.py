"""A criterion is declared once: what is made from its declaration."""

import re
from datetime import date

import pytest
from django.conf import settings

from initiatives.directory import criteria
from initiatives.directory.criteria import CRITERIA
from initiatives.directory.filters import InitiativeFilter
from initiatives.models import Initiative
from initiatives.models.vocabulary import ReadBy
from tests.directory.reading import read, words
from tests.factories import InitiativeFactory

TODAY = date(2026, 6, 15)


@pytest.fixture
def declared():
    """The criterion that the README adds."""
    [code] = re.findall(
        r"```python\nREAD_BY = (Values\(.*?\n\))\n```", (settings.BASE_DIR / "README.md").read_text(), re.DOTALL
    )
    return eval(code, vars(criteria) | {"ReadBy": ReadBy})


def test_the_criterion_of_the_readme_means_the_same_in_sql_and_in_the_index(db, declared):
    for who in ReadBy.values:
        InitiativeFactory(published=True, stage_read_by=who)

    for who in ReadBy.values:
        in_sql = set(Initiative.objects.filter(declared.condition([who], TODAY)).values_list("pk", flat=True))
        assert in_sql == {key for key, value in declared.pairs(None, TODAY) if value == who}
        assert len(in_sql) == 1


def test_every_criterion_is_asked_and_told_under_its_name(client, db):
    rows = read(client.get("/methode/")).select("table:has(#t-parametres) tbody tr")

    told = {words(row.th): words(row.td) for row in rows}
    names = {criterion.name: criterion.label for criterion in CRITERIA}
    assert names.items() <= told.items()
    assert [*told] == [*names, "tri", "page", "par_page"]
    assert [*InitiativeFilter.base_filters] == [*names]


def test_every_value_that_the_method_page_gives_is_accepted(client, places):
    refused = []
    for row in read(client.get("/methode/")).select("table:has(#t-parametres) tbody tr"):
        for code in row.select("td code"):
            address = f"/initiatives/?q=jardin&territoire=pays-FR&rayon=10&{words(row.th)}={words(code)}"
            refused += read(client.get(address)).select(".avis.alerte")

    assert refused == []
