"""Tiers: who rises, who falls, what a refund undoes, how far the next one is (domain.md §4)."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from portal.rulebook.document import load_json
from portal.rulebook.examples import example
from portal.rulebook.tiers import (
    Change,
    Deeds,
    Event,
    Kept,
    Manual,
    Standing,
    near_miss,
    progress_of,
    replay,
    standing_after,
)
from portal.rulebook.tiers.ladder import Ladder

ZONE = ZoneInfo("Europe/Moscow")
GOLD = {"id": "gold", "enter": {"metric": "spend", "min": 10_000}}
PLATINUM = {"id": "platinum", "enter": {"metric": "spend", "min": 30_000}}
HALF_YEARS = {"type": "period", "unit": "half_year"}


def ladder(*tiers: dict[str, Any], **rest: Any) -> Ladder:
    return Ladder.model_validate({"tiers": [{"id": "bronze"}, *(tiers or (GOLD, PLATINUM))], **rest})


def on(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZONE)


def bought(day: str, money: int, name: str = "") -> Event:
    return Event(id=name or day, at=on(day), type="purchase", money=money)


def returned(day: str, of: str, money: int) -> Event:
    return Event(id=f"back-{day}", at=on(day), type="refund", of=of, money=money)


def told(rules: Ladder, *events: Event, until: str | None = None) -> list[tuple[str, str, str]]:
    end = on(until, 0) if until else None
    _, changes = replay(rules, events, zone=ZONE, start=on("2026-01-01", 0), until=end)
    return [(str(each.at.astimezone(ZONE).date()), each.from_, each.to) for each in changes]


def test_each_condition_stands_on_its_own_so_that_jumps_are_allowed():
    assert told(ladder(), bought("2026-02-01", 30_000)) == [("2026-02-01", "bronze", "platinum")]


def test_who_falls_by_one_step_stops_at_the_next_tier():
    keep = HALF_YEARS | {"mode": "one_step"}
    assert told(ladder(keep=keep), bought("2026-02-01", 40_000), until="2027-07-02") == [
        ("2026-02-01", "bronze", "platinum"),
        ("2027-01-01", "platinum", "gold"),
        ("2027-07-01", "gold", "bronze"),
    ]


def test_who_falls_to_what_they_qualify_for_may_pass_tiers():
    events = bought("2026-02-01", 40_000), bought("2026-09-01", 12_000)
    assert told(ladder(keep=HALF_YEARS), *events, until="2027-07-02")[1:] == [
        ("2027-01-01", "platinum", "gold"),
        ("2027-07-01", "gold", "bronze"),
    ]


def test_a_tier_held_for_less_than_it_must_be_is_not_judged():
    rolling = {"id": "gold", "enter": {"metric": "spend", "min": 10_000, "window": {"type": "rolling", "days": 200}}}
    events = bought("2026-05-01", 6_000), bought("2026-07-20", 4_000), bought("2026-12-20", 100)
    keep = {"type": "period", "unit": "month", "min_hold_days": 30}
    assert told(ladder(rolling, keep=keep), *events[:2], until="2026-08-30") == [("2026-07-20", "bronze", "gold")]
    assert told(ladder(rolling, keep=keep), *events[:2], until="2026-09-02")[1:] == [("2026-09-01", "gold", "bronze")]


def test_days_of_grace_count_for_the_ended_period_and_for_the_new_one():
    half = {
        "id": "gold",
        "enter": {"metric": "spend", "min": 10_000, "window": {"type": "calendar", "unit": "half_year"}},
    }
    events = bought("2026-06-01", 10_000), bought("2026-12-20", 4_000), bought("2027-01-10", 6_000)
    keep = HALF_YEARS | {"grace_days": 14}
    assert told(ladder(half, keep=keep), *events, until="2027-02-01") == [("2026-06-01", "bronze", "gold")]
    new_half = told(ladder(half, keep=keep), *events, bought("2027-06-30", 4_000), until="2027-08-01")
    assert new_half == [("2026-06-01", "bronze", "gold")]


def test_a_tier_reached_in_the_grace_of_a_period_is_not_judged_for_it():
    rules = ladder({"id": "gold", "enter": {"metric": "purchases", "min": 3}}, keep=HALF_YEARS | {"grace_days": 14})
    events = [bought(day, 100) for day in ("2026-05-01", "2026-05-02", "2026-07-03")]
    assert told(rules, *events, until="2026-08-01") == [("2026-07-03", "bronze", "gold")]


def test_a_keep_condition_of_its_own_decides():
    gold = GOLD | {"keep": {"metric": "purchases", "min": 1}}
    assert told(
        ladder(gold, keep=HALF_YEARS), bought("2026-02-01", 10_000), bought("2026-08-01", 1), until="2027-02-01"
    ) == [("2026-02-01", "bronze", "gold")]


@pytest.mark.parametrize(
    ("condition", "events", "reached"),
    [
        ({"metric": "max_receipt", "min": 5_000}, (3_000, 3_000), 0),
        ({"metric": "max_receipt", "min": 5_000}, (3_000, 5_000), 1),
        ({"any": [{"metric": "purchases", "min": 9}, {"metric": "spend", "min": 5_000}]}, (3_000, 3_000), 1),
        ({"all": [{"metric": "purchases", "min": 9}, {"metric": "spend", "min": 5_000}]}, (3_000, 3_000), 0),
        ({"metric": "purchases", "min": 2}, (3_000, 0), 0),
    ],
)
def test_ways_in(condition: dict[str, Any], events: tuple[int, ...], reached: int):
    days = [bought(f"2026-02-0{n}", money) for n, money in enumerate(events, start=1)]
    assert len(told(ladder({"id": "gold", "enter": condition}), *days)) == reached


def test_friends_and_quests_count_when_they_are_done():
    both = {"all": [{"metric": "referrals", "min": 1}, {"metric": "quests_done", "min": 1}]}
    friend = Event(id="f", at=on("2026-02-01"), type="referral")
    quest = Event(id="q", at=on("2026-02-02"), type="quest")
    assert told(ladder({"id": "gold", "enter": both}), friend, quest) == [("2026-02-02", "bronze", "gold")]


def test_a_late_return_waits_for_the_end_of_the_period():
    events = bought("2026-02-01", 12_000), returned("2026-02-16", "2026-02-01", 12_000)
    assert told(ladder(keep=HALF_YEARS), *events, until="2026-07-02") == [
        ("2026-02-01", "bronze", "gold"),
        ("2026-07-01", "gold", "bronze"),
    ]
    assert told(ladder(), *events, until="2027-07-02") == [("2026-02-01", "bronze", "gold")]


def test_a_return_on_the_last_day_of_the_guard_moves_back_and_part_of_it_part_of_the_way():
    jump = bought("2026-02-01", 35_000)
    half, rest = returned("2026-02-10", jump.id, 20_000), returned("2026-02-15", jump.id, 15_000)
    assert told(ladder(), jump, half, rest)[1:] == [
        ("2026-02-10", "platinum", "gold"),
        ("2026-02-15", "gold", "bronze"),
    ]


def test_a_return_that_undoes_nothing_moves_nobody():
    gold = {"id": "gold", "enter": {"metric": "spend", "min": 10_000, "window": {"type": "rolling", "days": 90}}}
    events = bought("2026-01-01", 6_000), bought("2026-03-31", 5_000), bought("2026-04-02", 50)
    assert len(told(ladder(gold), *events, returned("2026-04-05", "2026-04-02", 50))) == 1


def test_a_return_undoes_no_rise_that_later_purchases_would_have_brought():
    """The window moved on since, but on some day between the rise and the return enough was bought without it."""
    gold = {"id": "gold", "enter": {"metric": "spend", "min": 10_000, "window": {"type": "calendar", "unit": "year"}}}
    present, more = bought("2026-12-22", 10_000), bought("2026-12-28", 10_000)
    back = returned("2027-01-03", present.id, 10_000)
    assert told(ladder(gold), present, more, back) == [("2026-12-22", "bronze", "gold")]
    last = bought("2026-12-31", 9_999, "last")
    assert told(ladder(gold), present, last, back)[1:] == [("2027-01-03", "gold", "bronze")]


def test_everything_brought_back_in_time_leaves_the_tier_as_it_was():
    """Random purchases in a fortnight, all brought back in any order: the earned tier and its day are as before."""
    for seed in range(200):
        draw = Random(seed)
        before = bought("2026-01-05", draw.choice((0, 9_000, 10_000, 31_000)), "first")
        window = draw.choice(
            ({}, {"window": {"type": "rolling", "days": 30}}, {"window": {"type": "calendar", "unit": "year"}})
        )
        tiers = [{**tier, "enter": {**tier["enter"], **window}} for tier in (GOLD, PLATINUM)]
        rules = ladder(*tiers)
        bag = [bought(f"2026-02-{draw.randint(1, 7):02}", draw.randint(1, 25_000), f"b{n}") for n in range(5)]
        order = draw.sample(bag, k=5)
        back = [
            Event(id=f"r{n}", at=on("2026-02-08") + timedelta(hours=n), type="refund", of=each.id, money=each.money)
            for n, each in enumerate(order)
        ]
        once, _ = replay(rules, [before], zone=ZONE, start=before.at)
        again, changes = replay(rules, [before, *bag, *back], zone=ZONE, start=before.at)
        assert (again.tier or "bronze", again.since) == (once.tier or "bronze", once.since), seed
        assert standing_after(changes, rules).tier == again.tier


def test_buying_more_never_stands_lower():
    """A rise is a matter of more: with one purchase on top, nobody stands lower at any time."""
    for seed in range(100):
        draw = Random(seed)
        rules = ladder(
            keep=HALF_YEARS | {"mode": draw.choice(("to_qualified", "one_step")), "grace_days": draw.choice((0, 14))}
        )
        bag = [
            bought(f"2026-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", draw.randint(1, 20_000), f"b{n}")
            for n in range(6)
        ]
        more = [*bag, bought(f"2026-{draw.randint(1, 12):02}-15", 7_000, "more")]
        few, many = (
            replay(rules, each, zone=ZONE, start=on("2026-01-01", 0), until=on("2027-08-01"))[0] for each in (bag, more)
        )
        assert rules.rank(many.tier) >= rules.rank(few.tier), seed


def test_a_tier_by_hand_never_stands_below_the_earned_one_and_ends():
    rules, manual = ladder(), Manual(tier="gold", until=on("2026-06-01"))
    assert Standing(manual=manual).tier_at(on("2026-05-01"), rules).id == "gold"
    assert Standing(manual=manual).tier_at(on("2026-06-01"), rules).id == "bronze"
    assert Standing(tier="platinum", manual=manual).tier_at(on("2026-05-01"), rules).id == "platinum"


def test_progress_names_what_is_left_up_and_what_keeps():
    rules = ladder(keep=HALF_YEARS)
    standing = Standing(tier="gold", since=on("2026-02-01"))
    deeds = Deeds(kept=(Kept(on("2026-02-01"), 8_000),), totals=None)
    found = progress_of(rules, standing, deeds.measure, at=on("2026-05-01"), zone=ZONE)
    assert found.tier.id == "gold"
    assert (found.next and found.next.id, found.path and found.path.left) == ("platinum", 22_000)
    assert found.keep is not None
    assert (found.keep.left, str(found.keep.last_day)) == (2_000, "2026-06-30")


def test_who_has_done_enough_for_the_period_has_nothing_to_keep_and_nobody_is_above_the_top():
    standing = Standing(tier="platinum", since=on("2026-02-01"))
    deeds = Deeds(kept=(Kept(on("2026-02-01"), 30_000),))
    found = progress_of(ladder(keep=HALF_YEARS), standing, deeds.measure, at=on("2026-05-01"), zone=ZONE)
    assert (found.next, found.path, found.keep) == (None, None, None)


@pytest.mark.parametrize(
    ("money", "purchases", "left"),
    [(9_000, 5, 1_000), (8_999, 5, None), (10_000, 5, None), (10_000, 4, 1), (9_000, 4, None), (10_000, 3, None)],
)
def test_a_near_miss_lacks_a_tenth_at_most_and_nothing_else(money: int, purchases: int, left: int | None):
    both = [{"metric": "spend", "min": 10_000}, {"metric": "purchases", "min": 5}]
    rules = ladder({"id": "gold", "enter": {"all": both}})
    kept = tuple(Kept(on("2026-02-01"), money // purchases + (n < money % purchases)) for n in range(purchases))
    found = near_miss(rules, Standing(), Deeds(kept=kept).measure, at=on("2026-05-01"), zone=ZONE)
    assert (found and found.left) == left


def test_the_first_purchase_is_no_near_miss():
    rules = ladder({"id": "want", "enter": {"metric": "purchases", "min": 1}})
    assert near_miss(rules, Standing(), Deeds().measure, at=on("2026-05-01"), zone=ZONE) is None


def test_the_shipped_ladder_of_half_years_is_confirmed_every_half_year():
    rules = example("ladder_half_year").tiers
    assert rules is not None
    bought_well = bought("2026-02-01", 1_600_000), bought("2026-08-01", 450_000), bought("2027-01-10", 60_000)
    assert told(rules, *bought_well, until="2027-08-01") == [
        ("2026-02-01", "guest", "like"),
        ("2027-01-15", "like", "want"),  # what was bought in the days of grace counts for the half-year before
        ("2027-07-15", "want", "guest"),
    ]


def test_the_shipped_ladder_of_purchases_is_climbed_by_the_1st_2nd_and_4th_for_life():
    rules = example("ladder_purchases").tiers
    assert rules is not None
    days = ("2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04")
    assert told(rules, *(bought(day, 100) for day in days), until="2036-01-01") == [
        ("2026-02-01", "guest", "want"), ("2026-02-02", "want", "like"), ("2026-02-04", "like", "love"),
    ]  # fmt: skip


def test_a_removed_tier_is_nobodys_loss_before_the_period_ends():
    standing = standing_after([Change(at=on("2026-02-01"), from_="bronze", to="silver", cause="rise")], ladder())
    assert standing.tier == "silver"
    assert standing.tier_at(on("2026-02-02"), ladder()).id == "bronze"


@pytest.mark.parametrize(
    "tiers",
    [
        [{"id": "bronze", "enter": {"metric": "spend", "min": 1}}],
        [{"id": "bronze"}, {"id": "gold"}],
        [{"id": "bronze"}, {"id": "bronze", "enter": {"metric": "spend", "min": 1}}],
        [{"id": "bronze"}, {"id": "gold", "enter": {"metric": "balance", "min": 1}}],
        [{"id": "bronze"}, {"id": "gold", "enter": {"metric": "spend", "min": 1, "more_than": 1}}],
        [],
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(tiers: list[dict[str, Any]]):
    with pytest.raises(ValidationError):
        load_json({"currency": "RUB", "timezone": "Europe/Moscow", "tiers": {"tiers": tiers}})
