"""The fast way to post one accrual: one statement on PostgreSQL, five on SQLite (`posting_sqlite`), without the book.

It writes exactly what the plain way writes (`Book.grant` and `operations.store`), which is the oracle of its tests and
does the work wherever the fast way does not fit: for a member's first entry in a wallet, where an immediate accrual
meets a debt, and for a source that was told before. What is due stays due, for whoever reads the book next.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from portal.db import Batch, alone_on_sqlite, epoch, run
from portal.db.direct import execute
from portal.db.write import encode
from portal.ledger import posting_sqlite
from portal.ledger.accruals import POINTS
from portal.ledger.entries import Entry, Facts, Origin, canonical, facts_of
from portal.ledger.operations import lock_books, store
from portal.ledger.postings import Postings
from portal.ledger.queries import load
from portal.rulebook.validity import LotDates


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """One accrual of one member; the fields are those of `Book.grant`."""

    member: str
    points: int
    at: datetime
    source: str
    origin: Origin
    dates: LotDates
    wallet: str = POINTS
    details: Facts = field(default_factory=dict)


def accrue(session: Session, accrual: Accrual, *, now: datetime) -> int:
    """Post an accrual and return its number. Raises what `Book.grant` raises."""
    number = _accrue(session.connection(), accrual, now) if _fits(accrual, now) else None
    return number or accrue_plainly(session, accrual, now=now)


def accrue_alone(engine: Engine, accrual: Accrual, *, now: datetime) -> int:
    """Post an accrual in a transaction of its own and return its number; for imports and events that do nothing else.

    On PostgreSQL the one statement is the transaction: nothing is sent before it or after it.
    """
    number = _accrue_alone(engine, accrual, now) if _fits(accrual, now) else None
    return number or run(engine, lambda session: accrue_plainly(session, accrual, now=now), writes=True)


def accrue_plainly(session: Session, accrual: Accrual, *, now: datetime) -> int:
    """Post an accrual by reading the book, moving it and storing it."""
    lock_books(session, [accrual.member])
    book = load(session, accrual.member, now=now, sources=[accrual.source])
    entry = book.grant(
        accrual.points, at=accrual.at, source=accrual.source, origin=accrual.origin, dates=accrual.dates,
        wallet=accrual.wallet, details=accrual.details,
    )  # fmt: skip
    batch = Batch()
    store(batch, book)
    batch.flush(session)
    return entry.number


def _fits(accrual: Accrual, now: datetime) -> bool:
    return accrual.points > 0 and accrual.at <= now


def _accrue(connection: Connection, accrual: Accrual, now: datetime) -> int | None:
    told = _parameters(accrual, now)
    if connection.dialect.name == "sqlite":
        return posting_sqlite.post(partial(execute, connection), told)
    row = connection.exec_driver_sql(_STATEMENT, told).one_or_none()
    return None if row is None else int(row[0])


def _accrue_alone(engine: Engine, accrual: Accrual, now: datetime) -> int | None:
    """Post on the driver's own connection, which begins nothing by itself."""
    told = _parameters(accrual, now)
    if engine.dialect.name == "postgresql":
        return _accrue_in_autocommit(engine, told)
    with alone_on_sqlite(engine) as driver:
        return posting_sqlite.post(driver.execute, told)


def _accrue_in_autocommit(engine: Engine, parameters: dict[str, Any]) -> int | None:
    borrowed = engine.raw_connection()
    try:
        driver: Any = borrowed.driver_connection
        row = driver.execute(_STATEMENT, parameters).fetchone()
    except UniqueViolation:
        return None  # the same source at the same time; the plain way finds it
    finally:
        borrowed.close()
    return None if row is None else int(row[0])


_STATEMENT = """
with turn as (
    update book
    set entries = book.entries + 1,
        head = encode(sha256(convert_to(
            book.head || %(before)s || (book.entries + 1) || %(between)s || (book.entries + 1) || %(after)s, 'UTF8'
        )), 'hex'),
        due_at = least(book.due_at, %(due_at)s)
    from account
    where book.member_id = %(member_id)s and account.member_id = %(member_id)s and account.wallet = %(wallet)s
        and (account.debt = 0 or %(available)s = 0)
        and not exists (select from entry where source = %(source)s)
    returning book.entries as number, book.head
), moved as (
    update account set available = available + %(available)s, pending = pending + %(pending)s
    from turn where member_id = %(member_id)s and wallet = %(wallet)s
), told as (
    insert into entry (
        member_id, number, source, at, posted_at, kind, wallet, cause, budget, receipt_id, rule, rulebook,
        available, pending, held, debt, issued, redeemed, breakage, writeoff, lots, details, hash
    )
    select %(member_id)s, number, %(source)s, %(at)s, %(posted_at)s, 'accrual', %(wallet)s, %(cause)s, %(budget)s,
        %(receipt)s, %(rule)s, %(rulebook)s, %(available)s, %(pending)s, 0, 0, %(issued)s, 0, 0, 0,
        jsonb_build_array(jsonb_build_array(number, %(original)s::bigint)), %(details)s::jsonb, head
    from turn
), made as (
    insert into lot (
        member_id, number, grant_number, wallet, original, remaining, earned_at, release_at, expires_at, last_valid_day,
        released, cause, budget, rule, held, expired, reversed
    )
    select %(member_id)s, number, number, %(wallet)s, %(original)s, %(original)s, %(at)s, %(release_at)s,
        %(expires_at)s, %(last_valid_day)s, %(released)s, %(cause)s, %(budget)s, %(rule)s, 0, 0, 0
    from turn
)
select number from turn
"""


def _parameters(accrual: Accrual, now: datetime) -> dict[str, Any]:
    """Return the values of the statement; the number, which only the database knows, cuts the hashed text in three."""
    origin, dates, points = accrual.origin, accrual.dates, accrual.points
    pending = points if dates.available_at > accrual.at else 0
    release_at, expires_at = epoch(dates.available_at), None if dates.expires_at is None else epoch(dates.expires_at)
    before, between, after = _hashed(accrual, now, pending=pending)
    return {
        "member_id": accrual.member, "wallet": accrual.wallet, "source": accrual.source, "at": epoch(accrual.at),
        "posted_at": epoch(now), "cause": origin.cause, "budget": origin.budget, "receipt": origin.receipt,
        "rule": origin.rule, "rulebook": origin.rulebook, "available": points - pending, "pending": pending,
        "issued": -points, "original": points, "details": encode(accrual.details), "release_at": release_at,
        "expires_at": expires_at, "last_valid_day": dates.last_valid_day and dates.last_valid_day.isoformat(),
        "released": not pending, "due_at": release_at if pending else expires_at,
        "before": before, "between": between, "after": after,
    }  # fmt: skip


def _hashed(accrual: Accrual, now: datetime, *, pending: int) -> tuple[str, str, str]:
    points = accrual.points
    entry = Entry(
        number=0, at=accrual.at, posted_at=now, kind="accrual", wallet=accrual.wallet, source=accrual.source,
        origin=accrual.origin, details=accrual.details,
        postings=Postings(available=points - pending, pending=pending, issued=-points),
    )  # fmt: skip
    facts = facts_of(entry, member=accrual.member)
    first, second, third = (
        canonical({name: fact for name, fact in facts.items() if low < name < high})
        for low, high in (("", "lots"), ("lots", "number"), ("number", "~"))
    )
    return f'{first[:-1]},"lots":[[', f',{points}]],{second[1:-1]},"number":', f",{third[1:]}"
