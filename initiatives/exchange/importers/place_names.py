"""French names of places: articles and prepositions by rule, where no list gives them."""

import re

EPCI_NATURES = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "METLYON": "métropole",
}


def typeset(name: str) -> str:
    """A name of the official files with French apostrophes and quotes."""
    return re.sub(r'"([^"]+)"', "« \\1 »", name).replace("'", "’")


def commune_forms(name: str) -> tuple[str, str]:
    """(« à … », « de … ») for a commune: au Cannet, du Cannet; aux Orres, des Orres; d’Hyères."""
    for article, at, of in (("Le ", "au ", "du "), ("Les ", "aux ", "des ")):
        if name.startswith(article):
            rest = name.removeprefix(article)
            return at + rest, of + rest
    return f"à {name}", (f"d’{name}" if re.match(r"[AEIOUYÉÈÊÎÂÔŒH]", name) else f"de {name}")


def epci_forms(official: str) -> tuple[str, str, str]:
    """(name, « à … », « de … ») for an EPCI: its official name without its nature, nor the acronym in brackets."""
    bare = re.sub(r"\s*\([^)]*\)", "", typeset(official))
    bare = re.sub(r"^(CC|CA|CU|Métropole|Communauté\s\w+)\s+", "", bare)
    match = re.match(r"(du|de la|de l’|des|d’|de)\s*(?=[A-ZÉÈÎ«])", bare)
    article = match.group(1) if match else ""
    name = bare[match.end() :] if match else bare
    return name, *_epci_articles(name, article)


def _epci_articles(name, article):
    article = article or {"Pays": "du", "Vallée": "de la"}.get(name.split()[0], "")
    match article:
        case "du" | "des" | "de la":
            at = {"du": "dans le", "des": "dans les", "de la": "dans la"}[article]
            return f"{at} {name}", f"{article} {name}"
        case "de l’":
            return f"dans l’{name}", f"de l’{name}"
        case "d’" | "de":
            return f"à {name}", f"{article}{'' if article == 'd’' else ' '}{name}"
        case _:
            return f"dans l’intercommunalité {name}", f"de l’intercommunalité {name}"
