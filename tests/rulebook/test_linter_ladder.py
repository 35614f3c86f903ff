"""What the linter says of ladders."""

from typing import Any

import pytest

from portal.rulebook.document import load_json
from portal.rulebook.examples import example
from portal.rulebook.linter import lint

SPEND = {"metric": "spend", "min": 1_000_000, "window": {"type": "calendar", "unit": "year"}}
HALF_YEARS = {"type": "period", "unit": "half_year"}


def found(*tiers: dict[str, Any], keep: dict[str, Any] | None = None, **rest: Any) -> list[tuple[str, str, str]]:
    ladder = {"tiers": [{"id": "bronze"}, *tiers]} | ({"keep": keep} if keep else {})
    base = {"id": "base", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}
    document = {"currency": "RUB", "timezone": "Europe/Moscow", "rules": [base, *rest.pop("rules", [])], **rest}
    return [(each.severity, each.path, each.code) for each in lint(load_json({**document, "tiers": ladder}))]


def test_a_sound_ladder_gives_nothing_to_warn_of():
    assert found({"id": "gold", "enter": SPEND, "benefits": [{"text": "x", "rules": ["base"]}]}, keep=HALF_YEARS) == []


@pytest.mark.parametrize(
    ("tiers", "rest", "finding"),
    [
        (
            [{"id": "gold", "enter": SPEND}, {"id": "platinum", "enter": SPEND}],
            {},
            ("error", "tiers.platinum.enter", "overlapping-tiers"),
        ),
        (
            [{"id": "gold", "enter": SPEND, "benefits": [{"text": "x", "rules": ["nowhere"]}]}],
            {},
            ("error", "tiers.gold.benefits[0].rules", "unknown-rule"),
        ),
        (
            [{"id": "gold", "enter": {"metric": "referrals", "min": 1}}],
            {},
            ("warning", "tiers.gold.enter", "unreachable-tier"),
        ),
        (
            [{"id": "gold", "enter": {"all": [SPEND, {"metric": "quests_done", "min": 1}]}}],
            {"referral": {}},
            ("warning", "tiers.gold.enter", "unreachable-tier"),
        ),
        (
            [{"id": "gold", "enter": {"metric": "spend", "min": 1}}],
            {"keep": HALF_YEARS},
            ("warning", "tiers.gold.enter", "undone-fall"),
        ),
        (
            [{"id": "gold", "enter": SPEND}],
            {"keep": {"type": "period", "unit": "month", "min_hold_days": 40}},
            ("warning", "tiers.keep.min_hold_days", "skipped-period"),
        ),
        (
            [{"id": "gold", "enter": SPEND, "keep": {"metric": "spend", "min": 2_000_000}}],
            {"keep": HALF_YEARS},
            ("warning", "tiers.gold.keep", "harder-to-keep"),
        ),
    ],
)
def test_what_is_wrong_with_a_ladder_is_named(tiers: list[dict[str, Any]], rest: Any, finding: tuple[str, str, str]):
    assert found(*tiers, **rest) == [finding]


def test_friends_count_where_they_are_rewarded_and_one_way_in_is_enough():
    ways = {"any": [{"metric": "quests_done", "min": 1}, {"metric": "referrals", "min": 1}]}
    assert found({"id": "gold", "enter": ways}, referral={}) == []


def test_a_rule_for_a_tier_of_the_ladder_can_work():
    rule = {
        "id": "gold",
        "when": {"type": "tier", "in": ["gold"]},
        "effects": [{"type": "discount_percent", "rate_bp": 100}],
    }
    assert found({"id": "gold", "enter": SPEND}, rules=[rule]) == []
    assert found({"id": "silver", "enter": SPEND}, rules=[rule]) == [("warning", "rules.gold", "never-works")]


@pytest.mark.parametrize("name", ["ladder_half_year", "ladder_purchases"])
def test_the_ladders_that_come_with_the_portal_give_nothing_to_warn_of(name: Any):
    assert lint(example(name)) == []
