"""Books in the database: read back as written, by one statement each way."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from portal.db import Batch, Stale, transaction
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.operations import post_what_is_due, store
from portal.ledger.queries import balance_at, find_entry, find_source, load, newest_entries, totals
from portal.ledger.refunds import RefundTerms
from portal.rulebook.validity import LotDates

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BOUGHT = Origin("purchase", receipt="01jx0000000000000000000001", rule="base5", rulebook="shop@1#9f3c")


def lives(days: int, *, pending: int = 0) -> LotDates:
    release = NOW + pending * DAY
    return LotDates(release, (release + days * DAY).date(), release + days * DAY)


def tell(engine: Engine, *commands, member: str = "ada", now: datetime = NOW, **reads) -> Book:
    with transaction(engine, writes=True) as session:
        book = load(session, member, now=now, **reads)
        for command in commands:
            command(book)
        batch = Batch()
        store(batch, book)
        batch.flush(session)
    return book


def grant(points: int, *, source: str = "g", days: int = 30, pending: int = 0, at: datetime = NOW):
    return lambda book: book.grant(points, at=at, source=source, origin=BOUGHT, dates=lives(days, pending=pending))


def redeem(points: int, *, source: str = "r", at: datetime = NOW):
    return lambda book: book.redeem(points, at=at, source=source, origin=Origin("purchase"))


def test_what_is_stored_is_read_back(engine: Engine) -> None:
    told = tell(
        engine,
        grant(100),
        grant(50, source="p", pending=14),
        redeem(30),
        lambda book: book.hold(20, hold="h", at=NOW, expires_at=NOW + DAY, source="h"),
    )
    with transaction(engine, writes=False) as session:
        book = load(session, "ada", now=NOW, sources=["r"])
        assert book.pages == told.pages
        assert (book.count, book.head) == (told.count, told.head)
        assert find_source(session, "r") == told.entries[2]
        assert find_entry(session, "ada", 1, now=NOW) == told.entries[0]


def test_a_book_is_read_and_written_by_one_statement_each(engine: Engine) -> None:
    tell(engine, grant(100))
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    tell(engine, redeem(10))
    assert len([one for one in statements if not one.startswith(("BEGIN", "create temp"))]) == 2
