"""Answers that people type in their own way: years, amounts, addresses of pages, numbers of structures."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from initiatives.models.actor import validate_siren, validate_siret

FIRST_YEAR, LAST_YEAR = 1800, 2100
MOST_EUROS = 10_000_000_000
# Signs that nobody sees, and that turn round what is read after them.
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


UNKNOWN = "Je ne sais pas"


def unknown_last(choices) -> list:
    """A closed list as a question: what is not known is an answer, the last one."""
    unknown = choices.UNKNOWN.value
    return [*((value, label) for value, label in choices.choices if value != unknown), (unknown, UNKNOWN)]


class TypedForm(forms.Form):
    """What people type, without the signs that would make it read as something else."""

    def clean(self):
        texts = {name: value for name, value in self.cleaned_data.items() if isinstance(value, str)}
        for name, text in texts.items():
            self.cleaned_data[name] = text.translate(TURNING)
            if text and not self.cleaned_data[name] and self.fields[name].required:
                self.add_error(name, self.fields[name].error_messages["required"])
        return super().clean()


class ShortText(forms.CharField):
    """One line. What is too long is said, never cut: no ``maxlength`` stops the one who types."""

    def __init__(self, *, longest, **kwargs):
        self.longest = longest
        super().__init__(**kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())

    def validate(self, value):
        super().validate(value)
        if excess := max(0, len(value) - self.longest):
            raise ValidationError(f"Raccourcissez de {excess} caractère{'s' if excess > 1 else ''}.", "max_length")


class YearField(forms.CharField):
    """A year, or None."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value):
        typed = re.sub(r"\s", "", super().to_python(value))
        if not typed:
            return None
        if not re.fullmatch(r"\d{4}", typed) or not FIRST_YEAR <= int(typed) <= LAST_YEAR:
            raise ValidationError(f"Écrivez une année entre {FIRST_YEAR} et {LAST_YEAR}, comme 2019.", "invalid")
        return int(typed)


class AmountField(forms.CharField):
    """An amount in whole euros, or None: « 20 000 € » as well as « 20000 »."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value):
        typed = re.sub(r"\s|€|euros?", "", super().to_python(value).lower())
        if not typed:
            return None
        # « 20.000 » and « 20,000 » hold groups; « 20000,50 » has cents.
        number = re.fullmatch(r"(\d{1,20}|\d{1,3}(?:[.,]\d{3}){1,6})(?:[.,]\d{1,2})?", typed)
        if not number or not 0 < (amount := int(re.sub(r"\D", "", number[1]))) <= MOST_EUROS:
            raise ValidationError("Écrivez un montant en euros, comme 20 000.", "invalid")
        return amount

    def prepare_value(self, value):
        return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if isinstance(value, int) else value


class PageField(forms.URLField):
    """The address of a page; « https:// » is added to « exemple.fr »."""

    def __init__(self, *, longest, **kwargs):
        self.longest = longest
        kwargs.setdefault("required", False)
        super().__init__(
            assume_scheme="https",
            widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
            error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : www.exemple.fr."},
            **kwargs,
        )
        self.validators = [URLValidator(schemes=["http", "https"], message=self.error_messages["invalid"])]

    def validate(self, value):
        super().validate(value)
        if len(value) > self.longest:
            raise ValidationError(f"Cette adresse est trop longue : {self.longest} caractères au plus.", "max_length")


class CompanyNumberField(forms.CharField):
    """A Siren or a Siret, or "": digits alone, their key checked."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value):
        typed = re.sub(r"[\s.-]", "", super().to_python(value))
        if not typed:
            return ""
        if not typed.isascii() or not typed.isdigit() or len(typed) not in (9, 14):
            raise ValidationError(
                "Un Siren compte 9 chiffres, un Siret 14. Ils sont sur vos factures et vos statuts.",
                "invalid",
            )
        try:
            (validate_siren if len(typed) == 9 else validate_siret)(typed)
        except ValidationError as error:
            raise ValidationError(
                "Ce numéro n’existe pas : un des chiffres doit être faux. Le dernier sert à vérifier les autres.",
                "invalid",
            ) from error
        return typed


def split_company_number(number: str) -> dict:
    """A Siren says the company, a Siret its establishment as well."""
    return {"siren": number[:9], "siret": number if len(number) == 14 else ""}
