"""What answers of push services mean."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.outbox import backoff
from portal.push.verdict import LONGEST_REST, REST, judge, unreachable

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


FATES = {
    "delivered": (200, 201, 202),
    "gone": (404, 410),
    "refused": (401, 403),
    "rest": (406, 429, 503),
    "failed": (500, 502),
    "bug": (301, 307, 400, 413),
}


@pytest.mark.parametrize(("status", "fate"), [(status, fate) for fate, told in FATES.items() for status in told])
def test_every_status_has_one_fate(status: int, fate: str):
    verdict = judge(status, retry_after=None, attempts=1, now=NOON)
    assert verdict.fate == fate
    assert (verdict.wait is not None) == (fate in {"rest", "refused", "failed"})


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("7", timedelta(seconds=7)),
        (" 120 ", timedelta(seconds=120)),
        ("0", timedelta(seconds=1)),
        ("99999999999999999999", LONGEST_REST),
        ("Wed, 04 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Wed, 04 Mar 2026 11:00:00 GMT", timedelta(seconds=1)),
        ("Thu, 05 Mar 2026 12:00:00 GMT", LONGEST_REST),
        ("soon", REST),
        ("-5", REST),
        (None, REST),
    ],
)
def test_a_rest_is_as_long_as_was_asked_within_bounds(told: str | None, wait: timedelta):
    assert judge(429, retry_after=told, attempts=1, now=NOON).wait == wait


def test_who_failed_often_enough_is_not_tried_again():
    for attempts in range(1, backoff.MOST_ATTEMPTS):
        assert unreachable(OSError("https://fcm.googleapis.com/x"), attempts=attempts).wait
    last = unreachable(OSError("https://fcm.googleapis.com/x"), attempts=backoff.MOST_ATTEMPTS)
    assert last.wait is None
    assert last.error == "OSError"
