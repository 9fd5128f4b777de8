"""A forgotten password: a message to whoever is of the team, and the same answer to everybody."""

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.urls import path, reverse_lazy
from django.views.decorators.cache import never_cache

from initiatives.admin.site import site
from initiatives.models import User
from initiatives.submission.mailing import queue_mail

TEMPLATES = "admin/password/"


class TeamPasswordResetForm(PasswordResetForm):
    """Also for an account of the team that has no password yet: this is how one gets it."""

    def get_users(self, email):
        return User.objects.filter(email=User.objects.normalize_email(email), is_staff=True, is_active=True)

    def send_mail(self, subject_template_name, email_template_name, context, from_email, to_email, **options):
        queue_mail(to_email, "password_reset", context, priority="high")


class _Page:
    """A page of the desk, for somebody who has not signed in."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**site.each_context(self.request) | {"subtitle": None} | kwargs)


class Ask(_Page, views.PasswordResetView):
    title = "Mot de passe oublié"
    form_class = TeamPasswordResetForm
    template_name = f"{TEMPLATES}ask.html"
    success_url = reverse_lazy("admin_password_reset_sent")
    extra_email_context = {"hours": settings.PASSWORD_RESET_TIMEOUT // 3600}


class Sent(_Page, views.PasswordResetDoneView):
    title = "Regardez votre courrier"
    template_name = f"{TEMPLATES}sent.html"


class Choose(_Page, views.PasswordResetConfirmView):
    title = "Choisir un mot de passe"
    template_name = f"{TEMPLATES}choose.html"
    success_url = reverse_lazy("admin_password_reset_done")


class Done(_Page, views.PasswordResetCompleteView):
    title = "Mot de passe changé"
    template_name = f"{TEMPLATES}done.html"


# Without a namespace: Django's sign-in page looks for the first name, and shows a link to it.
urlpatterns = [
    path("", never_cache(Ask.as_view()), name="admin_password_reset"),
    path("envoye/", never_cache(Sent.as_view()), name="admin_password_reset_sent"),
    path("<slug:uidb64>/<slug:token>/", never_cache(Choose.as_view()), name="admin_password_reset_choose"),
    path("change/", never_cache(Done.as_view()), name="admin_password_reset_done"),
]
