"""Content files become fiches; loading again follows the files and never undoes what people did."""

import pytest
from reversion.models import Revision, Version

from initiatives.exchange.content_check import problems
from initiatives.exchange.importers.shapes import INITIATIVES, ContentError
from initiatives.models import Actor, FundingSource, Initiative, Participation, TerritoryFigure, current_version
from initiatives.submission.actions import archive, merge, record_edit
from initiatives.submission.history import act, told
from tests.factories import InitiativeFactory

FICHE = "initiatives/l-epicerie.toml"
FIGURES = """
[[figures]]
territory = "dep-13"
label = "établissements employeurs"
value = 226
year = 2020
source = "bulletin"
"""


def the_shop():
    return Initiative.objects.get(origin_id="l-epicerie")


def test_an_empty_directory_receives_published_fiches_with_all_their_lines(content, some_day):
    report = content.load(some_day)

    assert report.created == {"initiative": 1, "acteur": 2, "source de financement": 1}
    shop = the_shop()
    assert (shop.slug, shop.status, shop.published_at, shop.origin) == (
        "l-epicerie",
        "published",
        some_day,
        "redaction",
    )
    assert [site.territory.code for site in shop.sites.all()] == ["13004", "13001"]
    assert [theme.slug for theme in shop.theme_list] == ["alimentation", "lien-social"]
    assert shop.lead_actor.name == "Les Cabas"
    assert shop.to_verify == {"start_year": "Deux sources ne disent pas la même année."}
    assert (shop.stage, shop.stage_as_of, shop.activity) == ("experimentation", 2017, "inconnu")
    source = shop.sources.get()
    assert (source.publisher, source.year, source.supports) == ("La gazette", 2017, ["stage"])
    assert shop.milestones.get().source == source
    funding = shop.fundings.get()
    assert (funding.source.name, funding.source.offered_by.name, funding.amount) == (
        "Le coup de pouce",
        "Le Réseau",
        5000,
    )
    assert shop.lead_actor.ties.get().other.name == "Le Réseau"
    assert shop.checked_on is None
    assert shop.holder_checked_on is None


def test_the_history_of_each_fiche_begins_with_what_its_file_says(content, some_day):
    content.write("figures.toml", FIGURES)
    content.load(some_day)

    assert Revision.objects.count() == 5  # four fiches, one territory
    assert {told(revision) for revision in Revision.objects.all()} == {("Chargement des contenus", "")}
    version = Version.objects.get_for_object(the_shop()).get()
    assert (version.revision.user, version.revision.date_created) == (None, some_day)
    assert version.revision.version_set.count() == 9  # with its themes, sites, participation, funding, date, source

    content.load(some_day)
    assert Revision.objects.count() == 5

    content.replace(FICHE, "tenue par ses clients", "tenue par ses voisins")
    content.load(some_day)
    assert Revision.objects.count() == 6
    assert Version.objects.get_for_object(the_shop()).count() == 2


def test_a_second_directory_gives_the_same_permanent_addresses(content):
    content.load()
    identity = the_shop().uuid, the_shop().daily_rank
    Initiative.objects.all().delete()

    content.load()

    assert (the_shop().uuid, the_shop().daily_rank) == identity


def test_loading_again_changes_nothing(content):
    content.load()
    version, revision = current_version(), the_shop().revision
    lines = {*Participation.objects.values_list("uuid", flat=True)}

    report = content.load()

    assert report.unchanged == {"initiative": 1, "acteur": 2, "source de financement": 1}
    assert (current_version(), the_shop().revision) == (version, revision)
    assert {*Participation.objects.values_list("uuid", flat=True)} == lines


def test_an_untouched_fiche_follows_its_file_and_keeps_its_lines(content):
    content.load()
    shop = the_shop()
    kept = shop.sites.get(territory__code="13004").uuid
    content.replace(FICHE, "tenue par ses clients", "tenue par ses voisins")
    content.replace(FICHE, '[[sites]]\nterritory = "com-13001"\n', '[[sites]]\nterritory = "com-13055"\n')
    content.replace(FICHE, '"alimentation", "lien-social"', '"lien-social", "alimentation"')

    report = content.load()

    assert report.updated == {"initiative": 1}
    shop = the_shop()
    assert shop.summary == "Une épicerie tenue par ses voisins."
    assert [theme.slug for theme in shop.theme_list] == ["lien-social", "alimentation"]
    assert [site.territory.code for site in shop.sites.all()] == ["13004", "13055"]
    assert shop.sites.get(territory__code="13004").uuid == kept


def test_a_column_added_since_the_last_load_is_no_edit(content, monkeypatch):
    known = INITIATIVES.columns
    monkeypatch.setitem(vars(INITIATIVES), "columns", tuple(name for name in known if name not in ("results", "scale")))
    content.load()
    monkeypatch.setitem(vars(INITIATIVES), "columns", known)
    content.replace(FICHE, "stage_as_of", 'results = "Cent clients."\nstage_as_of')

    report = content.load()

    assert report.left == []
    assert the_shop().results == "Cent clients."


