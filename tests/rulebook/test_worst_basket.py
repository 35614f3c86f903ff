"""The worst basket is found by the search, is a real receipt, and says what it costs."""

import random
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import hypothesis
import pytest
from hypothesis import settings

from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.examples import example
from portal.rulebook.linter import worst_basket
from portal.rulebook.receipt import Line, Receipt
from tests.rulebook.random_documents import programmes
from tests.rulebook.shop import rule, shop

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
ROUNDING = Fraction(1, 200)
"""What a larger receipt gives more because points are rounded down rule by rule."""
BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base")


def test_a_plain_programme_gives_its_percent_and_no_more() -> None:
    found = worst_basket(shop(BASE), at=AT)
    assert (found.given, found.share_bp) == (50 * 100, 500)


@pytest.mark.parametrize(
    ("when", "percent"),
    [
        ({"type": "tier", "in": ["gold"]}, 24),
        ({"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"}, 24),
        ({"type": "time_window", "from": "2026-06-01T09:00"}, 24),
        ({"type": "receipt_total", "more_than": 300_000}, 24),
        ({"type": "previous_purchase", "more_than": 300_000, "within_days": 30}, 24),
        ({"type": "days_since_last", "min": 30}, 24),
        ({"type": "purchase_number", "from": 4, "to": 4}, 24),
        ({"type": "birthday"}, 24),
        ({"type": "coupon", "template": "back10"}, 24),
        ({"type": "coupon", "codes": ["SPRING"]}, 24),
        ({"type": "privilege", "id": "aqua20"}, 24),
        ({"type": "segment", "in": ["loyal"]}, 24),
        ({"type": "referred", "by": ["link:fitmaster"]}, 24),
        ({"type": "store", "in": ["S2"]}, 24),
        ({"type": "channel", "in": ["web"]}, 24),
        ({"type": "profile", "field": "age", "op": ">", "value": 60}, 24),
        ({"type": "profile", "field": "pets", "op": "contains", "value": "cat"}, 24),
        ({"type": "line_qty", "lines": {"brand": ["A"]}, "min": 3}, 24),
        ({"type": "line_total", "lines": {"category": ["food"]}, "min": 200_000}, 24),
        ({"type": "any", "of": [{"type": "tier", "in": ["gold"]}, {"type": "store", "in": ["S2"]}]}, 24),
        (
            {"type": "all", "of": [{"type": "tier", "in": ["gold"]}, {"type": "weekly", "days": [6]}]},
            24,
        ),
        ({"type": "not", "of": {"type": "always"}}, 5),
    ],
)
def test_every_kind_of_condition_can_be_met(when: dict[str, Any], percent: int) -> None:
    """20 % off, and 5 % of what is left: 24 % together; where the rule can never work, the 5 % alone."""
    off = rule({"type": "discount_percent", "rate_bp": 2_000}, name="off", when=when)
    assert round(worst_basket(shop(BASE, off), at=AT).share_bp / 100) == percent


def test_rules_that_add_up_are_found_together_and_groups_choose() -> None:
    gold = rule({"type": "discount_percent", "rate_bp": 1_000}, name="gold", when={"type": "tier", "in": ["gold"]})
    lux = rule({"type": "discount_percent", "rate_bp": 3_000, "lines": {"brand": ["LUX"]}}, name="lux", group="sale")
    tea = rule({"type": "discount_percent", "rate_bp": 2_000, "lines": {"category": ["tea"]}}, name="tea", group="sale")
    found = worst_basket(shop(gold, lux, tea, groups=[{"id": "sale", "mode": "best"}]), at=AT)
    assert found.share_bp == 3_700
    assert {each.rule for each in found.outcome.discounts} == {"gold", "lux"}
    assert found.member.tier == "gold"


def test_two_for_one_takes_two() -> None:
    pair = rule({"type": "n_for_m", "take": 2, "pay": 1, "lines": {"sku": ["SOAP"]}}, name="pair")
    assert worst_basket(shop(pair), at=AT).share_bp == 5_000


def test_points_of_another_wallet_count_by_their_own_worth() -> None:
    stars = rule({"type": "accrue_fixed", "points": 100, "wallet": "stars"}, name="stars")
    wallets = [{"id": "stars", "point_value": 50}, {"id": "gifts", "kind": "gift"}]
    gifts = rule({"type": "accrue_fixed", "points": 100, "wallet": "gifts"}, name="gifts")
    assert worst_basket(shop(stars, gifts, wallets=wallets), at=AT).given == 100 * 50


def test_no_small_change_makes_a_fixed_gift_look_large() -> None:
    gift = rule({"type": "accrue_fixed", "points": 100}, name="gift")
    assert worst_basket(shop(gift), at=AT).share_bp == 1_000, "100 points of a usual receipt of 1 000.00"
    assert worst_basket(shop(gift), at=AT, usual_minor=50_000).share_bp == 2_000


@pytest.mark.parametrize("name", ["shop", "cosmetics"])
def test_the_examples_worst_baskets_are_real_and_no_random_receipt_is_worse(name: str) -> None:
    rulebook = example(name)
    found = worst_basket(rulebook, at=AT)
    again = evaluate(rulebook, found.member, found.receipt)
    assert again == found.outcome
    assert found.share_bp == given(rulebook, again) * 10_000 // again.total
    dice = random.Random(7)
    for _ in range(500):
        outcome = evaluate(rulebook, found.member, random_receipt(rulebook, dice))
        share = Fraction(given(rulebook, outcome), outcome.total)
        assert share <= Fraction(found.given, again.total) + ROUNDING


@settings(max_examples=10, deadline=None)
@hypothesis.given(programmes)
def test_it_finds_its_way_through_any_rulebook(document: dict[str, Any]) -> None:
    rulebook = load_json(document)
    found = worst_basket(rulebook, at=AT)
    assert evaluate(rulebook, found.member, found.receipt) == found.outcome


def random_receipt(rulebook: Rulebook, dice: random.Random) -> Receipt:
    """Draw a receipt of 1 000.00 and more in goods the rules speak of."""
    goods = [each.effects[0].lines for each in rulebook.rules if getattr(each.effects[0], "lines", None)]
    lines = []
    for n in range(1, dice.randint(2, 6)):
        wanted = dice.choice(goods)
        names = {name: dice.choice(getattr(wanted, name) or ("",)) for name in ("sku", "category", "brand")}
        lines.append(
            Line(n=n, gross=dice.choice([100_000, 150_000, 700_000]), qty=Fraction(dice.randint(1, 3)), **names)
        )
    at = datetime(2026, 3, dice.randint(1, 28), dice.randint(8, 21), tzinfo=UTC)
    return Receipt(at=at, lines=tuple(lines))


def given(rulebook: Rulebook, outcome) -> int:
    points = sum(each.points for each in outcome.grants if rulebook.wallet(each.wallet).kind == "points")
    return outcome.discount + points * rulebook.worth
