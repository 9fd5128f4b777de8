"""Every way to write from the desk moves the directory's version, and leaves who did it, when and why.

The ways are read from the desk itself: a new page, a new kind of line or a new act that is not told here fails.
Commands: ``tests/submission/test_history.py`` names them, ``tests/exchange`` runs them.
"""

import re

import pytest
from django.urls import URLResolver, reverse
from django.utils import timezone
from reversion.models import Revision

from initiatives.admin.acts import BUTTONS
from initiatives.admin.site import site
from initiatives.models import (
    Actor,
    FundingSource,
    Initiative,
    Milestone,
    NotDuplicate,
    Photo,
    PrivateContact,
    Source,
    Territory,
    TerritoryName,
    current_version,
)
from initiatives.submission.history import told
from tests import factories
from tests.admin.pages import FACTORIES, NOUNS, admin_url, errors, name_of, published, typed
from tests.photos import upload, with_files

pytestmark = pytest.mark.django_db

WHY = "Relue au téléphone."
LINES = [
    pytest.param(noun, inline.model, id=f"{name_of(noun)}-{name_of(inline.model)}")
    for noun in NOUNS
    for inline in site.get_model_admin(noun).inlines
]
# Kind of line → a column of it and what to type there; a kind that is not told here fails.
TYPED = {
    "ActorLabel": ("since", "2020"),
    "ActorTie": ("text", "Depuis sa création."),
    "Funding": ("detail", "Pour le local."),
    "Lineage": ("detail", "Après une visite."),
    "Milestone": ("text", "Deuxième atelier"),
    "Notice": ("text", "Au rez-de-chaussée."),
    "Offer": ("description", "Un rendez-vous par mois."),
    "Participation": ("detail", "Prête son local."),
    "Photo": ("alt", "Une autre description."),
    "PrivateContact": ("note", "Le matin."),
    "Site": ("label", "L’atelier"),
    "Source": ("publisher", "La gazette d’à côté"),
    "TakingPart": ("how", "Le samedi."),
    "TerritoryFigure": ("unit", "personnes"),
    "TerritoryName": ("name", "Arelate"),
}
OWNER = {Initiative: "initiative", Actor: "actor", FundingSource: "funding_source", Territory: "territory"}


class Written:
    """What a work wrote: the revision that it left, once it is sure that the version moved by one."""

    def __init__(self, work):
        version, before = current_version(), {*Revision.objects.values_list("pk", flat=True)}
        started = timezone.now()
        self.response = work()
        assert self.response.status_code == 302, errors(self.response)
        assert current_version() == version + 1
        revision = Revision.objects.exclude(pk__in=before).get()
        assert revision.user.email == "equipe@exemple.test"
        assert started <= revision.date_created <= timezone.now()
        self.verb, self.why = told(revision)
        assert self.verb


def make_line(noun, model, fiche):
    owner = {"initiative": None} if model in (Source, Photo, Milestone) else {}
    owner |= {OWNER[noun]: fiche}
    if model is Photo:
        return with_files(factories.PhotoFactory, **owner)
    if model is PrivateContact:
        return PrivateContact.objects.create(name="Contact", email="contact@exemple.test", **owner)
    if model is TerritoryName:
        return TerritoryName.objects.create(name="Ancien nom", **owner)
    return getattr(factories, f"{name_of(model)}Factory")(**owner)


def prefix_of(data, noun, model):
    """How the form of a noun calls the lines of this kind."""
    inline = next(inline for inline in site.get_model_admin(noun).inlines if inline.model is model)
    names = [name.removesuffix("-TOTAL_FORMS") for name in data if name.endswith("-TOTAL_FORMS")]
    related = next(
        field.get_accessor_name()
        for field in noun._meta.related_objects
        if field.related_model is model and field.field.name == (inline.fk_name or OWNER[noun])
    )
    assert related in names
    return related


