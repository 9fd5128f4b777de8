"""The staff's pages, one noun a file; importing a module registers its noun on our site."""

from initiatives.admin import (
    actor,
    audience,
    editorial_text,
    funding_source,
    initiative,
    label,
    moderation_rules,
    reply_template,
    synonym,
    territory,
    theme,
    user,
)

__all__ = [
    "actor",
    "audience",
    "editorial_text",
    "funding_source",
    "initiative",
    "label",
    "moderation_rules",
    "reply_template",
    "synonym",
    "territory",
    "theme",
    "user",
]
