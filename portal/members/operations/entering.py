"""Typing a code: once, in the browser that asked, and with failures that a new code does not forget (security.md §2).

A wrong code must be remembered, so these functions return a refusal instead of raising it: raising would roll the
count back. The door answers with it after the transaction is committed.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.card_numbers import read_digits
from portal.members.code_hashes import Asking, code_hash, contact_counter, marker_hash
from portal.members.contacts import Contact
from portal.members.operations.asking import DIGITS
from portal.members.operations.gate import queue_at
from portal.members.pace import DAY
from portal.members.tables import SignInCode, SignInGate
from portal.members.terms import CODE_TERMS, CodeTerms

_HOUR = timedelta(hours=1)


class CodeNotRight(Refused):
    code = "code-not-right"
    text = "This is not the code we sent. Tries left: %(tries_left)s."


class CodeOver(Refused):
    code = "code-over"
    text = "This code no longer works. Ask for a new one."


class TooManyTries(Refused):
    code = "too-many-tries"
    status = 429
    text = "Too many wrong codes. Ask for a new one in an hour."


@dataclass(frozen=True, slots=True)
class Entered:
    """The answer to a typed code: `refusal` is None when it was right; then `code_id` proves consents given with it."""

    code_id: str | None
    refusal: Refused | None


def enter_code(
    session: Session,
    contact: Contact,
    typed: str,
    *,
    asking: Asking,
    secret: str,
    now: datetime,
    terms: CodeTerms = CODE_TERMS,
) -> Entered:
    """Use up the newest code sent to this contact for this browser and purpose, or count a failure. Raises nothing."""
    counter = contact_counter(contact, secret=secret)
    queue_at(session, [f"contact:{counter}"], now=now)
    if _failures(session, counter, since=now - _HOUR - terms.lifetime) >= terms.failures_an_hour:
        return Entered(code_id=None, refusal=TooManyTries(retry_after=_HOUR // timedelta(seconds=1)))
    sent = _newest(session, counter, asking=asking, secret=secret)
    if sent is None or sent.used_at is not None or sent.expires_at <= now or sent.failures >= terms.tries:
        return Entered(code_id=None, refusal=CodeOver())
    digits = read_digits(typed)
    if len(digits) != DIGITS:
        return Entered(code_id=None, refusal=CodeNotRight(tries_left=terms.tries - sent.failures))
    if hmac.compare_digest(sent.code_hash, code_hash(contact, digits, code_id=sent.id, secret=secret)):
        return _use(session, sent.id, now=now)
    return _fail(session, sent.id, tries_left=terms.tries - sent.failures - 1)


def forget_codes(session: Session, *, now: datetime) -> int:
    """Delete codes and gates of more than a day ago, which no limit counts any more; return how many codes."""
    session.execute(delete(SignInGate).where(SignInGate.touched_at < now - DAY))
    gone = session.execute(delete(SignInCode).where(SignInCode.created_at < now - DAY).returning(SignInCode.id))
    return len(gone.all())


def _newest(
    session: Session, counter: str, *, asking: Asking, secret: str
) -> Row[str, str, datetime, int, datetime | None] | None:
    statement = (
        select(SignInCode.id, SignInCode.code_hash, SignInCode.expires_at, SignInCode.failures, SignInCode.used_at)
        .where(
            SignInCode.contact_hash == counter,
            SignInCode.asked_by == marker_hash(asking, secret=secret),
            SignInCode.purpose == asking.purpose,
        )
        .order_by(SignInCode.created_at.desc(), SignInCode.id.desc())
        .limit(1)
    )
    return session.execute(statement).one_or_none()


def _failures(session: Session, counter: str, *, since: datetime) -> int:
    """Count wrong codes whoever typed them. `since` is of their making: they fail for a lifetime after that."""
    failures = func.coalesce(func.sum(SignInCode.failures), 0)
    return (
        session.scalar(select(failures).where(SignInCode.contact_hash == counter, SignInCode.created_at > since)) or 0
    )


def _use(session: Session, code_id: str, *, now: datetime) -> Entered:
    used = update(SignInCode).where(SignInCode.id == code_id, SignInCode.used_at.is_(None)).values(used_at=now)
    if session.scalar(used.returning(SignInCode.id)) is None:
        return Entered(code_id=None, refusal=CodeOver())
    return Entered(code_id=code_id, refusal=None)


def _fail(session: Session, code_id: str, *, tries_left: int) -> Entered:
    session.execute(update(SignInCode).where(SignInCode.id == code_id).values(failures=SignInCode.failures + 1))
    return Entered(code_id=None, refusal=CodeNotRight(tries_left=tries_left) if tries_left else CodeOver())
