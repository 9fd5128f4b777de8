from pathlib import Path

from tests.models.breaking import constraints

NOUNS = ("initiative", "actor", "fundingsource")


def test_every_constraint_of_every_noun_is_tried():
    """The names of those that the three nouns share are written ``{noun}_…``."""
    tests = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))

    for name in constraints():
        noun, _, rest = name.partition("_")
        is_tried = f'"{name}' in tests or (noun in NOUNS and f'f"{{noun}}_{rest}' in tests)
        assert is_tried, f"nothing tries to break {name}"
