"""Twenty at once: one till for a code, five guesses for a PIN, no gap in the audit, on both databases."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from portal.staff import operations, queries
from portal.staff.audit_chain import Deed
from portal.staff.operations import NewStaff
from portal.staff.tokens import EnrolCodeWrong
from tests.crowd import TWENTY, at_once, first

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def test_one_code_lets_one_till_in(engine):
    code = first(engine, lambda s: operations.invite_device(s, store="S1", till="T1", now=NOW)).code

    def enrol(session: Session, _: int) -> bool:
        try:
            operations.enrol_till(session, code, now=NOW)
        except EnrolCodeWrong:
            return False
        return True

    assert sum(at_once(engine, enrol)) == 1


def test_guesses_at_a_pin_are_counted_however_fast(engine):
    def prepare(session: Session) -> str:
        return operations.add_staff(session, NewStaff(name="Tim", role="cashier", pin="2580"), now=NOW)

    tim = first(engine, prepare)
    code = first(engine, lambda s: operations.invite_device(s, store="S1", till="T1", now=NOW)).code
    till = first(engine, lambda s: operations.enrol_till(s, code, now=NOW)).device

    def guess(session: Session, _: int) -> str:
        refusal = operations.start_shift(session, till, staff_id=tim, pin="4455", now=NOW).refusal
        return refusal.code if refusal else "right"

    assert Counter(at_once(engine, guess)) == {"pin-wrong": 5, "pin-locked": TWENTY - 5}


def test_the_audit_has_no_gap_and_no_fork(engine):
    deed = Deed(actor_kind="job", actor_id=None, action="day.close", details={})
    numbers = at_once(engine, lambda session, _: operations.audit(session, deed, now=NOW))
    assert sorted(numbers) == list(range(1, TWENTY + 1))
    assert first(engine, queries.check_audit) == []
