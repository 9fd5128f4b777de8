"""Our own template language, as templates use it."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest
from bs4 import BeautifulSoup
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from initiatives.templatetags.innovguide import MOST_PARTS, symbols
from initiatives.text import NARROW, NO_BREAK

pytestmark = pytest.mark.once

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a slow machine proves nothing


def render(source, **context):
    return engines["django"].from_string(source).render(context)


def spaced(text):
    """``text`` whose ``_`` are narrow no-break spaces, and ``~`` no-break spaces."""
    return text.replace("_", NARROW).replace("~", NO_BREAK)


# Text


def test_a_text_is_set_before_it_is_escaped():
    assert render("{{ text|typo }}", text="L'atelier <b> & \"l'autre\" ?") == spaced(
        "L’atelier &lt;b&gt; &amp; «_l’autre_»_?"
    )


def test_in_html_already_made_tags_and_entities_stay_as_they_are():
    made = mark_safe('<a href="/a?b=c" title="l\'eau : ici !">L\'eau &amp; l&#39;air</a> : « <em>ici</em> » !')

    assert render("{{ text|typo }}", text=made) == spaced(
        '<a href="/a?b=c" title="l\'eau : ici !">L’eau &amp; l&#39;air</a>~: «_<em>ici</em>_»_!'
    )


def test_the_addresses_of_html_already_made_stay_as_they_are():
    made = format_html('Voir <a href="{0}">{0}</a> ?', "https://exemple.fr/?part=12%&b=2")

    assert render("{{ text|typo }}", text=made) == made.replace(" ?", f"{NARROW}?")


@unhurried
@given(st.lists(st.sampled_from(["<b>", "</b>", "&amp;", "&#39;", "l'eau", '"', " ", "?", '<a title="l\'a">', "12 %"])))
def test_setting_html_loses_no_tag_and_no_entity(pieces):
    made = "".join(pieces)
    markup = re.compile(r"<[^>]*>|&#?\w+;")

    assert markup.findall(render("{{ text|typo }}", text=mark_safe(made))) == markup.findall(made)


@unhurried
@given(st.text())
@example("<script>alert(1)</script>")
@example('" onload="x')
def test_nothing_that_people_write_becomes_html(text):
    page = render("{{ text|typo }}", text=text)

    assert not {*page} & {*"<>\"'"}


def test_what_is_not_a_text_is_set_too_and_nothing_stays_nothing():
    assert render("{{ text|typo }}", text=12) == "12"
    assert render("{{ text|typo }}", text=None) == ""


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, ""),
        (0, "0"),
        (999, "999"),
        (1000, "1_000"),
        (1234567, "1_234_567"),
        (-1200, "−1_200"),
        (1234.5, "1_234,5"),
        (Decimal("1234.50"), "1_234,50"),
        ("20000", "20_000"),
        ("1234.5", "1_234,5"),
    ],
)
def test_a_number_is_written_as_in_french(value, printed):
    assert render("{{ value|number }}", value=value) == spaced(printed)


@pytest.mark.parametrize(("value", "printed"), [(None, ""), (0, "0~€"), (20000, "20_000~€"), (Decimal(5), "5~€")])
def test_an_amount_is_in_euros(value, printed):
    assert render("{{ value|euros }}", value=value) == spaced(printed)


@pytest.mark.parametrize(
    ("count", "printed"),
    [(0, "fiche"), (1, "fiche"), (1.5, "fiche"), (2, "fiches"), (-3, "fiches"), (Decimal("1.99"), "fiche")],
)
def test_a_plural_begins_at_two(count, printed):
    assert render("fiche{{ count|plural }}", count=count) == printed


def test_a_collection_is_counted_and_both_endings_may_be_given():
    source = '{{ rows|plural:"est,sont" }} {{ rows|plural:"x" }}'

    assert render(source, rows=["a"]) == "est "
    assert render(source, rows=["a", "b"]) == "sont x"
    assert render(source, rows=[]) == "est "


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, ""),
        (date(2026, 11, 3), "3 novembre 2026"),
        (date(2026, 5, 1), "1er mai 2026"),
        (date(2026, 8, 31), "31 août 2026"),
        (datetime(2026, 3, 2, 9, 30), "2 mars 2026"),
        # the site lives in Paris: one hour later in winter, two in summer
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "1er juillet 2026"),
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), "31 décembre 2026"),
    ],
)
def test_a_date_is_written_in_words_at_the_time_of_the_site(value, printed):
    assert render("{{ value|date_fr }}", value=value) == printed


# Icons


def test_an_icon_is_drawn_once_used_and_hidden_from_screen_readers():
    page = BeautifulSoup(render('{% icon "map-pin" %}{% sprite %}'), "html5lib")

    icon, sheet = page.select("body > svg")
    assert (icon["aria-hidden"], icon["focusable"]) == ("true", "false")
    assert icon.use["href"] == "#i-map-pin"
    assert sheet["aria-hidden"] == "true"
    assert [symbol["id"] for symbol in sheet.select("symbol")] == ["i-map-pin"]


@pytest.mark.parametrize("source", ['{% icon "licorne" %}', '{% icon "" %}', '{% icon "i-map-pin" %}'])
def test_an_icon_that_does_not_exist_is_an_error(source):
    with pytest.raises(TemplateSyntaxError, match="No symbol i-"):
        render(source)


def test_a_page_carries_each_symbol_that_it_uses_once_and_no_other():
    page = render(
        '{% icon "x" %}{% icon "map-pin" %}{% icon "x" %}{% stage_stem "essaimage" %}{% stage_stem "essaimage" %}'
        '{% activity_mark "terminee" %}{% sprite %}'
    )

    assert re.findall(r'<symbol id="([^"]+)"', page) == ["e-4", "i-map-pin", "i-x", "v-terminee"]


def test_the_symbols_of_what_is_included_are_carried_too():
    source = '{% include "components/reason.html" with kind="basee" text="Ici" only %}{% sprite %}'

    assert re.findall(r'<symbol id="([^"]+)"', render(source)) == ["i-map-pin"]


def test_two_pages_do_not_share_their_symbols():
    template = engines["django"].from_string('{% if pinned %}{% icon "map-pin" %}{% endif %}{% sprite %}')

    assert "<symbol" in template.render({"pinned": True})
    assert template.render({"pinned": False}) == ""


@pytest.mark.parametrize(
    ("source", "symbol"),
    [
        ('{% stage_stem "emergence" %}', "e-1"),
        ('{% stage_stem "experimentation" %}', "e-2"),
        ('{% stage_stem "developpement" %}', "e-3"),
        ('{% stage_stem "essaimage" %}', "e-4"),
        ('{% activity_mark "en-sommeil" %}', "v-sommeil"),
        ('{% activity_mark "terminee" %}', "v-terminee"),
    ],
)
def test_each_stage_and_state_has_its_drawing(source, symbol):
    page = BeautifulSoup(render(source), "html5lib")

    assert page.use["href"] == f"#{symbol}"
    assert page.svg["aria-hidden"] == "true"


def test_every_symbol_is_whole_and_valid():
    assert {"i-magnifying-glass", "e-1", "v-terminee"} <= {*symbols()}
    for name, symbol in symbols().items():
        assert symbol.startswith(f'<symbol id="{name}"'), name
        assert symbol.count("<symbol") == symbol.count("</symbol>") == 1, name
        assert "style=" not in symbol, name
        html5lib.HTMLParser(strict=True).parse(f"<!doctype html><title>x</title><svg>{symbol}</svg>")


# Blocks and data of the page


def test_a_block_is_printed_again_as_the_page_fills_it():
    base = engines["django"].from_string('{% block title %}{% endblock %} = {% again "title" %}').template
    source = "{% extends base %}{% block title %} {{ name|typo }} {% endblock %}"

    assert render(source, base=base, name="L'eau & l'air") == " L’eau &amp; l’air  = L’eau &amp; l’air"


def test_structured_data_are_the_data():
    data = {"name": "L’eau & l’air < 3 > 2", "lines": [1, None, "a\u2028b\u2029c"], "quote": '"\\"'}

    page = BeautifulSoup(render("{% json_ld data %}", data=data), "html5lib")

    assert page.script["type"] == "application/ld+json"
    assert json.loads(page.script.string) == data


@unhurried
@given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner)))
@example("</script><script>alert(1)</script>")
@example("<!--<script>")
@example({"</SCRIPT >": "]]>&lt;/script&gt;"})
def test_no_data_can_get_out_of_their_script(data):
    page = render("{% json_ld data %}", data=data)

    inside = page.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not {*inside} & {*"<>&\u2028\u2029"}
    assert json.loads(inside) == data


# Lists and forms


@pytest.mark.parametrize(
    ("number", "offered"),
    [(1, "1 2 … 10"), (2, "1 2 3 … 10"), (5, "1 … 4 5 6 … 10"), (10, "1 … 9 10")],
)
def test_pages_around_the_one_shown_are_offered_with_the_first_and_the_last(number, offered):
    page = Paginator(range(100), 10).page(number)

    assert render("{% for n in page|pages_around %}{{ n }} {% endfor %}", page=page).strip() == offered


@pytest.mark.parametrize(
    ("base", "number", "address"),
    [
        ("/acteurs/", 1, "/acteurs/"),
        ("/acteurs/", 2, "/acteurs/?page=2"),
        ("/acteurs/?q=eau", 1, "/acteurs/?q=eau"),
        ("/acteurs/?q=eau&type=lieu", 3, "/acteurs/?q=eau&amp;type=lieu&amp;page=3"),
    ],
)
def test_each_page_of_a_list_has_its_address(base, number, address):
    assert render("{{ base|page_address:number }}", base=base, number=number) == address


def woven(cloths):
    source = "{% for cloth, parts in cloths|in_parts %}{{ cloth }}:{{ parts }} {% endfor %}"
    return render(source, cloths=cloths).strip()


def test_a_band_has_one_part_an_initiative():
    assert woven([("lieux", 3), ("eau", 0), ("sante", 1)]) == "lieux:3 sante:1"
    assert woven([SimpleNamespace(cloth="lieux", count=2)]) == "lieux:2"
    assert woven([]) == ""
    assert woven([("lieux", 0)]) == ""


def test_a_band_too_wide_is_narrowed_and_the_smallest_part_stays():
    assert woven([("lieux", MOST_PARTS)]) == f"lieux:{MOST_PARTS}"
    assert woven([("lieux", 240), ("eau", 120), ("sante", 1)]) == f"lieux:{MOST_PARTS} eau:{MOST_PARTS // 2} sante:1"


def test_every_part_of_a_band_has_its_class():
    sheet = Path(finders.find("css/cloths.css")).read_text(encoding="utf-8")

    assert {f"f{number}" for number in range(2, MOST_PARTS + 1)} <= {*re.findall(r"\.(f\d+)\b", sheet)}


def test_a_control_takes_one_more_class_and_keeps_its_own():
    class Form(forms.Form):
        name = forms.CharField()
        town = forms.CharField(widget=forms.TextInput(attrs={"class": "large"}))

    form = Form()
    source = '{{ form.name|with_class:"saisie" }}{{ form.town|with_class:"saisie" }}'
    page = BeautifulSoup(render(source, form=form), "html5lib")

    assert [control["class"] for control in page.select("input")] == [["saisie"], ["large", "saisie"]]
    assert form.fields["name"].widget.attrs == {}


@pytest.mark.parametrize(
    ("level", "kind"),
    [
        (constants.SUCCESS, "ok"),
        (constants.WARNING, "alerte"),
        (constants.ERROR, "erreur"),
        (constants.INFO, "info"),
        (constants.DEBUG, "info"),
    ],
)
def test_each_message_has_its_kind_of_notice(level, kind):
    assert render("{{ message|notice_kind }}", message=Message(level, "Bonjour")) == kind
