"""The head band of whoever is known by their initiatives: an actor, a funding source."""

from collections import Counter


def cloths_of(initiatives):
    """(cloth, parts): one part for each initiative and each of its themes, the widest first."""
    parts = Counter()
    for initiative in dict.fromkeys(initiatives):
        parts.update(theme.cloth for theme in initiative.theme_list)
    return sorted(parts.items(), key=lambda item: (-item[1], item[0]))
