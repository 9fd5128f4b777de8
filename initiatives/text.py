"""Text work without Django: folding for comparison, sort keys."""

import re
import unicodedata


def fold(text: str) -> str:
    """``text`` in lower case, without accents or ligatures, its words separated by single spaces."""
    text = text.casefold().replace("œ", "oe").replace("æ", "ae")
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", text))


def sort_key(name: str) -> str:
    """Key that orders names alike in any collation: their folded letters and digits, without spaces."""
    return re.sub(r"[^a-z0-9]", "", fold(name))


NARROW = "\u202f"  # narrow no-break space: before ; ! ? inside « » between thousands
NO_BREAK = "\u00a0"  # no-break space: before : and units
SPACES = r"[^\S\r\n]"  # any space that stays on the line

# A number alone may be a year, a postal or an official code: only what it counts tells that it is a quantity.
SIGNS = r"€|k€|M€|%|‰|km²|km|m²|m³|m|ha|kWh|MWh|kW|MW|kg|t|h|min"
COUNTED = (
    "euros?|habitante?s?|personnes?|emplois?|salariée?s?|bénévoles?|adhérente?s?|membres?|élèves?|familles?|foyers?|"
    "logements?|repas|tonnes?|kilomètres?|mètres?|hectares?|heures?|initiatives?|acteurs?|fiches?|communes?|"
    "établissements?|entreprises?|associations?|structures?|exemplaires?"
)
YEAR = r"(?:19|20)\d\d"  # before a noun, it is rather a date: « en 2018 habitants et élus… »
BARE_QUANTITY = re.compile(
    rf"(?<![\w.,/+-])(?<!\d{SPACES})(?!{YEAR}{SPACES}?(?:{COUNTED})(?!\w))"
    rf"([1-9]\d{{3,}})(?=(?:,\d+)?{SPACES}?(?:{SIGNS}|{COUNTED})(?![\w’]))"
)
SPACED_QUANTITY = re.compile(rf"(?<![\w.,/+-])(?<!\d{SPACES})[1-9]\d{{0,2}}(?:{SPACES}\d{{3}})+(?!\w|{SPACES}\d)")


def typographic(text: str) -> str:
    """Plain ``text`` in French typography; a text that already has it is returned unchanged.

    Apostrophes and quotation marks are curled, spaces before ``: ; ! ? »``, after ``«`` and before units no longer
    break, numbers of 1 000 and more are grouped when what they count is written beside them.
    """
    text = text.replace("'", "’")
    text = re.sub(rf'"{SPACES}*([^"«»\s](?:[^"«»\r\n]*[^"«»\s])?){SPACES}*"', r"«\1»", text)
    text = re.sub(rf"«{SPACES}*", f"«{NARROW}", text)
    text = re.sub(rf"(?<=\S){SPACES}*»", f"{NARROW}»", text)
    text = re.sub(rf"(?<=\S){SPACES}+([;!?])", rf"{NARROW}\1", text)
    text = re.sub(r"(?<=[\w)\]%€’»])(?=[;!?]+(?:\s|[)»]|$))", NARROW, text)
    text = re.sub(rf"(?<=\S){SPACES}+:", f"{NO_BREAK}:", text)
    text = re.sub(r"(?<=[\w)\]%€’»])(?=:(?:\s|$))", NO_BREAK, text)
    text = BARE_QUANTITY.sub(lambda number: grouped(number[1]), text)
    text = SPACED_QUANTITY.sub(lambda number: re.sub(SPACES, NARROW, number[0]), text)
    return re.sub(rf"(?<=\d){SPACES}*(?=(?:€|%|‰)(?!\w))|(?<=\d){SPACES}(?=(?:{SIGNS})(?![\w’]))", NO_BREAK, text)


def grouped(digits: str) -> str:
    """``digits`` in groups of three from the right, held together by narrow no-break spaces."""
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", NARROW, digits)
