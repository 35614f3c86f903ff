"""Rules that can never work, or that no receipt would match (domain.md §3.8)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.rulebook.document import load_json
from portal.rulebook.linter import ShopFacts, lint
from portal.rulebook.receipt import read_receipt
from tests.rulebook.linting import BASE, found, rule, rulebook

DEAD = [
    (rule({"type": "time_window", "until": "2026-02-01T00:00"}, **{"from": "2026-03-01T00:00"}), "windows"),
    (rule(until="2025-12-31T00:00"), "over before"),
    (
        rule(
            {"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"},
            **{"from": "2026-03-07T00:00", "until": "2026-03-09T00:00"},
        ),
        "hours of the week",
    ),
    (
        rule({"type": "all", "of": [{"type": "weekly", "days": [1]}, {"type": "weekly", "days": [2]}]}),
        "hours of the week",
    ),
    (rule({"type": "all", "of": [{"type": "store", "in": ["S1"]}, {"type": "store", "in": ["S2"]}]}), "no store"),
    (
        rule({"type": "all", "of": [{"type": "receipt_total", "min": 10}, {"type": "receipt_total", "max": 9}]}),
        "such a total",
    ),
    (
        rule({"type": "all", "of": [{"type": "purchase_number", "to": 1}, {"type": "days_since_last", "min": 1}]}),
        "before a first purchase",
    ),
    (
        rule({"type": "all", "of": [{"type": "referred"}, {"type": "not", "of": {"type": "referred"}}]}),
        "its opposite",
    ),
    (rule({"type": "not", "of": {"type": "always"}}), "its opposite"),
    (rule({"type": "tier", "in": ["gold"]}), "no tier gold"),
    (rule(caps=[{"scope": "receipt", "max_uses": 0}]), "cap is 0"),
    (rule(None, {"type": "accrue_fixed", "points": 0}), "gives 0"),
]


@pytest.mark.parametrize(("dead", "reason"), DEAD)
def test_a_rule_that_can_never_work_is_named(dead: dict[str, Any], reason: str) -> None:
    facts = ShopFacts(at=datetime(2026, 1, 1, tzinfo=UTC))
    (finding,) = lint(load_json(rulebook(dead)), facts=facts)
    assert (finding.severity, finding.path, finding.code) == ("warning", "rules.r", "never-works")
    assert reason in finding.text


def test_behind_a_rule_that_always_matches_nothing_of_its_group_works() -> None:
    groups = [{"id": "g", "mode": "first"}]
    first, second = {**BASE, "group": "g", "priority": 1}, rule(group="g", priority=2)
    assert found(rulebook(first, second, groups=groups), "warning") == {("rules.r", "never-works")}
    dated = {**first, "until": "2026-03-01T00:00"}
    assert not found(rulebook(dated, second, groups=groups), "warning")


def test_a_privilege_that_is_over_before_its_use_is_named() -> None:
    opens = {"id": "open", "effects": [{"type": "unlock", "privilege": "p", "valid_days": 30}]}
    late = rule({"type": "all", "of": [{"type": "privilege", "id": "p"}, {"type": "days_since_last", "min": 60}]})
    assert ("rules.r", "never-works") in found(rulebook(opens, late), "warning")
    early = rule({"type": "privilege", "id": "p"}, until="2026-02-01T00:00")
    assert ("rules.r", "never-works") in found(rulebook({**opens, "from": "2026-02-01T00:00"}, early), "warning")
    assert not found(rulebook(opens, early), "warning")


def test_a_rule_that_no_receipt_would_match_is_named() -> None:
    receipt = read_receipt({"at": "2026-03-04T12:00:00+03:00", "store": "S1", "lines": [{"n": 1, "gross": 100}]})
    elsewhere = rule({"type": "store", "in": ["S2"]})
    facts = {"receipts": [(receipt, None)]}
    assert found(rulebook(BASE, elsewhere), "warning", **facts) == {("rules.r", "unmatched")}
    assert not found(rulebook(BASE, elsewhere), "warning")
