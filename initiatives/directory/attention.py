"""What needs somebody's attention: lists of published fiches, each declared once, oldest first.

A list has a part for each noun concerned: a function that narrows the published fiches of this noun on a given day to
querysets with three columns, ``since`` (a date: since when it waits), ``fiche`` (its key) and ``detail`` (what a reader
must know beside). The database joins the parts, so that a list costs as many queries whatever its length.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, TruncDate

from initiatives.models import Actor, FundingSource, Initiative, LinkCheck, Notice, Source, Submission
from initiatives.models.notice import LIFETIME
from initiatives.models.vocabulary import Availability, Presence

NOUNS = {"initiatives": Initiative, "acteurs": Actor, "financements": FundingSource}
# The column by which a source belongs to a fiche of each noun.
OWNERS = {Initiative: "initiative", Actor: "actor", FundingSource: "funding_source"}
CHECK_LASTS = datetime.timedelta(days=365)
COLUMNS = ("since", "noun", "fiche", "name_key", "detail")


@dataclass(frozen=True)
class AttentionList:
    """``since``: what a row waits since, in words. ``detail``: the name of its last column, empty for none.

    ``late_after``: days after which a row is shown as late.
    """

    slug: str
    title: str
    explanation: str
    since: str
    parts: dict[str, Callable]
    detail: str = ""
    late_after: int = 30

    def rows(self, today, *, nouns=tuple(NOUNS), department=None):
        """Its rows for these nouns, as dictionaries of ``COLUMNS``, oldest first; a queryset.

        ``department``: only the fiches that are based in it or act there.
        """
        parts = [
            part.annotate(noun=Value(noun, output_field=CharField())).order_by().values(*COLUMNS)
            for noun in nouns
            if noun in self.parts
            for part in self.parts[noun](_published(NOUNS[noun], department), today)
        ]
        if not parts:
            return Initiative.objects.none().values("pk")
        first, *others = parts
        return reduce(lambda union, part: union.union(part, all=True), others, first).order_by(
            "since", "name_key", "noun", "fiche"
        )


def _published(noun, department):
    fiches = noun.objects.published()
    if department is None:
        return fiches
    if noun is Initiative:
        return fiches.with_presence(department).filter(presence__in=[Presence.BASED, Presence.ACTS])
    return fiches.acting_in(department) if noun is Actor else fiches.for_territory(department)


def _never_or_long_ago(fiches, today):
    """A fiche that was never checked waits since it was published."""
    return _with_silent(fiches, Q(checked_on=None) | Q(checked_on__lt=today - CHECK_LASTS))


def _with_silent(fiches, to_check):
    """Also those whose owners did not answer the question of the year, each fiche once."""
    silent = Submission.objects.filter(kind="recheck", state="waiting", **{OWNERS[fiches.model]: OuterRef("pk")})
    since = silent.order_by("waiting_since").values(day=TruncDate("waiting_since"))[:1]
    return [
        _told(fiches.filter(to_check), Coalesce("checked_on", TruncDate("published_at"))),
        _told(fiches.exclude(to_check).filter(Exists(silent)), Subquery(since)),
    ]


def _without_source(fiches, today):
    sources = Source.objects.filter(**{OWNERS[fiches.model]: OuterRef("pk")})
    return [_told(fiches.filter(~Exists(sources)), TruncDate("published_at"))]


def _with_dead_links(fiches, today):
    """One row an address: the site of the fiche, then its sources."""
    cited = Source.objects.filter(**{f"{OWNERS[fiches.model]}__in": fiches.order_by().values("pk")})
    return [_dead(fiches, "website"), _dead(cited, "url", path=f"{OWNERS[fiches.model]}__")]


def _dead(rows, column, path=""):
    check = LinkCheck.objects.dead().order_by().filter(url=OuterRef(column))
    because = Subquery(check.values(why=Concat("url", Value(" : "), "error", output_field=CharField()))[:1])
    failing = rows.filter(Exists(check))
    return _told(failing, TruncDate(Subquery(check.values("failing_since")[:1])), because, path)


def _to_check(sources, today):
    """Those whose dates are not known to be right today; what is closed for good needs nobody."""
    waiting = sources.with_availability(today).filter(availability=Availability.TO_CHECK)
    return [_told(waiting, Coalesce("checked_on", TruncDate("published_at")))]


def _with_stale_notices(initiatives, today):
    """Notices that readers see no more: past their own end, or not confirmed for twelve months."""
    notices = Notice.objects.filter(initiative__in=initiatives.order_by().values("pk"))
    stale = notices.filter(Q(until__lt=today) | Q(said_on__lte=today - LIFETIME))
    end = Case(When(until__lt=today, then=F("until")), default=F("said_on"))
    choices = [When(kind=kind, then=Value(label)) for kind, label in Notice.Kind.choices]
    values = [When(value=value, then=Value(label.lower())) for value, label in Notice._meta.get_field("value").choices]
    words = Concat(Case(*choices, output_field=CharField()), Value(" : "), Case(*values, output_field=CharField()))
    return [_told(stale, end, words, path="initiative__")]


def _told(rows, since, detail=None, path=""):
    """``path``: from a line to its fiche."""
    detail = Value("", output_field=CharField()) if detail is None else detail
    return rows.annotate(since=since, fiche=F(f"{path}pk"), name_key=F(f"{path}sort_key"), detail=detail)


LISTS = {
    entry.slug: entry
    for entry in (
        AttentionList(
            "a-reverifier",
            "À revérifier",
            "Les initiatives et les acteurs que personne n’a vérifiés depuis plus de douze mois, ou jamais, et ceux "
            "dont les porteurs n’ont pas répondu à la question de l’année.",
            "leur dernière vérification, sinon leur publication",
            {"initiatives": _never_or_long_ago, "acteurs": _never_or_long_ago},
            late_after=730,
        ),
        AttentionList(
            "financements-a-verifier",
            "Financements à vérifier",
            "Les financements en cours que personne n’a relus depuis plus de douze mois, ou jamais.",
            "leur dernière vérification, sinon leur publication",
            {"financements": _to_check},
            late_after=730,
        ),
        AttentionList(
            "sans-source",
            "Sans source",
            "Les fiches publiées qu’aucune source n’appuie.",
            "leur publication",
            dict.fromkeys(NOUNS, _without_source),
        ),
        AttentionList(
            "liens-morts",
            "Liens morts",
            "Les adresses, de sites ou de sources, qui ne répondaient plus au dernier essai.",
            "le premier essai manqué",
            dict.fromkeys(NOUNS, _with_dead_links),
            detail="Adresse",
        ),
        AttentionList(
            "annonces-perimees",
            "Cherche et propose périmés",
            "Les annonces qui ne se voient plus : leur fin est passée, ou rien ne les a confirmées depuis douze mois.",
            "leur fin, sinon leur dernière confirmation",
            {"initiatives": _with_stale_notices},
            detail="Annonce",
        ),
    )
}
