"""Whatever ladder is published, nobody stands lower before the next period of it is judged (domain.md §4.1)."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.programme.climbing import Climb, find_climb
from portal.programme.past_deeds import ReadAhead
from portal.receipts.queries import KeptReceipt
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import Event, Ladder, Standing, Totals, judgements, replay
from portal.tiers.stored import Stored
from tests.programme.shop import BASE5, rulebook

ZONE = ZoneInfo("Europe/Moscow")
START = datetime(2026, 1, 1, tzinfo=ZONE)
YEARS = timedelta(days=1000)
NAMES = ("silver", "gold", "platinum")


def a_ladder(draw: Random, *, version: int) -> tuple[Rulebook, Ladder]:
    window = draw.choice(({}, {"window": {"type": "calendar", "unit": "half_year"}}))
    goals = sorted(draw.sample(range(1, 40), k=3))
    tiers = [
        {"id": name, "enter": {"metric": "spend", "min": goal * 1_000, **window}}
        for name, goal in zip(NAMES, goals, strict=True)
        if draw.random() < 0.8
    ]
    unit, grace = draw.choice(("month", "quarter", "half_year", "year")), draw.choice((0, 14))
    by_period = {"type": "period", "unit": unit, "grace_days": grace, "mode": draw.choice(("to_qualified", "one_step"))}
    keep: dict[str, Any] = draw.choice(({"type": "lifelong"}, by_period))
    made = rulebook(BASE5, version=version, tiers={"tiers": [{"id": "bronze"}, *tiers], "keep": keep})
    assert made.tiers is not None
    return made, made.tiers


def stands(rules: Rulebook, standing: Standing, purchases: list[Event], *, published: datetime, at: datetime) -> Climb:
    stored = Stored(tier=standing.tier, since=standing.since, judged_through=published)
    kept = [KeptReceipt(each.id, each.at, each.money) for each in purchases]
    totals = Totals.of(each.money for each in purchases)
    climb = find_climb(
        Session(), rules, "ada", stored=stored, totals=totals, kept=kept, since=None, at=at, ahead=ReadAhead()
    )
    assert climb is not None
    return climb


def test_publishing_a_new_ladder_never_demotes_at_once():
    stayed = fell = 0
    for seed in range(300):
        draw = Random(seed)
        published = START + timedelta(days=draw.randint(30, 500), hours=draw.randint(0, 23))
        moments = sorted(START + (published - START) * draw.random() for _ in range(4))
        purchases = [
            Event(id=f"p{n}", at=at, type="purchase", money=draw.randint(1, 20_000)) for n, at in enumerate(moments)
        ]
        _, old = a_ladder(draw, version=1)
        rules, new = a_ladder(draw, version=2)
        standing, _ = replay(old, purchases, zone=ZONE, start=START, until=published)
        ends = judgements(new.keep, zone=ZONE, after=published, until=published + YEARS)
        end = next((each.judged_at(ZONE) for each in ends), published + YEARS)
        for at in (published, published + (end - published) * draw.random(), end - timedelta.resolution):
            climb = stands(rules, standing, purchases, published=published, at=at)
            assert climb.standing.tier == standing.tier, seed
            assert new.rank(climb.risen(at=at).standing.tier) >= new.rank(standing.tier), seed
            stayed += standing.tier is not None
        fell += stands(rules, standing, purchases, published=published, at=end).standing.tier != standing.tier
    assert stayed > 300, "members with a tier to lose were among them"
    assert fell > 20, "and many lose it once the period is judged"