def the_noun(noun):
    """A row without any line (an initiative is published by its coverage alone)."""
    if noun is Initiative:
        return published(noun, sites=[], coverage=[factories.TerritoryFactory()])
    return published(noun) if noun in (Initiative, Actor, FundingSource) else FACTORIES[noun]()


@pytest.mark.parametrize(("noun", "model"), LINES)
def test_a_line_that_is_added_changed_or_removed_is_told(team, noun, model):
    first, second = the_noun(noun), the_noun(noun)
    make_line(noun, model, first)
    page, other_page = admin_url(first, "change"), admin_url(second, "change")
    data = typed(team.get(page))
    start = prefix_of(data, noun, model)
    column, text = TYPED[name_of(model)]

    changed = Written(lambda: team.post(page, data | {f"{start}-0-{column}": text, "why": WHY}))

    assert (changed.verb, changed.why) == ("Modification", WHY)
    line = {name: value for name, value in typed(team.get(page)).items() if name.startswith(f"{start}-0-")}
    assert line[f"{start}-0-{column}"] == [text]

    # The same line, typed on another fiche.
    key = model._meta.pk.name if not model._meta.pk.is_relation else OWNER[noun]
    new = line | {f"{start}-0-{key}": "", f"{start}-0-{OWNER[noun]}": "", f"{start}-TOTAL_FORMS": "1"}
    if model is Photo:
        new[f"{start}-0-upload"] = upload()
    added = Written(lambda: team.post(other_page, typed(team.get(other_page)) | new | {"why": WHY}))

    assert (added.verb, added.why) == ("Modification", WHY)
    assert typed(team.get(other_page))[f"{start}-INITIAL_FORMS"] == ["1"]

    gone = {f"{start}-0-DELETE": "on", "why": WHY}
    removed = Written(lambda: team.post(page, typed(team.get(page)) | gone))

    assert (removed.verb, removed.why) == ("Modification", WHY)
    assert typed(team.get(page))[f"{start}-INITIAL_FORMS"] == ["0"]


@pytest.mark.parametrize("key", BUTTONS)
@pytest.mark.parametrize("noun", [Initiative, Actor, FundingSource], ids=name_of)
def test_each_button_is_told(team, noun, key):
    states = [{}, {"published": True}, {"archived": True}]
    if noun is Initiative:
        states.append({"published": True, "is_featured": True})
    ready = (
        {"sites": [factories.TerritoryFactory()], "themes": [factories.ThemeFactory()]} if noun is Initiative else {}
    )
    fiches = [FACTORIES[noun](**state, **ready) for state in states]
    fiche = next((fiche for fiche in fiches if BUTTONS[key].offered(fiche)), None)
    if fiche is None:
        assert noun is not Initiative
        return

    written = Written(lambda: team.post(admin_url(fiche, "act"), {"act": key, "revision": fiche.revision, "why": WHY}))

    assert written.why == WHY


# Acts on a list, and what they are asked besides the fiches.
LIST_ACTS = {
    "verify": lambda: {},
    "add_theme": lambda: {"apply": "1", "theme": factories.ThemeFactory().pk, "why": WHY},
}
# It leads to a page that asks more, and writes mails.
ASKING_ACTS = {"invite"}


@pytest.mark.parametrize("noun", NOUNS, ids=name_of)
def test_each_act_on_a_list_is_told_for_each_fiche(team, rf, noun):
    request = rf.get("/")
    request.user = team.get(reverse("admin:index")).wsgi_request.user
    for name in {*site.get_model_admin(noun).get_actions(request)} - ASKING_ACTS:
        fiches = [the_noun(noun), the_noun(noun)]
        version = current_version()
        before = Revision.objects.count()

        asked = {"action": name, "_selected_action": [fiche.pk for fiche in fiches]} | LIST_ACTS[name]()
        assert team.post(admin_url(noun, "changelist"), asked).status_code == 302

        assert current_version() == version + 2
        made = Revision.objects.order_by("-pk")[: Revision.objects.count() - before]
        assert [revision.user.email for revision in made] == ["equipe@exemple.test"] * 2


