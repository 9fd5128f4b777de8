"""Rows as files, piece by piece: CSV for spreadsheets, GeoJSON for maps.

Both take batches of rows and give pieces of text, none of them longer than a batch. A fault in the middle leaves the
file broken, so that nobody takes a short list for a whole one.
"""

import csv
import io
import json
import re

from initiatives.exchange.columns import COLUMNS

BOM = "\ufeff"  # without it, Excel reads UTF-8 as Windows-1252
BETWEEN = " | "  # the items of a list, in a cell
# A spreadsheet would run such a text as a formula. The apostrophes count, so that taking one away gives the text back.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
OPEN_QUOTE = '"interrompu'


def cell(value):
    """A value in CSV: a text that looks like a formula after an apostrophe, a number as it is, "" for None."""
    if isinstance(value, list):
        value = BETWEEN.join(item.replace("|", "%7C") for item in value)
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return value


def csv_pieces(batches):
    """A line for the names of the columns, then one a row; RFC 4180 with semicolons, which French spreadsheets expect.

    A line cannot be missing unseen: after a fault, a quotation mark stays open at the end.
    """
    started = False
    try:
        for rows in batches:
            yield _lines([] if started else [_HEAD], rows)
            started = True
        if not started:
            yield _lines([_HEAD], [])
    except Exception:
        # Some proxies close a cut answer as if it were whole.
        if started:
            yield OPEN_QUOTE
        raise


_HEAD = [column.name for column in COLUMNS]


def _lines(heads, rows):
    text = io.StringIO()
    text.write(BOM if heads else "")
    writer = csv.writer(text, delimiter=";")
    writer.writerows(heads)
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    return text.getvalue()


def geojson_pieces(batches, describe):
    """A FeatureCollection of RFC 7946: a feature a row, at the point of its seat or without geometry.

    ``describe()``: the foreign member ``metadata``, asked for once the first rows are read. The box comes last.
    """
    before, box = "", None
    for rows in batches:
        head = "" if before else _opening(describe())
        features = [_feature(row) for row in rows]
        box = _around([box, *(feature["geometry"] and feature["geometry"]["coordinates"] * 2 for feature in features)])
        yield head + before + ",\n".join(map(_json, features))
        before = ",\n"
    head = "" if before else _opening(describe())
    yield head + "\n]" + (f',"bbox":{_json(box)}' if box else "") + "}\n"


def _opening(metadata):
    return f'{{"type":"FeatureCollection","metadata":{_json(metadata)},"features":[\n'


def _feature(row):
    point = None
    if row["latitude"] is not None:
        point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    return {"type": "Feature", "id": row["id"], "geometry": point, "properties": row}


def _around(boxes):
    """The box (west, south, east, north) around those that are known, or None."""
    known = [box for box in boxes if box]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _json(value):
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
