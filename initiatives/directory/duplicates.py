"""Likely duplicates of an initiative, an actor or a funding source: the one rule, wherever a fiche is about to be made.

Names are compared word by word (``names.py``), then places (``vicinity.py``), sites and Siren. It looks at drafts as
well as at what is published: whoever shows the answer to the public keeps what ``is_published`` only.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.db.models import Q

from initiatives.directory.cards import place_name
from initiatives.directory.names import KINDS, NameLikeness, acronyms_in, compare_names, initials, name_words, pieces
from initiatives.directory.vicinity import compare_places, places_of, with_places, words_of
from initiatives.models import Actor, FundingSource, Initiative, NotDuplicate
from initiatives.text import fold, sort_key

LIKELY = 0.8
MOST_SHOWN = 8
COMPARED = ("draft", "pending", "changes_requested", "published", "archived")

# Hosts where anybody may have a page, and hosts that lend names under theirs (« recyclodrome.wordpress.com »).
SHARED_HOSTS = """
assoconnect.com calameo.com discord.com discord.gg eventbrite.com eventbrite.fr facebook.com fb.com framaforms.org
goo.gl google.com helloasso.com instagram.com issuu.com kisskissbankbank.com leetchi.com linkedin.com linktr.ee
medium.com meetup.com net1901.org pagesjaunes.fr pagesperso-orange.fr societe.com t.me tiktok.com twitter.com
ulule.com wikipedia.org x.com youtu.be youtube.com zeffy.com
"""
LENDING_HOSTS = """
blogspot.com canalblog.com e-monsite.com free.fr github.io jimdofree.com jimdosite.com notion.site orange.fr
over-blog.com perso.wanadoo.fr wanadoo.fr webnode.fr weebly.com wixsite.com wordpress.com
"""

# What places add to the likeness of names, or take from it.
SAME_TOWN, NEARBY, FAR, FAR_BUT_OWN_NAME, OTHER_TOWN_SAME_KIND = 0.1, 0.04, -0.4, -0.15, -0.3
ANY_PLACE = 0.05  # for funding sources, that places rarely tell apart
SAME_SITE, SAME_SITE_NOT_FAR = 0.3, 0.85


@dataclass(frozen=True)
class Likeness:
    """A fiche that may be the same. ``score``: from ``LIKELY`` up. ``reasons``: « même nom », « à 4 km »…"""

    fiche: Initiative | Actor | FundingSource
    score: float
    reasons: tuple[str, ...]

    @property
    def places(self) -> list[str]:
        """Names of the places that it was compared by."""
        return list(dict.fromkeys(place_name(place) for place in places_of(self.fiche)))


def likely_duplicates(model, *, name, places=(), website="", siren="", acronym="", exclude=None) -> list[Likeness]:
    """The fiches of this noun that a person should look at before making one, the likeliest first.

    ``places``: territories where it is. ``exclude``: the fiche itself, when it exists; those that somebody told apart
    from it are left out too. Merged, refused and withdrawn fiches are not looked at.
    """
    asked = _Asked(model, name, acronym, tuple(places), website, siren)
    rows = model.objects.filter(status__in=COMPARED)
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk).exclude(uuid__in=_told_apart_from(exclude))
    found = [asked.likeness_of(fiche) for fiche in with_places(model).filter(pk__in=asked.worth_reading(rows))]
    likely = [likeness for likeness in found if likeness.score >= LIKELY]
    return sorted(likely, key=lambda item: (-item.score, item.fiche.sort_key, item.fiche.pk))[:MOST_SHOWN]


def duplicates_of(fiche) -> list[Likeness]:
    """The likely duplicates of a fiche that exists."""
    return likely_duplicates(
        type(fiche),
        name=fiche.name,
        places=places_of(with_places(type(fiche)).get(pk=fiche.pk)),
        website=fiche.website,
        siren=getattr(fiche, "siren", ""),
        acronym=getattr(fiche, "acronym", ""),
        exclude=fiche,
    )


def remember_distinct(first, second, by) -> None:
    """These two fiches of one noun are not the same: never propose one for the other again."""
    if type(first) is not type(second) or first.pk == second.pk:
        raise ValueError("Two different fiches of one noun are told apart.")
    low, high = sorted((first.uuid, second.uuid))
    NotDuplicate.objects.get_or_create(noun=first._meta.model_name, first=low, second=high, defaults={"decided_by": by})


def _told_apart_from(fiche):
    pairs = NotDuplicate.objects.filter(Q(first=fiche.uuid) | Q(second=fiche.uuid), noun=fiche._meta.model_name)
    return {uuid for pair in pairs.values_list("first", "second") for uuid in pair} - {fiche.uuid}


@dataclass(frozen=True)
class _Asked:
    """What is known of the fiche that others are compared with."""

    # Rows whose names are compared word by word; and what they must be worth, as if in one place, to be read whole.
    MOST_COMPARED, WORTH_READING = 40, 0.55

    model: type
    name: str
    acronym: str
    places: tuple
    website: str
    siren: str

    def worth_reading(self, rows):
        """Keys of the rows whose name, site or Siren may be alike enough: wider than the rule, and quick."""
        columns = ["pk", "sort_key", "name", "website"]
        columns += ["acronym", "siren", "siret"] if self.model is Actor else []
        rows = rows.filter(self._may_be_alike()).order_by("pk").values_list(*columns, named=True)
        certain = [row for row in rows if self._is_certain(row)]
        others = sorted(rows, key=lambda row: (-self._shared(row), abs(len(row.name) - len(self.name)), row.pk))
        return {row.pk for row in certain} | {
            row.pk
            for row in others[: self.MOST_COMPARED]
            if self._compare_names(row, self._where).score >= self.WORTH_READING
        }

    def likeness_of(self, fiche) -> Likeness:
        """How alike a fiche is, its places known."""
        places = places_of(fiche)
        name = self._compare_names(fiche, words_of(places))
        closeness = compare_places(self.places, places)
        score = name.score + self._worth_of(closeness, name)
        if same_site := self._has_same_site(fiche):
            score = max(score + SAME_SITE, 0 if closeness.is_far else SAME_SITE_NOT_FAR)
        if same_siren := self._has_same_siren(fiche):
            score = 1 + max(score, 0)
        reasons = (same_siren and "même Siren", name.reason, closeness.reason, same_site and "même site")
        return Likeness(fiche, score, tuple(reason for reason in reasons if reason))

    def _worth_of(self, closeness, name):
        names_a_kind_only = name.weight < 1
        if closeness.is_same_town:
            return SAME_TOWN
        if closeness.is_far:
            return FAR_BUT_OWN_NAME if name.is_same and name.weight >= 2 else FAR
        if self.model is FundingSource:
            return ANY_PLACE
        if names_a_kind_only and (closeness.km or not name.is_same):
            return OTHER_TOWN_SAME_KIND
        return NEARBY if closeness.km else 0

    def _compare_names(self, row, where) -> NameLikeness:
        acronyms = (self.acronym, getattr(row, "acronym", ""))
        return compare_names(self.name, row.name, first_places=self._where, second_places=where, acronyms=acronyms)

    def _has_same_site(self, row):
        return bool(self._page) and _page(self.model, row.website) == self._page

    def _has_same_siren(self, row):
        return self.model is Actor and bool(self.siren) and self.siren in (row.siren, row.siret[:9])

    # What makes a row worth comparing

    def _may_be_alike(self):
        """Condition: a piece of one of its own words, an acronym, the host or the Siren are the same."""
        condition = Q(sort_key__in=self._acronyms | initials(self.name))
        words = name_words(self.name)
        said = {word for place in self._where for word in place}
        own = [word for word in words if word not in KINDS | said and not word.isdigit()] or words
        for word in [word for word in own if len(word) > 2] or ["".join(words)]:
            for piece in pieces(word) - {""}:
                condition |= Q(sort_key__contains=piece)
        for acronym in self._acronyms:
            condition |= Q(sort_key__startswith=acronym[0])  # the words that it may be made from
        if self._page:
            condition |= Q(website__icontains=self._page.partition("/")[0])
        if self.model is Actor:
            condition |= Q(acronym__in={self.name, *(text.upper() for text in self._acronyms | initials(self.name))})
            condition |= Q(siren=self.siren) | Q(siret__startswith=self.siren) if self.siren else Q()
        return condition

    def _is_certain(self, row):
        """Whether it is to be read whatever its words are."""
        return (
            row.sort_key in initials(self.name)
            or any(row.sort_key[:1] == acronym[0] and acronym in initials(row.name) for acronym in self._acronyms)
            or self._has_same_site(row)
            or self._has_same_siren(row)
        )

    def _shared(self, row):
        return sum(weight for weight, some in self._weighed if any(piece in row.sort_key for piece in some))

    @cached_property
    def _where(self):
        return words_of(self.places)

    @cached_property
    def _page(self):
        return _page(self.model, self.website)

    @cached_property
    def _acronyms(self):
        """Those that it may be known by: three to six letters."""
        texts = {fold(self.acronym), *acronyms_in(self.name), sort_key(self.name)}
        return {text for text in texts if text.isalpha() and 3 <= len(text) <= 6}

    @cached_property
    def _weighed(self):
        return [(0.35 if word in KINDS else 1, pieces(word)) for word in name_words(self.name)]


def _page(model, website):
    """What tells a site from others: its host; for a funding source, its page. "" when anybody may have one there."""
    address = urlsplit(website.strip())
    host = (address.hostname or "").removeprefix("www.")
    if host in LENDING_HOSTS.split() or f".{host}".endswith(tuple(f".{shared}" for shared in SHARED_HOSTS.split())):
        return ""
    if model is not FundingSource:
        return host
    path = address.path.strip("/")
    return f"{host}/{path}" if path else ""
