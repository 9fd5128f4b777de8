"""A session that ends while somebody types: what they sent waits in the sign-in page, and is sent again by them."""

import json

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEPT = "kept"
# Asked for again rather than written in a page.
NEVER_KEPT = ("csrfmiddlewaretoken", KEPT)


def sign_in_again(site, request):
    """The sign-in page, which carries along what was sent to this address."""
    fields = {name: values for name, values in request.POST.lists() if _may_be_kept(name)}
    # Whoever never read a page of the site has nothing to lose.
    if not fields or settings.CSRF_COOKIE_NAME not in request.COOKIES:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    context = {
        **site.each_context(request),
        "title": "",
        "app_path": reverse("admin:login"),
        "username": "",
        "next": request.get_full_path(),
        "form": AdminAuthenticationForm(request),
        "kept": json.dumps(fields, ensure_ascii=False),
        "lost_files": bool(request.FILES),
    }
    return render(request, "admin/login.html", context)


def take_up(site, request, address):
    """Once signed in: the page whose only button sends again what was kept; None when there is nothing sensible."""
    fields = _read(request.POST.get(KEPT, ""))
    is_ours = address.startswith(reverse("admin:index")) and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    if not fields or not is_ours:
        return None
    context = {
        **site.each_context(request),
        "title": "Votre saisie est là",
        "address": address,
        "fields": [(name, value) for name, values in fields.items() for value in values],
    }
    return render(request, "admin/take_up.html", context)


def _may_be_kept(name):
    return name not in NEVER_KEPT and "password" not in name


def _read(text):
    """Name → values, as ``sign_in_again`` wrote them; nothing of what it did not write."""
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(fields, dict):
        return {}
    return {
        name: values
        for name, values in fields.items()
        if _may_be_kept(name) and isinstance(values, list) and all(isinstance(value, str) for value in values)
    }
