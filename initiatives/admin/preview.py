"""A fiche that is not published, as its page will look: for the team only."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.directory.views.actors import actor_page
from initiatives.directory.views.funding import funding_page
from initiatives.directory.views.initiative import initiative_page
from initiatives.models import Actor, FundingSource, Initiative

PAGES = {Initiative: initiative_page, Actor: actor_page, FundingSource: funding_page}


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
    request.desk_address = reverse(admin_urlname(model_admin.opts, "change"), args=[fiche.pk])
    return PAGES[type(fiche)](request, fiche, is_preview=True)
