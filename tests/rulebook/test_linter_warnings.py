"""Rules that give too much, too little, twice or in vain (domain.md §3.8)."""

from typing import Any

import pytest

from tests.rulebook.linting import BASE, OFF, found, rule, rulebook


def test_generosity_is_measured() -> None:
    def accrue(rate: int, **fields: Any) -> dict[str, Any]:
        return {"id": f"a{rate}", "effects": [{"type": "accrue_percent", "rate_bp": rate, **fields}]}

    services = {"lines": {"category": ["services"]}}
    facts = {"services": frozenset({"services"})}
    assert not found(rulebook(accrue(1000)), "warning", **facts)
    assert ("rules.a1001.effects[0].rate_bp", "high-accrual") in found(rulebook(accrue(1001)), "warning", **facts)
    assert not found(rulebook(accrue(2500, **services)), "warning", **facts)
    assert ("rules.a2501.effects[0].rate_bp", "high-accrual") in found(
        rulebook(accrue(2501, **services)), "warning", **facts
    )
    triple = rule(None, {"type": "multiply", "factor_bp": 30000, "rules": ["base5"]})
    assert found(rulebook(BASE, triple), "warning") == {("rules", "high-accrual-together")}


def test_discounts_and_points_above_the_margin_are_named() -> None:
    tea = rule(None, {"type": "discount_percent", "rate_bp": 2000, "lines": {"category": ["tea"]}})
    margins = {"tea": 2000, "tea/green": 2400, "coffee": 500}
    assert found(rulebook(BASE, tea), "warning", margins_bp={"coffee": 500, "tea": 2400}) == set()
    assert found(rulebook(BASE, tea), "warning", margins_bp=margins) == {("rules", "above-margin")}


def test_rounding_loss_is_named() -> None:
    path = "rules.base5.effects[0].rate_bp"
    assert found(rulebook(BASE), "warning", mean_receipt_minor=39_999) == {(path, "rounding-loss")}
    assert not found(rulebook(BASE), "warning", mean_receipt_minor=40_000)
    assert not found(rulebook(BASE, currency="EUR"), "warning", mean_receipt_minor=2_958)


@pytest.mark.parametrize(
    ("valid", "odd"),
    [({"type": "days", "n": 6}, True), ({"type": "days", "n": 14}, False), ({"type": "months", "n": 1}, True)],
)
def test_welcome_points_live_a_week_or_two(*, valid: dict[str, Any], odd: bool) -> None:
    expected = {("welcome.valid", "welcome-validity")} if odd else set()
    assert found(rulebook(welcome={"valid": valid}), "warning") == expected


def test_more_than_five_visible_rules_are_many() -> None:
    rules = [{"id": f"r{n}", "effects": [OFF]} for n in range(6)]
    assert found(rulebook(*rules), "warning") == {("rules", "many-visible-rules")}
    assert not found(rulebook(*rules[:5], {**rules[5], "visible": False}), "warning")


def test_a_segment_that_does_not_exist_is_a_warning() -> None:
    wanted = rule({"type": "segment", "in": ["a", "b"]})
    assert found(rulebook(wanted), "warning", segments=frozenset({"a"})) == {("rules.r.when.in", "unknown-segment")}
    assert not found(rulebook(wanted), "warning")


def test_a_name_for_goods_of_which_no_rule_speaks_is_a_warning() -> None:
    soap = rule(None, {**OFF, "lines": {"category": ["soap"]}})
    named = [{"id": "soap", "title": "Soap"}, {"id": "tea", "title": "Tea"}]
    assert found(rulebook(soap, categories=named), "warning") == {("categories.tea", "unused-category")}


GIFT = {"type": "accrue_fixed", "points": 100}
DAY = {"type": "birthday"}


def reward(name: str, when: dict[str, Any], effect: dict[str, Any] = GIFT, **fields: Any) -> dict[str, Any]:
    return {"id": name, "when": when, "effects": [effect], **fields}


@pytest.mark.parametrize(
    "event",
    [
        DAY,
        {"type": "purchase_number", "from": 3, "to": 3},
        {"type": "coupon", "codes": ["SPRING"]},
        {"type": "privilege", "id": "p"},
    ],
)
def test_an_event_rewarded_twice_is_warned_of(event: dict[str, Any]) -> None:
    kept = {"privileges": [{"id": "p"}]}
    twice = ("rules.b", "double-reward")
    assert twice in found(rulebook(reward("a", event), reward("b", event), **kept), "warning")
    joined = {"type": "all", "of": [event, {"type": "channel", "in": ["web"]}]}
    assert twice in found(rulebook(reward("a", event), reward("b", joined), **kept), "warning")
    for other in ({**GIFT, "to": "referrer"}, {"type": "accrue_percent", "rate_bp": 100}):
        assert twice not in found(rulebook(reward("a", event), reward("b", event, other), **kept), "warning")
    chosen = rulebook(
        reward("a", event, group="g"), reward("b", event, group="g"), groups=[{"id": "g", "mode": "best"}], **kept
    )
    assert twice not in found(chosen, "warning")


def test_a_first_purchase_rewarded_beside_joining_is_warned_of() -> None:
    first = reward("first", {"type": "purchase_number", "to": 1})
    assert ("rules.first", "double-welcome") in found(rulebook(first, welcome={}), "warning")
    assert ("rules.first", "double-welcome") not in found(rulebook(first), "warning")
    tenth = reward("first", {"type": "purchase_number", "from": 10, "to": 10})
    assert ("rules.first", "double-welcome") not in found(rulebook(tenth, welcome={}), "warning")


@pytest.mark.parametrize(
    ("gives", "takes", "fields"),
    [
        (
            {"type": "unlock", "privilege": "p", "valid_days": 9},
            reward("take", {"type": "privilege", "id": "p"}),
            {"privileges": [{"id": "p"}]},
        ),
        (
            {"type": "issue_coupon", "template": "c", "valid_days": 9},
            reward("take", {"type": "coupon", "template": "c"}),
            {"coupons": [{"id": "c"}]},
        ),
        (
            {"type": "accrue_fixed", "points": 1, "wallet": "w"},
            reward("take", {"type": "always"}, {"type": "gift_item", "wallet": "w", "lines": {"sku": ["X"]}}),
            {"wallets": [{"id": "w", "kind": "gift"}]},
        ),
    ],
)
def test_a_perk_that_nobody_can_use_is_warned_of(
    gives: dict[str, Any], takes: dict[str, Any], fields: dict[str, Any]
) -> None:
    useless, giving = ("rules.give.effects[0]", "useless-perk"), reward("give", {"type": "always"}, gives)
    assert useless in found(rulebook(giving, **fields), "warning")
    assert useless not in found(rulebook(giving, takes, **fields), "warning")
    never = {"type": "all", "of": [takes["when"], {"type": "tier", "in": ["nobody"]}]}
    assert useless in found(rulebook(giving, {**takes, "when": never}, **fields), "warning")
