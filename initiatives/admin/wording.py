"""The titles and sentences of the pages of a noun, where Django's fit no noun: « Ajout de initiative »."""

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from initiatives.text import NO_BREAK, typographic, with_a, with_the


class Wording:
    """For the pages of a noun."""

    # What its « add » page makes, where that is not the noun itself.
    added_name = ""

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), "added_name": self._added_name()}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_action_choices(self, request, default_choices=(("", "À choisir"),)):
        return super().get_action_choices(request, [*default_choices])

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context["title"] = f"Ajouter {with_a(self._added_name())}"
        else:
            read_only = "" if self.has_change_permission(request, obj) else ", en lecture seule"
            context["title"] = f"{capfirst(self.opts.verbose_name)}{read_only}"
        # One saves and goes on to the next one where one adds; elsewhere it is one button too many.
        context["show_save_and_add_another"] = add
        return super().render_change_form(request, context, add, change, form_url, obj)

    def render_delete_form(self, request, context):
        name = with_the(self.opts.verbose_name)
        context["title"] = typographic(f"Supprimer {name} « {context['object']} » ?")
        # The row itself is counted among what goes with it.
        context["lost"] = [
            (capfirst(str(called).partition(" (")[0]), count)
            for called, count in context["model_count"]
            # The table that joins two nouns has no name of ours, and is no loss of its own.
            if called != self.opts.verbose_name_plural and "_" not in called
        ]
        return super().render_delete_form(request, context)

    def get_deleted_objects(self, objs, request):
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return _in_french(rows), counts, lacking, _in_french(protected)

    def _added_name(self):
        return self.added_name or self.opts.verbose_name


def _in_french(rows):
    """« Lieu: Arles » → « Lieu : Arles », in the nested lists of markup that Django makes."""
    if isinstance(rows, list):
        return [_in_french(row) for row in rows]
    return mark_safe(conditional_escape(rows).replace(": ", f"{NO_BREAK}: ", 1))
