"""``/connexion/``: a holder asks for a link, opens it, presses its button; and signs out."""

import logging
from datetime import timedelta
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.shortcuts import redirect, render
from django.utils import timezone

from initiatives.submission.abuse import Guarded, refuse_if_too_many
from initiatives.submission.connection import holder_of, safe_page, send_link, sign_in
from initiatives.submission.tokens import private_page

LOG = logging.getLogger(__name__)

# For the views of holders: whoever is not signed in asks for a link first, and comes back.
signed_in = login_required(login_url="connection", redirect_field_name="suite")


class AskForm(Guarded, forms.Form):
    # Browsers fill it by themselves.
    least = timedelta(seconds=1)

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Celle de votre dépôt, ou celle à laquelle nous vous écrivons. Exemple : nom@exemple.fr",
        max_length=254,
        error_messages={
            "required": "Écrivez votre adresse électronique.",
            "invalid": "Écrivez une adresse électronique entière, par exemple nom@exemple.fr.",
            "max_length": "Cette adresse est trop longue : vérifiez-la.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@private_page
def connection(request):
    """Asks for the address; the answer is the same whoever it is the address of."""
    now, then = timezone.now(), _then(request)
    form = AskForm(request.POST or None, now=now)
    context = {"form": form, "then": then}
    if form.is_valid():
        email = form.cleaned_data["email"]
        blocked = refuse_if_too_many(request, "connection", at=now, email=email)
        if blocked:
            return blocked.again(request, "submission/connection.html", context)
        response = redirect("connection_sent")
        # Django's own list of what to do once an answer is sent: how long it took tells nothing of the address.
        response._resource_closers.append(partial(_send_or_log, email, then))
        return response
    return render(request, "submission/connection.html", context)


@private_page
def connection_sent(request):
    return render(request, "submission/connection_sent.html")


@private_page
def connection_link(request, token):
    """The page of a link. Opening it signs nobody in and uses nothing up: its button does."""
    then = _then(request)
    if request.method == "POST":
        blocked = refuse_if_too_many(request, "link", at=timezone.now())
        if blocked:
            return blocked.page(request)
        if sign_in(request, token):
            return redirect(safe_page(request, then))
    holder = holder_of(token)
    if holder is None:
        return render(request, "submission/connection_spent.html", {"then": then}, status=410)
    return render(request, "submission/connection_link.html", {"holder": holder, "then": then})


@private_page
def disconnection(request):
    """Signs out, by its button only: another site could have a browser open an address."""
    if request.method == "POST":
        logout(request)
        messages.success(request, "Vous êtes déconnecté.")
        return redirect("home")
    return render(request, "submission/disconnection.html")


def _then(request):
    """Where one wanted to go, if it is a page of ours; else ""."""
    then = request.POST.get("suite") or request.GET.get("suite", "")
    return then if then and safe_page(request, then) == then else ""


def _send_or_log(email, then):
    try:
        send_link(email, then)
    except (DatabaseError, ValueError):
        LOG.exception("sign-in link not queued")
