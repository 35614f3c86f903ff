"""Ways to points: the cheapest at each moment, judged by the rules alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rulebook.document import Rulebook
from portal.rulebook.member_state import MemberState, read_member_state
from portal.rulebook.route import Way, brought, ways_to_points
from tests.rulebook.shop import ADA, rule, shop

MOSCOW = ZoneInfo("Europe/Moscow")
WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=MOSCOW)
LATER = WEDNESDAY + timedelta(days=60)
BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base")
FRIDAY = rule(
    {"type": "multiply", "factor_bp": 20_000, "rules": ["base"]},
    name="friday",
    when={"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"},
)
ADA_NOW = read_member_state(ADA)


def ways(rulebook: Rulebook, points: int, *, until: datetime = LATER, member: MemberState = ADA_NOW) -> tuple[Way, ...]:
    return ways_to_points(rulebook, member, points=points, since=WEDNESDAY, until=until)


def test_the_least_sum_that_brings_them_now_in_whole_roubles() -> None:
    (now,) = ways(shop(BASE), 99)
    assert now == Way(at=WEDNESDAY, spend=1_980_00, points=99, ready_at=WEDNESDAY)


def test_a_better_hour_ahead_is_cheaper() -> None:
    now, friday = ways(shop(BASE, FRIDAY), 100)
    assert (now.spend, friday.spend) == (2_000_00, 1_000_00)
    assert friday.at == datetime(2026, 3, 6, 18, tzinfo=MOSCOW)
    assert friday.points == 100


def test_what_comes_too_late_is_no_way() -> None:
    pending = rule({"type": "accrue_percent", "rate_bp": 500, "pending_days": 14}, name="base")
    now, _ = ways(shop(pending, FRIDAY), 100)
    assert now.ready_at == datetime(2026, 3, 18, tzinfo=MOSCOW)
    assert ways(shop(pending), 100, until=WEDNESDAY + timedelta(days=13)) == ()
    assert ways(shop(BASE), 100, until=WEDNESDAY) == ()


def test_a_later_way_that_costs_as_much_is_not_told() -> None:
    dear = rule({"type": "accrue_percent", "rate_bp": 100}, name="week", when={"type": "weekly", "days": [6]})
    same = rule({"type": "accrue_fixed", "points": 1}, name="x", **{"from": "2026-03-20T10:00", "until": "2026-03-21"})
    assert [way.at.isoweekday() for way in ways(shop(BASE, dear), 300)] == [3, 6]
    assert (
        len(ways(shop(BASE, rule({"type": "block", "what": ["discount"]}, name="b", **{"from": "2026-03-20"})), 10))
        == 1
    )
    assert len(ways(shop(BASE, same), 1_000)) == 2


def test_a_birthday_and_a_promotion_ahead_are_thought_of() -> None:
    day = rule(
        {"type": "accrue_percent", "rate_bp": 500}, name="day", when={"type": "birthday", "before": 3, "after": 3}
    )
    told = read_member_state({**ADA, "birthday": "1990-03-20"})
    assert [way.at for way in ways(shop(BASE, day), 100, member=told)][1:] == [datetime(2026, 3, 17, 12, tzinfo=MOSCOW)]
    sale = rule(
        {"type": "accrue_fixed", "points": 300}, name="sale", when={"type": "time_window", "from": "2026-04-01T09:00"}
    )
    now, april = ways(shop(BASE, sale), 300)
    assert (april.at, april.spend) == (datetime(2026, 4, 1, 9, tzinfo=MOSCOW), 1_00)
    assert now.spend == 6_000_00


@pytest.mark.parametrize("points", [1, 7, 100, 999])
def test_a_rouble_less_brings_too_little(points: int) -> None:
    rulebook = shop(
        BASE,
        rule({"type": "accrue_fixed", "points": 50}, name="from3000", when={"type": "receipt_total", "min": 300_000}),
    )
    (way, *_) = ways(rulebook, points)
    assert brought(rulebook, ADA_NOW, spend=way.spend, at=WEDNESDAY, until=LATER)[0] == way.points >= points
    assert way.spend == 100 or brought(rulebook, ADA_NOW, spend=way.spend - 100, at=WEDNESDAY, until=LATER)[0] < points


def test_points_of_others_and_of_other_wallets_do_not_count() -> None:
    friend = rule({"type": "accrue_percent", "rate_bp": 500, "to": "referrer"}, name="friend")
    stars = rule({"type": "accrue_percent", "rate_bp": 500, "wallet": "stars"}, name="stars")
    assert ways(shop(friend, stars), 10) == ()


def test_without_a_rule_that_gives_there_is_no_way() -> None:
    assert ways(shop(), 10, until=datetime(2026, 9, 1, tzinfo=UTC)) == ()
