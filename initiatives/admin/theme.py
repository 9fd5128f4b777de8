from django.contrib import admin

from initiatives.admin.base import NounAdmin
from initiatives.admin.site import site
from initiatives.models import Theme


@admin.register(Theme, site=site)
class ThemeAdmin(NounAdmin):
    fields = ("name", "slug", "parent", "position", "own_cloth")
    list_display = ("name", "parent", "slug", "position", "cloth")
    list_select_related = ("parent",)
    list_per_page = 200
    used_through = ("children", "links", "actors", "funding_sources")

    def get_ordering(self, request):
        return Theme.objects.in_order().query.order_by

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """Its identifier stands in public addresses: given once."""
        return ("slug",) if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = Theme.objects.top()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="toile")
    def cloth(self, theme):
        return theme.cloth
