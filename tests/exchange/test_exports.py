"""``export.csv`` and ``export.geojson``: the rows of the list, in its order, for spreadsheets and for maps."""

import gc
import gzip
import re
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.exchange import batches
from initiatives.exchange.columns import COLUMNS, Kind
from initiatives.exchange.formats import csv_pieces, geojson_pieces
from initiatives.exchange.readings import plain
from initiatives.models import Initiative, PostalCode, record_change
from tests import factories
from tests.directory.filled import full_initiative
from tests.directory.sample import found, make_directory
from tests.exchange.leaving import NAMES, collection, sheet, text_of, typed_again

BOTH = pytest.mark.parametrize("extension", ["csv", "geojson"])


@pytest.fixture
def places(db):
    return factories.make_places()


@pytest.fixture
def directory(places):
    return make_directory(places)


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://annuaire.exemple.test"
    return settings.SITE_URL


def lines(client, query=""):
    return sheet(text_of(client.get(f"/initiatives/export.csv?{query}")))


def points(client, query=""):
    return collection(text_of(client.get(f"/initiatives/export.geojson?{query}")))


def rows(client, query=""):
    return [feature["properties"] for feature in points(client, query)["features"]]


# Which rows


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=cantine",
        "q=introuvable",
        "theme=alimentation&etape=developpement",
        "territoire=com-13004",
        "territoire=com-13004&presence=basee&presence=intervient",
        "territoire=dep-13&tri=nom",
        "tri=nom",
        "tri=recentes",
        "tri=jour&utm_source=lettre&utm_campaign=x",
        "theme=&q=+&page=&par_page=&lieu=&tri=",
    ],
)
def test_an_export_has_the_rows_of_the_list_in_its_order(client, directory, query):
    names = found(client, query)

    assert [line["name"] for line in lines(client, query)] == names
    assert [row["name"] for row in rows(client, query)] == names
    assert points(client, query)["metadata"]["nombre"] == len(names)


def test_the_list_links_to_its_own_results(client, directory):
    page = client.get("/initiatives/?territoire=com-13004&presence=basee&tri=nom&par_page=10&theme=rien").text

    for address in ("export.csv", "export.geojson"):
        link = re.search(rf'href="(/initiatives/{address}[^"]*)"', page)[1].replace("&amp;", "&")
        assert link == f"/initiatives/{address}?territoire=com-13004&presence=basee&tri=nom"
        assert "Cantine" in text_of(client.get(link))
    feeds = re.findall(r'href="(/initiatives/flux.atom[^"]*)"', page)
    assert {*feeds} == {"/initiatives/flux.atom?territoire=com-13004&amp;presence=basee"}
    assert re.search(r'rel="alternate"\s+type="application/atom\+xml"', page)


def test_a_batch_that_is_full_is_followed_by_the_next(client, directory, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)

    assert [line["name"] for line in lines(client, "tri=nom")] == found(client, "tri=nom")
    assert [row["name"] for row in rows(client, "tri=nom")] == found(client, "tri=nom")


# What a row says


