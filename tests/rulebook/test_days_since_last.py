import pytest

from tests.rulebook.shop import GUEST, holds, miss


def last(at: str) -> dict:
    return {"id": "m", "last_purchase": {"at": at, "net": 1}}


@pytest.mark.parametrize(
    ("range_", "member", "at", "expected"),
    [
        ({"min": 1}, last("2026-03-04T23:50:00"), "2026-03-05T00:10:00", True),
        ({"min": 1}, last("2026-03-04T00:10:00"), "2026-03-04T23:50:00", False),
        ({"min": 60, "max": 84}, last("2026-01-01T12:00:00"), "2026-03-02T09:00:00", True),
        ({"min": 60, "max": 84}, last("2026-01-01T12:00:00"), "2026-03-27T09:00:00", False),
        ({"max": 0}, last("2026-03-03T22:00:00+00:00"), "2026-03-04T12:00:00", True),
        ({"max": 9}, {"id": "m"}, "2026-03-04T12:00:00", False),
        ({"max": 9}, GUEST, "2026-03-04T12:00:00", False),
    ],
)
def test_local_days_are_counted(range_: dict, member: dict | None, at: str, *, expected: bool):
    assert holds({"type": "days_since_last", **range_}, member=member, at=at) is expected


def test_a_miss_tells_the_days():
    found = miss({"type": "days_since_last", "min": 30}, member=last("2026-03-01T12:00:00"))
    assert found == {"reason": "days_since_last", "value": 3, "min": 30}
