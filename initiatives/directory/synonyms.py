"""The synonyms of the staff, as queries are read with them."""

from initiatives.models import Synonym
from initiatives.words import Query, parse_query, synonym_ways


def read_synonyms() -> dict:
    """What ``parse_query`` takes, in one question; to be kept as long as the directory's version does not move."""
    return synonym_ways(row.expressions for row in Synonym.objects.all())


def read_query(text: str) -> Query:
    """A query with the synonyms of now."""
    return parse_query(text, read_synonyms())
