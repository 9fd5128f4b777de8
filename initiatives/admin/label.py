from django.contrib import admin

from initiatives.admin.base import NounAdmin
from initiatives.admin.site import site
from initiatives.models import Label


@admin.register(Label, site=site)
class LabelAdmin(NounAdmin):
    """A nomenclature: read here, loaded from its file."""

    list_display = ("name", "code", "nature", "legal_basis")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
