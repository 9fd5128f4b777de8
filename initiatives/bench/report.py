"""The figures of a measure, as a Markdown table: each beside the floor, and beside what is to be reached."""

from datetime import date

from initiatives.text import NO_BREAK

NOT_MEASURED = "non mesuré"
FAMILIES = {
    "all": "sans critère, tris, pages lointaines",
    "words": "mots",
    "territory": "territoire",
    "presence": "présence, rayon, point",
    "values": "thème, étape, forme…",
    "together": "critères ensemble",
}
# (label, path to the milliseconds, most it may be, in floors)
FIGURES = (
    ("page, p50", ("measures", "page", "p50"), 2),
    ("page, p95", ("measures", "page", "p95"), 4),
    ("page, p99", ("measures", "page", "p99"), None),
    ("page, la plus longue", ("measures", "page", "max"), 15),
    ("facettes, p50", ("measures", "facets", "p50"), 0.5),
    ("facettes, p95", ("measures", "facets", "p95"), None),
    ("mots, p50", ("measures", "words", "p50"), None),
    ("mots, p95", ("measures", "words", "p95"), None),
    ("suggestion de lieu, p50", ("measures", "suggestions", "p50"), 0.5),
    ("suggestion de lieu, p95", ("measures", "suggestions", "p95"), None),
    ("points de la carte, p50", ("measures", "points", "p50"), None),
    ("points de la carte, p95", ("measures", "points", "p95"), None),
    ("page inchangée (304), p50", ("measures", "unchanged", "p50"), 0.25),
    ("index remis à jour après une publication", ("index", "refresh"), 3),
)
WORK = (
    ("page, temps de processeur, p50", ("measures", "work", "p50"), 2),
    ("page, temps de processeur, p95", ("measures", "work", "p95"), 4),
    ("page, temps de processeur, la plus longue", ("measures", "work", "max"), 15),
)
MOST_QUERIES = 8
MOST_GROWTH = 1.5
# Below, a page waited for a core more often than a figure may hide.
QUIET = 0.8
SLOWER = "La page médiane de la plus grande taille vaut"


def markdown(results: list[dict], *, day: date, command: str, machine: str) -> str:
    """The report: one column a size. ``results``: those of ``measure``, from the smallest directory."""
    sizes = [f"{result['initiatives']:_}".replace("_", "\u202f") for result in results]
    lines = [
        f"### {results[0]['engine']}, {day:%d/%m/%Y}",
        "",
        f"`{command}` sur {machine}.",
        "",
        f"| initiatives | à tenir | {' | '.join(sizes)} |",
        f"|---|---|{'---|' * len(sizes)}",
        _row("plancher : la même page sans rien chercher", "", [_ms(result["floor"]) for result in results]),
    ]
    for label, path, most in FIGURES:
        cells = [_beside_floor(_at(result, path), result["floor"], most) for result in results]
        lines.append(_row(label, f"≤ {_number(most)} plancher" if most else "", cells))
    for label, path, most in WORK:
        cells = [_beside_floor(_at(result, path), result["floor_work"], most) for result in results]
        lines.append(_row(label, f"≤ {_number(most)} plancher", cells))
    for family, label in FAMILIES.items():
        cells = [_beside_floor(_at(result, ("families", family, "p50")), result["floor"], None) for result in results]
        lines.append(_row(f"page, p50 : {label}", "", cells))
    most = [f"{result['queries']['max']} {_verdict(result['queries']['max'], MOST_QUERIES)}" for result in results]
    lines.append(_row("requêtes d’une page, au plus", f"≤ {MOST_QUERIES}", most))
    for label, cell in PLAIN:
        lines.append(_row(label, "", [cell(result) for result in results]))
    return "\n".join([*lines, "", *_remarks(results), ""])


def _index_made(result):
    index = result["index"]
    ratio = index["build"] / index["read"]
    return f"{_ms(index['build'])}, {_number(ratio)} fois la lecture de ses lignes {_verdict(ratio, 2)}"


