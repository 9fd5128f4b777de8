"""Reading exports as their readers do: a spreadsheet, a map, a reader of feeds. Each refuses what it should."""

import csv
import io
import json
import re
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

from initiatives.exchange.columns import COLUMNS, Kind

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NAMES = [column.name for column in COLUMNS]


def text_of(response):
    assert response.status_code == 200, response.content
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8")


def sheet(text):
    """The lines of a CSV as a French spreadsheet opens it: {column: text}."""
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";", strict=True))
    assert lines[0] == NAMES
    assert {len(line) for line in lines} == {len(NAMES)}
    assert text.endswith("\r\n")
    return [dict(zip(NAMES, line, strict=True)) for line in lines[1:]]


def typed_again(cell):
    """The text that a cell was made from, as the documentation says it: one apostrophe less before a formula."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n]", cell) else cell


def collection(text):
    """A GeoJSON, once it is sure that it is what RFC 7946 says."""
    data = json.loads(text, parse_constant=lambda name: None)
    assert data["type"] == "FeatureCollection"
    assert not {"crs", "coordinates", "geometry", "geometries", "properties"} & {*data}
    points = []
    for feature in data["features"]:
        assert {*feature} == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        assert list(feature["properties"]) == NAMES
        if feature["geometry"] is not None:
            assert feature["geometry"]["type"] == "Point"
            longitude, latitude = feature["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
            points.append((longitude, latitude))
    if points:
        west, south, east, north = data["bbox"]
        assert (west, south) == (min(x for x, _ in points), min(y for _, y in points))
        assert (east, north) == (max(x for x, _ in points), max(y for _, y in points))
    else:
        assert "bbox" not in data
    for feature in data["features"]:
        for column in COLUMNS:
            check_kind(column, feature["properties"][column.name])
    return data


def check_kind(column, value):
    if column.kind == Kind.LIST:
        assert isinstance(value, list), column
        assert all(isinstance(item, str) and item for item in value), column
    elif value is not None:
        assert isinstance(value, (int, float) if column.kind == Kind.NUMBER else str), column
        assert value != "", column
        if column.kind == Kind.MOMENT:
            assert RFC3339.fullmatch(value), column
        if column.kind == Kind.DAY:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", value), column
        if column.kind == Kind.ADDRESS:
            assert urlsplit(value).scheme in ("http", "https"), column


def feed(text):
    """An Atom feed, once it is sure that it is what RFC 4287 says."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == f"{ATOM}feed"
    check_entry(root, summary=False)
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")] == ["alternate", "self"]
    assert root.find(f"{ATOM}author/{ATOM}name").text.strip()
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        check_entry(entry, summary=True)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len({*ids}) == len(ids)
    return root


def check_entry(element, *, summary):
    """What a feed and an entry both have: once each, dates of RFC 3339, absolute addresses."""
    for name in ("id", "title", "updated", *(["summary", "published"] if summary else [])):
        assert len(element.findall(ATOM + name)) == 1, name
    for name in ("updated", "published"):
        for date in element.findall(ATOM + name):
            assert RFC3339.fullmatch(date.text), date.text
            datetime.fromisoformat(date.text)
    identifier = element.findtext(f"{ATOM}id")
    assert urlsplit(identifier).scheme in ("urn", "http", "https")
    if identifier.startswith("urn:uuid:"):
        UUID(identifier)
    alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert len(alternates) == 1
    assert urlsplit(alternates[0].get("href")).netloc
    for category in element.findall(f"{ATOM}category"):
        assert category.get("term")
