from django.contrib.admin.utils import unquote

from initiatives.admin.base import LineInline
from initiatives.keys import row_key
from initiatives.models import Milestone, Source


class MilestoneInline(LineInline):
    model = Milestone
    fields = ("year", "text", "source")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only the sources of the fiche itself; a new one has none yet."""
        if db_field.name == "source":
            fiche = row_key(unquote(request.resolver_match.kwargs.get("object_id", "")))
            sources = Source.objects.filter(**{self.parent_model._meta.model_name: fiche})
            kwargs["queryset"] = sources if fiche else Source.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
