from functools import cache, partial, update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.urls import path
from django.utils import timezone
from django.views.i18n import JavaScriptCatalog

from initiatives.admin import attention, front_page, help, misses, moderation, moderation_urls, session_end, undelivered
from initiatives.admin.names import choice_name
from initiatives.directory.views.health import what_is_wrong
from initiatives.submission.connection import came_by_link

# The nouns, as somebody of the team looks for them; one that is named nowhere goes to the last section.
SECTIONS = {
    "Annuaire": ("Initiative", "Actor", "FundingSource", "Territory"),
    "Publier": ("EditorialText",),
    "Modération": ("ReplyTemplate", "ModerationRules"),
    "Référentiel": ("Theme", "Audience", "Label", "Synonym", "User"),
}
NAMES = {"FundingSource": "Financements"}


class NamedChoices(AutocompleteJsonView):
    """What autocompletion answers: names that tell homonyms apart."""

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": choice_name(obj)}


class TeamSite(AdminSite):
    """The staff's own site, under ``/admin/``."""

    site_title = "Bureau InnovGuide"
    site_header = "InnovGuide, le bureau"
    index_title = "Aujourd’hui"
    site_url = "/"
    empty_value_display = "–"
    password_change_template = "admin/password/change.html"

    def get_urls(self):
        attention_list = partial(attention.attention_list, site=self)
        return [
            path("a-traiter/", self.admin_view(partial(attention.attention, site=self)), name="attention"),
            path(misses.ADDRESS, self.admin_view(partial(misses.search_misses, site=self)), name="search_misses"),
            path(undelivered.ADDRESS, self.admin_view(partial(undelivered.undelivered, site=self)), name="undelivered"),
            path("a-traiter/<slug:slug>/", self.admin_view(attention_list), name="attention_list"),
            path("aide/", self.admin_view(partial(help.page, site=self)), name="help"),
            *moderation_urls.addresses(self),
            *super().get_urls(),
        ]

    def has_permission(self, request):
        """Django's; a holder who joined the team since they came by their link has a password to type first."""
        return super().has_permission(request) and not came_by_link(request)

    def admin_view(self, view, cacheable=False):
        """Django's, but nothing typed is lost when the session has ended."""
        page = super().admin_view(view, cacheable)

        def kept(request, *args, **kwargs):
            if request.method == "POST" and request.user.is_anonymous:
                return session_end.sign_in_again(self, request)
            return page(request, *args, **kwargs)

        return update_wrapper(kept, page)

    def login(self, request, extra_context=None):
        kept = {"kept": request.POST.get(session_end.KEPT, ""), "lost_files": False}
        response = super().login(request, kept | (extra_context or {}))
        if response.status_code == 302 and self.has_permission(request):
            return session_end.take_up(self, request, response.url) or response
        return response

    def each_context(self, request):
        """Also what the side list shows. Counted only by the pages that show it."""
        context = super().each_context(request)
        return context | {
            "sections": self.sections(context["available_apps"]),
            "side_lists": cache(lambda: attention.waiting_for(request.user, timezone.localdate())),
            "help_url": help.address_for(request),
        }

    def sections(self, apps):
        """The nouns that this person may open, section by section: (title, nouns)."""
        nouns = {noun["object_name"]: noun for app in apps for noun in app["models"] if noun["admin_url"]}
        for name, words in NAMES.items():
            if name in nouns:
                nouns[name]["name"] = words
        found = [[title, [nouns.pop(name) for name in names if name in nouns]] for title, names in SECTIONS.items()]
        found[-1][1].extend(nouns.values())
        return [section for section in found if section[1]]

    def index(self, request, extra_context=None):
        """What needs attention today, what changed lately, and what the site lacks."""
        today = timezone.localdate()
        waiting = attention.waiting_for(request.user, today, with_oldest=True)
        may_add = request.user.has_perm("initiatives.add_initiative")
        context = {
            "waiting": waiting,
            "side_lists": waiting,
            "lately": front_page.changed_lately(request.user),
            "numbers": front_page.numbers(request.user),
            "missing_settings": front_page.missing_settings(),
            "troubles": what_is_wrong(),
            "quick_entry_url": front_page.address_of("quick_entry") if may_add else "",
            "today": today,
            "late": moderation.late_for(request.user, today),
        }
        return super().index(request, context | (extra_context or {}))

    def i18n_javascript(self, request, extra_context=None):
        """Our words over those of Django, in its scripts too."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "initiatives"])(request)

    def autocomplete_view(self, request):
        return NamedChoices.as_view(admin_site=self)(request)


site = TeamSite()
# What was once published is never deleted, and nothing is deleted by the dozen.
site.disable_action("delete_selected")
