"""The synonyms of the staff, as queries are read with them."""

from initiatives.models import Synonym
from initiatives.words import synonym_ways


def read_synonyms() -> dict:
    """What ``parse_query`` takes, in one question; to be kept as long as the directory's version does not move."""
    return synonym_ways(row.expressions for row in Synonym.objects.all())
