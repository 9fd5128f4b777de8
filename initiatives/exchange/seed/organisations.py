"""The invented actors and funding sources that the initiatives of a load test name."""

from random import Random

from initiatives.exchange.seed.unsaved import DAY, ORIGIN, SOURCE, Unsaved, identity, life, one
from initiatives.exchange.seed.words import field_words, sentences, some_words
from initiatives.models import Actor, FundingSource, Source
from initiatives.models.vocabulary import ActorKind, FundingKind, LegalForm, Stage

STATUSES = (("published", "draft", "archived"), (93, 5, 2))
KINDS = (ActorKind.values, (16, 40, 4, 5, 4, 10, 2, 3, 7, 4, 5))
FORMS = (LegalForm.values, (52, 2, 1, 1, 4, 7, 1, 3, 3, 3, 8, 2, 5, 1, 7))


def actor(number, seed, around) -> Unsaved:
    draw = Random(f"{seed}/acteur/{number}")
    seat = around.place(draw)
    row = Actor(
        uuid=identity(draw),
        name=f"Structure d’essai {number:06} : {draw.choice(field_words())}",
        summary=sentences(some_words(draw, 14))[:300],
        presentation=sentences(some_words(draw, 30)),
        kind=one(draw, KINDS),
        legal_form=one(draw, FORMS),
        founded_year=draw.randint(1950, 2026) if draw.random() < 0.8 else None,
        seat_id=seat.pk if draw.random() < 0.9 else None,
        origin=ORIGIN,
        origin_id=f"{seed}/{number}",
        **life(draw, one(draw, STATUSES), f"structure-d-essai-{seed}-{number:06}"),
    )
    coverage = [seat.department or seat.pk] if draw.random() < 0.5 else []
    return _whole(draw, row, "actor", {"coverage": coverage, "themes": around.some_themes(draw)[:1]})


def funding_source(number, seed, around, actors) -> Unsaved:
    draw = Random(f"{seed}/financement/{number}")
    minimum = draw.choice((None, 500, 3000, 10_000))
    row = FundingSource(
        uuid=identity(draw),
        name=f"Dispositif d’essai {number:06} : {draw.choice(field_words())}",
        summary=sentences(some_words(draw, 14))[:300],
        offered_by_id=draw.choice(actors),
        kinds=[draw.choice(FundingKind.values)],
        amount_min=minimum,
        amount_max=minimum and minimum * draw.randint(2, 20),
        stages=draw.sample([value for value in Stage.values if value != Stage.UNKNOWN], 2),
        is_permanent=draw.random() < 0.5,
        eligibility=sentences(some_words(draw, 24)),
        how_to_apply=sentences(some_words(draw, 16)),
        origin=ORIGIN,
        origin_id=f"{seed}/{number}",
        **life(draw, one(draw, STATUSES), f"dispositif-d-essai-{seed}-{number:06}"),
    )
    place = around.place(draw)
    links = {"territories": [place.region or place.pk], "themes": around.some_themes(draw), "audiences": []}
    return _whole(draw, row, "funding_source", links)


def _whole(draw, row, owner, links):
    lines = {"sources": [Source(uuid=identity(draw), consulted_on=DAY, **SOURCE, **{owner: row})]}
    made = Unsaved(row, lines, links)
    row.completeness = made.completeness()
    return made
