"""A fiche that is not published, as its page will look: for the team only."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.directory.preview import Preview
from initiatives.submission.imagined import PAGES


@require_safe
def preview(request, object_id, model_admin):
    """The public page of the fiche under a line that says what it is; a published fiche is shown where it is."""
    fiche = model_admin.get_object(request, object_id)
    if fiche is None:
        raise Http404
    if not model_admin.has_view_permission(request, fiche):
        raise PermissionDenied
    if fiche.is_published:
        return redirect(fiche)
    shown = Preview(
        "Aperçu : cette fiche n’est pas publiée.",
        (f"État : {fiche.get_status_display().lower()}.",),
        back=(reverse(admin_urlname(model_admin.opts, "change"), args=[fiche.pk]), "Revenir à la fiche"),
    )
    return PAGES[type(fiche)](request, fiche, preview=shown)
