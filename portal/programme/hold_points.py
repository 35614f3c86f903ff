"""Points are set aside at a till, then taken or given back (domain.md §2.5)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.ids import new_id
from portal.ledger import operations as ledger
from portal.ledger import queries as holds
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.spending import HoldEnded, UnknownHold
from portal.members.lookup import Lookup
from portal.members.operations.devices import show_code
from portal.programme.answers import HoldAnswer
from portal.programme.command import Command
from portal.programme.member_book import load_locked, read_member_book
from portal.programme.receipt_notices import announce_released
from portal.programme.spending import check_spender, verdict_of
from portal.programme.telling import balance_answer

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Points that wait for a receipt, and until when they do."""

    points: int
    expires_at: datetime


def find_set_aside(session: Session, hold_id: str, *, now: datetime) -> SetAside | None:
    """Tell what a hold has set aside; nothing when there is no such hold. Raises `HoldEnded`."""
    found = holds.find_hold(session, hold_id)
    if found is None:
        return None
    if found.state != "active" or found.expires_at <= now:
        raise HoldEnded(state="timed_out" if found.state == "active" else found.state)
    return SetAside(points=found.points, expires_at=found.expires_at)


def hold_points(
    session: Session,
    lookup: Lookup,
    *,
    points: int,
    ttl_seconds: int | None = None,
    hold_id: str = "",
    command: Command,
) -> HoldAnswer:
    """Set points aside for a receipt to come, by default for as long as the rulebook says, at most for a day.

    A door that knows its own name for the hold gives it as `hold_id`: under it points are set aside once.

    Raises `UnknownMember`, `MemberLeft`, `NoRulebook`, `CodeForged`, `RotatingCodeRequired`, `SpendingPaused`,
    `NotEnoughPoints` and `NoPoints`.
    """
    now = command.now
    found = read_member_book(session, lookup, now=now)
    verdict = verdict_of(session, lookup, found.person, shown_at=now, spend_for=None, command=command)
    check_spender(found.person, verdict, proven=command.vouches, now=now)
    ttl = min(timedelta(seconds=ttl_seconds or found.rulebook.holds.ttl_seconds), LONGEST)
    hold_id = hold_id or new_id(now)
    found.book.hold(points, hold=hold_id, at=now, expires_at=now + ttl, source=f"hold/{hold_id}")
    batch = Batch()
    if verdict is not None and verdict.proof == "fresh":
        show_code(batch, verdict, shown_to=command.client, spent_for=f"hold/{hold_id}", now=now)
    ledger.store(batch, found.book)
    announce_released(batch, found.book, now=now)
    batch.flush(session)
    return _answer(found.book, hold_id, now=now)


def capture_hold(session: Session, hold_id: str, *, points: int, command: Command) -> HoldAnswer:
    """Spend up to the held points outside a receipt; the rest goes back.

    Raises `UnknownHold`, `HoldEnded` or `NotEnoughPoints`.
    """
    book = _book_of(session, hold_id, now=command.now)
    book.capture(points, hold=hold_id, at=command.now, source=f"hold/{hold_id}/capture", origin=Origin("purchase"))
    return replace(_stored(session, book, hold_id, now=command.now), captured=points)


def void_hold(session: Session, hold_id: str, *, command: Command) -> HoldAnswer:
    """Give all held points back. Raises `UnknownHold` or `HoldEnded`."""
    book = _book_of(session, hold_id, now=command.now)
    book.void(hold=hold_id, at=command.now, source=f"hold/{hold_id}/void")
    return _stored(session, book, hold_id, now=command.now)


def _book_of(session: Session, hold_id: str, *, now: datetime) -> Book:
    member_id = holds.hold_owner(session, hold_id)
    if member_id is None:
        raise UnknownHold(hold=hold_id)
    return load_locked(session, member_id, now=now, hold=hold_id)


def _stored(session: Session, book: Book, hold_id: str, *, now: datetime) -> HoldAnswer:
    batch = Batch()
    ledger.store(batch, book)
    announce_released(batch, book, now=now)
    batch.flush(session)
    return _answer(book, hold_id, now=now)


def _answer(book: Book, hold_id: str, *, now: datetime) -> HoldAnswer:
    hold = book.pages.holds[hold_id]
    return HoldAnswer(
        id=hold.id,
        member_id=book.member,
        points=hold.points,
        state=hold.state,
        expires_at=hold.expires_at,
        captured=0,
        balance=balance_answer(book.balance(now)),
    )
