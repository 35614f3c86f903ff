"""The rotating code: what it proves, and what it never does."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.members.card_numbers import check_digit
from portal.members.rotating_code import (
    MAX_BAD_MACS,
    DeviceKey,
    draw_code,
    judge,
    read_rotating_code,
    window_at,
)

NOW = datetime(2026, 3, 4, 9, 0, 10, tzinfo=UTC)
CARD = "123456789" + check_digit("123456789")
PHONE = DeviceKey(id="phone", key=bytes(range(32)))
TABLET = DeviceKey(id="tablet", key=bytes(range(1, 33)))
WINDOW = window_at(NOW)


def drawn(*, window=WINDOW, key=PHONE.key):
    code = read_rotating_code(draw_code(CARD, key=key, window=window))
    assert code is not None
    return code


def judged(code=None, *, devices=(PHONE, TABLET), now=NOW, shown_at=None, till="T1", spend_for=None):
    return judge(
        code or drawn(), devices=devices, now=now, shown_at=shown_at or now, shown_to=till, spend_for=spend_for
    )


def seen(window=WINDOW, *, till="T1", at=NOW, spent_for=None, **more):
    return replace(PHONE, last_window=window, last_shown_at=at, last_shown_to=till, spent_for=spent_for, **more)


def test_a_code_is_26_digits_made_as_the_page_of_the_card_makes_it():
    mac = hmac.digest(PHONE.key, f"{CARD}:{WINDOW}".encode(), hashlib.sha256)
    expected = f"1{CARD}{WINDOW % 1000:03d}{int.from_bytes(mac, 'big') % 10**12:012d}"
    assert draw_code(CARD, key=PHONE.key, window=WINDOW) == expected
    assert len(expected) == 26


@pytest.mark.parametrize("digits", ["", "1" * 25, "2" + "0" * 25, "1123456789" + "0" * 16, "1" * 27])
def test_other_digits_are_no_code(digits):
    assert read_rotating_code(digits) is None


def test_a_fresh_code_names_the_phone_that_drew_it():
    verdict = judged(drawn(key=TABLET.key))
    assert (verdict.proof, verdict.device_id, verdict.window, verdict.verified) == (
        "fresh", "tablet", WINDOW, "rotating",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("off", "proof"), [(-2, "expired"), (-1, "fresh"), (0, "fresh"), (1, "fresh"), (2, "expired"), (-499, "expired")]
)
def test_a_code_is_fresh_for_one_window_around_now(off, proof):
    assert judged(drawn(window=WINDOW + off)).proof == proof


def test_a_code_of_two_minutes_ago_may_not_spend():
    verdict = judged(now=NOW + timedelta(seconds=120))
    assert (verdict.proof, verdict.verified) == ("expired", "static")


def test_the_same_three_digits_of_another_day_are_forged():
    assert judged(drawn(window=WINDOW - 1000)).proof == "forged"


def test_an_offline_till_tells_hours_later_whose_card_it_saw_and_may_not_spend():
    later = NOW + timedelta(hours=30)
    assert judged(now=later, shown_at=NOW).proof == "expired"
    assert judged(now=later).proof == "forged"


@given(st.integers(1, 25), st.integers(1, 9))
def test_a_code_with_one_other_digit_proves_nothing(place, off_by):
    digits = draw_code(CARD, key=PHONE.key, window=WINDOW)
    other = digits[:place] + str((int(digits[place]) + off_by) % 10) + digits[place + 1 :]
    code = read_rotating_code(other)
    assert code is None or judged(code).proof == "forged"


def test_the_key_of_another_member_proves_nothing():
    assert judged(devices=(TABLET,)).verified is None
    assert judged(devices=()).proof == "forged"


def test_the_till_that_saw_a_code_keeps_it_until_the_payment():
    phone = seen(at=NOW)
    assert judged(devices=(phone,), now=NOW + timedelta(minutes=5)).proof == "fresh"
    assert judged(devices=(phone,), now=NOW + timedelta(minutes=5, seconds=1), shown_at=NOW).proof == "used"


def test_a_code_seen_by_one_till_is_used_for_another():
    verdict = judged(devices=(seen(),), till="T2")
    assert (verdict.proof, verdict.verified) == ("used", "static")


def test_a_code_older_than_the_last_accepted_is_used():
    assert judged(drawn(window=WINDOW - 1), devices=(seen(),)).proof == "used"
    assert judged(drawn(window=WINDOW + 1), devices=(seen(),)).proof == "fresh"


def test_a_code_pays_for_one_receipt_and_for_its_retries():
    phone = seen(spent_for="receipt/S1-1")
    assert judged(devices=(phone,), spend_for="receipt/S1-1").proof == "fresh"
    assert judged(devices=(phone,), spend_for="receipt/S1-2").proof == "used"
    assert judged(devices=(phone,)).proof == "used"


def test_ten_forged_codes_lock_a_phone_and_leave_the_others():
    locked = replace(PHONE, bad_macs=MAX_BAD_MACS)
    assert judged(devices=(replace(PHONE, bad_macs=MAX_BAD_MACS - 1),)).proof == "fresh"
    assert judged(devices=(locked,)).proof == "locked"
    assert judged(devices=(locked,)).verified == "static"
    assert judged(drawn(key=TABLET.key), devices=(locked, TABLET)).proof == "fresh"
    assert judged(devices=(locked, TABLET)).proof == "forged"


def test_a_key_in_a_log_says_nothing():
    assert str(PHONE.key) not in repr(PHONE)
    assert drawn().mac not in repr(drawn())