def test_a_row_says_all_that_is_known(client, places, site):
    fiche = full_initiative(places)
    Initiative.objects.filter(pk=fiche.pk).update(
        checked_on=date(2026, 4, 1), holder_checked_on=date(2026, 4, 2), activity="en-activite"
    )
    fiche.sites.filter(position=1).update(address="3 rue du Lavoir, 13200 Arles", label="La légumerie")
    fiche.sites.filter(position=1).update(latitude=43.67123456789, longitude=4.6)
    fiche.participations.filter(is_lead=True).get()
    PostalCode.objects.bulk_create(PostalCode(territory=places.arles, code=code) for code in ("13200", "13280"))
    lead = fiche.lead_actor

    [row] = [row for row in rows(client) if row["name"] == "Les Jardins"]

    assert row == {
        "id": str(fiche.uuid),
        "name": "Les Jardins",
        "description": fiche.summary,
        "url": f"{site}/id/{fiche.uuid}/",
        "page": f"{site}/initiatives/les-jardins/",
        "website": "https://jardins.exemple.test/",
        "categories": ["Cantines"],
        "theme": ["cantines"],
        "latitude": 43.671235,
        "longitude": 4.6,
        "precisionPoint": "lieu",
        "nomLieu": "La légumerie",
        "streetAddress": "3 rue du Lavoir, 13200 Arles",
        "postalCode": "13200",
        "addressLocality": "Arles",
        "addressCountry": "FR",
        "codeInsee": "13004",
        "departement": "Bouches-du-Rhône",
        "codeDepartement": "13",
        "epci": "Arles-Crau-Camargue-Montagnette",
        "codeEpci": "241300417",
        "lieux": ["Arles", "Marseille, 3e"],
        "codesLieux": ["com-13004", "arm-13203"],
        "couverture": ["Bouches-du-Rhône"],
        "codesCouverture": ["dep-13"],
        "etape": "essaimage",
        "anneeEtape": 2017,
        "etapeLuePar": "redaction",
        "activite": "en-activite",
        "anneeDebut": 2014,
        "precisionDebut": "environ",
        "anneeFin": None,
        "precisionFin": None,
        "echelle": "departement",
        "milieu": "rural",
        "public": [fiche.audiences.get().slug],
        "nouveaute": ["production", "nouveau-ici"],
        "nomPorteur": "La Légumerie",
        "urlPorteur": f"{site}/id/{lead.uuid}/",
        "sirenPorteur": None,
        "porteur": "entreprise-ess",
        "forme": "scic",
        "aVerifier": [],
        "sourcesCitees": ["Un article, La gazette de l’essai, 2017", "La gazette de l’essai"],
        "urlSources": [fiche.sources.first().url],
        "publieeLe": "2026-03-02T10:30:00+01:00",
        "modifieeLe": "2026-03-02T10:30:00+01:00",
        "verifieeLe": "2026-04-01",
        "relueLe": "2026-04-02",
        "source": "InnovGuide",
        "licence": "Licence Ouverte 2.0",
        "urlLicence": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "attribution": f"« Les Jardins », InnovGuide, version du 2026-03-02, {site}/id/{fiche.uuid}/",
    }


def test_each_column_has_once_something_to_say_and_is_empty_when_nothing_is_known(client, places):
    fiche = full_initiative(places)
    fiche.to_verify = {"start_year": "Peut-être avant."}
    fiche.activity, fiche.end_year, fiche.checked_on, fiche.holder_checked_on = (
        "terminee",
        2020,
        *[date(2026, 1, 1)] * 2,
    )
    fiche.save()
    fiche.sites.update(label="Ici", address="1 rue Là")
    PostalCode.objects.create(territory=places.arles, code="13200")
    fiche.lead_actor.siren = "732829320"
    type(fiche.lead_actor).objects.filter(pk=fiche.lead_actor.pk).update(siren="732829320")
    factories.InitiativeFactory(published=True, name="Rien", coverage=[places.vaucluse])

    by_name = {row["name"]: row for row in rows(client)}

    assert [name for name, value in by_name["Les Jardins"].items() if value in (None, [])] == []
    assert by_name["Les Jardins"]["aVerifier"] == ["Année de démarrage : Peut-être avant."]
    known = {name for name, value in by_name["Rien"].items() if value not in (None, [])}
    always = {"id", "name", "description", "url", "page", "publieeLe", "modifieeLe"}
    assert known == always | {"source", "licence", "urlLicence", "attribution", "couverture", "codesCouverture"}


def test_a_point_that_is_not_that_of_the_place_says_so(client, places):
    factories.InitiativeFactory(published=True, name="À Arles", sites=[places.arles])
    factories.InitiativeFactory(published=True, name="Sans point", sites=[places.tarascon])

    by_name = {feature["properties"]["name"]: feature for feature in points(client)["features"]}

    assert by_name["À Arles"]["geometry"] == {"type": "Point", "coordinates": [4.62778, 43.67668]}
    assert by_name["À Arles"]["properties"]["precisionPoint"] == "commune"
    assert by_name["Sans point"]["geometry"] is None
    assert by_name["Sans point"]["properties"]["precisionPoint"] is None
    assert by_name["Sans point"]["properties"]["codeInsee"] == "13108"


@pytest.mark.parametrize(
    ("codes", "address", "told"),
    [
        ([], "13200 Arles", None),
        (["13200"], "", "13200"),
        (["13200", "13280"], "", None),
        (["13200", "13280"], "Le Sambuc, 13280 Arles", "13280"),
        (["13200", "13280"], "13200 ou 13280", None),
    ],
)
def test_a_postal_code_is_never_a_guess(client, places, codes, address, told):
    fiche = factories.InitiativeFactory(published=True, sites=[places.arles])
    fiche.sites.update(address=address)
    PostalCode.objects.bulk_create(PostalCode(territory=places.arles, code=code) for code in codes)

    assert rows(client)[0]["postalCode"] == told


