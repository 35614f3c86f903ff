from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import MemberState, read_member_state
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import Receipt, read_receipt
from portal.rulebook.refunds import AlreadyRefunded, NothingReturned, RefundPlan, UnknownLine, plan_refund, refund_line
from portal.rulebook.values import read_quantity
from tests.rulebook.random_documents import buyers, programmes, receipts
from tests.rulebook.shop import NOON, line, rule, shop


class Sale:
    """A receipt judged and brought back step by step."""

    def __init__(self, rulebook: Rulebook, *lines: dict[str, Any], member: dict[str, Any] | None = None, **more: Any):
        numbered = [{"n": n, **each} for n, each in enumerate(lines, 1)]
        self.rulebook, self.receipt = rulebook, read_receipt({"at": NOON, "lines": numbered, **more})
        self.member = read_member_state(member or {"id": "m"})
        self.outcome = evaluate(rulebook, self.member, self.receipt)
        self.returned: dict[int, Fraction] = {}
        self.taken: list[str] = []

    def bring_back(self, **quantities: object) -> RefundPlan:
        """Return quantities of the lines named n1, n2 and so on."""
        now = {int(name[1:]): read_quantity(quantity) for name, quantity in quantities.items()}
        plan = plan_refund(
            self.rulebook, self.member, self.receipt, self.outcome,
            returned=self.returned, returning=now, taken=self.taken,
        )  # fmt: skip
        self.returned = {n: self.returned.get(n, Fraction()) + now.get(n, Fraction()) for n in {*self.returned, *now}}
        self.taken += plan.fixed_taken
        return plan


BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base5")


def threshold(least: int, **more: Any) -> dict[str, Any]:
    return rule(
        {"type": "accrue_fixed", "points": 300, **more}, name="t300", when={"type": "receipt_total", "min": least}
    )


def test_units_come_back_by_cumulative_floors_and_all_at_the_end():
    steps = refund_line(
        qty=Fraction(3), components={"paid": 10_000, "points": 7, "earned": 5}, returns=[Fraction(1)] * 3
    )
    assert [tuple(step.values()) for step in steps] == [(3333, 2, 1), (3333, 2, 2), (3334, 3, 2)]


def test_weighed_goods_come_back_by_weight():
    steps = refund_line(qty=Fraction(6, 5), components={"paid": 1000}, returns=[Fraction(1, 2), Fraction(7, 10)])
    assert [step["paid"] for step in steps] == [416, 584]


def test_money_points_and_earnings_of_a_line_go_together():
    sale = Sale(
        shop(BASE), line(40_000), line(5000), member={"id": "m", "balance": {"points": 200}}, points_requested=200
    )
    first = sale.bring_back(n2=1)
    assert (first.money, first.points, first.reversed, first.full) == (2800, 22, {"base5": 1}, False)
    second = sale.bring_back(n1=1)
    assert (second.money, second.points, second.reversed, second.full) == (22_200, 178, {"base5": 11}, True)


def test_a_fixed_grant_goes_whole_once_its_threshold_fails():
    sale = Sale(shop(threshold(300_000)), line(250_000), line(70_000))
    assert sale.bring_back(n2=1).reversed == {"t300": 300}
    assert sale.bring_back(n1=1).reversed == {}


def test_a_fixed_grant_stays_while_its_threshold_holds_and_goes_with_the_last_line():
    sale = Sale(shop(threshold(100_000)), line(250_000, qty=2), line(70_000))
    assert sale.bring_back(n2=1).reversed == {}
    assert sale.bring_back(n1=1).reversed == {}
    assert sale.bring_back(n1=1).reversed == {"t300": 300}


def test_time_tier_and_segment_stay_as_they_were():
    when = {"type": "all", "of": [{"type": "segment", "in": ["a"]}, {"type": "receipt_total", "min": 1000}]}
    reward = rule({"type": "accrue_fixed", "points": 5}, when=when)
    sale = Sale(shop(reward), line(2000), line(500), member={"id": "m", "segments": ["a"]})
    assert sale.bring_back(n2=1).reversed == {}
    assert sale.bring_back(n1="0.6").reversed == {"r": 5}


