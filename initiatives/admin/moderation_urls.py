"""The addresses of moderation, under ``/admin/moderation/``."""

from functools import partial

from django.urls import path

from initiatives.admin import invite, moderation, moderation_item, moderation_preview, on_behalf

VIEWS = (
    ("", moderation.moderation, "moderation"),
    ("saisir/", on_behalf.on_behalf, "on_behalf"),
    ("inviter/", invite.invite, "invite"),
    ("<key:pk>/", moderation_item.moderation_item, "moderation_item"),
    ("<key:pk>/charge/", moderation.charge, "moderation_charge"),
    ("<key:pk>/apercu/", moderation_preview.moderation_preview, "moderation_preview"),
    ("<key:pk>/apercu/cadre/", moderation_preview.moderation_embedded, "moderation_embedded"),
    ("<key:pk>/photos/<uuid:uuid>/<slug:width>.webp", moderation_item.sent_photo, "moderation_photo"),
)


def addresses(site):
    return [
        path(f"moderation/{route}", site.admin_view(partial(view, site=site)), name=name) for route, view, name in VIEWS
    ]
