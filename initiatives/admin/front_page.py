"""What the first page of the desk shows: what changed lately, and what the site itself still lacks."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, F, Max, Q, Value
from django.urls import NoReverseMatch, reverse
from reversion.models import Revision, Version

from initiatives.admin.attention import nouns_seen_by
from initiatives.directory.attention import NOUNS

LATELY = 10
# Setting → what it is and the variable that gives it.
PUBLISHER_SETTINGS = {
    "PUBLISHER": ("l’éditeur du site", "INNOVGUIDE_PUBLISHER"),
    "PUBLICATION_DIRECTOR": ("le directeur ou la directrice de la publication", "INNOVGUIDE_PUBLICATION_DIRECTOR"),
    "HOST_PROVIDER": ("l’hébergeur", "INNOVGUIDE_HOST"),
    "CONTACT_EMAIL": ("l’adresse à laquelle on vous écrit", "INNOVGUIDE_CONTACT_EMAIL"),
}


def changed_lately(user) -> list[dict]:
    """The fiches changed last among those that this person may see, with who did it and why where history says."""
    parts = [
        NOUNS[noun]
        .objects.exclude(modified_at=None)
        .order_by()
        .values(fiche=F("pk"), called=F("name"), state=F("status"), at=F("modified_at"))
        .annotate(noun=Value(noun, output_field=CharField()))
        for noun in nouns_seen_by(user)
    ]
    if not parts:
        return []
    first, *others = parts
    rows = list(first.union(*others, all=True).order_by("-at", "noun", "fiche")[:LATELY])
    acts = _last_acts(rows)
    for row in rows:
        model = NOUNS[row["noun"]]
        row["act"] = acts.get((row["noun"], row["fiche"]))
        row["noun"] = model._meta.verbose_name
        row["state"] = model.Status(row["state"]).label
        row["url"] = reverse(f"admin:initiatives_{model._meta.model_name}_change", args=[row["fiche"]])
    return rows


def _last_acts(rows):
    """(noun, fiche) → the last revision in which the fiche stands."""
    kinds = {ContentType.objects.get_for_model(NOUNS[noun]).pk: noun for noun in {row["noun"] for row in rows}}
    versions = Version.objects.filter(content_type__in=kinds, object_id__in={str(row["fiche"]) for row in rows})
    last = versions.order_by().values("content_type", "object_id").annotate(last=Max("revision"))
    found = {(kinds[row["content_type"]], int(row["object_id"])): row["last"] for row in last}
    revisions = Revision.objects.select_related("user").in_bulk(found.values())
    return {key: revisions[pk] for key, pk in found.items()}


def numbers(user) -> list[dict]:
    """How many fiches of each noun are public, and how many are drafts, among those that this person may see."""
    found = []
    for noun in nouns_seen_by(user):
        model = NOUNS[noun]
        counted = model.objects.aggregate(
            public=Count("pk", filter=Q(status="published")), drafts=Count("pk", filter=Q(status="draft"))
        )
        address = reverse(f"admin:initiatives_{model._meta.model_name}_changelist")
        name = model._meta.verbose_name_plural if counted["public"] > 1 else model._meta.verbose_name
        found.append(counted | {"name": name, "url": address})
    return found


def missing_settings() -> list[tuple[str, str]]:
    """What the publisher has not said yet, and the variable that says it."""
    return [words for name, words in PUBLISHER_SETTINGS.items() if not getattr(settings, name)]


def address_of(name) -> str:
    """The address of a page of the desk, empty while it has none."""
    try:
        return reverse(f"admin:{name}")
    except NoReverseMatch:
        return ""
