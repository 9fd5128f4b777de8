"""Invented fiches for load tests: always the same, all of them valid, never among real ones by mistake."""

import hashlib
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import Q
from reversion.models import Version

from initiatives.directory.completeness import refresh
from initiatives.exchange.seed.loading import SeedRefused, seed_load
from initiatives.exchange.seed.words import FORMS, vocabulary
from initiatives.models import (
    Actor,
    DirectoryVersion,
    Funding,
    FundingSource,
    GivenSlug,
    Initiative,
    InitiativeTheme,
    Milestone,
    Notice,
    Participation,
    Site,
    Source,
    TakingPart,
)
from initiatives.text import fold, sort_key
from tests.factories import AudienceFactory, InitiativeFactory, ThemeFactory, make_places

pytestmark = pytest.mark.django_db

COUNT = 60
LISTS = ("/initiatives/", "/acteurs/", "/financements/", "/themes/alimentation/", "/territoires/dep-13/")


@pytest.fixture
def surroundings():
    make_places()
    food = ThemeFactory(slug="alimentation", own_cloth="")
    for slug in ("circuits-courts", "epiceries", "jardins"):
        ThemeFactory(slug=slug, parent=food)
    for slug in ("jeunes", "seniors"):
        AudienceFactory(slug=slug)


@pytest.fixture
def loaded(surroundings):
    return seed_load(initiatives=COUNT, seed=1)


def fingerprint():
    """Of all that is the same in every database: what no key of a row says."""
    rows = [
        *Initiative.objects.order_by("pk").values_list(
            "uuid", "slug", "name", "search_text", "status", "published_at", "checked_on", "start_year", "daily_rank"
        ),
        *Site.objects.order_by("pk").values_list("uuid", "initiative__uuid", "territory__code", "latitude"),
        *InitiativeTheme.objects.order_by("pk").values_list("initiative__uuid", "theme__slug", "position"),
        *Initiative.coverage.through.objects.order_by("pk").values_list("initiative__uuid", "territory__code"),
        *Participation.objects.order_by("pk").values_list("uuid", "actor__uuid", "role"),
        *Funding.objects.order_by("pk").values_list("uuid", "source__uuid", "amount"),
        *Actor.objects.order_by("pk").values_list("uuid", "name", "seat__code", "legal_form"),
    ]
    return hashlib.sha256("\n".join(map(repr, rows)).encode()).hexdigest()[:16]


def test_the_same_number_and_seed_give_the_same_rows_in_every_database(loaded):
    assert fingerprint() == "d16cec999d389833"


def test_another_seed_gives_other_rows(loaded):
    first = {*Initiative.objects.values_list("search_text", flat=True)}
    seed_load(initiatives=COUNT, seed=2, among_others=True)

    assert not first & {*Initiative.objects.filter(origin_id__startswith="2/").values_list("search_text", flat=True)}


def test_there_are_as_many_as_asked_most_of_them_published(loaded):
    assert loaded[Initiative] == Initiative.objects.count() == COUNT
    assert loaded[Actor] == Actor.objects.count() == COUNT // 5
    statuses = Counter(Initiative.objects.values_list("status", flat=True))
    assert statuses["published"] > COUNT * 0.8
    assert len(statuses) > 1


def test_every_row_is_valid(loaded):
    nouns = (Initiative, Actor, FundingSource)
    lines = (InitiativeTheme, Site, Participation, Funding, Milestone, Notice, TakingPart, Source)
    for model in (*nouns, *lines):
        rows = model.objects.all()
        assert rows, model
        for row in rows:
            row.full_clean()
    for fiche in Initiative.objects.all():
        assert (fiche.sort_key, fiche.folded) == (sort_key(fiche.name), fold(fiche.name))
        assert fiche.search_text.startswith(fiche.folded)


