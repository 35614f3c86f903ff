import pytest

from tests.rulebook.shop import GUEST, holds, miss


def after(net: int, at: str = "2026-02-20T12:00:00") -> dict:
    return {"id": "m", "last_purchase": {"at": at, "net": net}}


MORE = {"type": "previous_purchase", "more_than": 300_000, "within_days": 30}


@pytest.mark.parametrize(
    ("member", "at", "expected"),
    [
        (after(300_000), "2026-03-04T12:00:00", False),
        (after(300_001), "2026-03-04T12:00:00", True),
        (after(300_001), "2026-03-22T23:59:59", True),
        (after(300_001), "2026-03-23T00:00:00", False),
        (after(300_001, "2026-02-20T21:30:00+00:00"), "2026-03-23T12:00:00", True),
        ({"id": "m"}, "2026-03-04T12:00:00", False),
        (GUEST, "2026-03-04T12:00:00", False),
    ],
)
def test_the_last_receipts_net_and_its_local_day_decide(member: dict | None, at: str, *, expected: bool):
    assert holds(MORE, member=member, at=at) is expected


def test_without_thresholds_any_earlier_purchase_will_do():
    assert holds({"type": "previous_purchase"}, member=after(0))
    assert not holds({"type": "previous_purchase"}, member={"id": "m"})


def test_a_miss_tells_the_purchase_that_did_not_count():
    found = miss(MORE, member=after(300_000))
    assert found == {
        "reason": "previous_purchase", "value": 300_000, "on": "2026-02-20", "more_than": 300_000, "within_days": 30,
    }  # fmt: skip
