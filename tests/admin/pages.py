"""The pages of the admin, as the tests walk through them."""

import re

from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from initiatives.admin.site import site
from initiatives.models import Initiative
from tests import factories

FACTORIES = {
    factory._meta.model: factory
    for factory in (
        factories.ActorFactory,
        factories.AudienceFactory,
        factories.EditorialTextFactory,
        factories.FundingSourceFactory,
        factories.InitiativeFactory,
        factories.LabelFactory,
        factories.ModerationRulesFactory,
        factories.ReplyTemplateFactory,
        factories.SynonymFactory,
        factories.TerritoryFactory,
        factories.ThemeFactory,
        factories.UserFactory,
    )
}
NOUNS = sorted(site._registry, key=lambda model: model.__name__)


def name_of(model):
    return model.__name__


def admin_url(row_or_model, page):
    """Address of a page (changelist, add, change, delete, history) of a noun."""
    options = row_or_model._meta
    args = [] if page in ("changelist", "add") else [row_or_model.pk]
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=args)


def typed(response):
    """What a browser would send of the form of a page, as it stands."""
    page = BeautifulSoup(response.text, "html.parser")
    # The page of a row also holds a form of its acts.
    form = page.select_one("#content-main form[id$=_form]") or page.select_one("#content-main form, #content form")
    data = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        values = data.setdefault(control["name"], [])
        if control.name == "select":
            values += [option["value"] for option in control.select("option[selected]")]
        elif control.name == "textarea":
            values.append(control.get_text().removeprefix("\n"))
        elif control.get("type") in ("checkbox", "radio"):
            values += [control.get("value", "on")] if control.has_attr("checked") else []
        elif control.get("type") != "submit":
            values.append(control.get("value", ""))
    return {name: values for name, values in data.items() if values}


def with_line(data, prefix, **values):
    """``data`` with one line more in the inline ``prefix``."""
    number = int(data[f"{prefix}-TOTAL_FORMS"][0])
    line = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return data | line | {f"{prefix}-TOTAL_FORMS": [str(number + 1)]}


def errors(response):
    """The sentences that a page refuses a form with."""
    return _sentences(response, ".errorlist li")


def messages(response):
    return _sentences(response, ".messagelist li")


def _sentences(response, selector):
    """The texts of a page, with plain spaces and one sort of apostrophe."""
    found = [item.get_text() for item in BeautifulSoup(response.text, "html.parser").select(selector)]
    return [re.sub(r"\s", " ", text).replace("'", "’") for text in found]


def allow(user, *codenames):
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))


def published(model, **values):
    """A fiche that has what a reader needs."""
    if model is Initiative:
        values = {"sites": [factories.TerritoryFactory()], "themes": [factories.ThemeFactory()]} | values
    return FACTORIES[model](published=True, **values)


def initiative_with_lines(**values):
    """A published initiative with a line of each kind."""
    initiative = published(Initiative, **values)
    source = factories.SourceFactory(initiative=initiative)
    factories.MilestoneFactory(initiative=initiative, source=source)
    for factory in (
        factories.ParticipationFactory,
        factories.FundingFactory,
        factories.LineageFactory,
        factories.NoticeFactory,
        factories.TakingPartFactory,
    ):
        factory(initiative=initiative)
    return initiative