def test_what_is_published_has_what_a_published_fiche_must_have(loaded):
    published = Initiative.objects.published()

    assert not published.filter(theme_links=None).exists()
    assert not published.filter(Q(sites=None) & Q(coverage=None)).exists()
    for noun in (Initiative, Actor, FundingSource):
        for fiche in noun.objects.once_published():
            assert GivenSlug.objects.filter(noun=noun._meta.model_name, slug=fiche.slug, uuid=fiche.uuid).exists()


def test_the_completeness_is_that_of_the_rules(loaded):
    assert refresh() == 0
    assert Initiative.objects.exclude(completeness=0).count() == COUNT


def test_nobody_can_take_them_for_real_ones(loaded):
    for noun in (Initiative, Actor, FundingSource):
        for fiche in noun.objects.all():
            assert "d’essai" in fiche.name
            assert "essai" in (fiche.slug or "essai")
    assert not Version.objects.exists()


def test_pages_show_them(client, loaded):
    for address in (
        "/",
        "/initiatives/",
        "/acteurs/",
        "/financements/",
        "/themes/alimentation/",
        "/territoires/dep-13/",
    ):
        assert client.get(address).status_code == 200, address
    for noun in (Initiative, Actor, FundingSource):
        for fiche in noun.objects.published()[:8]:
            assert client.get(fiche.get_absolute_url()).status_code == 200, fiche


def test_the_directory_is_told_that_all_of_it_changed(loaded):
    version = DirectoryVersion.objects.get()

    assert version.number == version.rebuild_from == 1


def test_places_are_drawn_by_their_population(surroundings):
    seed_load(initiatives=200, seed=1)

    sites = Counter(Site.objects.values_list("territory__code", flat=True))
    assert sites["13001"] > sites["13004"] > sites["13108"]


def test_the_vocabulary_is_large_and_follows_zipf(loaded):
    forms, weights = vocabulary()

    assert len({*forms}) == len(forms) == len(weights) == FORMS
    words = Counter(" ".join(Initiative.objects.values_list("search_text", flat=True)).split())
    assert words["de"] > words["quartier"] > 0
    assert sum(count == 1 for count in words.values()) > len(words) / 3
    assert 100 < words.total() / COUNT < 150


# Refusals


def test_a_directory_that_holds_fiches_is_left_alone(surroundings):
    InitiativeFactory()

    with pytest.raises(SeedRefused, match="contient déjà 1 fiches"):
        seed_load(initiatives=3, seed=1)

    assert Initiative.objects.count() == 1
    seed_load(initiatives=3, seed=1, among_others=True)
    assert Initiative.objects.count() == 4


def test_the_same_fiches_are_not_loaded_twice(loaded):
    with pytest.raises(SeedRefused, match="tirage 1 sont déjà"):
        seed_load(initiatives=3, seed=1, among_others=True)


def test_a_load_that_fails_leaves_nothing(surroundings):
    GivenSlug.objects.create(
        noun="initiative", slug="fiche-d-essai-1-000003", uuid="00000000-0000-4000-8000-000000000000"
    )

    with pytest.raises(IntegrityError):
        seed_load(initiatives=5, seed=1)

    assert not Actor.objects.exists()
    assert not Initiative.objects.exists()


def test_the_command_says_what_it_does(surroundings, capsys):
    call_command("seed_load", "--initiatives", "5", "--seed", "7")

    told = capsys.readouterr().out
    assert "5 initiatives" in told
    assert "Aucune n’est vraie" in told
    assert Initiative.objects.filter(origin_id="7/5").exists()
    with pytest.raises(CommandError, match="--force"):
        call_command("seed_load", "--initiatives", "5", "--seed", "8")
    call_command("seed_load", "--initiatives", "5", "--seed", "8", "--force")
    assert Initiative.objects.count() == 10


def test_without_the_reference_data_the_command_says_what_to_do_first():
    with pytest.raises(CommandError, match="load_reference"):
        call_command("seed_load", "--initiatives", "5")


@pytest.mark.parametrize("number", ["0", "-1", "1000001"])
def test_a_number_that_makes_no_sense_is_refused(number):
    with pytest.raises(CommandError, match="attendu un nombre"):
        call_command("seed_load", f"--initiatives={number}")
