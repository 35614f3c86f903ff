import pytest
from pydantic import ValidationError

from tests.rulebook.shop import buy, holds, line, miss, rule, shop, skipped

NEW_YEAR = {"type": "time_window", "from": "2026-01-01T09:00", "until": "2026-01-03T22:00"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-01T08:59:59", False),
        ("2026-01-01T09:00:00", True),
        ("2026-01-03T21:59:59", True),
        ("2026-01-03T22:00:00", False),
        ("2026-01-01T06:00:00+00:00", True),
        ("2026-01-03T19:00:00+00:00", False),
    ],
)
def test_the_window_is_half_open_on_the_shops_clock(at: str, *, expected: bool):
    assert holds(NEW_YEAR, at=at) is expected


def test_ends_with_an_offset_are_instants():
    window = {"type": "time_window", "until": "2026-01-01T00:00:00+00:00"}
    assert holds(window, at="2026-01-01T02:59:59")
    assert not holds(window, at="2026-01-01T03:00:00")


def test_a_window_without_an_end_stays_open():
    since = {"type": "time_window", "from": "2026-01-01T00:00"}
    assert holds(since, at="2036-01-01T00:00")
    assert miss(since, at="2025-12-31T23:59")["from"] == "2026-01-01T00:00:00"


def test_a_window_without_both_ends_is_refused():
    with pytest.raises(ValidationError, match="`from`, `until`"):
        holds({"type": "time_window"})


def test_a_rule_outside_its_own_dates_is_skipped_by_the_same_name():
    dates = {"from": "2026-03-05T00:00", "until": "2026-03-06T00:00"}
    rulebook = shop(rule({"type": "accrue_fixed", "points": 5}, **dates))
    assert skipped(buy(rulebook, line(100), at="2026-03-04T23:59:59")) == {"r": "time_window"}
    assert skipped(buy(rulebook, line(100), at="2026-03-05T00:00:00")) == {}
    assert skipped(buy(rulebook, line(100), at="2026-03-06T00:00:00")) == {"r": "time_window"}
