from portal.rulebook.document import Rulebook
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import read_member_state
from portal.rulebook.next_state import state_after
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import read_receipt
from tests.rulebook.shop import granted, line, rule, shop


def story(rulebook: Rulebook, *receipts: tuple[str, dict], member: dict | None = None) -> list[Outcome]:
    """Tell one-line receipts one after another."""
    state = read_member_state(member or {"id": "m"})
    outcomes = []
    for at, sold in receipts:
        receipt = read_receipt({"at": at, "lines": [{"n": 1, **sold}], "points_requested": "max"})
        outcomes.append(evaluate(rulebook, state, receipt))
        state = state_after(rulebook, state, receipt, outcomes[-1])
    return outcomes


def test_points_earned_are_spent_at_the_next_purchase():
    base = rule({"type": "accrue_percent", "rate_bp": 500}, name="base5")
    first, second = story(shop(base), ("2026-03-04T12:00", line(200_000)), ("2026-03-05T12:00", line(200_000)))
    assert (first.points_spent, second.points_spent, second.earned) == (0, 100, {"m": 95})


def test_purchases_are_numbered():
    early = rule({"type": "accrue_fixed", "points": 1}, when={"type": "purchase_number", "to": 2})
    outcomes = story(shop(early), *[("2026-03-04T12:00", line(1))] * 3)
    assert [granted(outcome) for outcome in outcomes] == [{"r": 1}, {"r": 1}, {}]


def test_a_privilege_opens_is_used_up_and_closes():
    opening = rule(
        {"type": "unlock", "privilege": "p", "valid_days": 30, "uses": 1, "lines": {"sku": ["A"]}}, name="open"
    )
    using = rule(
        {"type": "discount_percent", "rate_bp": 1000}, name="use", when={"type": "privilege", "id": "p"}, consumes="p"
    )
    days = [("2026-03-04T12:00", line(1000, sku="A")), *[("2026-03-05T12:00", line(1000))] * 2]
    assert [outcome.discount for outcome in story(shop(opening, using), *days)] == [0, 100, 0]


def test_of_a_privilege_opened_twice_each_use_counts_once_the_soonest_ending_first():
    opening = rule(
        {"type": "unlock", "privilege": "p", "valid_days": 30, "uses": 1, "lines": {"sku": ["A"]}}, name="open"
    )
    using = rule(
        {"type": "discount_percent", "rate_bp": 1000, "lines": {"sku": ["B"]}},
        name="use",
        when={"type": "privilege", "id": "p"},
        consumes="p",
    )
    opened = [(f"2026-03-0{day}T12:00", line(1000, sku="A")) for day in (2, 4)]
    used = [(f"2026-04-0{day}T23:59", line(1000, sku="B")) for day in (1, 3, 3)]
    assert [outcome.discount for outcome in story(shop(opening, using), *opened, *used)] == [0, 0, 100, 100, 0]


def test_gift_units_run_out():
    gift = rule({"type": "gift_item", "wallet": "w", "lines": {"sku": ["A"]}})
    sold = [("2026-03-04T12:00", line(2000, sku="A", qty=2))] * 3
    outcomes = story(shop(gift), *sold, member={"id": "m", "balance": {"w": 3}})
    assert [outcome.discount for outcome in outcomes] == [2000, 1000, 0]


def test_a_daily_cap_begins_anew_at_the_shops_midnight():
    capped = rule({"type": "accrue_fixed", "points": 60}, caps=[{"scope": "member_day", "max_points": 100}])
    times = ["2026-03-04T12:00", "2026-03-04T20:59+00:00", "2026-03-04T21:00+00:00"]
    outcomes = story(shop(capped), *((at, line(1)) for at in times))
    assert [granted(outcome) for outcome in outcomes] == [{"r": 60}, {"r": 40}, {"r": 60}]


def test_uses_and_totals_never_begin_anew():
    once = rule({"type": "discount_percent", "rate_bp": 1000}, caps=[{"scope": "member_total", "max_uses": 1}])
    outcomes = story(shop(once), ("2026-03-04T12:00", line(1000)), ("2027-03-04T12:00", line(1000)))
    assert [outcome.discount for outcome in outcomes] == [100, 0]
