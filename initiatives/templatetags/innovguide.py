"""Template language of InnovGuide, built in every template by the settings: typography, numbers, dates, icons."""

import datetime
import json
import math
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeData, mark_safe

from initiatives.directory.insertions import duration
from initiatives.text import ADDRESS, NARROW, NO_BREAK, typographic
from initiatives.words import highlight

register = template.Library()

# Text

MARKUP = r"<[^>]*>|&#?\w+;"


@register.filter(is_safe=True)
def typo(value):
    """The value in French typography, before escaping. In HTML already made, tags and entities are left as they are."""
    if value is None:
        return ""
    text = str(value)
    return typographic(text, f"{MARKUP}|{ADDRESS}") if isinstance(text, SafeData) else typographic(text)


@register.filter
def marked(value, query):
    """The value in French typography, with ``<mark>`` around what the words of a search found in it."""
    pieces = highlight(typographic(str(value)), query)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if found else text,) for text, found in pieces)
    )


@register.filter
def number(value):
    """1234.5 → 1 234,5: groups held by narrow no-break spaces, decimal comma; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return f"{value:,}".replace(",", NARROW).replace(".", ",").replace("-", "−")
    return number(Decimal(str(value)))


@register.filter
def euros(value):
    """An amount in whole euros: 20000 → 20 000 €."""
    return "" if value is None else f"{number(value)}{NO_BREAK}€"


@register.filter
def plural(count, endings="s"):
    """The ending that goes with ``count`` (a number or a collection): singular under 2, 0 and 1.5 included.

    ``endings``: the plural one, or both separated by a comma: ``{{ n|plural }}``, ``{{ n|plural:"est,sont" }}``.
    """
    singular, _, several = endings.rpartition(",")
    amount = count if isinstance(count, (int, float, Decimal)) else len(count)
    return several if abs(amount) >= 2 else singular


MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin"]
MONTHS += ["juillet", "août", "septembre", "octobre", "novembre", "décembre"]


@register.filter
def date_fr(value):
    """3 novembre 2026, 1er mai 2026; moments are read at the site's time, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    day = "1er" if value.day == 1 else value.day
    return f"{day} {MONTHS[value.month - 1]} {value.year}"


@register.filter
def days_until(since, today):
    """Number of days from one date to another."""
    return (today - since).days


register.filter(duration)


@register.filter
def age(days):
    """A number of days in round words: « aujourd’hui », « 9 jours », « 3 mois », « 2 ans »."""
    if days < 1:
        return "aujourd’hui"
    months = days * 12 // 365
    if months < 2:
        return f"{days}{NO_BREAK}jour{plural(days)}"
    if months < 24:
        return f"{months}{NO_BREAK}mois"
    return f"{months // 12}{NO_BREAK}ans"


# Icons. A page carries the symbols that it uses and no other: the tags below note each one they point at, and
# {% sprite %}, last thing in the body, prints them. An external <use href="sprite.svg#…"> would need one more request,
# and its shapes could not take their colours from our classes, which the stems of stages need.

SYMBOL = re.compile(r'<symbol id="([^"]+)".*?</symbol>', re.DOTALL)
USED_SYMBOLS = "innovguide_used_symbols"


@cache
def symbols():
    """Every symbol of static/icons, by name."""
    sheets = [Path(finders.find(f"icons/{sheet}.svg")).read_text(encoding="utf-8") for sheet in ("sprite", "etapes")]
    return {symbol[1]: symbol[0] for sheet in sheets for symbol in SYMBOL.finditer(sheet)}


def used_symbols(context):
    # The bottom of the render context is the one place that a page shares with what it includes, even with `only`.
    return context.render_context.dicts[0].setdefault(USED_SYMBOLS, set())


def use(context, name):
    if name not in symbols():
        raise template.TemplateSyntaxError(f"No symbol {name} in static/icons.")
    used_symbols(context).add(name)
    return format_html('<use href="#{}"/>', name)


@register.simple_tag(takes_context=True)
def icon(context, name):
    """An icon of the interface, by its Phosphor name. It is always beside a word: hidden from screen readers."""
    return format_html('<svg class="i" aria-hidden="true" focusable="false">{}</svg>', use(context, f"i-{name}"))


STEMS = {"emergence": "e-1", "experimentation": "e-2", "developpement": "e-3", "essaimage": "e-4"}


