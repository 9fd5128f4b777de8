"""One invented initiative, drawn from its number: the same in every database, on any day."""

from datetime import timedelta
from random import Random

from initiatives.exchange.seed.unsaved import DAY, ORIGIN, SOURCE, Unsaved, identity, life, one
from initiatives.exchange.seed.words import field_words, sentences, some_words
from initiatives.models import (
    Funding,
    Initiative,
    InitiativeTheme,
    Milestone,
    Notice,
    Participation,
    Site,
    Source,
    TakingPart,
)
from initiatives.models.initiative import DAILY_RANKS
from initiatives.models.vocabulary import (
    Activity,
    FundingKind,
    Milieu,
    Novelty,
    Offered,
    Role,
    Scale,
    Sought,
    Stage,
    WayToTakePart,
    YearPrecision,
)

STATUSES = (("published", "draft", "pending", "archived"), (94, 3, 1, 2))
STAGES = (Stage.values, (12, 28, 34, 10, 16))
ACTIVITIES = (Activity.values, (74, 5, 9, 12))
SCALES = (Scale.values, (14, 26, 22, 18, 8, 2, 10))
MILIEUS = (Milieu.values, (28, 12, 34, 10, 16))
PRECISIONS = (YearPrecision.values, (80, 14, 6))
AMOUNTS = (None, 1500, 5000, 12_000, 40_000, 150_000)
ANNOUNCED = [(Notice.Kind.SEEKS, value) for value in Sought.values]
ANNOUNCED += [(Notice.Kind.OFFERS, value) for value in Offered.values]

NOVELTY_COUNTS = ((0, 1, 2, 3), (25, 40, 25, 10))
SITE_COUNTS = ((0, 1, 2, 3), (20, 62, 13, 5))
COVERAGE_COUNTS = ((1, 2), (85, 15))
COVERAGE_KINDS = (("pk", "epci", "department", "region"), (20, 34, 30, 16))
ACTOR_COUNTS = ((1, 2, 3), (50, 35, 15))
UP_TO_TWO = ((0, 1, 2), (55, 33, 12))
SELDOM = ((0, 1, 2), (74, 19, 7))
ALWAYS_PUBLISHED = 10


def initiative(number, seed, around, actors, sources) -> Unsaved:
    """The initiative of this number. ``around``: Surroundings; ``actors``, ``sources``: keys of those it may name."""
    draw = Random(f"{seed}/initiative/{number}")
    row = _row(draw, number, seed)
    places, coverage = _places(draw, around)
    lines = {
        "theme_links": _themes(around.some_themes(draw)),
        "sites": _sites(draw, places),
        "participations": _participations(draw, actors),
        "fundings": _fundings(draw, sources),
        "milestones": _milestones(draw),
        "notices": _notices(draw),
        "ways_to_take_part": _ways(draw),
        "sources": [Source(uuid=identity(draw), consulted_on=DAY, **SOURCE)],
    }
    for line in (line for rows in lines.values() for line in rows):
        line.initiative = row
    made = Unsaved(row, lines, {"coverage": coverage, "audiences": around.some_audiences(draw)})
    row.completeness = made.completeness()
    return made


def _row(draw, number, seed):
    status = "published" if number <= ALWAYS_PUBLISHED else one(draw, STATUSES)
    activity = one(draw, ACTIVITIES)
    start = draw.randint(1977, 2026) if draw.random() < 0.85 else None
    first, second = draw.sample(field_words(), 2)
    words = some_words(draw, 112)
    return Initiative(
        uuid=identity(draw),
        name=f"Fiche d’essai {number:06} : {first} et {second}",
        summary=sentences(words[:18])[:300],
        social_need=sentences(words[18:48]),
        response=sentences(words[48:82]),
        innovation=sentences(words[82:98]),
        results=sentences(words[98:]),
        website=f"https://essai-{number}.example/" if draw.random() < 0.5 else "",
        novelties=draw.sample(Novelty.values, one(draw, NOVELTY_COUNTS)),
        stage=one(draw, STAGES),
        stage_as_of=draw.randint(2018, 2026),
        activity=activity,
        start_year=start,
        start_precision=one(draw, PRECISIONS),
        end_year=draw.randint(start, 2026) if activity == Activity.ENDED and start else None,
        scale=one(draw, SCALES),
        milieu=one(draw, MILIEUS),
        is_featured=number <= 6 and status == "published" and activity != Activity.ENDED,
        daily_rank=draw.randrange(DAILY_RANKS),
        origin=ORIGIN,
        origin_id=f"{seed}/{number}",
        **life(draw, status, f"fiche-d-essai-{seed}-{number:06}"),
    )


def _places(draw, around):
    """Where its sites are, and what it covers: always when it has no site, half of the time when it has."""
    count = one(draw, SITE_COUNTS)
    places = [around.place(draw) for _ in range(max(count, 2))]
    coverage = {}
    if not count or draw.random() < 0.45:
        for place in places[: one(draw, COVERAGE_COUNTS)]:
            coverage[getattr(place, one(draw, COVERAGE_KINDS)) or place.pk] = None
    return places[:count], [*coverage]


def _themes(themes):
    return [InitiativeTheme(theme_id=theme, position=position) for position, theme in enumerate(themes, 1)]


def _sites(draw, places):
    sites = []
    for position, place in enumerate(places):
        site = Site(uuid=identity(draw), territory_id=place.pk, position=position)
        if place.latitude is not None and draw.random() < 0.6:
            site.latitude = round(place.latitude + draw.uniform(-0.02, 0.02), 5)
            site.longitude = round(place.longitude + draw.uniform(-0.02, 0.02), 5)
        sites.append(site)
    return sites


def _participations(draw, actors):
    """Who carries it, and who takes part."""
    chosen = dict.fromkeys(_skewed(draw, actors) for _ in range(one(draw, ACTOR_COUNTS)))
    rows = []
    for position, actor in enumerate(chosen):
        role = draw.choice((Role.PARTNER, Role.SUPPORTER, Role.FUNDER)) if position else Role.HOLDER
        line = {"actor_id": actor, "role": role, "is_lead": not position, "position": position}
        rows.append(Participation(uuid=identity(draw), **line))
    return rows


def _fundings(draw, sources):
    return [
        Funding(
            uuid=identity(draw),
            source_id=_skewed(draw, sources),
            amount=draw.choice(AMOUNTS),
            year=draw.randint(2012, 2026),
            kind=draw.choice(FundingKind.values),
            position=position,
        )
        for position in range(one(draw, UP_TO_TWO))
    ]


def _milestones(draw):
    return [
        Milestone(uuid=identity(draw), year=draw.randint(1995, 2026), text=sentences(some_words(draw, 6)))
        for _ in range(one(draw, UP_TO_TWO))
    ]


def _notices(draw):
    return [
        Notice(uuid=identity(draw), kind=kind, value=value, said_on=DAY - timedelta(days=draw.randrange(500)))
        for kind, value in draw.sample(ANNOUNCED, one(draw, SELDOM))
    ]


def _ways(draw):
    return [
        TakingPart(uuid=identity(draw), way=way, how=sentences(some_words(draw, 8))[:200])
        for way in draw.sample(WayToTakePart.values, one(draw, SELDOM))
    ]


def _skewed(draw, keys):
    """A few are named again and again, most once or twice."""
    return keys[int(len(keys) * draw.random() ** 2)]
