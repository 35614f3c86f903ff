import pytest

from tests.rulebook.shop import GUEST, buy, holds, line, rule, shop


def born(day: str, **more: object) -> dict:
    return {"id": "m", "birthday": day, **more}


@pytest.mark.parametrize(
    ("birthday", "on", "expected"),
    [
        ("1990-03-05", "2026-03-01", False),
        ("1990-03-05", "2026-03-02", True),
        ("1990-03-05", "2026-03-12", True),
        ("1990-03-05", "2026-03-13", False),
        ("2000-02-29", "2026-02-25", True),
        ("2000-02-29", "2026-02-24", False),
        ("2000-02-29", "2028-02-26", True),
        ("1990-01-02", "2025-12-30", True),
        ("1990-01-02", "2025-12-29", False),
    ],
)
def test_days_around_the_birthday_are_local_and_included(birthday: str, on: str, *, expected: bool):
    assert holds({"type": "birthday", "before": 3, "after": 7}, member=born(birthday), at=f"{on}T12:00:00") is expected


def test_three_days_before_and_seven_after_unless_told():
    assert holds({"type": "birthday"}, member=born("1990-03-07"))
    assert not holds({"type": "birthday"}, member=born("1990-03-08"))
    assert not holds({"type": "birthday", "before": 0}, member=born("1990-03-05"))


def test_who_told_no_birthday_has_none():
    assert not holds({"type": "birthday"}, member={"id": "m"})
    assert not holds({"type": "birthday"}, member=GUEST)


def test_each_birthday_counts_once():
    window = {"type": "birthday", "before": 3, "after": 7}
    assert not holds(window, member=born("1990-01-02", birthdays_used=[2026]), at="2025-12-30T12:00:00")
    assert holds(window, member=born("1990-01-02", birthdays_used=[2025]), at="2025-12-30T12:00:00")


@pytest.mark.parametrize(("entered", "expected"), [("2026-02-16", True), ("2026-02-17", False)])
def test_a_birthday_told_less_than_two_weeks_before_waits_for_the_next(entered: str, *, expected: bool):
    assert holds({"type": "birthday"}, member=born("1990-03-05", birthday_entered=entered)) is expected


def test_the_year_that_a_rule_relied_on_is_reported():
    rulebook = shop(rule({"type": "accrue_fixed", "points": 50}, when={"type": "birthday"}))
    assert buy(rulebook, line(1), member=born("1990-01-02"), at="2025-12-30T12:00:00").birthday_used == 2026
    assert buy(rulebook, line(1), member=born("1990-07-02"), at="2025-12-30T12:00:00").birthday_used is None
