"""The directory of a load test: as many invented initiatives as wanted, around the real places.

The same number and the same seed give the same rows, in any database. No history is written: nobody did these acts,
and nobody will ask what became of them.
"""

from collections import Counter
from itertools import islice
from random import Random

from django.db import transaction

from initiatives.exchange.importers.reference import refresh_statistics
from initiatives.exchange.seed.initiatives import initiative
from initiatives.exchange.seed.organisations import actor, funding_source
from initiatives.exchange.seed.surroundings import Surroundings
from initiatives.exchange.seed.unsaved import ORIGIN
from initiatives.models import ALL, Actor, FundingSource, GivenSlug, Initiative, SearchText, record_change

BATCH = 500
INITIATIVES_AN_ACTOR = 5
NOUNS = (Initiative, Actor, FundingSource)


class SeedRefused(Exception):
    """The database is no place for invented fiches."""


@transaction.atomic
def seed_load(*, initiatives: int, seed: int, among_others: bool = False) -> Counter:
    """Load ``initiatives`` invented initiatives, and the actors and funding sources that they name; all or nothing.

    Raises ``SeedRefused`` when the directory holds fiches already, unless they may stand ``among_others``, and when it
    holds those of this seed. Raises ``NothingToStandOn`` without the reference data. Returns how many rows of each.
    """
    _refuse(seed, among_others)
    around = Surroundings(Random(f"{seed}/thèmes"))
    loaded = Counter()
    actor_count = max(3, initiatives // INITIATIVES_AN_ACTOR)
    actors = _save((actor(number, seed, around) for number in range(1, actor_count + 1)), loaded)
    source_count = 40 + initiatives // 1000
    sources = _save((funding_source(number, seed, around, actors) for number in range(1, source_count + 1)), loaded)
    made = (initiative(number, seed, around, actors, sources) for number in range(1, initiatives + 1))
    _save(made, loaded)
    record_change(ALL)
    refresh_statistics(*loaded, SearchText)
    return loaded


def _refuse(seed, among_others):
    if Initiative.objects.filter(origin=ORIGIN, origin_id__startswith=f"{seed}/").exists():
        raise SeedRefused(f"Les fiches d’essai du tirage {seed} sont déjà dans cette base : prenez-en une autre.")
    count = sum(noun.objects.count() for noun in NOUNS)
    if count and not among_others:
        raise SeedRefused(
            f"Cette base contient déjà {count} fiches : les fiches d’essai s’y mêleraient. "
            "Prenez une base vide, ou ajoutez --force."
        )


def _save(made, loaded):
    """Save fiches with their lines and links, a batch at a time; returns the keys of the fiches."""
    keys = []
    while batch := [*islice(made, BATCH)]:
        fiches = [unsaved.fiche for unsaved in batch]
        rows = {type(fiches[0]): fiches, GivenSlug: [_address(fiche) for fiche in fiches if fiche.slug]}
        _bulk_create(rows, loaded)
        keys += [fiche.pk for fiche in fiches]
        rows = {}
        for unsaved in batch:
            for line in (line for lines in unsaved.lines.values() for line in lines):
                rows.setdefault(type(line), []).append(line)
            for link in _links(unsaved):
                rows.setdefault(type(link), []).append(link)
        _bulk_create(rows, loaded)
    return keys


def _bulk_create(rows, loaded):
    for model, instances in rows.items():
        model.objects.bulk_create(instances)
        loaded[model] += len(instances)


def _address(fiche):
    return GivenSlug(noun=fiche._meta.model_name, slug=fiche.slug, uuid=fiche.uuid)


def _links(unsaved):
    for name, keys in unsaved.links.items():
        field = unsaved.fiche._meta.get_field(name)
        through = field.remote_field.through
        for key in keys:
            yield through(**{field.m2m_field_name(): unsaved.fiche, f"{field.m2m_reverse_field_name()}_id": key})
