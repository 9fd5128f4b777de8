"""What the templates of the desk add to Django's own: words where it has pictures, names where it has none."""

import json
import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from initiatives.text import with_a, with_the

register = template.Library()

TRUTH = {"True": "oui", "False": "non", "None": "non renseigné"}
PICTURE_OF_A_TRUTH = re.compile(r'<img src="[^"]*" alt="(True|False|None)">')
EMPTY = re.compile(r"^<td[^>]*>[–\s]*</td>$")


@register.filter
def in_words(markup):
    """« oui » and « non » in the place of the pictures that Django draws for a truth, whose names are English."""
    return mark_safe(PICTURE_OF_A_TRUTH.sub(lambda found: TRUTH[found[1]], conditional_escape(markup)))


@register.filter
def labelled(cells, headers):
    """The cells of a row of a list, each with the name of its column, for screens where a row is a card."""
    pairs = zip(cells, headers, strict=True)
    return [in_words(_labelled(cell, str(header["text"]))) for cell, header in pairs]


def _labelled(cell, name):
    if name.startswith("<"):  # the box that chooses every row
        return cell
    name = conditional_escape(name[:1].upper() + name[1:])
    empty = " data-empty" if EMPTY.search(cell) else ""
    return mark_safe(re.sub(r"^<t[dh]", lambda tag: f'{tag[0]} data-label="{name}"{empty}', cell))


@register.filter
def line_texts(data, name):
    """What Django's script reads about a list of lines, its « add » button said with the right article."""
    told = json.loads(data)
    told["options"]["addText"] = f"Ajouter {with_a(name)}"
    return json.dumps(told)


@register.filter
def without_aside(name):
    """« Lieux (le premier est le siège) » → « Lieux »."""
    return name.partition(" (")[0]


register.filter("with_a", with_a)
register.filter("with_the", with_the)
