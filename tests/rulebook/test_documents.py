import json
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from portal.rulebook.document import document_json, load_json, load_toml
from portal.rulebook.evaluate import ForeignCurrency
from portal.rulebook.member_state import read_member_state
from portal.rulebook.receipt import read_receipt
from tests.rulebook.shop import NOON, buy, line, rule, shop

TOML = """
id = "shop"
version = 17
title = {ru = "Магазин", en = "Shop"}
currency = "RUB"
timezone = "Europe/Moscow"
[welcome]
points = 300
valid = {type = "days", n = 14}
[[rules]]
id = "fri_x2"
title = "Пятница 18–20: баллы ×2"
from = 2026-01-01
until = 2026-12-31T22:00:00+03:00
when = {type = "weekly", days = [5], start = 18:00:00, end = "20:00"}
effects = [{type = "accrue_percent", rate_bp = 500, valid = {type = "months", n = 6, round_up = "quarter"}}]
"""


def test_toml_and_json_say_the_same():
    rulebook = load_toml(TOML)
    assert load_json(json.loads(rulebook.canonical_json)) == rulebook
    assert load_json(document_json(rulebook)).digest == rulebook.digest
    assert (rulebook.label, rulebook.worth, rulebook.wallet("points").kind) == ("shop@17", 100, "points")


def test_what_is_default_anyway_does_not_change_the_digest():
    told = tomllib.loads(TOML) | {"rounding": "down", "max_backdate_days": 7, "redemption": {"step": 1}}
    assert load_json(told).digest == load_toml(TOML).digest
    assert load_json(told | {"rounding": "up"}).digest != load_toml(TOML).digest


def test_canonical_json_is_sorted_and_tight():
    text = shop().canonical_json
    assert text == '{"currency":"RUB","timezone":"Europe/Moscow"}'


ACCRUE = {"type": "accrue_percent", "rate_bp": 500}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"pointvalue": 100}, "pointvalue"),
        ({"currency": "XTS"}, "currency"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"version": "1"}, "version"),
        ({"version": True}, "version"),
        ({"point_value": 0}, "point_value"),
        ({"redemption": {"step": 0}}, "step"),
        ({"rounding": "floor"}, "rounding"),
        ({"rules": [rule(ACCRUE), rule(ACCRUE)]}, "stands twice"),
        ({"wallets": [{"id": "a"}, {"id": "a"}]}, "stands twice"),
        ({"privileges": [{"id": "a"}, {"id": "a"}]}, "stands twice"),
        ({"coupons": [{"id": "a"}, {"id": "a"}]}, "stands twice"),
        ({"categories": [{"id": "a"}, {"id": "a"}]}, "stands twice"),
        ({"groups": [{"id": "a", "mode": "best"}, {"id": "a", "mode": "first"}]}, "stands twice"),
        ({"rules": [{"id": "a", "effects": []}]}, "effects"),
        ({"rules": [rule({**ACCRUE, "rate_bp": 10_001})]}, "rate_bp"),
        ({"rules": [rule({**ACCRUE, "rate_bp": "500"})]}, "rate_bp"),
        ({"rules": [rule({**ACCRUE, "rate_bp": 5.0})]}, "rate_bp"),
        ({"rules": [rule({**ACCRUE, "too": "agent"})]}, "too"),
        ({"rules": [rule({"type": "accrue"})]}, "type"),
        ({"rules": [rule(ACCRUE, when={"type": "full_moon"})]}, "full_moon"),
        ({"rules": [rule(ACCRUE, when={"type": "all", "of": []})]}, "of"),
        ({"rules": [rule(ACCRUE, when={"type": "days_since_last"})]}, "`min`, `max` or both"),
        ({"rules": [rule(ACCRUE, when={"type": "purchase_number"})]}, "`from`, `to` or both"),
        ({"rules": [rule({**ACCRUE, "lines": {}})]}, "line filter"),
        ({"rules": [rule({**ACCRUE, "lines": {"sku": "A"}})]}, "sku"),
        ({"rules": [rule(ACCRUE, **{"from": 1_700_000_000})]}, "from"),
        ({"rules": [rule(ACCRUE, when={"type": "weekly", "start": "18:00+03:00"})]}, "by the shop's clock"),
    ],
)
def test_a_wrong_document_is_refused_with_the_place(change: dict[str, Any], where: str):
    with pytest.raises(ValidationError) as refused:
        load_json({"currency": "RUB", "timezone": "Europe/Moscow", **change})
    assert where in str(refused.value)


