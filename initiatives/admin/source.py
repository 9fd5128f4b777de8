from initiatives.admin.base import StackedLineInline
from initiatives.models import Source


class SourceInline(StackedLineInline):
    model = Source
    classes = ["collapse"]
    fields = (
        ("publisher", "year"),
        ("title", "title_from_address"),
        "url",
        ("reading", "consulted_on", "position"),
        "supports",
    )
