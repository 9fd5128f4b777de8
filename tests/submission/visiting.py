"""A person before the forms about a published fiche: they read, type, send, and open the links of their mails."""

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings

from initiatives.models import Actor, FundingSource, Initiative, Ownership
from initiatives.models.target import target
from tests.factories import (
    SOME_TIME,
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)
from tests.submission.people import by_a_person

FOLDERS = {Initiative: "initiatives", Actor: "acteurs", FundingSource: "financements"}
NOUNS = list(FOLDERS)


def published(noun, **values):
    """A published fiche that lacks nothing."""
    if noun is Initiative:
        values = {"sites": [TerritoryFactory()], "themes": [ThemeFactory()]} | values
    makers = {Initiative: InitiativeFactory, Actor: ActorFactory, FundingSource: FundingSourceFactory}
    return makers[noun](**({"published": True} | values))


def door(fiche, what):
    return f"/{FOLDERS[type(fiche)]}/{fiche.slug}/{what}/"


def owned_by(fiche, **values):
    """An owner of a fiche."""
    user = UserFactory(**values)
    Ownership.objects.create(user=user, how="equipe", since=SOME_TIME, **target(fiche))
    return user


def typed(response):
    """What a browser would send of the form of a page, as it stands, a minute after it was shown."""
    page = BeautifulSoup(response.text, "html.parser")
    data = {}
    for control in page.select("main form[method=post] :is(input,textarea,select)[name]"):
        values = data.setdefault(control["name"], [])
        if control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[:1]
            values += [option.get("value", option.get_text()) for option in chosen]
        elif control.name == "textarea":
            values.append(control.get_text().removeprefix("\n"))
        elif control.get("type") in ("checkbox", "radio"):
            values += [control.get("value", "on")] if control.has_attr("checked") else []
        elif control.get("type") not in ("submit", "file"):
            values.append(control.get("value", ""))
    return {name: values for name, values in data.items() if values} | by_a_person({})


def send(client, path, **answers):
    """Open a form, answer, send it. An answer of None is left out, as an unticked box is."""
    data = typed(client.get(path))
    data |= {name.replace("__", "-"): value for name, value in answers.items()}
    return client.post(path, {name: value for name, value in data.items() if value is not None})


def link_in(mail):
    """The path of the link that a mail carries."""
    [address] = re.findall(rf"^{re.escape(settings.SITE_URL)}(/(?:deposer|question|avis)/\S+)$", mail.message, re.M)
    return urlsplit(address).path


def sentences(response, selector=".avis.erreur li, .msg-erreur"):
    """What a page says is wrong, with plain spaces."""
    found = BeautifulSoup(response.text, "html.parser").select(selector)
    return [" ".join(item.get_text().split()) for item in found]
