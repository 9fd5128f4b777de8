"""Text work without Django: folding for comparison, sort keys, names of places as people type them, typography."""

import re
import unicodedata

# Folding

NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def fold(text: str) -> str:
    """``text`` in lower case, without accents or ligatures, its words separated by single spaces."""
    text = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    text = NOT_ASCII.sub(_bare, unicodedata.normalize("NFKD", text))
    return " ".join(re.findall(r"[^\W_]+", text))


def _bare(found):
    return "" if unicodedata.combining(found[0]) else found[0]


def sort_key(name: str) -> str:
    """Key that orders names alike in any collation: their folded letters and digits, without spaces."""
    return re.sub(r"[^a-z0-9]", "", fold(name))


# Places, as people type them

ARTICLES = ("le", "la", "les", "l")
BEFORE_A_PLACE = rf"^(?:a|au|aux|en|dans|de|du|des|d|{'|'.join(ARTICLES)}) "
CITIES_WITH_DISTRICTS = ("marseille", "lyon", "paris")
NUMBER, DISTRICT = r"0?(\d{1,2}) ?(?:er|ere|e|eme|ieme)?", "(?:arrondissement|arrdt|ardt|arr)"
DISTRICTS = re.compile(rf"{NUMBER} {DISTRICT}(?: (?:(?:de|d|a) )?(\D+))?|(\D+) {NUMBER}(?: {DISTRICT})?")


def fold_place(words: str) -> str:
    """What a person types for a place, as the stored names are: « St-Rémy » is « saint remy »."""
    return re.sub(r"\bst(e?)\b", r"saint\1", fold(words))


def place_names(words: str) -> list[str]:
    """The same, and without what comes before a name: « À la Ciotat » is « a la ciotat », « la ciotat », « ciotat »."""
    names = [fold_place(words)]
    while (shorter := re.sub(BEFORE_A_PLACE, "", names[-1])) != names[-1]:
        names.append(shorter)
    return names


def district_names(words: str) -> list[str]:
    """The arrondissements that ``words`` may mean, as their names are stored: « Marseille 3ème », « 3e arr. »."""
    if not (found := DISTRICTS.fullmatch(place_names(words)[-1])):
        return []
    number, city = found[1] or found[4], found[2] or found[3]
    cities = [city] if city else CITIES_WITH_DISTRICTS
    return [f"{city} {number}{'er' if number == '1' else 'e'} arrondissement" for city in cities]


# Typography

NARROW = "\u202f"  # narrow no-break space: before ; ! ? inside « » between thousands
NO_BREAK = "\u00a0"  # no-break space: before : and units
SPACES = r"[^\S\r\n]"  # any space that stays on the line

# A number alone may be a year, a postal or an official code: only what it counts tells that it is a quantity.
SIGNS = r"€|k€|M€|%|‰|km²|km|m²|m³|m|ha|kWh|MWh|kW|MW|kg|g|t|h|min"
MEASURED = "euros?|tonnes?|kilomètres?|mètres?|hectares?|heures?"
COUNTED = (
    "habitante?s?|personnes?|emplois?|salariée?s?|bénévoles?|adhérente?s?|membres?|élèves?|familles?|foyers?|"
    "logements?|repas|initiatives?|acteurs?|fiches?|communes?|"
    "établissements?|entreprises?|associations?|structures?|exemplaires?"
)
YEAR = r"(?:19|20)\d\d"  # before a noun, it is rather a date: « en 2018 habitants et élus… »
BARE_QUANTITY = re.compile(
    rf"(?<![\w.,/+-])(?<!\d{SPACES})(?!{YEAR}{SPACES}?(?:{COUNTED})(?!\w))"
    rf"([1-9]\d{{3,}})(?=(?:,\d+)?{SPACES}?(?:{SIGNS}|{MEASURED}|{COUNTED})(?![\w’]))"
)
SPACED_QUANTITY = re.compile(rf"(?<![\w.,/+-])(?<!\d{SPACES})[1-9]\d{{0,2}}(?:{SPACES}\d{{3}})+(?!\w|{SPACES}\d)")


ADDRESS = r"(?:https?://|www\.)[^\s\"«»<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
INNER_QUOTES = rf'"{SPACES}*([^"]*?){SPACES}*"'
HOLE = "\ufdd0"  # never a character of a text: Unicode reserves it for such uses


# What is set, in this order.
RULES = (
    (re.compile("'"), "’"),
    (re.compile(r"«[^«»\r\n]*»"), lambda quoted: re.sub(INNER_QUOTES, r"“\1”", quoted[0])),
    (re.compile(rf'"{SPACES}*([^"«»\s](?:[^"«»\r\n]*[^"«»\s])?){SPACES}*"'), r"«\1»"),
    (re.compile(rf"«{SPACES}*"), f"«{NARROW}"),
    (re.compile(rf"(?<=\S){SPACES}*»"), f"{NARROW}»"),
    (re.compile(rf"(?<=\S){SPACES}+([;!?])"), rf"{NARROW}\1"),
    (re.compile(r"(?<=[\w)\]%€’»])(?=[;!?]+(?:\s|[)»]|$))"), NARROW),
    (re.compile(rf"(?<=\S){SPACES}+:"), f"{NO_BREAK}:"),
    (re.compile(r"(?<=[\w)\]%€’»])(?=:(?:\s|$))"), NO_BREAK),
    (BARE_QUANTITY, lambda number: grouped(number[1])),
    (SPACED_QUANTITY, lambda number: re.sub(SPACES, NARROW, number[0])),
    (
        re.compile(rf"(?<=\d){SPACES}*(?=(?:€|%|‰)(?!\w))|(?<=\d){SPACES}(?=(?:{SIGNS})(?![\w’]))"),
        NO_BREAK,
    ),
)
# A text without any of these has nothing to set.
MAY_BE_SET = re.compile(r"""['"«»;!?:\d]""")


def typographic(text: str, left_alone: str = ADDRESS) -> str:
    """Plain ``text`` in French typography; a text that already has it is returned unchanged.

    Apostrophes and quotation marks are curled, spaces before ``: ; ! ? »``, after ``«`` and before units no longer
    break, numbers of 1 000 and more are grouped when what they count is written beside them. What ``left_alone``
    matches (a regular expression: web and mail addresses) stays as it is.
    """
    if not MAY_BE_SET.search(text):
        return text
    kept = re.findall(f"{left_alone}|{HOLE}", text)
    if kept:
        text = re.sub(f"{left_alone}|{HOLE}", HOLE, text)
    for sign, set_as in RULES:
        text = sign.sub(set_as, text)
    return re.sub(HOLE, lambda hole: kept.pop(0), text) if kept else text


def grouped(digits: str) -> str:
    """``digits`` in groups of three from the right, held together by narrow no-break spaces."""
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", NARROW, digits)


# What nouns, and their lines, are called by: the first words of their names that are feminine.
FEMININE = {
    "annonce",
    "date",
    "façon",
    "initiative",
    "offre",
    "participation",
    "personne",
    "photo",
    "source",
    "zone",
}


def with_a(name) -> str:
    """« une initiative », « un acteur ». ``name``: what a noun, or a line of it, is called."""
    return f"{'une' if _is_feminine(name) else 'un'} {name}"


def with_the(name) -> str:
    """« l’initiative », « le financement », « la personne »."""
    if fold(name)[0] in "aeiouh":
        return f"l’{name}"
    return f"{'la' if _is_feminine(name) else 'le'} {name}"


def _is_feminine(name):
    return name.split()[0] in FEMININE
