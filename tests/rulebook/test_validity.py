from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.rulebook.lifetime import Lifetime
from portal.rulebook.validity import Validity, lot_dates

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "at", "pending", "valid", "available", "last", "expires"),
    [
        (MOSCOW, "2026-03-01T12:30", 14, ("days", 180), "2026-03-15T00+03", "2026-09-11", "2026-09-12T00+03"),
        (MOSCOW, "2026-01-31T10:00", 0, ("months", 1), "2026-01-31T10+03", "2026-02-28", "2026-03-01T00+03"),
        (MOSCOW, "2028-01-31T10:00", 0, ("months", 1), "2028-01-31T10+03", "2028-02-29", "2028-03-01T00+03"),
        (MOSCOW, "2026-11-30T10:00", 0, ("months", 15), "2026-11-30T10+03", "2028-02-29", "2028-03-01T00+03"),
        (BERLIN, "2026-03-28T20:00", 1, ("days", 1), "2026-03-29T00+01", "2026-03-30", "2026-03-31T00+02"),
        (BERLIN, "2026-10-24T20:00", 1, ("days", 0), "2026-10-25T00+02", "2026-10-25", "2026-10-26T00+01"),
        (MOSCOW, "2026-03-01T22:30+00:00", 0, ("days", 14), "2026-03-02T01:30+03", "2026-03-16", "2026-03-17T00+03"),
        (MOSCOW, "2026-03-01T12:00", 0, ("days", 10, "month"), "2026-03-01T12+03", "2026-03-31", "2026-04-01T00+03"),
        (MOSCOW, "2026-03-01T12:00", 0, ("months", 1, "quarter"), "2026-03-01T12+03", "2026-06-30", "2026-07-01T00+03"),
        (MOSCOW, "2026-03-01T12", 0, ("months", 5, "half_year"), "2026-03-01T12+03", "2026-12-31", "2027-01-01T00+03"),
        (MOSCOW, "2026-12-31T12:00", 0, ("months", 12, "year"), "2026-12-31T12+03", "2027-12-31", "2028-01-01T00+03"),
        (MOSCOW, "2026-03-01T12:00", 3, None, "2026-03-04T00+03", None, None),
    ],
)  # fmt: skip
def test_validity_counts_from_release_in_local_days(
    zone: str, at: str, pending: int, valid: Any, available: str, last: str | None, expires: str | None
):
    names = ("type", "n", "round_up")
    rule = Validity.model_validate(dict(zip(names, valid, strict=False))) if valid else None
    dates = lot_dates(datetime.fromisoformat(at), zone=ZoneInfo(zone), pending_days=pending, valid=rule)
    assert dates.available_at == datetime.fromisoformat(available)
    assert (dates.last_valid_day and dates.last_valid_day.isoformat()) == last
    assert dates.expires_at == (expires and datetime.fromisoformat(expires))


def test_a_lot_over_the_change_of_clocks_lasts_23_hours_without_complaint():
    one_day = Validity(type="days", n=0)
    dates = lot_dates(datetime.fromisoformat("2026-03-28T20:00"), zone=ZoneInfo(BERLIN), pending_days=1, valid=one_day)
    assert dates.expires_at is not None
    assert dates.expires_at.timestamp() - dates.available_at.timestamp() == timedelta(hours=23).total_seconds()


@pytest.mark.parametrize("pending", [0, 14])
def test_a_compiled_lifetime_agrees(pending: int):
    zone, valid = ZoneInfo(BERLIN), Validity(type="months", n=1, round_up="month")
    lifetime = Lifetime(pending, valid, zone)
    for day in range(1, 29):
        at = datetime(2026, 3, day, 12, tzinfo=zone)
        expected, found = lot_dates(at, zone=zone, pending_days=pending, valid=valid), lifetime.dates(at.date())
        assert found.release_at == (expected.available_at if pending else None)
        assert (found.last_valid_day, found.expires_at) == (expected.last_valid_day, expected.expires_at)
