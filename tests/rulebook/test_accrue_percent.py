from datetime import date
from fractions import Fraction

import pytest

from tests.rulebook.shop import CLEO, GUEST, buy, granted, line, moment, rule, shop, skipped


def accrue(rate_bp: int = 500, name: str = "base5", **more: object) -> dict:
    return rule({"type": "accrue_percent", "rate_bp": rate_bp, **more}, name=name)


@pytest.mark.parametrize(
    ("currency", "rounding", "gross", "points"),
    [
        ("RUB", "down", 199_900, 99),
        ("RUB", "up", 199_900, 100),
        ("EUR", "down", 1999, 99),
        ("RUB", "half_even", 25_000, 12),
        ("RUB", "half_even", 27_000, 14),
        ("RUB", "half_up", 25_000, 13),
        ("RUB", "down", 25_000, 12),
    ],
)
def test_points_worth_the_share_are_rounded_once(currency: str, rounding: str, gross: int, points: int):
    outcome = buy(shop(accrue(), currency=currency, rounding=rounding), line(gross))
    assert granted(outcome) == {"base5": points}


def test_lines_are_added_before_rounding_and_the_integer_is_spread_by_largest_remainder():
    grant = buy(shop(accrue()), line(8990), line(4550), line(12_999)).grants[0]
    assert (grant.points, grant.lines, grant.exact) == (13, {1: 5, 2: 2, 3: 6}, Fraction(26_539, 2000))
    assert (grant.base, grant.rate_bp, grant.how) == ({1: 8990, 2: 4550, 3: 12_999}, 500, "percent")


@pytest.mark.parametrize(("base", "points"), [("paid", 35), ("net", 45), ("list", 50)])
def test_the_base_is_money_paid_unless_told(base: str, points: int):
    rulebook = shop(rule({"type": "discount_percent", "rate_bp": 1000}, name="d"), accrue(base=base))
    assert granted(buy(rulebook, line(100_000), points_requested=200)) == {"base5": points}


def test_others_earn_into_their_own_pockets():
    rulebook = shop(accrue(to="referrer", name="a"), accrue(1500, to="agent", name="b"), accrue(name="c"))
    outcome = buy(rulebook, line(10_000), member=CLEO)
    assert granted(outcome) == {"a@referrer": 5, "b@agent": 15, "c": 5}
    assert outcome.earned == {"ada": 5, "tim": 15, "cleo": 5}


def test_a_missing_beneficiary_is_the_reason():
    rulebook = shop(accrue(to="referrer", name="a"), accrue(to="agent", name="b"))
    assert skipped(buy(rulebook, line(10_000), member={"id": "m"})) == {"a": "no_referrer", "b": "no_agent"}
    assert skipped(buy(shop(accrue()), line(10_000), member=GUEST)) == {"base5": "no_member"}


def test_effects_of_a_rule_for_the_same_person_are_rounded_together():
    rulebook = shop(
        rule(
            {"type": "accrue_percent", "rate_bp": 500, "lines": {"sku": ["A"]}},
            {"type": "accrue_percent", "rate_bp": 100, "lines": {"sku": ["B"]}},
        )
    )
    grant = buy(rulebook, line(1500, sku="A"), line(2500, sku="B")).grants[0]
    assert (grant.points, grant.how, grant.rate_bp) == (1, "mixed", None)


def test_own_terms_make_a_grant_of_their_own():
    rulebook = shop(
        rule(
            {"type": "accrue_percent", "rate_bp": 500},
            {"type": "accrue_percent", "rate_bp": 500, "pending_days": 0, "valid": {"type": "days", "n": 7}},
        ),
        wallets=[{"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}}],
    )
    outcome = buy(rulebook, line(10_000), at="2026-03-01T12:30:00")
    later, now = outcome.grants
    assert (later.source, later.release_at, later.last_valid_day) == (
        "r", moment("2026-03-15T00:00:00+03:00"), date(2026, 9, 11),
    )  # fmt: skip
    assert (now.source, now.release_at, now.last_valid_day) == ("r#2", None, date(2026, 3, 8))
    assert now.expires_at == moment("2026-03-09T00:00:00+03:00")


def test_another_wallet_has_its_own_worth():
    rulebook = shop(accrue(wallet="stars"), wallets=[{"id": "stars", "point_value": 50}])
    outcome = buy(rulebook, line(10_000))
    assert (outcome.grants[0].wallet, outcome.earned) == ("stars", {"ada": 10})


def test_less_than_a_point_is_no_grant():
    outcome = buy(shop(accrue()), line(1000))
    assert (outcome.grants, outcome.earned) == ((), {})
