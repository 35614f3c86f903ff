"""The end of a period judged from sums of the database moves everybody where their single purchases would."""

from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from portal.db import run, transaction
from portal.programme.climb_column import climb_of
from portal.programme.judge_tiers import judge_tiers
from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook
from tests.programme.shop import BASE5, DAY, NOW, OPENED, Shop, line, rulebook

ENDED = NOW + 90 * DAY
QUARTER = {"type": "calendar", "unit": "quarter"}


def threshold(metric: str, least: int, window: Any = None) -> dict[str, Any]:
    return {"metric": metric, "min": least, **({"window": window} if window else {})}


ENTER = {"any": [threshold("spend", 30_000, QUARTER), threshold("purchases", 3, {"type": "rolling", "days": 60})]}
KEEPS = [
    None,
    threshold("spend", 60_000),
    threshold("max_receipt", 25_000, {"type": "rolling", "days": 30}),
    {"all": [threshold("purchases", 2, QUARTER), threshold("spend", 40_000, {"type": "lifetime"})]},
]
KEEPING = st.fixed_dictionaries(
    {
        "type": st.just("period"),
        "unit": st.sampled_from(["month", "quarter"]),
        "mode": st.sampled_from(["to_qualified", "one_step"]),
        "grace_days": st.sampled_from([0, 5]),
        "min_hold_days": st.sampled_from([0, 30]),
    }
)


@pytest.fixture
def shop(sqlite: Engine) -> Shop:
    return Shop(sqlite)


def book(version: int, keep: dict[str, Any], keeps: list[Any]) -> Rulebook:
    enters = [ENTER, threshold("spend", 50_000, QUARTER), threshold("spend", 70_000, QUARTER)]
    tiers = [
        {"id": f"tier{n}", "enter": enter, **({"keep": kept} if kept else {})}
        for n, (enter, kept) in enumerate(zip(enters, keeps, strict=True), 1)
    ]
    return rulebook(BASE5, version=version, tiers={"tiers": [{"id": "tier0"}, *tiers], "keep": keep})


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keep=KEEPING,
    keeps=st.lists(st.sampled_from(KEEPS), min_size=3, max_size=3),
    seed=st.integers(0, 2**32),
)
def test_sums_judge_as_single_purchases_do(shop: Shop, keep: Any, keeps: Any, seed: int):
    chance = Random(seed)  # evenly spread: purchases drawn small would hardly reach a tier
    with transaction(shop.engine, writes=True) as session:
        for table in ("job", "tier_walk"):
            session.execute(text(f"delete from {table}"))
        version = next(shop.numbers)
        made = OPENED + timedelta(seconds=version)
        publish_rulebook(session, book(version, keep, keeps), effective_from=made, now=made)
    members = [shop.join(f"member{next(shop.numbers)}@example.org") for _ in range(6)]
    for member in members:
        for day in sorted(chance.sample(range(80), 3)):
            told = shop.buy(member, line(1, chance.randrange(10_000, 90_000)), at=NOW + day * DAY)
            if chance.random() < 0.3:
                back = Fraction(chance.randint(1, 2), 2)
                shop.refund(told.receipt_id, {1: back}, at=NOW + (day + chance.randint(1, 40)) * DAY)
    with transaction(shop.engine, writes=False) as session:
        found = rulebook_in_force(session, at=ENDED)
        climbs = [climb_of(session, found, member, at=ENDED) for member in members]
    expected = [climb and (climb.standing.tier, climb.standing.since) for climb in climbs]
    progress: Any = None
    while True:
        told = progress
        progress = run(
            shop.engine, lambda s, told=told: judge_tiers(s, progress=told, now=ENDED, limit=5), writes=True
        )  # fmt: skip
        if progress is None:
            break
    with transaction(shop.engine, writes=False) as session:
        rows = {row[0]: row[1:] for row in session.execute(text("select member_id, tier, since from tier_standing"))}
        stood = [climb_of(session, found, member, at=ENDED) for member in members]
    assert [climb and (climb.standing.tier, climb.standing.since) for climb in stood] == expected
    assert all(climb is None or not climb.changes for climb in stood)
    assert {rows[member][0] for member in members if member in rows} <= {f"tier{n}" for n in range(4)}
