from django.contrib import admin

from initiatives.admin.base import NounAdmin
from initiatives.admin.site import site
from initiatives.models import Audience


@admin.register(Audience, site=site)
class AudienceAdmin(NounAdmin):
    fields = ("name", "slug", "position")
    list_display = ("name", "slug", "position")
    used_through = ("initiatives", "funding_sources")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """Its identifier stands in public addresses: given once."""
        return ("slug",) if obj else ()