def test_an_arrondissement_is_in_its_commune(client, places):
    factories.InitiativeFactory(published=True, sites=[places.marseille_3])

    [row] = rows(client)

    assert (row["addressLocality"], row["codeInsee"], row["lieux"]) == ("Marseille", "13203", ["Marseille, 3e"])


# What no row says


def test_nothing_private_leaves(client, places):
    secret = "Secret"
    staff = factories.UserFactory(email="secret@exemple.test")
    fiche = full_initiative(
        places, contact_email="secret@jardins.exemple.test", contact_phone="Secret 04", contact_note="Secret note"
    )
    Initiative.objects.filter(pk=fiche.pk).update(checked_by=staff, checked_on=date(2026, 1, 1), origin_id="Secret id")
    fiche.participations.filter(is_lead=True).delete()
    draft = factories.ActorFactory(name="Secret porteur", legal_form="mutuelle", kind="reseau", siren="732829320")
    factories.ParticipationFactory(initiative=fiche, actor=draft, role="porteur", is_lead=True)
    for status in ("draft", "pending", "changes_requested", "rejected", "withdrawn"):
        factories.InitiativeFactory(name=f"Secret {status}", status=status, sites=[places.arles])
    factories.InitiativeFactory(name="Secret archivé", archived=True, sites=[places.arles])
    factories.InitiativeFactory(name="Secret fondu", merged_into=fiche, sites=[places.arles])

    for address in ("export.csv", "export.geojson", "flux.atom"):
        for query in ("", "?territoire=com-13004", "?q=secret", "?tri=nom" if address != "flux.atom" else ""):
            text = text_of(client.get(f"/initiatives/{address}{query}"))
            assert secret.lower() not in text.lower().replace("q=secret", "").replace("initiatives, secret", "")
            assert "mutuelle" not in text
            assert "732829320" not in text


# A spreadsheet

NASTY = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''-", "'", "a;b", 'a"b', "a\nb", "", "﻿"]


@given(st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]))), max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_from_a_spreadsheet_and_none_is_a_formula(texts):
    given_rows = [dict.fromkeys(NAMES) | {"name": plain(text), "latitude": -1.5} for text in texts]

    read = sheet("".join(csv_pieces([given_rows])))

    assert [typed_again(line["name"]) for line in read] == [row["name"] or "" for row in given_rows]
    assert not [line for line in read if line["name"][:1] in tuple("=+-@\t\r") and line["name"]]
    assert {line["latitude"] for line in read} <= {"-1.5"}


@given(st.text())
def test_what_xml_forbids_leaves_in_no_format(text):
    said = plain(text) or ""

    assert all(
        char in "\t\n\r" or " " <= char < "\ud800" or "\ue000" <= char <= "\ufffd" or char > "\uffff" for char in said
    )
    said.encode("utf-8")


