"""Every error of domain.md §3.8, each with its path, and the examples without one."""

from typing import Any

import pytest

from portal.rulebook.examples import example, example_toml
from portal.rulebook.linter import ShopFacts, has_errors, lint, lint_toml, read_json
from tests.rulebook.linting import BASE, OFF, found, rule, rulebook

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
