"""Photos of an initiative, logo of an actor: asked for with what makes them publishable."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from initiatives.admin.base import LineForm, LineFormSet, StackedLineInline
from initiatives.models import Photo
from initiatives.submission import photo_files
from initiatives.submission.photo_field import PhotoField
from initiatives.text import typographic

THUMBNAIL_SIDE = 240  # pixels, of the longer side
MOST_PHOTOS = 12


class PhotoForm(LineForm):
    upload = PhotoField(
        label="Fichier",
        help_text=typographic(
            "JPEG, PNG ou WebP, 15 Mo au plus. La photo est enregistrée de nouveau : lieu de la prise de vue et autres "
            "données cachées disparaissent."
        ),
    )
    replaced = ""

    class Meta:
        model = Photo
        fields = ("alt", "credit", "licence", "print_allowed", "position")
        help_texts = {
            "alt": typographic(
                "Ce que la photo montre, en une phrase, pour qui ne la voit pas. "
                "Exemple : « Trois cuisinières épluchent des carottes dans l’atelier. »"
            ),
            "credit": typographic(
                "Qui l’a prise, tel qu’il faut le citer. Demandez-lui son accord, et celui des personnes que l’on "
                "reconnaît."
            ),
            "licence": typographic(
                "Exemples : « CC BY 4.0 » ; « tous droits réservés, publiée avec l’accord de l’auteur »."
            ),
            "print_allowed": "Cochez si l’auteur accepte aussi qu’elle soit imprimée, dans un guide par exemple.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "upload" in self.fields and self.instance.pk:
            self.fields["upload"].required = False
            self.fields["upload"].label = "Remplacer par"

    def clean_upload(self):
        """Give the row its new photo. A kept one that was already saved, by a form sent twice, is not taken again."""
        stored = self.cleaned_data["upload"]
        if stored:
            if Photo.objects.filter(file=stored.name).exists():
                raise ValidationError("Cette photo est déjà enregistrée.")
            self.replaced = self.instance.file
            self.instance.file, self.instance.width, self.instance.height = stored.name, stored.width, stored.height
        return stored


class PhotoFormSet(LineFormSet):
    """So many at most; the files of what is replaced or removed go once the change is sure."""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        added = [form for form in kept if not form.instance.pk and form.has_changed()]
        # A fiche that got more from a merge keeps them.
        if added and len([form for form in kept if form.instance.pk]) + len(added) > self.max_num:
            raise ValidationError(typographic(f"{self.max_num} au plus : supprimez-en avant d’en ajouter."))

    def save_existing(self, form, obj, commit=True):
        if form.replaced:
            photo_files.remove_after_commit(form.replaced)
        return super().save_existing(form, obj, commit)

    def delete_existing(self, obj, commit=True):
        super().delete_existing(obj, commit)
        photo_files.remove_after_commit(obj.file)


class PhotoInline(StackedLineInline):
    model = Photo
    form = PhotoForm
    formset = PhotoFormSet
    max_num = MOST_PHOTOS
    classes = ["collapse"]
    readonly_fields = ("thumbnail",)
    fields = ("thumbnail", "upload", "alt", ("credit", "licence"), "print_allowed", "position")

    def get_fields(self, request, obj=None):
        """Whoever may only look is not asked for a file."""
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name != "upload"]

    @admin.display(description="aperçu")
    def thumbnail(self, photo):
        if not photo.pk:
            return "après l’enregistrement"
        scale = THUMBNAIL_SIDE / max(photo.width, photo.height)
        size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
        return format_html('<img src="{}" width="{}" height="{}" alt="{}">', photo.smallest, *size, photo.alt)


class LogoInline(PhotoInline):
    """The logo of an actor: one at most."""

    verbose_name = "logo"
    verbose_name_plural = "logo"
    max_num = 1
    fields = ("thumbnail", "upload", "alt", ("credit", "licence"), "print_allowed")


class WithPhotos:
    """For the pages of a noun that has photos: their files go with the fiche."""

    def delete_model(self, request, obj):
        names = list(Photo.objects.filter(**{self.opts.model_name: obj}).values_list("file", flat=True))
        super().delete_model(request, obj)
        for name in names:
            photo_files.remove_after_commit(name)
