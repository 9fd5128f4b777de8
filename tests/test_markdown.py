"""The Markdown of the team: what is understood, how it is dressed, and what never comes through."""

import time
import xml.etree.ElementTree as ElementTree

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from initiatives.markdown import LONGEST, TAGS, Heading, Insertion, TooLong, is_allowed, render, render_line

pytestmark = pytest.mark.once

COUNT = Insertion(mark_safe("74 initiatives"))
BOX = Insertion(mark_safe('<div class="encadre"><p>Une boîte.</p></div>'), is_block=True)
GIVEN = {"nombre d initiatives": COUNT, "boite": BOX}


def html(markdown, **options):
    """The HTML, its lines joined."""
    return render(markdown, **options).html.replace("\n", "")


# What is understood


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Un **mot** *fort*.", "<p>Un <strong>mot</strong> <em>fort</em>.</p>"),
        ("Un\n\nDeux", "<p>Un</p><p>Deux</p>"),
        ("Un\\\ndeux", "<p>Un<br>deux</p>"),
        ("- un\n- deux", '<ul class="tirets"><li>un</li><li>deux</li></ul>'),
        ("3. un\n4. deux", '<ol start="3"><li>un</li><li>deux</li></ol>'),
        ("La [charte](/charte/#idee).", '<p>La <a href="/charte/#idee">charte</a>.</p>'),
        ("Le `mot`.", "<p>Le <code>mot</code>.</p>"),
        ("```\nun\n```", "<pre><code>un</code></pre>"),
        ("> **Attention.** Lisez.", '<div class="encadre"><p><strong>Attention.</strong> Lisez.</p></div>'),
        ("> Une note.", '<div role="note" class="note"><p>Une note.</p></div>'),
        ("> - un", '<div role="note" class="note"><ul class="tirets"><li>un</li></ul></div>'),
        (">", '<div role="note" class="note"></div>'),
        ("Mot\n: son sens", '<dl class="dl"><dt>Mot</dt><dd>son sens</dd></dl>'),
        ("A\n: a\n: b\nC\n: c", '<dl class="dl"><dt>A</dt><dd>a</dd><dd>b</dd><dt>C</dt><dd>c</dd></dl>'),
        ("A\n: a\n\nC\n: c\n\nfin", '<dl class="dl"><dt>A</dt><dd>a</dd><dt>C</dt><dd>c</dd></dl><p>fin</p>'),
        # An accident is no notation.
        (": seul", "<p>: seul</p>"),
        ("A\nB\n: b", "<p>AB: b</p>"),
        ("Un\n---", "<p>Un---</p>"),
        ("    en retrait", "<p>en retrait</p>"),
        ("Prix :\u00a010\u202f€", "<p>Prix :\u00a010\u202f€</p>"),
        ("", ""),
    ],
)
def test_each_notation_has_its_html(markdown, expected):
    assert html(markdown) == expected


def test_a_table_scrolls_in_a_named_box_and_numbers_are_set_right():
    box, second = BeautifulSoup(html("| Nom | Prix |\n|---|--:|\n| A | 10 |\n\n|B|\n|-|"), "html5lib").select("div")

    assert (box["class"], box["role"], box["tabindex"]) == (["defile"], "region", "0")
    assert (box["aria-label"], second["aria-label"]) == (
        "Tableau 1\N{NO-BREAK SPACE}: Nom, Prix",
        "Tableau 2\N{NO-BREAK SPACE}: B",
    )
    assert [(cell["scope"], cell.get("class")) for cell in box.select("th")] == [("col", None), ("col", ["num"])]
    assert [cell.get("class") for cell in box.select("td")] == [None, ["num"]]
    assert not box.select("[style], [align]")


# Headings


def test_a_heading_has_an_address_made_from_its_french_words_or_given():
    found = render("## L’œuvre d’Éole, *ici*\n\n## L’ordre des listes {#ordre}\n\n### Sous [lui](/)")

    assert found.headings == (
        Heading(2, "l-oeuvre-d-eole-ici", "L’œuvre d’Éole, ici"),
        Heading(2, "ordre", "L’ordre des listes"),
        Heading(3, "sous-lui", "Sous lui"),
    )
    assert '<h2 id="ordre">L’ordre des listes</h2>' in found.html


def test_two_headings_never_share_an_address_nor_take_one_of_the_page():
    found = render("## Un\n\n## Un\n\n## Deux {#un}\n\n## Contenu\n\n## ★\n\n## ★", taken=["contenu"])

    assert [part.id for part in found.headings] == ["un", "un-2", "un-3", "contenu-2", "partie", "partie-2"]


def test_levels_stay_under_the_title_of_the_page_and_leave_no_step_out():
    assert [part.level for part in render("### Un\n\n# Deux\n\n#### Trois").headings] == [2, 2, 3]


def test_a_long_heading_has_an_address_that_fits():
    assert render("## " + "mot " * 40).headings[0].id == "-".join(["mot"] * 15)


# Insertions


def test_an_insertion_takes_the_place_of_its_name_however_it_is_typed():
    found = render(
        "Il y a {nombre d'initiatives}, {Nombre d’initiatives}.\n\n## Nos {nombre d’initiatives}", insertions=GIVEN
    )

    assert "Il y a 74 initiatives, 74 initiatives." in found.html
    assert found.headings[0].text == "Nos 74 initiatives"
    assert (found.unknown, found.misplaced) == ((), ())