RECEIPT = {"at": NOON, "lines": [{"n": 1, "gross": 100}]}


@pytest.mark.parametrize(
    "change",
    [
        {"at": 1_700_000_000},
        {"at": "yesterday"},
        {"lines": []},
        {"lines": [{"n": 1, "gross": -1}]},
        {"lines": [{"n": 1, "gross": 1.0}]},
        {"lines": [{"n": 1, "gross": True}]},
        {"lines": [{"n": 1, "gross": 10**13}]},
        {"lines": [{"n": 0, "gross": 1}]},
        {"lines": [{"n": 1, "gross": 1}, {"n": 1, "gross": 2}]},
        {"lines": [{"n": 1, "gross": 1, "qty": 0}]},
        {"lines": [{"n": 1, "gross": 1, "qty": -1}]},
        {"lines": [{"n": 1, "gross": 1, "qty": 0.0001}]},
        {"lines": [{"n": 1, "gross": 1, "qty": "a lot"}]},
        {"lines": [{"n": 1, "gross": 1, "price": 1}]},
        {"lines": [{"n": n, "gross": 1} for n in range(1, 1002)]},
        {"points_requested": -1},
        {"points_requested": "all"},
        {"points_requested": 1.5},
        {"store": 5},
        {"at": "9999-12-31T23:59:59-23:59"},
        {"number": "T3\x00"},
        {"lines": [{"n": 1, "gross": 1, "title": "\ud800"}]},
        {"lines": [{"n": 1, "gross": 1, "qty": "1_000"}]},
        {"lines": [{"n": 1, "gross": 1, "qty": float("nan")}]},
        {"lines": [{"n": 1, "gross": 1, "qty": float("inf")}]},
        {"coupons": "SPRING"},
        {"cashier": "tim"},
    ],
)
def test_a_wrong_receipt_is_refused(change: dict[str, Any]):
    with pytest.raises(ValidationError):
        read_receipt({**RECEIPT, **change})


@pytest.mark.parametrize(("told", "exact"), [(7, "7"), (0.35, "7/20"), ("0.350", "7/20"), (1.0, "1"), ("2,5", None)])
def test_quantities_are_exact(told: object, exact: str | None):
    document = {**RECEIPT, "lines": [{"n": 1, "gross": 100, "qty": told}]}
    if exact is None:
        with pytest.raises(ValidationError):
            read_receipt(document)
    else:
        assert str(read_receipt(document).lines[0].qty) == exact


@pytest.mark.parametrize(
    "change",
    [
        {"balance": {"points": -1}},
        {"balance": {"points": "9"}},
        {"birthday": 19900305},
        {"usage": {"r": {"member_day": "1"}}},
        {"tiers": ["gold"]},
        {"id": ""},
    ],
)
def test_a_wrong_member_state_is_refused(change: dict[str, Any]):
    with pytest.raises(ValidationError):
        read_member_state({"id": "m", **change})


def test_a_foreign_currency_is_refused():
    assert buy(shop(), line(1), currency="RUB").total == 1
    with pytest.raises(ForeignCurrency, match="kept in RUB, the receipt is in EUR"):
        buy(shop(), line(1), currency="EUR")


def test_rules_of_a_moment_are_those_whose_own_window_holds_it_on_the_shops_clock() -> None:
    dated = {
        "id": "may",
        "from": "2026-05-01T00:00",
        "until": "2026-06-01T00:00",
        "effects": [{"type": "accrue_fixed", "points": 1}],
    }
    always = {"id": "always", "effects": [{"type": "accrue_fixed", "points": 1}]}
    rulebook = load_json({"currency": "RUB", "timezone": "Europe/Moscow", "rules": [dated, always]})
    midnight = datetime(2026, 4, 30, 21, tzinfo=UTC)
    assert [rule.id for rule in rulebook.rules_at(midnight)] == ["may", "always"]
    assert [rule.id for rule in rulebook.rules_at(midnight - timedelta(microseconds=1))] == ["always"]


def test_whoever_a_friend_brought_may_get_other_points_for_joining() -> None:
    shop = {"currency": "RUB", "timezone": "Europe/Moscow", "welcome": {"points": 300}}
    for terms, brought in (({}, 300), ({"referee_points": 500}, 500), ({"referee_points": 0}, 0)):
        rulebook = load_json({**shop, "referral": terms})
        assert (rulebook.joining_points(), rulebook.joining_points(by_friend=True)) == (300, brought)
    assert load_json({"currency": "RUB", "timezone": "Europe/Moscow"}).joining_points() == 0
