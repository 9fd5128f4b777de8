from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from initiatives.admin.base import NounAdmin
from initiatives.admin.site import site
from initiatives.models import ModerationRules, record_change
from initiatives.submission.history import keep


@admin.register(ModerationRules, site=site)
class ModerationRulesAdmin(NounAdmin):
    """One page: what the site announces, asks and keeps. There are defaults until somebody saves it."""

    fieldsets = (
        ("Ce que le site annonce", {"fields": ("answer_days", "holiday_message")}),
        ("L’équipe", {"fields": ("sends_digest",)}),
        ("La question de l’année", {"fields": ("recheck_months", "reminder_days")}),
        ("Ce que l’on garde, en jours", {"fields": ("draft_days", "rejected_days", "accepted_days")}),
    )

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(reverse("admin:initiatives_moderationrules_change", args=[1]))

    def get_object(self, request, object_id, from_field=None):
        return ModerationRules.current() if str(object_id) == "1" else None

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def record(self, row, *, at):
        """What pages announce is read from the row each time."""
        keep(row)
        record_change([])