def test_net_thresholds_are_asked_of_what_is_left_after_discounts():
    when = {"type": "receipt_total", "min": 150_000, "basis": "net"}
    tenth = rule({"type": "discount_percent", "rate_bp": 1000}, name="d10")
    reward = rule({"type": "accrue_fixed", "points": 5}, when=when)
    sale = Sale(shop(tenth, reward), line(100_000), line(66_000), line(1000))
    assert sale.outcome.earned == {"m": 5}
    assert sale.bring_back(n3=1).reversed == {"r": 5}


def test_a_fixed_grant_for_a_thing_goes_with_the_thing():
    sale = Sale(shop(threshold(0, lines={"sku": ["A"]})), line(100, sku="A", qty=2), line(100))
    assert sale.bring_back(n2=1).reversed == {}
    assert sale.bring_back(n1=1).reversed == {}
    assert sale.bring_back(n1=1).reversed == {"t300": 300}


def test_multiplied_fixed_points_go_with_what_they_multiply():
    double = rule({"type": "multiply", "factor_bp": 20_000, "rules": ["t300"]}, name="x2")
    sale = Sale(shop(threshold(300_000), double), line(250_000), line(70_000), line(1))
    assert sale.bring_back(n3=1).reversed == {}
    assert sale.bring_back(n2=1).reversed == {"t300": 300, "x2": 300}
    assert sale.bring_back(n1=1).reversed == {}


def test_multiplied_fixed_points_go_also_where_a_cap_left_nothing_to_multiply():
    capped = {**threshold(300_000), "caps": [{"scope": "member_total", "max_points": 300}]}
    double = rule({"type": "multiply", "factor_bp": 20_000, "rules": ["t300"]}, name="x2")
    member = {"id": "m", "usage": {"t300": {"member_total": 300}}}
    sale = Sale(shop(capped, double), line(250_000), line(70_000), member=member)
    assert [(grant.rule, grant.fixed) for grant in sale.outcome.grants] == [("x2", 300)]
    assert sale.bring_back(n2=1).reversed == {"x2": 300}
    assert sale.bring_back(n1=1).reversed == {}


def test_a_rule_may_multiply_its_own_fixed_points():
    twice = rule(
        {"type": "accrue_fixed", "points": 10}, {"type": "multiply", "factor_bp": 20_000, "rules": ["r"]},
        caps=[{"scope": "receipt", "max_points": 15}],
    )  # fmt: skip
    sale = Sale(shop(twice), line(100), line(100))
    assert [(grant.source, grant.points) for grant in sale.outcome.grants] == [("r", 10), ("r#2", 5)]
    assert sale.bring_back(n1=1).reversed == {}
    assert sale.bring_back(n2=1).reversed == {"r": 15}


def test_a_condition_that_comes_back_to_life_does_not_give_points_again():
    either = {"type": "any", "of": [{"type": "receipt_total", "max": 500}, {"type": "receipt_total", "min": 1000}]}
    sale = Sale(shop(rule({"type": "accrue_fixed", "points": 5}, when=either)), line(600), line(600), line(100))
    assert sale.bring_back(n1=1).reversed == {"r": 5}
    assert sale.bring_back(n2=1).reversed == {}
    assert sale.bring_back(n3=1).reversed == {}


