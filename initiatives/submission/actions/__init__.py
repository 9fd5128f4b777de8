"""Every write of the house, one subject a file; those on fiches themselves are known from here."""

from initiatives.submission.actions.fiches import (
    MOST_THEMES,
    Refused,
    add_theme,
    archive,
    feature,
    locked,
    merge,
    publish,
    record_edit,
    record_text,
    rename_address,
    restore_text,
    unfeature,
    verify,
)

__all__ = [
    "MOST_THEMES",
    "Refused",
    "add_theme",
    "archive",
    "feature",
    "locked",
    "merge",
    "publish",
    "record_edit",
    "record_text",
    "rename_address",
    "restore_text",
    "unfeature",
    "verify",
]
