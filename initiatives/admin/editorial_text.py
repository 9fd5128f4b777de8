from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from initiatives.admin.acts import LONGEST_REASON
from initiatives.admin.base import CheckedForm, NounAdmin
from initiatives.admin.meanwhile import OneAtATime
from initiatives.admin.site import site
from initiatives.directory.editorial import TEXTS, Words, default_of, is_default, say_instead
from initiatives.directory.editorial_check import refusals
from initiatives.directory.insertions import INSERTIONS
from initiatives.directory.visitor import answer, visitor_request
from initiatives.models import EditorialText, take_turn
from initiatives.submission import actions as acts
from initiatives.submission.changes import Change, compare
from initiatives.submission.snapshots import column_name
from initiatives.text import typographic

PAGE_FIELDS, MESSAGE_FIELDS = ("title", "lead", "body"), ("body",)


@dataclass(frozen=True)
class Preview:
    """What the page shown says above itself. ``refusals``: why these words could not be saved."""

    refusals: list[str]


class LinesField(forms.CharField):
    """A text of several lines, which end as those of our files do, whatever the browser sends."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class EditorialForm(CheckedForm):
    """Refuses what a reader could not follow: see ``directory/editorial_check.py``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            is_page = TEXTS[self.instance.key].is_page
            self.fields["body"].widget.attrs["rows"] = 34 if is_page else 4
            self.fields["body"].label = "Texte" if is_page else "Message"
        if "lead" in self.fields:
            self.fields["lead"].widget.attrs["rows"] = 3

    def clean(self):
        cleaned = super().clean()
        for field, sentence in refusals(self.instance.key, self.words()):
            self.add_error(field, sentence)
        return cleaned

    def words(self) -> Words:
        """What the text would say; a field that is refused or not shown keeps what is stored."""
        return Words(*(self.cleaned_data.get(name, getattr(self.instance, name)) for name in PAGE_FIELDS))


@admin.register(EditorialText, site=site)
class EditorialTextAdmin(OneAtATime, NounAdmin):
    """The closed list of texts: each is rewritten, looked at, brought back to its origin; none is added or removed."""

    form = EditorialForm
    change_form_template = "admin/editorial_text/form.html"
    list_display = ("called", "where", "modified_at", "state")
    sortable_by = ()
    actions = None
    formfield_overrides = {models.TextField: {"form_class": LinesField}}

    def get_queryset(self, request):
        return super().get_queryset(request).filter(key__in=TEXTS)

    def get_ordering(self, request):
        return [Case(*(When(key=key, then=Value(number)) for number, key in enumerate(TEXTS))).asc()]

    def get_fields(self, request, obj=None):
        return PAGE_FIELDS if obj and TEXTS[obj.key].is_page else MESSAGE_FIELDS

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, text):
        return TEXTS[text.key].address

    def record(self, row, *, at):
        acts.record_text(text=row, at=at)

    @admin.display(description="texte")
    def called(self, text):
        return TEXTS[text.key].name

    @admin.display(description="où il paraît")
    def where(self, text):
        shown = TEXTS[text.key]
        said = f"{shown.shown}, {shown.address}" if shown.is_page else shown.shown
        return format_html('<a href="{}">{}</a>', shown.address, said)

    @admin.display(description="état")
    def state(self, text):
        return "d’origine" if is_default(text) else "modifié ici"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<path:object_id>/apercu/", self.admin_site.admin_view(self.preview_view), name=f"{name}_preview"),
            path("<path:object_id>/origine/", self.admin_site.admin_view(self.origin_view), name=f"{name}_origin"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "subtitle": typographic(TEXTS[obj.key].name),
            "text": TEXTS[obj.key],
            "is_default": is_default(obj),
            "insertions": INSERTIONS.values(),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def preview_view(self, request, object_id):
        """The public page with the words that were typed, above which stands what keeps them from being saved."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():  # whoever sends a form reads its row under a lock
            text = self._text_to_change(request, object_id)
        form = self.get_form(request, text, change=True)(request.POST, instance=text)
        form.is_valid()
        typed = {name: form.data.get(name, getattr(text, name)).replace("\r\n", "\n") for name in PAGE_FIELDS}
        asked = visitor_request(TEXTS[text.key].address)
        asked.text_preview = Preview([sentence for found in form.errors.values() for sentence in found])
        say_instead(asked, text.key, Words(**typed | {"body": typed["body"][: TEXTS[text.key].longest]}))
        response = answer(asked)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def origin_view(self, request, object_id):
        """Ask before the words of origin come back; then bring them back."""
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[unquote(object_id)])
        with transaction.atomic():
            if request.method == "POST":
                take_turn()
            text = self._text_to_change(request, object_id)
            if request.method == "POST":
                self._restore(request, text)
                return redirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": "Revenir au texte d’origine",
            "subtitle": None,
            "opts": self.opts,
            "text": text,
            "name": TEXTS[text.key].name,
            "changes": _changes_back(text),
        }
        return TemplateResponse(request, "admin/editorial_text/origin.html", context)

    def _restore(self, request, text):
        if request.POST.get("revision") != str(text.revision):
            said = "Ce texte a changé depuis que vous l’avez ouvert : relisez-le, puis recommencez."
            self.message_user(request, typographic(said), messages.ERROR)
            return
        try:
            why = request.POST.get("why", "")[:LONGEST_REASON]
            acts.restore_text(text=text, at=timezone.now(), by=request.user, why=why)
        except acts.Refused as error:
            self.message_user(request, typographic(str(error)), messages.ERROR)
        else:
            said = f"« {TEXTS[text.key].name} » est revenu au texte d’origine."
            self.message_user(request, typographic(said), messages.SUCCESS)

    def _text_to_change(self, request, object_id):
        text = self.get_object(request, unquote(object_id))
        if text is None:
            raise Http404
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        return text


def _changes_back(text) -> list[Change]:
    """What the text of origin says otherwise."""
    origin = default_of(text.key)
    return [
        Change((EditorialText, None, name), column_name(EditorialText, name), *compare(before, after))
        for name in PAGE_FIELDS
        if (before := getattr(text, name)) != (after := getattr(origin, name))
    ]
