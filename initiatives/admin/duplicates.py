"""The likely duplicates of a fiche, on its page: to be merged, or told apart once and for all."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from initiatives.directory.duplicates import duplicates_of, remember_distinct
from initiatives.keys import row_key
from initiatives.text import typographic


class LikelyDuplicates:
    """For the pages of a fiche: what may be the same one, and the answer « ce n’est pas un doublon »."""

    def get_urls(self):
        view = self.admin_site.admin_view(partial(tell_apart, model_admin=self))
        name = self._page("not_duplicate").removeprefix("admin:")
        return [path("<key:object_id>/pas-un-doublon/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_looked_at = request.method in ("GET", "HEAD") and IS_POPUP_VAR not in request.GET
        if change and is_looked_at and obj.status != "merged":
            context["duplicates"] = [
                {"likeness": likeness, **self._pages(request, obj, likeness.fiche)} for likeness in duplicates_of(obj)
            ]
            context["not_duplicate_url"] = reverse(self._page("not_duplicate"), args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _pages(self, request, fiche, other):
        """Addresses: of the other one; of the page that merges them, "" for those who may not."""
        return {
            "url": reverse(self._page("change"), args=[other.pk]),
            "merge_url": f"{reverse(self._page('merge'), args=[fiche.pk])}?avec={other.pk}"
            if self.has_publish_permission(request, fiche)
            else "",
            "may_tell": self.has_change_permission(request, fiche),
        }

    def _page(self, name):
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"


@require_POST
def tell_apart(request, object_id, model_admin):
    """Remember that this fiche and ``autre`` (a key) are not the same."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    rows = model_admin.model.objects
    fiche, other = (rows.filter(pk=key).first() for key in (object_id, row_key(request.POST.get("autre", ""))))
    if fiche is None or other is None or fiche.pk == other.pk:
        raise Http404
    remember_distinct(fiche, other, request.user)
    messages.success(request, typographic(f"« {fiche} » et « {other} » ne seront plus rapprochées."))
    return redirect(model_admin._page("change"), fiche.pk)