@pytest.mark.parametrize("part", ["column", "line", "theme"])
def test_an_edited_fiche_is_left_and_reported(content, some_day, part):
    content.load()
    shop = the_shop()
    match part:
        case "column":
            shop.summary = "Une épicerie que nous avons visitée."
            shop.save()
        case "line":
            shop.milestones.all().delete()
        case "theme":
            shop.theme_links.get(position=2).delete()
    with act(verb="Modification", at=some_day):
        record_edit(fiche=shop, at=some_day)
    content.replace(FICHE, "Ouverture", "Ouverture du magasin")

    report = content.load()

    assert [(fiche.name, reason) for fiche, reason in report.left] == [("L’Épicerie", "elle a été modifiée ici")]
    assert not the_shop().milestones.filter(text="Ouverture du magasin").exists()


def test_what_was_archived_or_merged_never_comes_back(content, some_day):
    content.load()
    archive(fiche=the_shop(), at=some_day)
    first, second = Actor.objects.order_by("pk")
    merge(fiche=first, into=second, at=some_day)
    content.replace(FICHE, "Ouverture", "Ouverture du magasin")

    report = content.load()

    left = {fiche.name: reason for fiche, reason in report.left}
    assert (left["L’Épicerie"], left[first.name]) == ("elle est archivée", "elle est fusionnée")
    # What pointed to the one that left was changed here.
    assert {second.name, "Le coup de pouce"} == {*left} - {"L’Épicerie", first.name}
    assert the_shop().status == "archived"
    assert Actor.objects.get(pk=first.pk).status == "merged"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"com-13004"', '"com-99999"', "territoire inconnu"),
        ('"alimentation", ', '"alimentations", ', "thème inconnu"),
        ('actor = "les-cabas"', 'actor = "les-cabats"', "acteur inconnu"),
        ('source = "le-coup-de-pouce"', 'source = "le-coup"', "source de financement inconnu"),
        ('[[citations]]\nsource = "gazette"', '[[citations]]\nsource = "gazete"', "source inconnue « gazete »"),
        ("stage_as_of", "stage_as_off", "clé inconnue « stage_as_off »"),
        ("lead = true", "leader = true", "clé inconnue « leader »"),
        ('supports = ["stage"]', 'support = ["stage"]', "clé inconnue « support »"),
        ('summary = "Une', "summary = Une", "l-epicerie.toml"),
        ('themes = ["alimentation", "lien-social"]', "themes = []", "il manque un thème"),
        ('summary = "Une épicerie tenue par ses clients."', "", "il manque son résumé"),
    ],
)
def test_a_file_that_the_directory_cannot_hold_is_refused_whole_in_a_sentence(content, old, new, sentence):
    content.replace(FICHE, old, new)

    with pytest.raises(ContentError, match=sentence):
        content.load()

    assert not Initiative.objects.exists()
    assert not Actor.objects.exists()


def test_a_source_said_in_two_ways_is_refused(content):
    content.write("sources/autre.toml", '[gazette]\npublisher = "La Gazette"\nurl = "https://gazette.exemple.test/"')

    with pytest.raises(ContentError, match="est dite autrement"):
        content.load()


def test_an_initiative_typed_by_people_keeps_its_address_and_is_never_touched(content):
    own = InitiativeFactory(name="L’Épicerie", published=True)

    content.load()

    own.refresh_from_db()
    assert (own.slug, own.revision) == ("l-epicerie", 0)
    assert the_shop().slug == "l-epicerie-2"


def test_figures_of_territories_follow_their_file(content):
    figure = '[[figures]]\nterritory = "dep-13"\nlabel = "emplois"\nvalue = 10\nyear = 2016\nsource = "gazette"\n'
    content.write("figures.toml", figure)
    content.load()
    content.write("figures.toml", figure.replace("10", "12"))

    content.load()

    row = TerritoryFigure.objects.get()
    assert (row.territory.key, row.value, row.source) == ("dep-13", 12, "La gazette")


def test_the_content_that_was_just_loaded_has_nothing_to_correct(content, some_day):
    content.load(some_day)

    assert problems(some_day.date()) == []


def test_what_no_constraint_can_hold_is_found(content, some_day):
    content.load(some_day)
    shop = the_shop()
    shop.sources.all().delete()
    shop.sites.all().delete()
    Initiative.objects.filter(pk=shop.pk).update(start_year=2027)
    Actor.objects.filter(name="Le Réseau").update(status="draft", published_at=None)
    Actor.objects.filter(name="Les Cabas").update(status="draft", published_at=None)
    FundingSource.objects.update(checked_on="2027-01-01")

    assert {*problems(some_day.date())} == {
        "« L’Épicerie » : il manque un lieu ou un territoire d’intervention.",
        "« L’Épicerie » n’a pas de source.",
        "« L’Épicerie » cite un acteur qui n’est pas publié.",
        "« L’Épicerie » a une date dans l’avenir.",
        "« Le Réseau » propose un financement publié et n’est pas publié.",
        "« Le coup de pouce » a été vérifiée dans l’avenir.",
    }
