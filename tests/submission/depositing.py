"""Steps of a deposit, as the tests take them."""

import re

from django.urls import reverse

from initiatives.models import Submission
from initiatives.submission import tokens
from tests.submission.people import by_a_person

ESSENTIAL = {
    "name": "Boutique du pays",
    "commune": "Arles",
    "summary": "Plus de commerce au village. Nous ouvrons une boutique tenue par ses membres.",
    "theme": "alimentation",
    "email": "Lea@exemple.test",
}
ACCEPTED = {"publication": "on", "charter": "on", "licence": "on", "privacy": "on"}


def first(client, **answers):
    return client.post("/deposer/nouvelle/", by_a_person({**ESSENTIAL, "faire": "continuer", **answers}))


def started(client, **answers):
    """A draft whose first step is done."""
    response = first(client, **answers)
    assert response.status_code == 302, response.text
    return Submission.objects.latest("pk")


def address(draft, step):
    return reverse("deposit_step", args=[tokens.make("draft", draft.uuid), step])


def place(location):
    """Where an address leads whatever the moment of its token: (« brouillon » or « suivi », UUID, the rest)."""
    kind, token, rest = re.fullmatch(r"/deposer/(brouillon|suivi)/([^/]+)/(.*)", location).groups()
    return kind, tokens.read({"brouillon": "draft", "suivi": "tracking"}[kind], token), rest


def rows(prefix, *lines, known=0):
    """The lines of a formset, as a form sends them."""
    data = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": known}
    for number, line in enumerate(lines):
        data |= {f"{prefix}-{number}-{name}": value for name, value in line.items()}
    return data


def fill(client, draft, step, **answers):
    """Answer a step. ``rows`` of ``answers``: the data of formsets."""
    data = {"faire": "continuer", **answers.pop("more", {}), **answers}
    return client.post(address(draft, step), data)


def sent(client, draft, **answers):
    response = client.post(address(draft, "envoi"), {"faire": "envoyer", **ACCEPTED, **answers})
    assert response.status_code == 302, response.text
    draft.refresh_from_db()
    return draft


def tracking(submission):
    return reverse("tracking", args=[tokens.make("tracking", submission.uuid)])


def confirmation(submission):
    return reverse("confirm", args=[tokens.make("confirmation", submission.uuid)])


def received(client, **answers):
    """A submission in the queue, with its pending fiche."""
    submission = sent(client, started(client, **answers))
    assert client.post(confirmation(submission)).status_code == 302
    submission.refresh_from_db()
    return submission
