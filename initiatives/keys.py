"""Keys of rows, as addresses and forms name them. One that no database holds is that of no row, whoever asks for it."""

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignObject, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In
from django.urls import register_converter

LARGEST = 2**63 - 1


def row_key(text: str) -> int | None:
    """The key that somebody typed, or None: other words, or a number that is no key."""
    # Python itself refuses to read thousands of digits.
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))
    return int(text) if is_number and int(text) <= LARGEST else None


class KeyInAddress:
    """``<key:pk>``: where there is none, no page answers."""

    regex = "[0-9]+"

    def to_python(self, text):
        key = row_key(text)
        if key is None:
            raise ValueError(text)
        return key

    def to_url(self, key):
        return str(key)


def register() -> None:
    """For the addresses, and for the questions that Django asks by itself; before the first address is read.

    Django knows that a column of numbers is never equal to one that is too large; here it learns the same of relations
    and of lists of keys, which SQLite would not even read.
    """
    register_converter(KeyInAddress, "key")
    IntegerField.register_lookup(_KeyAmong)
    ForeignObject.register_lookup(_RelatedKey)
    ForeignObject.register_lookup(_RelatedKeyAmong)


def _is_too_large(value):
    return isinstance(value, int) and not -LARGEST <= value <= LARGEST


class _RelatedKey(RelatedExact):
    def as_sql(self, compiler, connection):
        if _is_too_large(self.rhs):
            raise EmptyResultSet
        return super().as_sql(compiler, connection)


class _OnlyKeys:
    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if not _is_too_large(value)]
        return super().process_rhs(compiler, connection)


class _KeyAmong(_OnlyKeys, In):
    pass


class _RelatedKeyAmong(_OnlyKeys, RelatedIn):
    pass
