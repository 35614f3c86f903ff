"""Short ways to tell Ada's book things, for the tests beside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import Batch, transaction
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.operations import lock_books, store
from portal.ledger.queries import load
from portal.ledger.refunds import RefundTerms, Shortage
from portal.rulebook.validity import LotDates

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BOUGHT = Origin("purchase", receipt="01jx0000000000000000000001", rule="base5", rulebook="shop@1#9f3c")
SPENT = Origin("purchase", receipt="01jx0000000000000000000002")

Command = Callable[[Book], object]


def at(days: float) -> datetime:
    """Return the instant some days after the story began."""
    return NOW + days * DAY


def lives(days: float, *, pending: float = 0, since: float = 0) -> LotDates:
    release = at(since + pending)
    return LotDates(release, (release + days * DAY).date(), release + days * DAY)


def grant(points: int, *, source: str = "g", days: float = 30, pending: float = 0, day: float = 0) -> Command:
    dates = lives(days, pending=pending, since=day)
    return lambda book: book.grant(points, at=at(day), source=source, origin=BOUGHT, dates=dates)


def redeem(points: int, *, source: str = "r", day: float = 0) -> Command:
    return lambda book: book.redeem(points, at=at(day), source=source, origin=SPENT)


def hold(points: int, *, name: str = "h", day: float = 0, ends: float = 0.5) -> Command:
    return lambda book: book.hold(points, hold=name, at=at(day), expires_at=at(ends), source=f"hold/{name}")


def capture(points: int, *, name: str = "h", day: float = 0, source: str = "c") -> Command:
    return lambda book: book.capture(points, hold=name, at=at(day), source=source, origin=SPENT)


def void(*, name: str = "h", day: float = 0, source: str = "v") -> Command:
    return lambda book: book.void(hold=name, at=at(day), source=source)


def terms(*, day: float, shortage: Shortage = "debt") -> RefundTerms:
    return RefundTerms(grace=lives(14, since=day), shortage=shortage, write_off_at=at(day + 365))


def refund(
    *, day: float, source: str = "refund", shortage: Shortage = "debt", restore: dict[str, int] | None = None,
    reverse: dict[str, int] | None = None,
) -> Command:  # fmt: skip
    said = terms(day=day, shortage=shortage)
    return lambda book: book.refund(at=at(day), source=source, terms=said, restore=restore, reverse=reverse)


def told(*commands: Command) -> Book:
    """Return a new book in memory after some commands."""
    book = Book("ada")
    for command in commands:
        command(book)
    return book


def tell(engine: Engine, *commands: Command, member: str = "ada", now: datetime = NOW, **reads) -> Book:
    """Tell commands to a book in the database, in one transaction."""
    with transaction(engine, writes=True) as session:
        return tell_in(session, *commands, member=member, now=now, **reads)


def tell_in(session: Session, *commands: Command, member: str = "ada", now: datetime = NOW, **reads) -> Book:
    lock_books(session, [member])
    book = load(session, member, now=now, **reads)
    for command in commands:
        command(book)
    batch = Batch()
    store(batch, book)
    batch.flush(session)
    return book
