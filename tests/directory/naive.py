"""The search by words as one would say it, fiche by fiche: what the postings and the databases are compared with."""

from initiatives.models.search_text import CLASSES


def naive_match(query, rows):
    """Keys of the rows that answer, in order: (class, −words there, key). ``rows``: (key, atoms of each class…)."""
    ranked = []
    for pk, *texts in rows:
        fields = [text.split() for text in texts]
        if any(_classes(word, fields) for word in query.excluded):
            continue
        found = [_classes(word, fields) for word in query.wanted]
        if all(found):
            best = min((place for places in found for place in places), default=0)
            ranked.append((best, -sum(best in places for places in found), pk))
    return ranked


def _classes(word, fields):
    """The places of the classes where a word stands; none when it stands nowhere."""
    places = set()
    for number, way in enumerate(word.ways):
        standing = [{place for place, atoms in enumerate(fields) if _holds(atoms, group)} for group in way]
        places |= set.intersection(*standing)
        if number == 0 and all(standing):
            places.add(max(min(one) for one in standing))
    return places & set(range(len(CLASSES)))


def _holds(atoms, group):
    for atom in group:
        if atom.startswith("="):
            found = atom in atoms
        elif atom.endswith("*"):
            found = any(one.startswith(atom[:-1]) for one in atoms)
        else:
            words = atom.split(" ")
            found = any(atoms[at : at + len(words)] == words for at in range(len(atoms)))
        if found:
            return True
    return False
