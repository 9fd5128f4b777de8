from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from initiatives.admin.names import choice_name


class NamedChoices(AutocompleteJsonView):
    """What autocompletion answers: names that tell homonyms apart."""

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": choice_name(obj)}


class TeamSite(AdminSite):
    """The staff's own site, under ``/admin/``."""

    site_title = site_header = "InnovGuide, l’équipe"
    index_title = "Les fiches et ce qui les entoure"
    site_url = "/"

    def autocomplete_view(self, request):
        return NamedChoices.as_view(admin_site=self)(request)


site = TeamSite()
# What was once published is never deleted, and nothing is deleted by the dozen.
site.disable_action("delete_selected")