def test_rewards_of_others_go_back_from_them():
    friend = rule({"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}, name="friend")
    sale = Sale(shop(BASE, friend), line(200_000), member={"id": "cleo", "referrer": "ada"})
    found = [(each.source, each.to, each.points) for each in sale.bring_back(n1=1).reversals]
    assert found == [("base5", "cleo", 100), ("friend@referrer", "ada", 20)]


def test_two_for_one_comes_back_at_each_pieces_share():
    offer = rule({"type": "n_for_m", "take": 2, "pay": 1})
    sale = Sale(shop(offer), line(10_000), line(8000))
    assert sale.bring_back(n1=1).money == 5556
    last = sale.bring_back(n2=1)
    assert (last.money, last.undiscounted) == (4444, {"r": 3556})


def test_gift_units_come_back_with_the_pieces():
    pouches = rule({"type": "gift_item", "wallet": "gift_whiskas", "lines": {"sku": ["W"]}})
    sale = Sale(shop(pouches), line(24_500, sku="W", qty=7), member={"id": "m", "balance": {"gift_whiskas": 5}})
    assert [sale.bring_back(n1=quantity).gifts for quantity in (1, 3, 3)] == [
        {},
        {"gift_whiskas": 2},
        {"gift_whiskas": 3},
    ]


def test_a_privilege_closes_with_the_goods_that_opened_it():
    opening = {"type": "unlock", "privilege": "aqua20", "valid_days": 30, "lines": {"category": ["aquarium"]}}
    sale = Sale(shop(rule(opening)), line(100, category="aquarium"), line(100), line(100))
    assert sale.bring_back(n2=1).closed == ()
    assert sale.bring_back(n1=1).closed == ("aqua20",)
    assert sale.bring_back(n3=1).closed == ("aqua20",)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ({"n9": 1}, UnknownLine),
        ({"n1": 3}, AlreadyRefunded),
        ({"n1": "1.001"}, AlreadyRefunded),
        ({}, NothingReturned),
    ],
)
def test_what_cannot_come_back_is_refused(lines: dict[str, object], refusal: type[Exception]):
    sale = Sale(shop(BASE), line(1000, qty=2), line(1000))
    sale.bring_back(n1=1)
    with pytest.raises(refusal):
        sale.bring_back(**lines)


def test_a_refusal_tells_what_is_left():
    sale = Sale(shop(BASE), line(1000, qty="1.5"))
    sale.bring_back(n1=1)
    with pytest.raises(AlreadyRefunded, match=r"only 0\.5 can still"):
        sale.bring_back(n1=1)


def _steps(draw: st.DrawFn, receipt: Receipt) -> list[dict[int, Fraction]]:
    """Cut every line into one to three returns and shuffle them all."""
    cuts = []
    for each in receipt.lines:
        thousandths = int(each.qty * 1000)
        ends = sorted({draw(st.integers(1, thousandths)) for _ in range(draw(st.integers(0, 2)))} | {thousandths})
        cuts += [{each.n: Fraction(end - start, 1000)} for start, end in zip([0, *ends], ends, strict=False)]
    return draw(st.permutations(cuts))


@st.composite
def sales(draw: st.DrawFn) -> tuple[Rulebook, MemberState | None, Receipt, Outcome, list[dict[int, Fraction]]]:
    rulebook, receipt = load_json(draw(programmes)), read_receipt(draw(receipts))
    buyer = draw(buyers)
    member = read_member_state(buyer) if buyer else None
    return rulebook, member, receipt, evaluate(rulebook, member, receipt), _steps(draw, receipt)


@settings(max_examples=150, deadline=None)
@given(sales())
def test_any_order_of_returns_gives_everything_back_once(sale: Any):
    rulebook, member, receipt, outcome, steps = sale
    returned: dict[int, Fraction] = {}
    taken: list[str] = []
    plans: list[RefundPlan] = []
    for step in steps:
        plan = plan_refund(rulebook, member, receipt, outcome, returned=returned, returning=step, taken=taken)
        returned |= {n: returned.get(n, Fraction()) + quantity for n, quantity in step.items()}
        taken += plan.fixed_taken
        plans.append(plan)
        assert min(plan.money, plan.points, *(each.points for each in plan.reversals), 0) == 0
    assert [plan.full for plan in plans] == [False] * (len(plans) - 1) + [True]
    assert sum(plan.money for plan in plans) == outcome.due
    assert sum(plan.points for plan in plans) == outcome.points_spent
    reversed_ = {grant.source: 0 for grant in outcome.grants}
    for plan in plans:
        for each in plan.reversals:
            reversed_[each.source] += each.points
    assert reversed_ == {grant.source: grant.points for grant in outcome.grants}
    given_back = sum(units for plan in plans for units in plan.gifts.values())
    assert given_back == sum(gift.units for gift in outcome.gifts)
    undone = sum(amount for plan in plans for amount in plan.undiscounted.values())
    assert undone == sum(each.amount for each in outcome.discounts)
