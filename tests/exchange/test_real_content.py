"""What the editors typed keeps its promises: sourced, dated by its sources, in French typography."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from reversion.models import Version

from initiatives.exchange.content_check import problems
from initiatives.exchange.importers.content import load_content
from initiatives.exchange.importers.reference import load_reference
from initiatives.models import Actor, FundingSource, Initiative, Source, TerritoryFigure
from initiatives.models.vocabulary import Activity, Availability, Stage

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
TODAY = NOW.date()
PHONE_OR_EMAIL = re.compile(r"0\d([ .]\d\d){4}|\w@\w")


@pytest.mark.django_db
def test_the_real_content_keeps_the_rules_of_the_house():
    load_reference(FIXTURES / "reference", region="93", at=NOW)
    load_content(FIXTURES / "content", at=NOW)

    assert problems(TODAY) == []
    assert Initiative.objects.published().count() == 74
    assert Actor.objects.published().count() >= 50
    assert FundingSource.objects.published().count() == 30
    for noun in (Initiative, Actor, FundingSource):
        kept = Version.objects.get_for_model(noun).values_list("object_id", flat=True)
        assert sorted(map(int, kept)) == sorted(noun.objects.values_list("pk", flat=True))
    assert TerritoryFigure.objects.exists()
    for initiative in Initiative.objects.prefetch_related("sources", "sites", "coverage", "theme_links"):
        story = f"{initiative.social_need} {initiative.response} {initiative.innovation}"
        assert 60 <= len(story.split()) <= 150, initiative
        years = {source.year for source in initiative.sources.all()}
        assert initiative.stage_as_of is None or initiative.stage_as_of in years, initiative
        assert initiative.stage_as_of is None or initiative.stage != Stage.UNKNOWN, initiative
        assert initiative.holder_checked_on is None
    _check_texts()
    # No page was opened when the files were typed: nothing is said to have been checked, nothing to be open.
    assert not Source.objects.exclude(consulted_on=None).exists()
    assert not Initiative.objects.exclude(checked_on=None).exists()
    states = FundingSource.objects.with_availability(TODAY).values_list("availability", flat=True)
    assert {*states} == {Availability.TO_CHECK, Availability.HISTORICAL}
    assert [*Initiative.objects.filter(activity=Activity.ENDED).values_list("slug", flat=True)] == ["gourmandigne"]
    # Known by their département alone: a coverage, never a made-up commune.
    assert Initiative.objects.filter(sites=None).count() == 11


def _check_texts():
    """Every text of every fiche and line: French apostrophes and quotation marks, no telephone, no e-mail."""
    for noun in (Initiative, Actor, FundingSource):
        for fiche in noun.objects.all():
            texts = [getattr(fiche, field.name) for field in fiche._meta.fields]
            for text in [*texts, *fiche.to_verify.values()]:
                if isinstance(text, str) and not text.startswith("http"):
                    assert not re.search(r"['\"]", text), (fiche, text)
                    assert not PHONE_OR_EMAIL.search(text), (fiche, text)
