"""What a proposal is compared with: the public part of a fiche, and whether it moved while somebody wrote.

A page that proposes carries the *marks* of what it showed, one a field. When it is sent, a field whose mark is no more
that of the fiche moved meanwhile; one that still says what the page showed was not touched, and is left alone: nobody
undoes what they have not seen.
"""

import json
from hashlib import sha256

from django.db.models import CharField

from initiatives.models import Actor, FundingSource, Initiative
from initiatives.submission import documents

# Relations whose order says something; in the others it comes from how forms are written.
ORDERED = {"themes", "sites", "photos"}
UNKNOWN = ("", None, [], {})
# What a line may name that is not published.
KEYS = ("actor", "source")


def public_document(fiche) -> dict:
    """What a fiche says to anybody: without the lines, and the names, of what is not published."""
    document = documents.read(_with_lines(fiche))
    uuids = {
        line.get(key) for name in ("participations", "fundings") for line in document.get(name, ()) for key in KEYS
    }
    uuids |= {document.get("offered_by")}
    published = {
        str(uuid)
        for model in (Actor, FundingSource)
        for uuid in model.objects.published().filter(uuid__in=uuids - {None}).values_list("uuid", flat=True)
    }
    for name in ("participations", "fundings"):
        if name in document:
            document[name] = [line for line in document[name] if _named(line) <= published]
    if document.get("offered_by") not in published and "offered_by" in document:
        document["offered_by"] = None
    return document


def _with_lines(fiche):
    """The fiche with what its document names, in a fixed number of questions."""
    return Initiative.objects.with_fiche_details().get(pk=fiche.pk) if isinstance(fiche, Initiative) else fiche


def _named(line):
    return {line[key] for key in KEYS if line.get(key)}


def changes_between(model, before: dict, after: dict) -> dict:
    """Field → (before, after), for what people said otherwise: not what a form writes in another way."""
    return {
        name: values
        for name, values in documents.differences(model, before, after).items()
        if canonical(model, name, values[0]) != canonical(model, name, values[1])
    }


def marks(model, document: dict) -> dict:
    """Field → a short mark of what it says."""
    return {name: _mark(model, name, document.get(name)) for name in documents.FIELDS[model]}


def read_marks(text: str) -> dict:
    """Those that a page bore, when they come back with it; none when somebody tampered with them."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # a machine nests lists by the thousand
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def moved_since(model, shown: dict, now: dict) -> set:
    """The fields that say something else than what a page showed (its marks)."""
    return {name for name, mark in marks(model, now).items() if shown.get(name, mark) != mark}


def untouched(model, shown: dict, after: dict, names) -> set:
    """Among these fields, those that still say what the page showed."""
    return {name for name in names if shown.get(name) == _mark(model, name, after.get(name))}


def canonical(model, name, value):
    """A value without what forms may write in another way."""
    if isinstance(value, list):
        found = [_line(item) if isinstance(item, dict) else item for item in value]
        return found if name in ORDERED else sorted(found, key=str)
    if isinstance(value, str):
        is_line = isinstance(model._meta.get_field(name), CharField)
        return " ".join(value.split()) if is_line else value.replace("\r\n", "\n").strip()
    return None if value in UNKNOWN else value


def _line(line):
    said = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in line.items()}
    return sorted((name, str(value)) for name, value in said.items() if value not in UNKNOWN and value is not False)


def _mark(model, name, value):
    value = canonical(model, name, value)
    text = json.dumps(None if value in UNKNOWN else value, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()[:12]
