"""What a document says, step by step and in words: what the holder reads again before sending it."""

from dataclasses import dataclass
from datetime import date

from initiatives.models import Audience, Initiative, Theme
from initiatives.models.vocabulary import (
    Activity,
    FundingKind,
    Milieu,
    Offered,
    Role,
    Scale,
    Sought,
    Stage,
    WayToTakePart,
)
from initiatives.submission.documents import label
from initiatives.submission.forms import STEPS
from initiatives.submission.forms.means import lead_of
from initiatives.submission.forms.names import Names
from initiatives.submission.snapshots import told_date
from initiatives.text import NO_BREAK

WAYS, ROLES, KINDS = dict(WayToTakePart.choices), dict(Role.choices), dict(FundingKind.choices)
NOTICES = {"cherche": ("cherche", dict(Sought.choices)), "propose": ("propose", dict(Offered.choices))}
TEXTS = ("social_need", "response", "innovation", "results", "difficulties")
REDO = ("redo_cost", "redo_duration", "redo_partners", "redo_pitfalls")
CONTACT = ("contact_email", "contact_phone", "contact_note")


@dataclass(frozen=True)
class Part:
    """What a step says: ``lines`` of (label, texts)."""

    step: str
    title: str
    lines: list[tuple[str, list[str]]]


def summary(document) -> list[Part]:
    """The steps with what each says; what is not known is left out. Photos apart: they are shown."""
    names = Names(document)
    said = {
        "essentiel": _essential(document, names),
        "territoire": _territory(document, names),
        "nouveaute": _novelty(document),
        "moyens": _means(document, names),
        "photos": _links(document),
    }
    titles = {step.key: step.title for step in STEPS}
    return [
        Part(key, titles[key], [(name, texts) for name, texts in lines if any(texts)]) for key, lines in said.items()
    ]


def missing(document) -> list[str]:
    """What would make the fiche better, in words: nothing of it is required."""
    wanted = [
        ("le besoin", document["social_need"]),
        ("la réponse", document["response"]),
        ("ce qui est nouveau", document["innovation"] or document["novelties"]),
        ("l’étape", document["stage"] != Stage.UNKNOWN),
        ("l’année de démarrage", document["start_year"]),
        ("les publics", document["audiences"]),
        ("la structure qui porte", lead_of(document)),
        ("un site ou un contact", document["website"] or document["contact_email"] or document["contact_phone"]),
    ]
    return [name for name, known in wanted if not known]


def _essential(document, names):
    themes = dict(Theme.objects.filter(slug__in=document["themes"]).values_list("slug", "name"))
    seat = document["sites"][:1]
    return [
        ("Nom", [document["name"]]),
        ("Commune du siège", [names.of(site["territory"]) for site in seat]),
        ("En deux phrases", [document["summary"]]),
        ("Thèmes", [", ".join(themes.get(slug, slug) for slug in document["themes"])]),
    ]


def _territory(document, names):
    audiences = Audience.objects.filter(slug__in=document["audiences"])
    places = [
        ", ".join(filter(None, [site["label"], site["address"], names.of(site["territory"]) if number else ""]))
        for number, site in enumerate(document["sites"])
    ]
    return [
        ("Lieux", places),
        ("Territoires d’intervention", [names.of(key) for key in document["coverage"]]),
        ("Échelle", [_chosen(Scale, document["scale"])]),
        ("Milieu", [_chosen(Milieu, document["milieu"])]),
        ("Publics", [audience.name for audience in audiences]),
    ]


def _novelty(document):
    novelties = dict(Initiative._meta.get_field("novelties").choices)
    return [
        *((label(Initiative, name).capitalize(), [document[name]]) for name in TEXTS),
        ("Nouveautés", [novelties[value] for value in document["novelties"]]),
        ("Étape", [_chosen(Stage, document["stage"])]),
        ("Activité", [_chosen(Activity, document["activity"])]),
        ("Démarrage", [_year(document["start_year"], document["start_precision"])]),
        ("Fin", [_year(document["end_year"], document["end_precision"])]),
    ]


def _means(document, names):
    lead = lead_of(document)
    partners = [
        _joined(_actor(line, names), ROLES[line["role"]].lower(), line["detail"])
        for line in document["participations"]
        if line is not lead
    ]
    money = [
        _joined(
            names.of(line["source"]) or _actor(line, names),
            f"{line['amount']:,}{NO_BREAK}€".replace(",", "\N{NARROW NO-BREAK SPACE}") if line["amount"] else "",
            line["year"] and str(line["year"]),
            KINDS.get(line["kind"], "").lower(),
            line["detail"],
        )
        for line in document["fundings"]
    ]
    return [
        ("Structure qui porte", [_actor(lead, names)] if lead else []),
        ("Partenaires", partners),
        ("Financements", money),
        *((label(Initiative, name).capitalize(), [document[name]]) for name in REDO),
        ("Prendre part", [f"{WAYS[line['way']]}{NO_BREAK}: {line['how']}" for line in document["ways_to_take_part"]]),
        ("Cherche, propose", [_notice(line) for line in document["notices"]]),
        *((label(Initiative, name).capitalize(), [document[name]]) for name in CONTACT),
    ]


def _links(document):
    return [
        ("Site", [document["website"]]),
        ("Liens", [_joined(line["title"], line["publisher"], line["url"]) for line in document["sources"]]),
    ]


def _actor(line, names):
    new = line.get("new_actor")
    return f"{new['name']} (nouvelle dans l’annuaire)" if new else names.of(line.get("actor"))


def _notice(line):
    verb, what = NOTICES[line["kind"]]
    until = f"jusqu’au {told_date(date.fromisoformat(line['until']), 'j F Y')}" if line["until"] else ""
    return _joined(f"{verb} {what[line['value']].lower()}", line["text"], until)


def _year(year, precision):
    return "" if not year else str(year) if precision == "exacte" else f"{precision} {year}"


def _chosen(choices, value):
    return "" if value in ("", "inconnu") else str(choices(value).label)


def _joined(*parts):
    return ", ".join(part for part in parts if part)
