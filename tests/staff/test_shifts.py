"""Cashier Tim and manager Mira on their tills, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.staff import operations, queries
from portal.staff.operations import (
    NewStaff,
    StaffNameTaken,
    UnknownDevice,
    UnknownStaff,
    WrongStaffName,
)
from portal.staff.pins import WeakPin
from portal.staff.tables import Staff, StaffSession, TillDevice
from portal.staff.tokens import EnrolCodeWrong

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
TIMS_PIN, MIRAS_PIN, WRONG_PIN = "2580", "903174", "4455"


@pytest.fixture
def tim(session):
    return operations.add_staff(session, NewStaff(name="Tim", role="cashier", pin=TIMS_PIN), now=NOW)


@pytest.fixture
def mira(session):
    return operations.add_staff(session, NewStaff(name="Mira", role="manager", pin=MIRAS_PIN), now=NOW)


@pytest.fixture
def enrolled(session):
    invitation = operations.invite_device(session, store="S1", till="T1", now=NOW)
    return operations.enrol_till(session, invitation.code, now=NOW)


@pytest.fixture
def till(enrolled):
    return enrolled.device


def start(session, till, staff_id, pin=TIMS_PIN, *, now=NOW):
    return operations.start_shift(session, till, staff_id=staff_id, pin=pin, now=now)


def refused(entry):
    assert entry.token is None
    return entry.refusal.code


def on_shift(session, entry, till, *, now=NOW):
    return queries.find_shift(session, entry.token, device=till, now=now)


def test_a_till_is_let_in_once_and_known_by_its_token(session, enrolled):
    device = queries.find_device(session, enrolled.token)
    assert device == enrolled.device
    assert (device.store, device.till) == ("S1", "T1")
    assert queries.find_device(session, "another token") is None


def test_a_code_lets_one_till_in_within_half_an_hour(session):
    used = operations.invite_device(session, store="S1", till="T1", now=NOW)
    late = operations.invite_device(session, store="S1", till="T2", now=NOW)
    operations.enrol_till(session, used.code.lower(), now=NOW)
    for code, now in ((used.code, NOW), (late.code, NOW + 30 * MINUTE), ("ABCD-EFGH-JKLM", NOW)):
        with pytest.raises(EnrolCodeWrong):
            operations.enrol_till(session, code, now=now)
    operations.enrol_till(session, late.code, now=NOW + 30 * MINUTE - MICROSECOND)


def test_a_revoked_till_is_out_with_who_works_on_it(session, enrolled, till, tim):
    entry = start(session, till, tim)
    for _ in range(2):
        operations.revoke_till(session, till.id, now=NOW)
    assert queries.find_device(session, enrolled.token) is None
    assert on_shift(session, entry, till) is None


def test_a_revoked_invitation_lets_nobody_in(session):
    invitation = operations.invite_device(session, store="S1", till="T1", now=NOW)
    operations.revoke_till(session, invitation.device_id, now=NOW)
    with pytest.raises(EnrolCodeWrong):
        operations.enrol_till(session, invitation.code, now=NOW)


def test_a_till_nobody_knows_cannot_be_revoked(session):
    with pytest.raises(UnknownDevice):
        operations.revoke_till(session, "nobody", now=NOW)


def test_the_right_pin_starts_a_shift_on_this_till_alone(session, till, mira):
    entry = start(session, till, mira, MIRAS_PIN)
    shift = on_shift(session, entry, till)
    assert (shift.name, shift.role, shift.staff_id, shift.device) == ("Mira", "manager", mira, till)
    other = operations.invite_device(session, store="S1", till="T2", now=NOW)
    elsewhere = operations.enrol_till(session, other.code, now=NOW).device
    assert on_shift(session, entry, elsewhere) is None


def test_a_till_has_one_shift_at_a_time(session, till, tim, mira):
    tims = start(session, till, tim)
    miras = start(session, till, mira, MIRAS_PIN)
    assert on_shift(session, tims, till) is None
    assert on_shift(session, miras, till)


def test_a_wrong_pin_an_unknown_name_and_one_let_go_are_told_alike(session, till, tim):
    answers = [refused(start(session, till, tim, WRONG_PIN)), refused(start(session, till, "nobody", TIMS_PIN))]
    operations.let_go(session, tim, now=NOW)
    answers.append(refused(start(session, till, tim)))
    assert answers == ["pin-wrong"] * 3


def test_five_wrong_pins_lock_and_the_right_one_must_wait(session, till, tim):
    for _ in range(5):
        assert refused(start(session, till, tim, WRONG_PIN)) == "pin-wrong"
    locked = start(session, till, tim)
    assert refused(locked) == "pin-locked"
    assert locked.refusal.facts["minutes"] in {15, 16}
    assert refused(start(session, till, tim, now=NOW + 15 * MINUTE - MICROSECOND)) == "pin-locked"
    assert start(session, till, tim, now=NOW + 15 * MINUTE).token


def test_the_next_lock_lasts_twice_as_long(session, till, tim):
    for _ in range(5):
        start(session, till, tim, WRONG_PIN)
    later = NOW + 15 * MINUTE
    for _ in range(5):
        assert refused(start(session, till, tim, WRONG_PIN, now=later)) == "pin-wrong"
    assert refused(start(session, till, tim, now=later + 29 * MINUTE)) == "pin-locked"
    assert start(session, till, tim, now=later + 30 * MINUTE).token


def test_the_right_pin_forgives_wrong_ones(session, till, tim):
    for _ in range(3):
        for _ in range(4):
            start(session, till, tim, WRONG_PIN)
        assert start(session, till, tim).token


def test_a_new_pin_unlocks_and_ends_shifts(session, till, tim):
    entry = start(session, till, tim)
    for _ in range(5):
        start(session, till, tim, WRONG_PIN)
    operations.reset_pin(session, tim, MIRAS_PIN, now=NOW)
    assert on_shift(session, entry, till) is None
    assert refused(start(session, till, tim, TIMS_PIN)) == "pin-wrong"
    assert start(session, till, tim, MIRAS_PIN).token


def test_a_shift_ends_after_ten_minutes_untouched(session, till, tim):
    entry = start(session, till, tim)
    assert on_shift(session, entry, till, now=NOW + 10 * MINUTE - MICROSECOND)
    assert on_shift(session, entry, till, now=NOW + 10 * MINUTE) is None


def test_work_keeps_a_shift_open(session, till, tim):
    entry = start(session, till, tim)
    later = NOW + 9 * MINUTE
    shift = on_shift(session, entry, till, now=later)
    assert shift.to_be_seen(later)
    operations.see_shift(session, shift, now=later)
    assert on_shift(session, entry, till, now=NOW + 18 * MINUTE)
    assert not on_shift(session, entry, till, now=later).to_be_seen(later)


def test_an_ended_shift_is_over(session, till, tim):
    entry = start(session, till, tim)
    operations.end_shift(session, on_shift(session, entry, till).id, now=NOW)
    assert on_shift(session, entry, till) is None


def test_a_pin_typed_again_is_fresh_and_a_wrong_one_counts(session, till, tim):
    entry = start(session, till, tim)
    later = NOW + 9 * MINUTE
    shift = on_shift(session, entry, till, now=later)
    for _ in range(4):
        assert operations.type_pin_again(session, shift, WRONG_PIN, now=later).refusal.code == "pin-wrong"
    assert on_shift(session, entry, till, now=later).pin_entered_at == NOW
    assert operations.type_pin_again(session, shift, TIMS_PIN, now=later).refusal is None
    assert on_shift(session, entry, till, now=later).pin_entered_at == later


def test_another_role_counts_from_the_next_sign_in(session, till, tim):
    entry = start(session, till, tim)
    operations.change_role(session, tim, "manager", now=NOW)
    assert on_shift(session, entry, till) is None
    assert on_shift(session, start(session, till, tim), till).role == "manager"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "Tim\x00"])
def test_a_wrong_name_is_refused(session, name):
    with pytest.raises(WrongStaffName):
        operations.add_staff(session, NewStaff(name=name, role="cashier", pin=TIMS_PIN), now=NOW)


def test_names_and_own_cards_are_of_one_person_and_pins_are_no_guess(session, tim, mira):
    card = "0" * 26
    operations.add_staff(session, NewStaff(name="Olga", role="owner", pin=TIMS_PIN, own_member_id=card), now=NOW)
    for taken in (NewStaff(name=" Tim ", role="owner", pin="9031"), NewStaff("Eve", "owner", "9031", card)):
        with pytest.raises(StaffNameTaken):
            operations.add_staff(session, taken, now=NOW)
    with pytest.raises(WeakPin):
        operations.add_staff(session, NewStaff(name="Eve", role="cashier", pin="1111"), now=NOW)
    assert [(one.name, one.role) for one in queries.list_staff(session)] == [
        ("Mira", "manager"),
        ("Olga", "owner"),
        ("Tim", "cashier"),
    ]


def test_nobody_cannot_be_changed(session):
    for sin in (
        lambda: operations.reset_pin(session, "nobody", TIMS_PIN, now=NOW),
        lambda: operations.let_go(session, "nobody", now=NOW),
        lambda: operations.change_role(session, "nobody", "owner", now=NOW),
    ):
        with pytest.raises(UnknownStaff):
            sin()


def test_the_database_knows_no_secret(session, enrolled, till, tim):
    entry = start(session, till, tim)
    invitation = operations.invite_device(session, store="S1", till="T2", now=NOW)
    rows = (
        str(tuple(row))
        for table in (Staff, StaffSession, TillDevice)
        for row in session.execute(select(table.__table__))
    )
    kept = "\n".join(rows)
    for secret in (entry.token, enrolled.token, invitation.code, TIMS_PIN):
        assert secret not in kept
    assert invitation.code not in repr(invitation)
    assert [line.enrolled_at for line in queries.list_devices(session)] == [NOW, None]
