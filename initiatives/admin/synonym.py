from django.contrib import admin

from initiatives.admin.base import NounAdmin
from initiatives.admin.site import site
from initiatives.models import Synonym, record_change
from initiatives.submission.history import keep


@admin.register(Synonym, site=site)
class SynonymAdmin(NounAdmin):
    fields = ("words", "note")
    list_display = ("words", "note")
    search_fields = ("words", "note")
    concerned_by_deletion = ()

    def get_search_results(self, request, queryset, search_term):
        """As it is typed: no column of these is folded."""
        return super(NounAdmin, self).get_search_results(request, queryset, search_term)

    def get_changeform_initial_data(self, request):
        """The list of searches without results leads here with its words."""
        return {"words": request.GET.get("words", "")[:100]}

    def record(self, row, *, at):
        """No initiative changes: words are only read otherwise."""
        keep(row)
        record_change([])
