from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.html import format_html

from initiatives.admin.asking import PlainLabels
from initiatives.admin.base import NounAdmin
from initiatives.admin.site import site
from initiatives.models import PrivateContact, Submission, User, record_change
from initiatives.text import fold

RIGHTS = ("is_active", "is_staff", "groups", "is_superuser", "user_permissions")
# What an administrator of the team gives to others; the rest is a superuser's business.
TEAM_RIGHTS = ("is_active", "is_staff", "groups")


class AccountForm(PlainLabels, UserChangeForm):
    pass


class NewAccountForm(PlainLabels, AdminUserCreationForm):
    pass


class PasswordForm(PlainLabels, AdminPasswordChangeForm):
    # Django has no French for its warning. Its script shows it by this identifier.
    usable_password_help_text = format_html(
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        "Sans mot de passe, personne n’entre au bureau avec ce compte.",
        "Le mot de passe d’aujourd’hui sera perdu.",
    )


@admin.register(User, site=site)
class UserAdmin(NounAdmin, DjangoUserAdmin):
    concerned_by_deletion = ()
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = PasswordForm
    fieldsets = (
        (None, {"fields": ("email", "name", "how_to_enter")}),
        ("Droits", {"fields": RIGHTS[:-1]}),
        ("Droits particuliers", {"fields": RIGHTS[-1:], "classes": ["collapse"]}),
        ("Dates", {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined", "how_to_enter")
    list_display = ("email", "name", "is_staff", "group_names", "is_superuser", "is_active", "last_login")
    list_filter = ("is_staff", "groups", "is_superuser", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="groupes")
    def group_names(self, user):
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="mot de passe")
    def how_to_enter(self, user):
        """Whether there is one, and the way to another; never what Django stores of it."""
        has_one = user.has_usable_password()
        return format_html(
            '{} <a class="button" href="{}">{}</a>',
            "Choisi." if has_one else "Aucun.",
            reverse("admin:auth_user_password_change", args=[user.pk]),
            "Le changer" if has_one else "En donner un",
        )

    def get_readonly_fields(self, request, obj=None):
        """Nobody raises their own rights; superusers give them all, administrators of the team those of its groups."""
        if request.user.is_superuser:
            return self.readonly_fields
        gives = self._manages_team(request.user) and obj != request.user
        closed = [name for name in RIGHTS if name not in TEAM_RIGHTS] if gives else RIGHTS
        return (*self.readonly_fields, *closed)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_touch(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj) and self._may_touch(request.user, obj)
        return allowed and obj != request.user

    def _may_touch(self, user, other):
        """The accounts of the team, and their passwords: never that of a superuser, unless one is a superuser."""
        if user.is_superuser or other is None:
            return True
        return not other.is_superuser and (not other.is_staff or self._manages_team(user))

    def _manages_team(self, user):
        return user.has_perm("initiatives.manage_team")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Rights on the nouns that have a page here; the lines of a fiche follow the fiche."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.name == "user_permissions":
            nouns = {model._meta.model_name for model in [*self.admin_site._registry, PrivateContact, Submission]}
            permissions = Permission.objects.filter(
                content_type__app_label=User._meta.app_label, content_type__model__in=nouns
            )
            kwargs["queryset"] = permissions.select_related("content_type").order_by("content_type__model", "pk")
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """Names are few and not stored folded: compared here."""
        words = fold(search_term).split()
        people = queryset.values_list("pk", "email", "name")
        found = [pk for pk, email, name in people if all(word in fold(f"{email} {name}") for word in words)]
        return queryset.filter(pk__in=found) if words else queryset, False

    def record(self, row, *, at):
        """Nothing public depends on a person."""
        record_change([])
