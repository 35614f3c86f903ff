from datetime import date

import pytest

from portal.rulebook.windows import birthday_key, kept_birthday


@pytest.mark.parametrize(
    ("birthday", "day", "key"),
    [
        ("2000-02-29", "2026-02-24", None),
        ("2000-02-29", "2026-02-25", 2026),
        ("2000-02-29", "2026-03-07", 2026),
        ("2000-02-29", "2026-03-08", None),
        ("2000-02-29", "2028-02-29", 2028),
        ("1990-01-02", "2025-12-30", 2026),
        ("1990-01-02", "2026-01-09", 2026),
        ("1990-12-30", "2027-01-06", 2026),
        ("1990-12-30", "2027-01-07", None),
    ],
)
def test_a_window_over_new_year_keeps_the_birthdays_year(birthday: str, day: str, key: int | None):
    found = birthday_key(date.fromisoformat(birthday), before=3, after=7, day=date.fromisoformat(day))
    assert found == key


def test_the_29th_of_february_is_kept_on_the_28th_in_common_years():
    assert kept_birthday(date(2000, 2, 29), 2026) == date(2026, 2, 28)
    assert kept_birthday(date(2000, 2, 29), 2100) == date(2100, 2, 28)
    assert kept_birthday(date(2000, 2, 29), 2028) == date(2028, 2, 29)