@register.simple_tag(takes_context=True)
def stage_stem(context, stage):
    """The stem of a stage: four nodes, the flower on the one reached."""
    return format_html('<svg viewBox="0 0 54 14" aria-hidden="true">{}</svg>', use(context, STEMS[stage]))


ACTIVITY_MARKS = {"en-sommeil": "v-sommeil", "terminee": "v-terminee"}


@register.simple_tag(takes_context=True)
def activity_mark(context, activity):
    """A bulb under the ground for what sleeps, a seed head for what has ended."""
    return format_html('<svg viewBox="0 0 14 14" aria-hidden="true">{}</svg>', use(context, ACTIVITY_MARKS[activity]))


@register.simple_tag(takes_context=True)
def sprite(context):
    """The symbols used since the beginning of the page; after everything that draws an icon."""
    used = "".join(symbols()[name] for name in sorted(used_symbols(context)))
    return format_html('<svg class="planche" aria-hidden="true">{}</svg>', mark_safe(used)) if used else ""


# Blocks and data of the page


@register.simple_tag(takes_context=True)
def again(context, block):
    """A block of the page printed once more (the title, for those who share the page). Not inside an include."""
    return mark_safe(context.render_context[BLOCK_CONTEXT_KEY].get_block(block).render(context).strip())


@register.simple_tag
def json_ld(data):
    """Structured data about the page. Data are not executed: the security policy has nothing to say about them."""
    text = json.dumps(data, ensure_ascii=False, indent=None, separators=(",", ":"))
    harmless = text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
    return mark_safe(f'<script type="application/ld+json">{harmless}</script>')


# Lists and forms


@register.filter
def pages_around(page):
    """Page numbers to offer around a page of a Paginator: first, last, neighbours, and … for what is left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def page_address(base, number):
    """The address of page ``number`` of a list, from ``base``, the address of its search; the first is the search."""
    base = str(base)
    return base if number == 1 else f"{base}{'&' if '?' in base else '?'}page={number}"


MOST_PARTS = 24  # docs/design/toiles.py writes as many classes


@register.filter
def in_parts(cloths):
    """``(cloth, parts)`` for a woven band: one part an initiative, fewer when the widest would pass MOST_PARTS.

    ``cloths``: pairs (cloth, number of initiatives), or things with ``cloth`` and ``count``.
    """
    counted = [cloth if isinstance(cloth, tuple) else (cloth.cloth, cloth.count) for cloth in cloths]
    widest = max((count for _, count in counted), default=0)
    scale = min(1, MOST_PARTS / widest) if widest else 1
    return [(cloth, math.ceil(count * scale)) for cloth, count in counted if count]


CHECKED = mark_safe(" checked")
GLOSSES = {"essaimage": mark_safe(' <span class="glose">(se refait ailleurs)</span>')}


@register.simple_tag
def choice(name, item):
    """A value of a criterion, to be ticked, and how many results it gives: some hundred and fifty on a page.

    ``item``: value, label, chosen; count, None when it is not known; for a theme its cloth, and whether it is under
    another, ``is_under``.
    """
    kind = (" zero" if item["count"] == 0 else "") + (" retrait" if item.get("is_under") else "")
    cloth = item.get("cloth")
    return format_html(
        '<label class="choix{}"><input type="checkbox" id="f-{}-{}" name="{}" value="{}"{}>'
        "{}<span>{}{}</span>{}</label>",
        kind,
        name,
        item["value"],
        name,
        item["value"],
        CHECKED if item["chosen"] else "",
        format_html('<span class="toile carre t-{}" aria-hidden="true"></span>', cloth) if cloth else "",
        typo(item["label"]),
        GLOSSES.get(item["value"], ""),
        "" if item["count"] is None else format_html('<span class="n">{}</span>', number(item["count"])),
    )


@register.filter
def with_class(field, name):
    """The control of a form field, with one more CSS class."""
    classes = f"{field.field.widget.attrs.get('class', '')} {name}".strip()
    return field.as_widget(attrs={"class": classes})


NOTICES = {"success": "ok", "warning": "alerte", "error": "erreur"}


@register.filter
def notice_kind(message):
    """The kind of notice (ok, alerte, erreur, info) that shows a message of Django's."""
    return NOTICES.get(message.level_tag, "info")
