"""Reference data: the official territories, the themes, the audiences, the labels. Idempotent; never deletes."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, models, transaction
from django.utils import timezone

from initiatives.exchange.importers.nomenclatures import load_nomenclatures
from initiatives.exchange.importers.official_files import read_rows
from initiatives.exchange.importers.place_names import EPCI_NATURES, commune_forms, epci_forms, typeset
from initiatives.exchange.importers.succession import move_to_successor
from initiatives.models import ALL, PostalCode, Territory, TerritoryName, record_change
from initiatives.submission.history import act
from initiatives.text import fold

Kind = Territory.Kind
LOADED = [
    "name",
    "name_at",
    "name_of",
    "nature",
    "folded",
    "sort_key",
    "region_id",
    "department_id",
    "epci_id",
    "commune_id",
    "population",
    "latitude",
    "longitude",
    "in_scope",
    "is_unit",
    "closed_on",
    "successor_id",
]


@dataclass
class Report:
    """What a load did, kind by kind."""

    created: Counter = field(default_factory=Counter)
    updated: Counter = field(default_factory=Counter)
    closed: list = field(default_factory=list)

    @property
    def changed(self):
        return bool(self.created or self.updated or self.closed)


@transaction.atomic
def load_reference(folder: Path, *, region: str, at: datetime) -> Report:
    """Load the official files of ``folder`` for the directory of one ``region`` (Insee code).

    Raises ``ValueError`` for a region that the files do not know. Leaves history of the fiches, zones, themes and
    audiences that it changes; the official territories have theirs in the files.
    """
    report = Report()
    with act(verb="Chargement du référentiel", at=at):
        _TerritoryFiles(folder / "territories", region, report).load(at)
        load_nomenclatures(folder, report)
    if report.changed:
        record_change(ALL)
    return report


class _TerritoryFiles:
    """The territories, kind after kind: each kind needs the keys of the ones above it."""

    def __init__(self, folder, region, report):
        self.folder, self.region, self.report = folder, region, report
        self.details = folder / f"region-{region}"
        self.communes = read_rows(folder / "communes.csv.gz")
        self.epci_in_scope = {row["epci"] for row in self.communes if row["region"] == region and row["epci"]}
        self.forms = {(row["kind"], row["code"]): row for row in read_rows(folder / "articles.csv")}
        self.points = {row["code"]: row for row in self._details("communes.csv")}
        # Those of every region that has some: a directory that moves to another region keeps the same smallest units.
        self.districts = [row for path in sorted(folder.glob("region-*/districts.csv")) for row in read_rows(path)]
        self.with_districts = {row["commune"] for row in self.districts}
        self.known = {kind: set() for kind in Kind}

    def load(self, at):
        today = timezone.localdate(at)
        self._load_country_and_regions()
        self._load_departments()
        self._load_epci()
        self._load_communes()
        self._load_districts()
        refresh_statistics(Territory)
        self._close_missing(today)
        self._load_former_communes(at)
        self._load_other_names()
        self._count_units()
        self._load_postal_codes()
        refresh_statistics(Territory, TerritoryName, PostalCode)

    def _load_country_and_regions(self):
        self._save(
            Kind.COUNTRY,
            [{"code": "FR", "name": "France", "name_at": "en France", "name_of": "de France"}],
            in_scope=True,
        )
        rows = read_rows(self.folder / "regions.csv")
        if self.region not in {row["code"] for row in rows}:
            raise ValueError(f"La région « {self.region} » n’est pas dans {self.folder / 'regions.csv'}.")
        self._save(Kind.REGION, [self._official(row, Kind.REGION) for row in rows])
        self.regions = self._ids(Kind.REGION)

    def _load_departments(self):
        self._save(
            Kind.DEPARTMENT,
            [
                self._official(row, Kind.DEPARTMENT) | {"region_id": self.regions.get(row["region"])}
                for row in read_rows(self.folder / "departments.csv")
            ],
        )
        self.departments = self._ids(Kind.DEPARTMENT)

    def _load_epci(self):
        details = {row["code"]: row for row in self._details("epci.csv")}
        population = Counter()
        for row in self.communes:
            population[row["epci"]] += int(row["population"] or 0)
        values = []
        for row in read_rows(self.folder / "epci.csv"):
            self.known[Kind.EPCI].add(row["code"])
            if row["code"] not in self.epci_in_scope:
                continue
            detail = details.get(row["code"], {})
            name, at, of = epci_forms(row["nom"])
            if usual := detail.get("nom_usuel"):
                name, at, of = usual, at.replace(name, usual), of.replace(name, usual)
            values.append(
                {
                    "code": row["code"],
                    "name": name,
                    "name_at": detail.get("nom_a") or at,
                    "name_of": detail.get("nom_de") or of,
                    "nature": EPCI_NATURES.get(row["type"], "intercommunalité"),
                    "population": population[row["code"]],
                    "department_id": self.departments.get(detail.get("departement_paca") or row["departement"]),
                    "region_id": self.regions[self.region],
                    **_point(detail),
                }
            )
        self._save(Kind.EPCI, values, in_scope=True)
        self.epci = self._ids(Kind.EPCI)

    def _load_communes(self):
        values = []
        for row in self.communes:
            name = typeset(row["nom"])
            detail = self.points.get(row["code"], {})
            at, of = commune_forms(name)
            values.append(
                {
                    "code": row["code"],
                    "name": name,
                    "name_at": typeset(detail.get("nom_a", "")) or at,
                    "name_of": typeset(detail.get("nom_de", "")) or of,
                    "population": int(row["population"]) if row["population"] else None,
                    "region_id": self.regions.get(row["region"]),
                    "department_id": self.departments.get(row["departement"]),
                    "epci_id": self.epci.get(row["epci"]),
                    "in_scope": row["region"] == self.region or row["epci"] in self.epci_in_scope,
                    "is_unit": row["code"] not in self.with_districts,
                    **_point(detail),
                }
            )
        self._save(Kind.COMMUNE, values)
        self.commune_ids = self._ids(Kind.COMMUNE)

    def _load_districts(self):
        communes = {
            commune.code: commune
            for commune in Territory.objects.filter(kind=Kind.COMMUNE, code__in=self.with_districts)
        }
        values = []
        for row in self.districts:
            commune = communes[row["commune"]]
            number = "1er" if row["numero"] == "1" else f"{row['numero']}e"
            values.append(
                {
                    "code": row["code"],
                    "name": f"{commune.name} {number} arrondissement",
                    "name_at": f"dans le {number} arrondissement {commune.name_of}",
                    "name_of": f"du {number} arrondissement {commune.name_of}",
                    "nature": "arrondissement municipal",
                    "population": int(row["population"]),
                    "commune_id": commune.pk,
                    "epci_id": commune.epci_id,
                    "department_id": commune.department_id,
                    "region_id": commune.region_id,
                    "in_scope": commune.in_scope,
                    "is_unit": True,
                    **_point(row),
                }
            )
        self._save(Kind.DISTRICT, values)

    def _close_missing(self, today):
        """What the official files no longer know is closed, never deleted: sites may stand there."""
        for kind in (Kind.EPCI, Kind.COMMUNE):
            open_codes = Territory.objects.filter(kind=kind, closed_on=None).values_list("code", flat=True)
            missing = set(open_codes) - self.known[kind]
            Territory.objects.filter(kind=kind, code__in=missing).update(closed_on=today, in_scope=False, is_unit=False)
            self.report.closed += sorted(missing)
        out_of_scope = Territory.objects.filter(kind=Kind.EPCI, in_scope=True).exclude(code__in=self.epci_in_scope)
        out_of_scope.update(in_scope=False)

    def _load_former_communes(self, at):
        """An old commune is a name of the one that took it over; its sites and coverages follow."""
        for row in self._details("former_communes.csv"):
            successor = self.commune_ids.get(row["commune"])
            self._name(successor, typeset(row["nom"]), row["code"])
            old = Territory.objects.filter(kind=Kind.COMMUNE, code=row["code"]).exclude(pk=successor).first()
            if successor and old and old.successor_id != successor:
                old.closed_on, old.successor_id, old.in_scope, old.is_unit = (
                    old.closed_on or timezone.localdate(at),
                    successor,
                    False,
                    False,
                )
                old.save()
                move_to_successor(old, at=at)
                self.report.updated[Kind.COMMUNE] += 1

    def _load_other_names(self):
        """What people call a region or an EPCI: a usual name, an acronym."""
        for row in self._details("other_names.csv"):
            self._name(self._ids(row["kind"]).get(row["code"]), typeset(row["name"]))

    def _name(self, territory_id, name, former_code=""):
        if territory_id and not TerritoryName.objects.filter(territory=territory_id, folded=fold(name)).exists():
            TerritoryName.objects.create(territory_id=territory_id, name=name, former_code=former_code)
            self.report.created["TerritoryName"] += 1

    def _count_units(self):
        units = Territory.objects.filter(is_unit=True)
        units.exclude(unit_count=1).update(unit_count=1)
        for column, kind in (
            ("region", Kind.REGION),
            ("department", Kind.DEPARTMENT),
            ("epci", Kind.EPCI),
            ("commune", Kind.COMMUNE),
        ):
            counts = dict(units.exclude(**{column: None}).values_list(column).annotate(models.Count("pk")))
            groups = Territory.objects.filter(kind=kind, pk__in=list(counts)).only("pk", "unit_count")
            for group in groups:
                group.unit_count = counts[group.pk]
            Territory.objects.bulk_update(groups, ["unit_count"], batch_size=500)
        Territory.objects.filter(kind=Kind.COUNTRY).update(unit_count=units.count())
        for zone in Territory.objects.filter(kind=Kind.ZONE):
            Territory.objects.filter(pk=zone.pk).update(unit_count=zone.count_units())

    def _load_postal_codes(self):
        district_ids = self._ids(Kind.DISTRICT)
        wanted = {(district_ids[row["code"]], row["code_postal"]) for row in self.districts}
        wanted |= {
            (self.commune_ids[row["code"]], code)
            for row in self.communes
            if row["code"] not in self.with_districts
            for code in row["codes_postaux"].split()
        }
        known = {(line.territory_id, line.code): line.pk for line in PostalCode.objects.all()}
        stale = [pk for key, pk in known.items() if key not in wanted]
        missing = sorted(wanted - set(known))
        PostalCode.objects.filter(pk__in=stale).delete()
        PostalCode.objects.bulk_create(
            [PostalCode(territory_id=pk, code=code) for pk, code in missing], batch_size=5000
        )
        if stale or missing:
            self.report.updated["PostalCode"] += len(stale) + len(missing)

    @staticmethod
    def _differs(old, territory):
        for name in ("folded", "sort_key"):
            Territory._meta.get_field(name).pre_save(territory, add=False)
        return any(old[name] != getattr(territory, name) for name in LOADED)

    def _official(self, row, kind):
        forms = self.forms.get((kind, row["code"]), {})
        in_scope = row["code" if kind == Kind.REGION else "region"] == self.region
        return {
            "code": row["code"],
            "name": typeset(row["nom"]),
            "name_at": forms.get("name_at", ""),
            "name_of": forms.get("name_of", ""),
            "population": int(row["population"]) if row["population"] else None,
            "in_scope": in_scope,
        }

    def _details(self, name):
        path = self.details / name
        return read_rows(path) if path.exists() else []

    def _ids(self, kind):
        return dict(Territory.objects.filter(kind=kind).values_list("code", "pk"))

    def _save(self, kind, values, in_scope=None):
        """Insert the new ones, update those that differ, leave the others untouched."""
        self.known[kind] |= {row["code"] for row in values}
        existing = {row["code"]: row for row in Territory.objects.filter(kind=kind).values("code", *LOADED)}
        changed = []
        for row in values:
            territory = Territory(kind=kind, **row)
            if in_scope is not None:
                territory.in_scope = in_scope
            old = existing.get(row["code"])
            if old is None:
                self.report.created[kind] += 1
            elif self._differs(old, territory):
                self.report.updated[kind] += 1
            else:
                continue
            changed.append(territory)
        Territory.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["kind", "code"], update_fields=LOADED, batch_size=5000
        )


def refresh_statistics(*tables):
    """Tell the database how many rows there are now: until it knows, it joins them as if there were a handful."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")


def _point(row):
    if not row.get("latitude"):
        return {}
    return {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}