def _memory(result):
    start, index, end = (result["memory"][moment] for moment in ("start", "index", "end"))
    if start is None:
        return NOT_MEASURED
    return f"{end['rss']:.0f} Mo, {index['rss'] - start['rss']:.0f} de plus avec l’index qu’au départ"


def _crowd(result):
    if not (crowd := result.get("crowd")):
        return NOT_MEASURED
    return f"{_number(crowd['rate'])} (p50 {_ms(crowd['p50'])}, p95 {_ms(crowd['p95'])})"


def _crowd_memory(name):
    def cell(result):
        held = result.get("crowd", {}).get("memory")
        return ", ".join(f"{process[name]:.0f}" for process in held) + " Mo" if held else NOT_MEASURED

    return cell


def _loading(result):
    return f"{result['loading']:.0f} s" if "loading" in result else NOT_MEASURED


PLAIN = (
    ("qui répond", lambda result: "l’index" if result["indexed"] else "la base"),
    ("première page d’un processus", lambda result: _ms(result["first_page"])),
    ("index, facettes faites en", _index_made),
    ("index, mots faits en", lambda result: _ms(result["index"]["postings"])),
    ("mémoire d’un processus", _memory),
    ("pages par seconde, 2 processus, 8 personnes", _crowd),
    ("serveur et ses 2 processus, mémoire (RSS)", _crowd_memory("rss")),
    ("la même, ce qui est partagé compté en parts (PSS)", _crowd_memory("pss")),
    ("la même, ce qui n’est qu’à chacun", _crowd_memory("own")),
    ("chargement des fiches d’essai", _loading),
    ("page compressée, octets", lambda result: str(result["bytes"])),
    ("part du temps où un cœur était libre", lambda result: f"{result['quiet']:.0%}".replace("%", NO_BREAK + "%")),
)


def _remarks(results):
    first, last = results[0], results[-1]
    if len(results) > 1:
        growth = last["measures"]["page"]["p50"] / first["measures"]["page"]["p50"]
        verdict = _verdict(growth, MOST_GROWTH)
        yield f"{SLOWER} {_number(growth)} fois celle de la plus petite (à tenir : ≤ {_number(MOST_GROWTH)}) {verdict}."
        yield ""
        yield f"De la plus petite taille à la plus grande : {', '.join(_growths(first, last))}."
        yield ""
    if min(result["quiet"] for result in results) < QUIET:
        yield "La machine faisait autre chose en même temps : ces chiffres sont à reprendre au calme."
        yield ""
    for fault in last["faults"]:
        yield f"- **En erreur {fault['status']}, non mesurée** : `{fault['url']}`"
    if last["faults"]:
        yield ""
    yield f"Les plus longues, à {last['initiatives']} initiatives :"
    yield ""
    for page in last["slowest"]:
        yield f"- {_ms(page['ms'])} : `{page['url']}`"
    if any(result["floor_queries"] for result in results):
        yield ""
        yield f"Le plancher a interrogé la base {last['floor_queries']} fois : il ne devrait pas."


def _growths(first, last):
    """By how much each figure is multiplied from one result to another."""
    for label, path, _ in (("plancher", ("floor",), None), *FIGURES, *WORK):
        before, after = _at(first, path), _at(last, path)
        if before and after:
            yield f"{label} × {_number(after / before)}"


def _at(result, path):
    for name in path:
        result = result.get(name) if result else None
    return result


def _beside_floor(milliseconds, floor, most):
    if milliseconds is None:
        return NOT_MEASURED
    ratio = milliseconds / floor
    return f"{_ms(milliseconds)}, {_number(ratio)} plancher {_verdict(ratio, most)}".rstrip()


def _verdict(value, most):
    return "" if most is None else "✓" if value <= most else "✗"


def _ms(value):
    return f"{_number(value)} ms"


def _number(value):
    """Two figures that mean something, with a comma."""
    if value >= 100:
        return f"{value:.0f}"
    text = f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".").replace(".", ",")


def _row(label, bound, cells):
    return f"| {label} | {bound} | {' | '.join(cells)} |"