def _merge(team):
    gone, stays = published(Actor), published(Actor)
    address = f"{admin_url(gone, 'merge')}?avec={stays.pk}"
    page = team.get(address)
    choices = {name: stays.pk for name in page.context["form"].fields if name.startswith("choix-")}
    return lambda: team.post(address, typed(page) | choices | {"keep": stays.pk, "why": WHY})


def _quick_entry(team):
    place = factories.make_places().arles
    answers = {
        "name": "La Ruche des chemins",
        "place": place.name,
        "summary": "Un besoin. Une réponse.",
        "theme": factories.ThemeFactory().pk,
        "source_url": "https://gazette.exemple.test/ruche",
        "publisher": "La gazette",
    }
    return lambda: team.post(reverse("admin:quick_entry"), answers)


def _save(team):
    fiche = published(Actor)
    return lambda: team.post(admin_url(fiche, "change"), typed(team.get(admin_url(fiche, "change"))) | {"why": WHY})


def _add(team):
    page = admin_url(Actor, "add")
    return lambda: team.post(page, typed(team.get(page)) | {"name": "La Ruche", "why": WHY})


def _delete(team):
    fiche = factories.ActorFactory()
    return lambda: team.post(admin_url(fiche, "delete"), {"post": "yes", "why": WHY})


# Each address of the desk: what it writes, or why nothing that it writes is told.
WRITING = {"*merge": _merge, "quick_entry": _quick_entry, "*change": _save, "*add": _add, "*delete": _delete}
TOLD_ELSEWHERE = {
    "*act": "test_each_button_is_told",
    "*changelist": "test_each_act_on_a_list_is_told_for_each_fiche",
    "*origin": "tests/admin/test_editorial_text.py",
    "moderation_item": "tests/submission/test_decisions.py",
}
NOT_TOLD = {
    "*owners": "who answers for a fiche: the fiche does not change",
    "*not_duplicate": "two fiches told apart: neither changes",
    "*password_change": "accounts are nobody’s history: Django’s own log has them",
    "password_change": "accounts",
    "password_change_done": "accounts",
    "moderation_charge": "who looks after a request: no fiche changes",
    "on_behalf": "a request that somebody is to confirm: there is no fiche before",
    "invite": "a mail: no fiche changes",
    "search_misses": "words that visitors looked for: no fiche changes",
    "undelivered": "mails: no fiche changes, and Django’s own log has who decided",
    "login": "accounts",
    "logout": "accounts",
}
READING = {
    "*history",
    "*preview",
    "app_list",
    "attention",
    "attention_list",
    "autocomplete",
    "help",
    "index",
    "jsi18n",
    "moderation",
    "moderation_embedded",
    "moderation_photo",
    "moderation_preview",
    "view_on_site",
}


def test_each_address_of_the_desk_is_known_to_write_or_not():
    nouns = "|".join(noun._meta.model_name for noun in NOUNS)
    names = {re.sub(rf"^\w+?_({nouns})_", "*", name) for name in _names(site.get_urls())}

    assert names == {*WRITING, *TOLD_ELSEWHERE, *NOT_TOLD, *READING}


def _names(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif pattern.name:  # the others lead elsewhere: an old address, an unknown page
            yield pattern.name


@pytest.mark.parametrize("name", WRITING)
def test_each_address_that_writes_is_told(team, name):
    written = Written(WRITING[name](team))

    assert written.why.endswith("" if name == "quick_entry" else WHY)


def test_telling_two_fiches_apart_changes_neither(team):
    first, second = published(Actor), published(Actor)
    version = current_version()

    team.post(reverse("admin:initiatives_actor_not_duplicate", args=[first.pk]), {"autre": second.pk})

    assert NotDuplicate.objects.get().decided_by.email == "equipe@exemple.test"
    assert (current_version(), Revision.objects.count()) == (version, 0)