def test_lists_are_cut_where_the_documentation_says(client, places):
    fiche = factories.InitiativeFactory(published=True, sites=[places.arles])
    for title in ("=Un | deux", "trois"):
        factories.SourceFactory(initiative=fiche, title=title, year=2020, publisher="P")

    [line] = lines(client)

    items = [item.replace("%7C", "|") for item in typed_again(line["sourcesCitees"]).split(" | ")]
    assert items == ["=Un | deux, P, 2020", "trois, P, 2020"]
    assert items == rows(client)[0]["sourcesCitees"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back_from_a_map(text):
    row = {column.name: [] if column.kind == Kind.LIST else None for column in COLUMNS} | {
        "id": "x",
        "name": plain(text),
    }

    [feature] = collection("".join(geojson_pieces([[row]], lambda: {"titre": text})))["features"]

    assert feature["properties"]["name"] == plain(text)


def test_an_empty_export_is_whole(client, places):
    assert lines(client) == []
    assert points(client)["features"] == []
    assert points(client)["metadata"]["nombre"] == 0


def test_a_map_says_where_it_comes_from(client, directory, site):
    data = points(client, "territoire=com-13004&presence=basee&tri=nom")["metadata"]

    assert data.pop("date").startswith(data["attribution"][-10:])
    assert data.pop("attribution").startswith("InnovGuide, https://annuaire.exemple.test, ")
    assert data == {
        "titre": "InnovGuide : initiatives d’innovation sociale",
        "licence": "Licence Ouverte 2.0",
        "urlLicence": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "recherche": f"{site}/initiatives/?territoire=com-13004&presence=basee&tri=nom",
        "export": f"{site}/initiatives/export.geojson?territoire=com-13004&presence=basee&tri=nom",
        "documentation": f"{site}/methode/#donnees-ouvertes",
        "nombre": 1,
    }


# The answer


@BOTH
def test_the_answer_says_what_it_is(client, directory, extension):
    response = client.get(f"/initiatives/export.{extension}")

    name = re.fullmatch(r'attachment; filename="(.+)"', response["Content-Disposition"])[1]
    assert re.fullmatch(rf"innovguide-initiatives-\d{{4}}-\d\d-\d\d\.{extension}", name)
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Link"].startswith('<https://www.etalab.gouv.fr/licence-ouverte-open-licence/>; rel="license"')
    assert (
        response["Content-Type"]
        == {
            "csv": "text/csv; charset=utf-8; header=present",
            "geojson": "application/geo+json",
        }[extension]
    )
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    text_of(response)


@pytest.mark.parametrize("address", ["export.csv", "export.geojson", "flux.atom"])
def test_what_has_not_changed_is_not_sent_again(client, directory, address):
    path = f"/initiatives/{address}?theme=habitat"
    etag = client.get(path)["ETag"]

    again = client.get(path, headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert client.get(f"/initiatives/{address}", headers={"If-None-Match": etag}).status_code == 200
    record_change([])
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("address", ["export.csv", "export.geojson", "flux.atom"])
def test_only_reading_is_allowed(client, directory, address):
    assert client.post(f"/initiatives/{address}").status_code == 405
    head = client.head(f"/initiatives/{address}")
    assert head.status_code == 200
    assert head["ETag"]


@BOTH
def test_the_answer_is_compressed_for_those_who_ask(client, directory, extension):
    response = client.get(f"/initiatives/export.{extension}", headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert "Cantine" in gzip.decompress(b"".join(response.streaming_content)).decode()


# How it reads


def questions(client, path):
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get(path))
    return len(queries)


@BOTH
def test_each_batch_asks_the_same_few_questions(client, places, monkeypatch, extension):
    monkeypatch.setattr(batches, "BATCH", 10)
    path = f"/initiatives/export.{extension}?tri=nom"
    counts = []
    for _ in range(4):
        for _ in range(10):
            full = factories.InitiativeFactory(
                published=True,
                sites=[places.arles, factories.TerritoryFactory(department=places.vaucluse)],
                coverage=[places.paca],
                themes=[factories.ThemeFactory()],
                audiences=[factories.AudienceFactory()],
                lead=factories.ActorFactory(published=True),
            )
            factories.SourceFactory(initiative=full)
        counts.append(questions(client, path))

    steps = {after - before for before, after in zip(counts, counts[1:], strict=False)}
    assert len(steps) == 1
    assert steps.pop() <= 11


def test_the_memory_does_not_grow_with_the_rows(client, places, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 20)

    def peak():
        gc.collect()
        tracemalloc.start()
        for piece in client.get("/initiatives/export.csv").streaming_content:
            assert len(piece) < 60_000
            gc.collect()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    def later_peak():
        peak()  # the index and what else a process remembers are made by its first request
        return peak()

    make = {"published": True, "sites": [places.arles], "coverage": [places.paca]}
    factories.InitiativeFactory.create_batch(40, **make)
    few = later_peak()
    factories.InitiativeFactory.create_batch(360, **make)

    assert later_peak() < few * 1.2


def test_dates_are_those_of_the_site(client, places):
    factories.InitiativeFactory(
        published=True, sites=[places.arles], published_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    )

    assert rows(client)[0]["publieeLe"] == "2026-07-15T00:30:00+02:00"


def test_names_of_columns_are_a_contract():
    """A name that changes breaks the maps that others made: it may only be added."""
    assert " ".join(NAMES) == (
        "id name description url page website categories theme latitude longitude precisionPoint nomLieu streetAddress "
        "postalCode addressLocality addressCountry codeInsee departement codeDepartement epci codeEpci lieux "
        "codesLieux couverture codesCouverture etape anneeEtape etapeLuePar activite anneeDebut precisionDebut "
        "anneeFin precisionFin echelle milieu public nouveaute nomPorteur urlPorteur sirenPorteur porteur forme "
        "aVerifier sourcesCitees urlSources publieeLe modifieeLe verifieeLe relueLe source licence urlLicence "
        "attribution"
    )
    assert len({*NAMES}) == len(NAMES)
    assert all(column.label and column.meaning.endswith(".") for column in COLUMNS)
