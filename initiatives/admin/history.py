"""The history of a row, act by act: who, when, why, and what changed, in the place of Django's own log."""

import reversion
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from initiatives.keys import row_key
from initiatives.submission import changes

ACTS_PER_PAGE = 10


class HistoryPages:
    """For the pages of a noun whose history is kept; the others keep Django's log."""

    @method_decorator(require_safe)
    def history_view(self, request, object_id, extra_context=None):
        """What happened to it, the last act first; each is compared with the one before, wherever that one stands."""
        if not self.has_history():
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = _page(changes.versions_of(row), request.GET.get("page", "1"))
        start = page.start_index() - 1 if page.paginator.count else 0
        acts = changes.read_acts(page.paginator.object_list[start : start + ACTS_PER_PAGE + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": "Historique",
            "subtitle": None,
            "row": row,
            "opts": self.opts,
            "page": page,
            "acts": acts[:ACTS_PER_PAGE],
            "base": request.path,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def render_delete_form(self, request, context):
        context["keeps_history"] = self.has_history()
        return super().render_delete_form(request, context)

    def log_addition(self, request, obj, message):
        return None if self.has_history() else super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        return None if self.has_history() else super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        return [] if self.has_history() else super().log_deletions(request, queryset)

    def has_history(self):
        """Whether what happens to these rows is kept."""
        return reversion.is_registered(self.model)


def _page(versions, asked):
    paginator = Paginator(versions, ACTS_PER_PAGE)
    number = 1 if (key := row_key(asked)) is None else key
    if not 1 <= number <= paginator.num_pages:
        raise Http404
    return paginator.page(number)
