"""How a form asks for a photo. What was sent is made a photo at once: a form refused for another reason keeps it."""

from dataclasses import astuple

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from initiatives.submission import photo_files
from initiatives.submission.images import RefusedImage, StoredPhoto, store_photo
from initiatives.text import typographic

SALT = "initiatives.photo"
# Shorter than the age at which ``purge_files`` takes a photo without a row for an orphan.
KEPT_FOR = photo_files.ORPHAN_AGE * 3 // 4  # seconds


class PhotoInput(forms.FileInput):
    """A file input; on a form that was refused, with the photo that it already gave."""

    def __init__(self, attrs=None):
        # An iPhone that is asked for these formats sends a JPEG by itself.
        super().__init__({"accept": "image/jpeg,image/png,image/webp"} | (attrs or {}))

    def render(self, name, value, attrs=None, renderer=None):
        stored = value if isinstance(value, StoredPhoto) else getattr(value, "stored", None)
        if stored is None:
            return super().render(name, value, attrs, renderer)
        attrs, said = dict(attrs or {}), f"{_kept_name(name)}-dit"
        attrs["aria-describedby"] = f"{said} {attrs.get('aria-describedby', '')}".strip()
        return format_html(
            '{}<input type="hidden" name="{}" value="{}"><span class="help" id="{}">{}</span>',
            super().render(name, value, attrs, renderer),
            _kept_name(name),
            signing.dumps(astuple(stored), salt=SALT),
            said,
            typographic("Photo gardée : inutile de la choisir de nouveau. Un autre fichier prendra sa place."),
        )

    def value_from_datadict(self, data, files, name):
        """The uploaded file, else the photo that a refused form kept, else None."""
        return super().value_from_datadict(data, files, name) or _kept(data.get(_kept_name(name), ""))

    def value_omitted_from_data(self, data, files, name):
        return name not in files and _kept_name(name) not in data


class PhotoField(forms.FileField):
    """Gives a ``StoredPhoto``, or None."""

    widget = PhotoInput

    def __init__(self, **kwargs):
        # An empty file gets the sentence of ``store_photo``.
        super().__init__(allow_empty_file=True, **kwargs)

    def bound_data(self, data, initial):
        """Django's file fields forget what was sent; this one shows that it is kept."""
        return data

    def to_python(self, data):
        if data is None or isinstance(data, StoredPhoto):
            return data
        # The desk reads a form twice when it is refused as it is saved: the photo is made once.
        if not hasattr(data, "stored"):
            try:
                data.stored = store_photo(data)
            except RefusedImage as error:
                raise ValidationError(typographic(str(error))) from error
        return data.stored


def _kept_name(name):
    return f"{name}-gardee"


def _kept(token):
    """The photo that a refused form kept; None when it is not one of ours, or no longer there."""
    try:
        stored = StoredPhoto(*signing.loads(token, salt=SALT, max_age=KEPT_FOR))
    except signing.BadSignature:
        return None
    return stored if photo_files.exists(stored.name) else None