def test_a_block_stands_alone_in_the_place_of_a_paragraph():
    found = render("Avant\n\n{boîte}\n\nAprès", insertions=GIVEN)

    assert found.html.replace("\n", "") == f"<p>Avant</p>{BOX.html}<p>Après</p>"
    assert found.misplaced == ()
    assert render("Ici {boîte} non", insertions=GIVEN).misplaced == ("boîte",)
    assert render_line("{boîte}", insertions=GIVEN).misplaced == ("boîte",)


def test_an_unknown_insertion_stays_as_it_is_typed_and_is_told():
    found = render("Un {nombre de <b>licornes} et \\{rien}.", insertions=GIVEN)

    assert found.html == "<p>Un {nombre de &lt;b&gt;licornes} et {rien}.</p>\n"
    assert found.unknown == ("nombre de <b>licornes",)


# Messages of one line


def test_a_line_has_no_paragraph():
    found = render_line("## Fermé du **24**\nau [31](/contact/) : {nombre d’initiatives}", insertions=GIVEN)

    assert found.html == '## Fermé du <strong>24</strong> au <a href="/contact/">31</a> : 74 initiatives'
    assert (found.links, found.headings) == (("/contact/",), ())
    assert isinstance(found.html, SafeString)


# Images


def test_no_image_is_shown_unless_it_is_asked_for():
    found = render("Voir ![la <liste>](images/liste.png).")

    assert found.html == "<p>Voir la &lt;liste&gt;.</p>\n"
    assert found.images == ("images/liste.png",)


def test_an_image_has_the_address_that_the_caller_gives():
    known = {"images/liste.png": '/aide/liste.png?a=1&b="2'}

    page = BeautifulSoup(
        render("![la “liste”](images/liste.png) ![non](ailleurs.png)", image_address=known.get).html, "html5lib"
    )

    assert [image.attrs for image in page.select("img")] == [
        {"src": '/aide/liste.png?a=1&b="2', "alt": "la “liste”", "loading": "lazy"}
    ]
    assert page.p.get_text().strip() == "non"


# What never comes through

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<!-- rien --><iframe src=//evil.test></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](javascript:alert(1))",
    "[x](//evil.test/)",
    "[x](\\\\\\\\evil.test/)",
    "[x](/\\\\evil.test/)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '[x](/ "onclick=alert(1)")',
    '[x](/"onmouseover="alert(1))',
    '## "><script>alert(1)</script> {#x"onclick="y}',
    '## x {#"onclick="alert(1)}',
    "`<script>`",
    "```<script>\n<script>\n```",
    '| <script> | <b onclick="x"> |\n|:-:|---|\n| a | {<script>} |',
    "| a |\n|---|\n| b |\n\n> | c |\n> |---|\n> - | d |\n>   |---|\n>   | e |",
    "Mot\n: <script>alert(1)</script>",
    "{<script>alert(1)</script>}",
    "<div class='nuit' style='position:fixed'>x</div>",
    "</div></article><h1>Autre</h1>",
    "\x00\ufdd0\u202e",
]
SAFE_ATTRIBUTES = {"href", "id", "class", "role", "tabindex", "aria-label", "scope", "start", "src", "alt", "loading"}


def check_harmless(rendered):
    tree = html5lib.parseFragment(rendered, namespaceHTMLElements=False)
    for tag in tree.iter():
        if tag is tree:
            continue
        assert tag.tag in TAGS | {"img"}, ElementTree.tostring(tag)
        assert {*tag.attrib} <= SAFE_ATTRIBUTES
        assert is_allowed(tag.get("href", "")), tag.get("href")


@pytest.mark.parametrize("markdown", HOSTILE)
def test_what_is_hostile_is_shown_as_text(markdown):
    check_harmless(render(markdown, insertions=GIVEN, image_address=lambda source: source).html)
    check_harmless(render_line(markdown, insertions=GIVEN).html)


@given(st.lists(st.sampled_from([*HOSTILE, "\n", "\n\n", "> ", "- ", "## ", ": ", "**", "{boîte}", " "]), max_size=8))
def test_nor_is_any_mixture_of_it(pieces):
    check_harmless(render("".join(pieces), insertions=GIVEN).html)


@given(st.text(max_size=300))
def test_any_text_is_rendered_and_two_headings_never_share_an_address(text):
    found = render(text, insertions=GIVEN)

    check_harmless(found.html)
    assert len({part.id for part in found.headings}) == len(found.headings)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "](",
        "> ",
        "**a ",
        "`",
        "{",
        "- a\n",
        "|a|\n",
        "|a|b\n|-|-\n",
        "<",
        "![",
        "&",
        "\\",
        "a\n: b\n",
        "[a]: /b\n",
    ],
)
def test_a_text_of_any_sort_at_the_longest_takes_a_bounded_time(piece):
    text = (piece * LONGEST)[:LONGEST]
    start = time.process_time()

    render(text, insertions=GIVEN)

    assert time.process_time() - start < 10


def test_a_longer_text_is_refused():
    for rendered in (render, render_line):
        with pytest.raises(TooLong):
            rendered("a" * (LONGEST + 1))


@pytest.mark.parametrize("address", ["/", "#a", "?q=a:b", "acteurs/", "https://a.test", "MAILTO:a@b.test", ""])
def test_a_link_may_lead_to_our_pages_to_the_web_or_to_a_mail_address(address):
    assert is_allowed(address)
