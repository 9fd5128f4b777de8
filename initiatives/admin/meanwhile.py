"""Two people at once: the second save is refused, shown beside what the first one changed, and loses nothing typed."""

from dataclasses import dataclass

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from initiatives.admin.retyping import Retyping, typed_anew
from initiatives.keys import row_key
from initiatives.models import take_turn
from initiatives.submission import actions as acts
from initiatives.submission.changes import Act, read_since
from initiatives.text import typographic

CHANGED = typographic("Cette page a été enregistrée entre-temps : relisez, puis enregistrez de nouveau.")
DELETED = typographic(
    "Cette fiche a été supprimée entre-temps. Rien de ce que vous avez tapé n’est perdu : enregistrez pour la créer de "
    "nouveau, ou quittez cette page."
)


class ChangedMeanwhile(Exception):
    """The row is no longer as it was when its form was opened."""


@dataclass(frozen=True)
class Meanwhile:
    """What others did since the form was opened. ``kept``: keys of the changes over which what was typed stands.

    ``is_followed``: the state of then is known, so that what was not touched took the value of today. ``closed``: why
    nothing can be saved any more, "" when it can.
    """

    acts: list[Act]
    kept: set
    is_followed: bool
    closed: str


class DeletedMeanwhile(Exception):
    """There is no such row any more."""


class OneAtATime:
    """For the pages of a noun that counts its revisions: a form says on which one it was opened."""

    change_form_template = "admin/fiche_form.html"

    def get_object(self, request, object_id, from_field=None):
        """The row; read in one's turn when it is to be saved, so that an act of somebody else is never overwritten."""
        is_saved = hasattr(request, "opened_on")
        if is_saved:
            take_turn()
        row = super().get_object(request, object_id, from_field)
        if is_saved:
            if row is None and self.has_add_permission(request):
                raise DeletedMeanwhile
            if row is not None and row.revision != request.opened_on:
                raise ChangedMeanwhile
        return row

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A save that cannot be is undone, and shown again as it was typed."""
        context = {"meanwhile": None} | (extra_context or {})
        if request.method == "POST" and object_id is not None:
            request.opened_on = _number(request.POST.get("revision", ""))
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except acts.Refused as error:
            request.refusal = typographic(str(error))
        except DeletedMeanwhile:
            return self._type_anew(request, context)
        except ChangedMeanwhile:
            context["meanwhile"] = self._read_meanwhile(request, object_id)
            request.refusal = context["meanwhile"].closed or CHANGED
        if hasattr(request, "opened_on"):
            del request.opened_on
        return super().changeform_view(request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        """What is deleted is read in one's turn too: nobody publishes it meanwhile."""
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            take_turn()
            return super().delete_view(request, object_id, extra_context)

    def why_closed(self, row) -> str:
        """Why this row changes no more, "" when it may."""
        return ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        stored = obj.revision if obj else 0
        context["revision"] = request.POST.get("revision", stored)
        context["why"] = request.POST.get("why", "")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _type_anew(self, request, context):
        """What was typed on a row that is no more, as the form of a new one."""
        request.POST, request.refusal = typed_anew(self, request), DELETED
        add = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return super().changeform_view(request, None, add, context)

    def _read_meanwhile(self, request, object_id) -> Meanwhile:
        """Type again what was typed on the row of today: what only others changed is taken from them."""
        row = self.model.objects.get(pk=unquote(object_id))
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        base, since = read_since(row, request.opened_on) if request.opened_on >= 0 else (None, [])
        retyping = Retyping(self, request, row, base)
        request.POST, request._files = retyping.data, retyping.files  # the setter of FILES is this attribute
        request.POST["revision"] = str(row.revision)
        return Meanwhile(since, retyping.kept, is_followed=base is not None, closed=self.why_closed(row))


def _number(text):
    """The revision that a form was opened on; −1, which never was, when it does not say."""
    return -1 if (number := row_key(text)) is None else number
