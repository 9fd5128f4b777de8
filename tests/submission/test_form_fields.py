import pytest
from django.core.exceptions import ValidationError

from initiatives.submission.form_fields import CountedText

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("x" * 301, "Raccourcissez de 1 caractère."), ("x" * 306, "Raccourcissez de 6 caractères.")],
)
def test_a_text_that_is_too_long_says_by_how_much(typed, sentence):
    with pytest.raises(ValidationError) as error:
        CountedText(max_length=300).clean(typed)

    assert error.value.messages == [sentence]


def test_a_new_line_is_one_character():
    assert CountedText(max_length=3).clean("a\r\nb") == "a\nb"
