"""The official files, loaded: the real ones once, then a tiny country where things change."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from reversion.models import Revision, Version

from initiatives.exchange.importers.reference import load_reference
from initiatives.models import Audience, Label, PostalCode, Territory, TerritoryName, Theme, current_version
from initiatives.submission.history import told
from tests.factories import ActorFactory, FundingSourceFactory, InitiativeFactory, TerritoryFactory

pytestmark = pytest.mark.django_db

REAL = Path(settings.BASE_DIR) / "fixtures" / "reference"
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
TODAY = NOW.date()
Kind = Territory.Kind


def count(kind, **values):
    return Territory.objects.filter(kind=kind, **values).count()


def test_the_real_files_give_the_region_and_know_the_rest_of_france():
    report = load_reference(REAL, region="93", at=NOW)

    assert report.created[Kind.COMMUNE] == 34_969
    assert count(Kind.DEPARTMENT, in_scope=True) == 6
    assert count(Kind.EPCI, in_scope=True) == 52
    assert count(Kind.COMMUNE, region__code="93") == 946
    assert count(Kind.COMMUNE, region__code="93", latitude=None) == 0
    assert count(Kind.DISTRICT, in_scope=True, commune__code="13055") == 16
    # Those of the EPCI that straddle the border: one of them reaches into the Drôme, one into the Gard…
    straddling = Territory.objects.filter(kind=Kind.COMMUNE, in_scope=True).exclude(region__code="93")
    assert straddling.count() == 28
    assert {"26", "30"} <= {*straddling.values_list("department__code", flat=True)}
    lyon = Territory.objects.get(kind=Kind.COMMUNE, code="69123")
    assert not lyon.in_scope
    assert lyon.department.name == "Rhône"
    assert PostalCode.objects.filter(territory=lyon, code="69001").exists()
    assert Theme.objects.top().count() == 12
    assert Theme.objects.exclude(parent=None).count() == 48
    assert all(theme.own_cloth for theme in Theme.objects.top())
    assert Audience.objects.count() == 11
    assert Label.objects.count() == 15
    assert not Territory.objects.filter(name__contains="'").exists()
    names = {key: Territory.objects.by_key(key) for key in ("com-13028", "com-83069", "com-05096", "epci-200039857")}
    assert names["com-13028"].name_at == "à La Ciotat"
    assert names["com-83069"].name_of == "d’Hyères"
    assert names["com-05096"].name_at == "à Orcières"
    assert names["epci-200039857"].name_at == "dans le Pays de Grasse"
    assert Territory.objects.by_key("dep-83").name_at == "dans le Var"
    assert (
        [*Territory.objects.called("PACA")]
        == [*Territory.objects.called("Sud")]
        == [Territory.objects.by_key("reg-93")]
    )
    assert [*Territory.objects.called("accm")] == [Territory.objects.by_key("epci-241300417")]
    other_names = (REAL / "territories" / "region-93" / "other_names.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(other_names.splitlines()):
        assert Territory.objects.by_key(f"{row['kind']}-{row['code']}").other_names.filter(name=row["name"]).exists()
    # An old commune is a name of the one that took it over.
    assert TerritoryName.objects.filter(territory__kind=Kind.COMMUNE).count() >= 20
    marseille = Territory.objects.by_key("com-13055")
    assert (marseille.unit_count, marseille.is_unit) == (16, False)
    # People may change themes and audiences: they have history. The official territories have theirs in the files.
    assert Version.objects.get_for_model(Theme).count() == 60
    assert Version.objects.get_for_model(Audience).count() == 11
    assert not Version.objects.get_for_model(Territory).exists()

    version = current_version()
    again = load_reference(REAL, region="93", at=NOW)

    assert not again.changed
    assert current_version() == version


def test_another_region_can_be_the_one_of_the_directory():
    call_command("load_reference", "--region", "53")

    assert count(Kind.REGION, in_scope=True, code="53") == 1
    assert {*Territory.objects.in_scope().filter(kind=Kind.DEPARTMENT).values_list("code", flat=True)} == {
        "22",
        "29",
        "35",
        "56",
    }
    rennes = Territory.objects.by_key("com-35238")
    assert rennes.in_scope
    assert (rennes.name_at, rennes.latitude) == ("à Rennes", None)
    assert Territory.objects.by_key("com-35001").name_of == "d’Acigné"
    assert not Territory.objects.by_key("com-13004").in_scope


def test_a_region_that_does_not_exist_is_refused_in_a_sentence():
    with pytest.raises(CommandError, match="La région « 99 » n’est pas dans"):
        call_command("load_reference", "--region", "99")

    assert not Territory.objects.exists()


class Country:
    """A folder of official files that a test may change and load again."""

    def __init__(self, folder):
        self.folder = folder
        self.communes = [
            {"code": "13004", "nom": "Arles", "departement": "13", "region": "93", "epci": "E1", "population": "50"},
            {"code": "13028", "nom": "La Ciotat", "departement": "13", "region": "93", "epci": "E1", "population": ""},
            {"code": "26146", "nom": "L'Isle", "departement": "26", "region": "84", "epci": "E1", "population": "9"},
            {"code": "69123", "nom": "Lyon", "departement": "69", "region": "84", "epci": "E2", "population": "500"},
        ]
        self.former = []
        self.other_names = []
        self.postal = {"13004": "13200", "13028": "13600", "26146": "26230", "69123": "69001 69002"}

    def load(self, region="93"):
        places = self.folder / "territories"
        details = places / "region-93"
        details.mkdir(parents=True, exist_ok=True)
        _write(places / "regions.csv", [_named("93", "Provence"), _named("84", "Auvergne")])
        departments = [("13", "Bouches-du-Rhône", "93"), ("26", "Drôme", "84"), ("69", "Rhône", "84")]
        _write(
            places / "departments.csv", [_named(code, nom) | {"region": region} for code, nom, region in departments]
        )
        _write(
            places / "epci.csv",
            [
                {"code": "E1", "nom": "CC du Pays d'Ici", "type": "CC", "departement": "13"},
                {"code": "E2", "nom": "Métropole de Lyon", "type": "METLYON", "departement": "69"},
            ],
        )
        _write(
            places / "articles.csv", [{"kind": "dep", "code": "13", "name_at": "dans les Bouches", "name_of": "des"}]
        )
        _write(details / "districts.csv", [], "code commune numero population code_postal latitude longitude")
        _write(details / "former_communes.csv", self.former, "code nom commune")
        _write(details / "other_names.csv", self.other_names, "kind code name")
        communes = [row | {"codes_postaux": self.postal[row["code"]]} for row in self.communes]
        (places / "communes.csv.gz").write_bytes(gzip.compress(_csv(communes).encode()))
        _write(self.folder / "themes.csv", [], "slug name parent position cloth")
        _write(self.folder / "audiences.csv", [], "slug name position")
        _write(self.folder / "labels.csv", [], "code libelle nature fondement")
        _write(self.folder / "synonyms.csv", [], "words note")
        return load_reference(self.folder, region=region, at=NOW)


def _named(code, name):
    return {"code": code, "nom": name, "population": "10"}


def _write(path, rows, header=""):
    path.write_text(_csv(rows, header), encoding="utf-8")


def _csv(rows, header=""):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=header.split() or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def country(tmp_path):
    return Country(tmp_path)


def test_an_epci_that_straddles_the_border_brings_its_communes_and_the_rest_stays_out(country):
    country.load()

    assert {*Territory.objects.in_scope().filter(kind=Kind.COMMUNE).values_list("code", flat=True)} == {
        "13004",
        "13028",
        "26146",
    }
    assert Territory.objects.by_key("com-26146").name == "L’Isle"
    epci = Territory.objects.by_key("epci-E1")
    assert (epci.name, epci.name_at, epci.population, epci.unit_count) == ("Pays d’Ici", "dans le Pays d’Ici", 59, 3)
    assert not Territory.objects.filter(kind=Kind.EPCI, code="E2").exists()


def test_loading_again_what_changed_updates_it_and_nothing_else(country):
    country.load()
    version = current_version()
    country.communes[0]["population"] = "60"
    country.postal["13004"] = "13200 13104"

    report = country.load()

    assert Territory.objects.by_key("com-13004").population == 60
    assert report.updated[Kind.COMMUNE] == 1
    assert report.updated[Kind.EPCI] == 1
    assert report.updated["PostalCode"] == 1
    assert current_version() == version + 1


def test_what_the_official_files_no_longer_know_is_closed_and_never_deleted(country):
    country.load()
    del country.communes[1]

    report = country.load()

    closed = Territory.objects.by_key("com-13028")
    assert report.closed == ["13028"]
    assert (closed.closed_on, closed.in_scope, closed.is_unit) == (TODAY, False, False)
    assert Territory.objects.by_key("epci-E1").unit_count == 2


def test_a_commune_that_another_took_over_leaves_it_its_name_and_all_that_stood_there(country):
    country.load()
    old, new = Territory.objects.by_key("com-13028"), Territory.objects.by_key("com-13004")
    initiative = InitiativeFactory(sites=[old], coverage=[old, new])
    actor = ActorFactory(seat=old, coverage=[old])
    source = FundingSourceFactory(territories=[old])
    zone = TerritoryFactory(kind="zone", code="cote")
    zone.members.set([old])
    del country.communes[1]
    country.former = [{"code": "13028", "nom": "La Ciotat", "commune": "13004"}]

    country.load()

    old.refresh_from_db()
    actor.refresh_from_db()
    assert (old.successor, old.closed_on) == (new, TODAY)
    assert [site.territory for site in initiative.sites.all()] == [new]
    assert [*initiative.coverage.all()] == [new]
    assert (actor.seat, [*actor.coverage.all()]) == (new, [new])
    assert [*source.territories.all()] == [new]
    assert [*zone.members.all()] == [new]
    assert [*Territory.objects.called("la ciotat").filter(closed_on=None)] == [new]
    assert TerritoryName.objects.count() == 1
    country.load()
    assert TerritoryName.objects.count() == 1


def test_what_a_takeover_moves_keeps_history_of_it_and_the_rest_of_a_load_does_not(country):
    country.load()
    before = Revision.objects.count()
    old = Territory.objects.by_key("com-13028")
    moved = [
        InitiativeFactory(sites=[old]),
        InitiativeFactory(coverage=[old]),
        ActorFactory(seat=old),
        ActorFactory(coverage=[old]),
        FundingSourceFactory(territories=[old]),
        TerritoryFactory(kind="zone", code="cote"),
    ]
    moved[-1].members.set([old])
    elsewhere = InitiativeFactory(sites=[Territory.objects.by_key("com-13004")])
    del country.communes[1]
    country.former = [{"code": "13028", "nom": "La Ciotat", "commune": "13004"}]

    country.load()

    assert Revision.objects.count() == before + 1
    for row in moved:
        version = Version.objects.get_for_object(row).get()
        assert told(version.revision) == ("Chargement du référentiel", "")
        row.refresh_from_db()
        assert getattr(row, "revision", 1) == 1
    assert not Version.objects.get_for_object(elsewhere).exists()
    country.load()
    assert Revision.objects.count() == before + 1


def test_a_region_and_an_epci_are_known_by_what_people_call_them(country):
    country.other_names = [
        {"kind": "reg", "code": "93", "name": "L'autre nom"},
        {"kind": "epci", "code": "E1", "name": "CCPI"},
        {"kind": "epci", "code": "E2", "name": "Lyon, hors de l'annuaire"},
    ]

    report = country.load()

    assert report.created["TerritoryName"] == 2
    assert [*Territory.objects.called("ccpi")] == [Territory.objects.by_key("epci-E1")]
    assert Territory.objects.by_key("reg-93").other_names.get().name == "L’autre nom"
    assert not country.load().changed


def test_a_zone_that_people_made_stays(country):
    country.load()
    zone = TerritoryFactory(kind="zone", code="cote", name="La Côte")
    zone.members.set([Territory.objects.by_key("com-13028")])

    country.load()

    zone.refresh_from_db()
    assert (zone.name, zone.unit_count, zone.closed_on) == ("La Côte", 1, None)


def test_a_load_that_fails_leaves_nothing(country, monkeypatch):
    country.load()
    country.communes[0]["departement"] = "13"
    country.communes[0]["population"] = "abc"

    with pytest.raises(ValueError, match="abc"):
        country.load()

    assert Territory.objects.by_key("com-13004").population == 50
