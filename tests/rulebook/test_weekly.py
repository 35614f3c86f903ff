import pytest

from tests.rulebook.shop import holds

HAPPY = {"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"}
LATE = {"type": "weekly", "days": [5], "start": "22:00", "end": "02:00"}
SUNDAY_NIGHT = {"type": "weekly", "days": [7], "start": "22:00", "end": "02:00"}
WHOLE_DAY = {"type": "weekly", "days": [3]}


@pytest.mark.parametrize(
    ("window", "at", "expected"),
    [
        (HAPPY, "2026-03-06T17:59:59", False),
        (HAPPY, "2026-03-06T18:00:00", True),
        (HAPPY, "2026-03-06T19:59:59", True),
        (HAPPY, "2026-03-06T20:00:00", False),
        (HAPPY, "2026-03-06T15:30:00+00:00", True),
        (HAPPY, "2026-03-07T18:30:00", False),
        (LATE, "2026-03-06T22:00:00", True),
        (LATE, "2026-03-07T01:59:59", True),
        (LATE, "2026-03-07T02:00:00", False),
        (LATE, "2026-03-06T01:00:00", False),
        (SUNDAY_NIGHT, "2026-03-09T00:30:00", True),
        (SUNDAY_NIGHT, "2026-03-08T00:30:00", False),
        (WHOLE_DAY, "2026-03-04T00:00:00", True),
        (WHOLE_DAY, "2026-03-04T23:59:59", True),
        (WHOLE_DAY, "2026-03-05T00:00:00", False),
        ({"type": "weekly", "days": [3], "start": "18:00", "end": "24:00"}, "2026-03-04T23:59:59", True),
        ({"type": "weekly", "days": [3], "start": "18:00", "end": "24:00"}, "2026-03-05T00:00:00", False),
    ],
)
def test_hours_of_the_week_by_the_shops_clock(window: dict, at: str, *, expected: bool):
    assert holds(window, at=at) is expected
