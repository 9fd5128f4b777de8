from django import forms
from django.contrib import admin

from initiatives.admin.base import CheckedForm, NounAdmin
from initiatives.admin.site import site
from initiatives.models import ReplyTemplate, record_change
from initiatives.submission.history import keep
from initiatives.submission.replies import PLACEHOLDERS, unknown_placeholders


class ReplyTemplateForm(CheckedForm):
    """Refuses a word to fill in that nothing fills in: it would reach the person as it is written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            words = ", ".join(f"{{{name}}} ({said})" for name, said in PLACEHOLDERS.items())
            self.fields["body"].help_text = f"Mots remplis tout seuls : {words}."
            self.fields["body"].widget.attrs["rows"] = 10

    def clean_body(self):
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        if unknown := unknown_placeholders(body):
            said = ", ".join(f"{{{name}}}" for name in unknown)
            raise forms.ValidationError(f"Rien ne remplit {said} : prenez l’un des mots donnés plus bas.")
        return body


@admin.register(ReplyTemplate, site=site)
class ReplyTemplateAdmin(NounAdmin):
    form = ReplyTemplateForm
    fields = ("name", "act", "body", "position")
    list_display = ("name", "act", "position")
    list_filter = ("act",)
    actions = None

    def record(self, row, *, at):
        """Nothing public depends on a letter."""
        keep(row)
        record_change([])
