"""The seeds' rules over several receipts and their refunds (domain.md §3.5, §3.6, §5)."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from tests.programme.shop import BASE5, DAY, NOW, YELLOW, Shop, line, rulebook

AQUA = (
    {
        "id": "aqua_open",
        "priority": 50,
        "when": {"type": "line_qty", "lines": {"category": ["aquarium"]}, "min": 1},
        "effects": [
            {
                "type": "unlock", "privilege": "aqua20", "valid_days": 30, "uses": 1,
                "lines": {"category": ["aquarium"]},
            }
        ],
    },
    {
        "id": "aqua20",
        "priority": 20,
        "consumes": "aqua20",
        "when": {"type": "privilege", "id": "aqua20"},
        "effects": [
            {
                "type": "discount_percent", "rate_bp": 2000,
                "lines": {"brand": ["AQUA DELLA"], "category": ["plants"]},
            }
        ],
    },
)  # fmt: skip
COMEBACK = (
    {"id": "comeback_open", "priority": 90,
     "effects": [{"type": "unlock", "privilege": "comeback30", "valid_days": 30, "uses": 1}]},
    {"id": "comeback_disc", "priority": 5, "consumes": "comeback30",
     "when": {"type": "privilege", "id": "comeback30"}, "effects": [{"type": "discount_percent", "rate_bp": 500}]},
    {"id": "comeback_x2", "priority": 20, "when": {"type": "privilege", "id": "comeback30"},
     "effects": [{"type": "multiply", "factor_bp": 20000, "rules": ["base5"]}]},
)  # fmt: skip
AGENT = (
    {"id": "split10_5", "group": "agent", "priority": 10, "when": {"type": "segment", "in": ["client10_agent5"]},
     "effects": [{"type": "discount_percent", "rate_bp": 1000},
                 {"type": "accrue_percent", "rate_bp": 500, "to": "agent", "base": "list"}]},
    {"id": "agent15", "group": "agent", "priority": 20,
     "effects": [{"type": "accrue_percent", "rate_bp": 1500, "to": "agent"}]},
)  # fmt: skip
WHISKAS = {
    "id": "whiskas_gift", "priority": 5,
    "effects": [{"type": "gift_item", "wallet": "gift_whiskas", "lines": {"sku": ["WHISKAS-85"]}}],
}  # fmt: skip
REFER = (
    {"id": "ref_friend2", "priority": 20,
     "when": {"type": "all", "of": [{"type": "referred"}, {"type": "purchase_number", "to": 3}]},
     "effects": [{"type": "accrue_percent", "rate_bp": 200}]},
    {"id": "ref_owner1", "priority": 30, "when": {"type": "referred"},
     "effects": [{"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}]},
)  # fmt: skip


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine)


@pytest.fixture(autouse=True)
def _clean(engine: Engine):
    yield
    assert Shop(engine).broken() == []


def plants(gross: int) -> dict:
    return line(1, gross, category="plants", brand="AQUA DELLA")


def test_an_aquarium_opens_a_discount_for_one_later_receipt(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, *AQUA))
    ada = shop.join("ada@example.org")
    first = shop.buy(ada, line(1, 1500000, category="aquarium"), at=NOW)
    assert (first.earned, [each.privilege for each in first.unlocked]) == ({ada: 750}, ["aqua20"])
    assert first.unlocked[0].until == datetime(2026, 4, 3, 21, tzinfo=UTC)  # midnight in Moscow
    late = datetime(2026, 4, 3, 20, 30, tzinfo=UTC)
    second = shop.buy(ada, plants(200000), line(2, 50000, category="food"), at=late)
    assert (second.discount, second.due, second.earned, second.consumed) == (40000, 210000, {ada: 105}, ("aqua20",))
    third = shop.buy(ada, plants(200000), at=late + timedelta(minutes=1))
    assert (third.discount, third.consumed) == (0, ())


def test_a_privilege_is_over_at_midnight(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, *AQUA))
    ada = shop.join("ada@example.org")
    shop.buy(ada, line(1, 1500000, category="aquarium"), at=NOW)
    assert shop.buy(ada, plants(200000), at=datetime(2026, 4, 3, 21, tzinfo=UTC)).discount == 0


def test_a_returned_aquarium_takes_its_unused_privilege_back(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, *AQUA))
    ada = shop.join("ada@example.org")
    first = shop.buy(ada, line(1, 1500000, category="aquarium"), at=NOW)
    answer = shop.refund(first.receipt_id, {1: Fraction(1)}, at=NOW + DAY).body
    assert (answer.money, answer.reversed) == (1500000, {"base5": 750})
    assert shop.buy(ada, plants(200000), at=NOW + 2 * DAY).discount == 0
    assert shop.available(ada, at=NOW + 2 * DAY) == 100


def test_the_use_of_a_privilege_comes_back_with_the_whole_receipt_only(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, *AQUA))
    ada = shop.join("ada@example.org")
    shop.buy(ada, line(1, 1500000, category="aquarium"), at=NOW)
    second = shop.buy(ada, plants(200000), line(2, 50000), at=NOW + DAY)
    shop.refund(second.receipt_id, {1: Fraction(1)}, at=NOW + 2 * DAY)
    assert shop.quote(shop.told(ada, plants(200000), at=NOW + 2 * DAY)).discount == 0
    shop.refund(second.receipt_id, {2: Fraction(1)}, at=NOW + 2 * DAY)
    assert shop.quote(shop.told(ada, plants(200000), at=NOW + 2 * DAY)).discount == 40000


def test_a_comeback_privilege_is_spent_and_opened_anew(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, *COMEBACK))
    ada = shop.join("ada@example.org")
    assert shop.buy(ada, line(1, 400000)).discount == 0
    second = shop.buy(ada, line(1, 400000), at=NOW + 10 * DAY)
    assert (second.discount, second.due, second.earned) == (20000, 380000, {ada: 380})
    assert (second.consumed, len(second.unlocked)) == (("comeback30",), 1)
    shop.refund(second.receipt_id, {1: Fraction(1)}, at=NOW + 11 * DAY)
    third = shop.buy(ada, line(1, 400000), at=NOW + 12 * DAY)
    assert (third.discount, third.consumed) == (20000, ("comeback30",))
    assert shop.quote(shop.told(ada, line(1, 400000), at=NOW + 43 * DAY)).discount == 0


def test_an_agent_split_serves_one_receipt(shop: Shop) -> None:
    shop.publish(rulebook(*AGENT, groups=[{"id": "agent", "mode": "first"}]))
    designer = shop.join("designer@example.org")
    peter = shop.join("peter@example.org", agent=designer)
    shop.assign(peter, "client10_agent5", uses=1)
    first = shop.buy(peter, line(1, 10000000))
    assert (first.discount, first.due, first.earned) == (1000000, 9000000, {designer: 5000})
    second = shop.buy(peter, line(1, 10000000), at=NOW + DAY)
    assert (second.discount, second.earned) == (0, {designer: 15000})
    assert shop.available(designer, at=NOW + DAY) == 20000
    shop.refund(first.receipt_id, {1: Fraction(1)}, at=NOW + 2 * DAY)
    assert shop.available(designer, at=NOW + 2 * DAY) == 15000
    assert shop.quote(shop.told(peter, line(1, 10000000), at=NOW + 2 * DAY)).discount == 1000000


def test_pouches_are_given_from_the_gift_wallet_and_go_back_to_it(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, WHISKAS, wallets=[{"id": "gift_whiskas", "kind": "gift"}]))
    ada = shop.join("ada@example.org")
    shop.give(ada, 5, wallet="gift_whiskas")
    pouches = {"sku": "WHISKAS-85", "qty": 7}
    bought = shop.buy(ada, {"n": 1, "gross": 24500, **pouches})
    assert (bought.discount, bought.due, bought.earned) == (17500, 7000, {ada: 3})
    assert shop.available(ada, wallet="gift_whiskas") == 0
    shop.refund(bought.receipt_id, {1: Fraction(7)}, at=NOW + DAY)
    assert shop.available(ada, at=NOW + DAY, wallet="gift_whiskas") == 5
    assert shop.buy(ada, {"n": 1, "gross": 10500, "sku": "WHISKAS-85", "qty": 3}, at=NOW + DAY).due == 0
    assert shop.available(ada, at=NOW + DAY, wallet="gift_whiskas") == 2


def test_alexander_and_artem_to_the_rouble(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, *REFER))
    alexander = shop.join("alexander@example.org")
    artem = shop.join("artem@example.org", referrer=alexander)
    shop.give(artem, 500)
    shop.give(alexander, 50)
    days = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (2, 9, 16, 23)]
    amounts, answers = (200000, 350000, 120000, 400000), []
    for at, amount in zip(days, amounts, strict=True):
        answers.append(shop.buy(artem, line(1, amount), at=at))
    earned = [(140, 20), (245, 35), (84, 12), (200, 40)]
    assert [(each.earned[artem], each.earned[alexander]) for each in answers] == earned
    assert shop.available(artem, at=days[-1]) == 1169
    assert shop.available(alexander, at=days[-1]) == 157
    shop.refund(answers[1].receipt_id, {1: Fraction(1)}, at=days[-1])
    assert shop.available(artem, at=days[-1]) == 1169 - 245
    assert shop.available(alexander, at=days[-1]) == 157 - 35
    again = shop.buy(artem, line(1, 100000), at=days[-1] + DAY)  # the third that stands was the fourth told
    assert again.earned == {artem: 50, alexander: 10}


def test_the_yellow_receipt_is_returned_line_by_line(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, YELLOW))
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    lines = [
        line(1, 10000, tags=["yellow"], title="Milk"),
        line(2, 40000, title="Cheese"),
        line(3, 5000, title="Bread"),
    ]
    bought = shop.buy(ada, *lines, points_requested=200)
    assert (bought.points_spent, bought.due, bought.earned) == (200, 32000, {ada: 12})
    told = [shop.refund(bought.receipt_id, {n: Fraction(1)}, at=NOW + DAY).body for n in (3, 2, 1)]
    assert [(each.money, each.points, each.reversed) for each in told] == [
        (2800, 22, {"base5": 1}),
        (22200, 178, {"base5": 11}),
        (7000, 0, {}),
    ]
    assert shop.available(ada, at=NOW + DAY) == 200


def test_previous_purchase_is_the_last_one_that_stands(shop: Shop) -> None:
    rule = {
        "id": "prev", "when": {"type": "previous_purchase", "more_than": 300000, "within_days": 30},
        "effects": [{"type": "discount_percent", "rate_bp": 1000}],
    }  # fmt: skip
    shop.publish(rulebook(rule))
    ada = shop.join("ada@example.org")
    shop.buy(ada, line(1, 300001))
    small = shop.buy(ada, line(1, 100), at=NOW + DAY)
    assert small.discount == 10
    assert shop.quote(shop.told(ada, at=NOW + 2 * DAY)).discount == 0
    shop.refund(small.receipt_id, {1: Fraction(1)}, at=NOW + 2 * DAY)
    assert shop.quote(shop.told(ada, at=NOW + 2 * DAY)).discount == 10000


def test_a_late_receipt_of_an_offline_till_sees_what_was_before_it(shop: Shop) -> None:
    welcome = {
        "id": "first", "when": {"type": "purchase_number", "to": 1},
        "effects": [{"type": "accrue_fixed", "points": 100}],
    }  # fmt: skip
    shop.publish(rulebook(welcome))
    ada = shop.join("ada@example.org")
    shop.buy(ada, at=NOW)
    late = shop.record(shop.told(ada, at=NOW - DAY), command=shop.command(now=NOW + DAY)).body
    assert late.earned == {ada: 100}  # at its own time it was the first
    assert shop.buy(ada, at=NOW + DAY).earned == {}


def test_a_daily_cap_counts_over_receipts_and_forgets_what_came_back(shop: Shop) -> None:
    shop.publish(rulebook({**BASE5, "caps": [{"scope": "member_day", "max_points": 100}]}))
    ada = shop.join("ada@example.org")
    first = shop.buy(ada, line(1, 120000))
    second = shop.buy(ada, line(1, 150000))
    assert (first.earned, second.earned) == ({ada: 60}, {ada: 40})
    assert shop.buy(ada, line(1, 150000)).earned == {}
    shop.refund(first.receipt_id, {1: Fraction(1)})
    assert shop.buy(ada, line(1, 150000)).earned == {ada: 60}
    assert shop.buy(ada, line(1, 150000), at=NOW + DAY).earned == {ada: 75}


def test_a_day_is_the_shops_own_whatever_offset_the_till_tells(shop: Shop) -> None:
    shop.publish(rulebook({**BASE5, "caps": [{"scope": "member_day", "max_points": 60}]}))
    ada = shop.join("ada@example.org")
    evening = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)  # 23:30 in Moscow
    far_west, far_east = timezone(-timedelta(hours=12)), timezone(timedelta(hours=14))
    assert shop.buy(ada, at=evening.astimezone(far_west)).earned == {ada: 50}
    assert shop.buy(ada, at=evening.astimezone(far_east)).earned == {ada: 10}
    assert shop.buy(ada, at=(evening + timedelta(hours=1)).astimezone(far_west)).earned == {ada: 50}
