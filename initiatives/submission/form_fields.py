"""Fields of the forms of the public."""

from django import forms
from django.core.exceptions import ValidationError


class CountedText(forms.CharField):
    """A long text of at most ``max_length`` characters, a new line being one; its counter lets one type beyond."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def run_validators(self, value):
        if too_many := max(0, len(value) - self.max_length):
            raise ValidationError(f"Raccourcissez de {too_many} caractère{'s' if too_many > 1 else ''}.", "max_length")
        super().run_validators(value)
