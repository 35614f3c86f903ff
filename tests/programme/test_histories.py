"""Random receipts and refunds in any order: lines add up, the ledger stays right, full returns restore all."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from fractions import Fraction
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from portal.programme.answers import ReceiptAnswer
from portal.rulebook.refunds import AlreadyRefunded
from tests.programme.shop import BASE5, NOW, YELLOW, Shop, line, rulebook
from tests.programme.test_seeds import AQUA, REFER, WHISKAS

RULES = (
    {**BASE5, "caps": [{"scope": "member_day", "max_points": 400}]},
    YELLOW,
    *AQUA,
    *REFER,
    WHISKAS,
    {"id": "agent3", "priority": 40, "effects": [{"type": "accrue_percent", "rate_bp": 300, "to": "agent"}]},
    {
        "id": "t300", "priority": 60, "when": {"type": "receipt_total", "min": 300000},
        "effects": [{"type": "accrue_fixed", "points": 300}],
    },
    {
        "id": "first_x2", "priority": 70, "when": {"type": "purchase_number", "to": 2},
        "effects": [{"type": "multiply", "factor_bp": 20000, "rules": ["base5"]}],
    },
    {
        "id": "back5", "priority": 80, "when": {"type": "previous_purchase", "min": 1},
        "effects": [{"type": "discount_fixed", "amount": 700}],
        "caps": [{"scope": "rule_total", "max_uses": 5}],
    },
    {"id": "coupon", "priority": 90, "effects": [{"type": "issue_coupon", "template": "later", "valid_days": 10}]},
)  # fmt: skip
BOOK = rulebook(
    *RULES, wallets=[{"id": "gift_whiskas", "kind": "gift"}], coupons=[{"id": "later"}], privileges=[{"id": "aqua20"}]
)

goods = st.sampled_from(
    [
        {"sku": "WHISKAS-85"},
        {"category": "aquarium"},
        {"category": "plants", "brand": "AQUA DELLA"},
        {"tags": ["yellow"]},
        {},
    ]
)
lines = st.lists(st.tuples(st.integers(0, 400000), st.integers(1, 4), goods), min_size=1, max_size=4)
purchases = st.tuples(st.just("buy"), st.sampled_from(["ada", "ben"]), lines, st.sampled_from([0, 50, "max"]))
returns = st.tuples(st.just("return"), st.integers(0, 99), st.integers(1, 4), st.integers(1, 3))
histories = st.lists(st.one_of(purchases, purchases, returns), min_size=2, max_size=8)
leaps = st.lists(
    st.sampled_from([timedelta(0), timedelta(minutes=7), timedelta(days=1), timedelta(days=20)]), min_size=1
)
SHORT_LIVED = rulebook(
    *RULES,
    version=2,
    wallets=[
        {"id": "points", "pending_days": 1, "valid": {"type": "days", "n": 30}},
        {"id": "gift_whiskas", "kind": "gift"},
    ],
    refunds={"restore_grace_days": 3, "debt_days": 25},
)


class Cast:
    """Ben came by Ada, and Ada is his agent too; both have points and pouches from elsewhere."""

    def __init__(self, shop: Shop, number: int) -> None:
        self.shop = shop
        self.clock = NOW
        self.ids = {"ada": shop.join(f"ada{number}@example.org")}
        self.ids["ben"] = shop.join(f"ben{number}@example.org", referrer=self.ids["ada"], agent=self.ids["ada"])
        for member in self.ids.values():
            shop.give(member, 500)
            shop.give(member, 5, wallet="gift_whiskas")
        self.bought: list[tuple[ReceiptAnswer, dict[int, Fraction]]] = []

    def buy(self, who: str, basket: list, points: int | str) -> None:
        told = [line(n, gross, qty=qty, **{"sku": "X", **about}) for n, (gross, qty, about) in enumerate(basket, 1)]
        available = self.shop.available(self.ids[who], at=self.clock)
        asked = min(points, available) if isinstance(points, int) else points
        answer = self.shop.buy(self.ids[who], *told, at=self.clock, points_requested=asked)
        for each in answer.lines:
            assert each.gross == each.discount + each.points * 100 + each.paid
        self.bought.append((answer, {n: Fraction(qty) for n, (_, qty, _) in enumerate(basket, 1)}))

    def give_back(self, which: int, n: int, quantity: int) -> None:
        if not self.bought:
            return
        answer, left = self.bought[which % len(self.bought)]
        n = (n - 1) % len(left) + 1
        with suppress(AlreadyRefunded):
            self.shop.refund(answer.receipt_id, {n: Fraction(quantity)}, at=self.clock)
            left[n] -= quantity

    def give_all_back(self, order: list[int]) -> None:
        for index in sorted(range(len(self.bought)), key=lambda index: order[index % len(order)]):
            answer, left = self.bought[index]
            rest = {n: quantity for n, quantity in left.items() if quantity}
            if rest:
                self.shop.refund(answer.receipt_id, rest, at=self.clock)

    def live(self, history: list, leaps: Iterable[timedelta] = (timedelta(minutes=7),)) -> None:
        for (step, *about), leap in zip(history, cycle(leaps), strict=False):
            self.clock += leap
            (self.buy if step == "buy" else self.give_back)(*about)


@pytest.mark.parametrize("examples", [12])
def test_any_history_can_be_taken_back(engine: Engine, examples: int) -> None:
    shop = Shop(engine)
    shop.publish(BOOK)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(history=histories, order=st.lists(st.integers(0, 9), min_size=1, max_size=5))
    def check(history: list, order: list[int]) -> None:
        cast = Cast(shop, next(shop.numbers))
        cast.live(history)
        assert shop.broken() == []
        cast.give_all_back(order)
        assert shop.broken() == []
        assert_nothing_is_left(shop, cast)

    check()


def test_points_that_wait_run_out_and_are_owed_keep_the_ledger_right(engine: Engine) -> None:
    shop = Shop(engine)
    shop.publish(BOOK)
    shop.publish(SHORT_LIVED, effective_from=NOW, now=NOW)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(history=histories, leaps=leaps, order=st.lists(st.integers(0, 9), min_size=1, max_size=5))
    def check(history: list, leaps: list[timedelta], order: list[int]) -> None:
        cast = Cast(shop, next(shop.numbers))
        cast.live(history, leaps)
        assert shop.broken() == []
        cast.give_all_back(order)
        assert shop.broken() == []

    check()


def assert_nothing_is_left(shop: Shop, cast: Cast) -> None:
    for member in cast.ids.values():
        assert shop.available(member, at=cast.clock) == 500
        assert shop.available(member, at=cast.clock, wallet="gift_whiskas") == 5
    with shop.engine.connect() as connection:

        def count(statement: str) -> int:
            return connection.execute(text(statement)).scalar_one() or 0

        assert count("select sum(purchases) from purchase_history") == 0
        assert count("select sum(kept_minor + kept_purchases + kept_most) from purchase_history") == 0
        assert count("select count(*) from purchase_history where last_at is not null") == 0
        assert count("select sum(points + minor + uses) from rule_usage") == 0
        assert count("select count(*) from privilege where until > opened_at") == 0
        assert count("select count(*) from coupon where until > issued_at") == 0
        assert count("select sum(debt) from account") == 0
