"""Every error and warning of domain.md §3.8, each with its path."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.rulebook.document import load_json
from portal.rulebook.examples import example, example_toml
from portal.rulebook.linter import ShopFacts, has_errors, lint, lint_toml, read_json
from portal.rulebook.linter.findings import Severity
from portal.rulebook.receipt import read_receipt

BASE = {"id": "base5", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}
OFF = {"type": "discount_percent", "rate_bp": 500}


def rulebook(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"currency": "RUB", "timezone": "Europe/Moscow", "rules": list(rules), **fields}


def found(document: dict[str, Any], severity: Severity = "error", **facts: Any) -> set[tuple[str, str]]:
    findings = lint(load_json(document), facts=ShopFacts(**facts))
    return {(each.path, each.code) for each in findings if each.severity == severity}


def rule(when: dict[str, Any] | None = None, *effects: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "r", "when": when or {"type": "always"}, "effects": list(effects) or [OFF], **fields}


ERRORS = [
    (rule(group="best"), "rules.r.group", "unknown-group"),
    (rule(None, {"type": "accrue_fixed", "points": 1, "wallet": "x"}), "rules.r.effects[0].wallet", "unknown-wallet"),
    (
        rule(None, {"type": "gift_item", "wallet": "points", "lines": {"sku": ["A"]}}),
        "rules.r.effects[0].wallet",
        "no-gift-wallet",
    ),
    (
        rule(None, {"type": "multiply", "factor_bp": 20000, "rules": ["x"]}),
        "rules.r.effects[0].rules[0]",
        "unknown-rule",
    ),
    (
        rule(None, OFF, {"type": "multiply", "factor_bp": 20000, "rules": ["base5", "r"]}),
        "rules.r.effects[1].rules[1]",
        "no-accrual-rule",
    ),
    (
        rule(None, {"type": "unlock", "privilege": "x", "valid_days": 3}),
        "rules.r.effects[0].privilege",
        "undefined-privilege",
    ),
    (rule({"type": "privilege", "id": "x"}), "rules.r.when.id", "unknown-privilege"),
    (rule(consumes="x"), "rules.r.consumes", "consumes-unasked"),
    (rule({"type": "coupon", "template": "x"}), "rules.r.when.template", "unknown-coupon"),
    (
        rule(None, {"type": "issue_coupon", "template": "x", "valid_days": 3}),
        "rules.r.effects[0].template",
        "undefined-coupon",
    ),
    (rule(**{"from": "2026-01-03T22:00", "until": "2026-01-03T22:00"}), "rules.r.until", "empty-window"),
    (
        rule({"type": "not", "of": {"type": "time_window", "from": "2026-01-03T22:00", "until": "2026-01-03T18:59Z"}}),
        "rules.r.when.of.until",
        "empty-window",
    ),
    (
        rule({"type": "any", "of": [{"type": "always"}, {"type": "receipt_total", "more_than": 10, "max": 10}]}),
        "rules.r.when.of[1]",
        "empty-range",
    ),
    (rule({"type": "purchase_number", "from": 3, "to": 2}), "rules.r.when", "empty-range"),
    (rule({"type": "days_since_last", "min": 3, "max": 2}), "rules.r.when", "empty-range"),
]


@pytest.mark.parametrize(("wrong", "path", "code"), ERRORS)
def test_an_error_is_found_with_its_path(wrong: dict[str, Any], path: str, code: str) -> None:
    assert found(rulebook(BASE, wrong)) == {(path, code)}


def test_a_group_of_mode_best_is_not_mixed() -> None:
    mixed = [rule(group="g"), {**BASE, "group": "g"}]
    groups = [{"id": "g", "mode": "best"}]
    assert found(rulebook(*mixed, groups=groups)) == {("groups.g", "mixed-best-group")}
    assert not found(rulebook(*mixed, groups=[{"id": "g", "mode": "first"}]))


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


def test_a_rule_that_no_receipt_would_match_is_named() -> None:
    receipt = read_receipt({"at": "2026-03-04T12:00:00+03:00", "store": "S1", "lines": [{"n": 1, "gross": 100}]})
    elsewhere = rule({"type": "store", "in": ["S2"]})
    facts = {"receipts": [(receipt, None)]}
    assert found(rulebook(BASE, elsewhere), "warning", **facts) == {("rules.r", "unmatched")}
    assert not found(rulebook(BASE, elsewhere), "warning")


def test_a_segment_that_does_not_exist_is_a_warning() -> None:
    wanted = rule({"type": "segment", "in": ["a", "b"]})
    assert found(rulebook(wanted), "warning", segments=frozenset({"a"})) == {("rules.r.when.in", "unknown-segment")}
    assert not found(rulebook(wanted), "warning")


FORM = [
    ('currency = "RUB"\nfoo = 1\ntimezone = "Europe/Moscow"', "foo", "unknown-field"),
    ('timezone = "Europe/Moscow"', "currency", "missing-field"),
    ('currency = "XXX"\ntimezone = "Europe/Moscow"', "currency", "invalid"),
    ('currency = "RUB"\ntimezone = "Mars/Base"', "timezone", "invalid"),
    ("x = = 3", "line 1, column 5", "toml-syntax"),
    ('x = "', "end", "toml-syntax"),
]
HEAD = 'currency = "RUB"\ntimezone = "Europe/Moscow"\n[[rules]]\nid = "a"\n'
RULES = [
    ('effects = [{type = "accrue_percent", rate_bp = 10001}]', "rules.a.effects[0].rate_bp", "rate-above-100"),
    ('effects = [{type = "accrue_percent", rate_bp = -1}]', "rules.a.effects[0].rate_bp", "too-small"),
    ('effects = [{type = "accrue_percent", rate_bp = "5"}]', "rules.a.effects[0].rate_bp", "wrong-type"),
    ('effects = [{type = "accrue"}]', "rules.a.effects[0]", "unknown-kind"),
    ("effects = [{rate_bp = 5}]", "rules.a.effects[0]", "missing-kind"),
    ("effects = []", "rules.a.effects", "too-few"),
    (
        'effects = [{type = "unlock", privilege = "p", valid_days = 5, lines = {colour = ["red"]}}]',
        "rules.a.effects[0].lines.colour",
        "unknown-field",
    ),
    (
        (
            'effects = [{type = "multiply", factor_bp = 20000, rules = ["b"]}]\n'
            'when = {type = "all", of = [{type = "tier"}]}'
        ),
        "rules.a.when.of[0].in",
        "missing-field",
    ),
    (
        'effects = [{type = "accrue_fixed", points = 5}]\nwhen = {type = "not", of = {type = "weekly", days = [8]}}',
        "rules.a.when.of.days[0]",
        "too-large",
    ),
]


@pytest.mark.parametrize(("text", "path", "code"), [*FORM, *((HEAD + text, path, code) for text, path, code in RULES)])
def test_a_wrong_form_is_an_error_with_its_path(text: str, path: str, code: str) -> None:
    document, findings = lint_toml(text)
    assert document is None
    assert [(each.path, each.code) for each in findings] == [(path, code)]


def test_a_rule_without_an_id_is_named_by_its_place() -> None:
    _, findings = read_json(rulebook(BASE, {"effects": [OFF]}))
    assert [(each.path, each.code) for each in findings] == [("rules[1].id", "missing-field")]


@pytest.mark.parametrize("name", ["shop", "cosmetics"])
def test_the_examples_have_no_errors(name: Any) -> None:
    document, findings = lint_toml(example_toml(name))
    assert document == example(name)
    assert not has_errors(findings)


def test_the_demo_shop_gives_nothing_to_warn_of() -> None:
    assert lint(example("cosmetics"), facts=ShopFacts(mean_receipt_minor=150_000)) == []


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
