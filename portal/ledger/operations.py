"""The only place where points move: books are read, moved in memory, and stored with everything else of a story."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into, locks_reads
from portal.ledger.book import Book
from portal.ledger.entries import Entry
from portal.ledger.queries.state import book_column, read_book
from portal.ledger.rows import Row, account_row, consumption_row, debt_row, entry_row, hold_row, lot_row
from portal.ledger.tables import AccountRow, BookRow, ConsumptionRow, DebtRow, EntryRow, HoldRow, LotRow

K = TypeVar("K")
V = TypeVar("V")


def _update(table: str, *, key: tuple[tuple[str, str], ...], sets: tuple[tuple[str, str], ...]) -> Write:
    """Return the write that changes rows found by their key."""
    values = ", ".join(f'"{name}" = r."{name}"' for name, _ in sets)
    found = " and ".join(f'"{table}"."{name}" = r."{name}"' for name, _ in key)
    return Write(
        name=f"update_{table}",
        columns=key + sets,
        statement=f'update "{table}" set {values} from {{rows}} where {found}',
        every_row=True,
    )


_MEMBER = ("member_id", "text")
_NUMBERED = (_MEMBER, ("number", "bigint"))
_INSERT_BOOK = insert_into(BookRow.__table__)
_INSERT_ACCOUNT = insert_into(AccountRow.__table__)
_INSERT_ENTRY = insert_into(EntryRow.__table__)
_INSERT_LOT = insert_into(LotRow.__table__)
_INSERT_HOLD = insert_into(HoldRow.__table__)
_INSERT_DEBT = insert_into(DebtRow.__table__)
_INSERT_CONSUMPTION = insert_into(ConsumptionRow.__table__)
_TURN_BOOK = Write(
    name="book",  # first in the batch, so that two who write to one book wait for each other here and nowhere else
    columns=(_MEMBER, ("entries", "bigint"), ("head", "text"), ("due_at", "bigint"), ("expected", "bigint")),
    statement=(
        "update book set entries = r.entries, head = r.head, due_at = r.due_at from {rows} "
        "where book.member_id = r.member_id and book.entries = r.expected"
    ),
    every_row=True,
    locks=(
        "select 1 from book where member_id in (select r.member_id from {rows}) order by member_id for update of book"
    ),
)
_UPDATE_ACCOUNT = _update(
    "account",
    key=(_MEMBER, ("wallet", "text")),
    sets=(("available", "bigint"), ("pending", "bigint"), ("held", "bigint"), ("debt", "bigint")),
)
_UPDATE_LOT = _update(
    "lot",
    key=_NUMBERED,
    sets=(
        ("remaining", "bigint"),
        ("released", "boolean"),
        ("held", "bigint"),
        ("expired", "bigint"),
        ("reversed", "bigint"),
    ),
)
_UPDATE_HOLD = _update("hold", key=(("id", "text"),), sets=(("state", "text"), ("ended_at", "bigint")))
_UPDATE_DEBT = _update("debt_item", key=_NUMBERED, sets=(("remaining", "bigint"),))
_UPDATE_CONSUMPTION = _update("consumption", key=(*_NUMBERED, ("lot", "bigint")), sets=(("restored", "bigint"),))


def lock_books(session: Session, members: Collection[str]) -> None:
    """Lock books for the rest of the transaction, in the order of ids, so that nobody waits in a circle.

    Call it before the books are read. Does nothing on the first try of a request (`portal.db.run`), and nothing on
    SQLite, where writers queue anyway.
    """
    if locks_reads(session):
        take_books(session, members)


def take_books(session: Session, members: Collection[str]) -> None:
    """Lock books on the first try too: for stories that read one book by several statements."""
    if session.get_bind().dialect.name == "postgresql":
        ordered = select(BookRow.member_id).where(BookRow.member_id.in_(members)).order_by(BookRow.member_id)
        session.execute(ordered.with_for_update()).all()


def store(batch: Batch, *books: Book) -> None:
    """Add to a batch everything that has moved in books since they were read.

    When somebody else wrote to one of the books meanwhile, flushing raises `portal.db.Stale`, or on PostgreSQL an
    IntegrityError for the number of the entry; `portal.db.run` starts again after either.
    """
    for book in sorted(books, key=lambda each: each.member):
        if book.entries:
            _turn(batch, book)
            _store_pages(batch, book)


def post_what_is_due(session: Session, *, now: datetime, limit: int) -> list[tuple[str, Entry]]:
    """Post due events of up to `limit` members, those first who wait longest; return each entry with its member.

    Idempotent, and never needed for reads to be right. Call it again until it returns nothing. Members whose books are
    being written just now are left for the next call.
    """
    due = select(BookRow.member_id).where(BookRow.due_at <= now).order_by(BookRow.due_at).limit(limit)
    members = session.scalars(due.with_for_update(skip_locked=True)).all()
    states = select(BookRow.member_id, book_column(BookRow.member_id)).where(BookRow.member_id.in_(members))
    books = [read_book(state, member=member, now=now) for member, state in session.execute(states)]
    batch = Batch()
    store(batch, *books)
    batch.flush(session)
    return [(book.member, entry) for book in books for entry in book.entries]


def _turn(batch: Batch, book: Book) -> None:
    due = book.next_due()
    row = {
        "member_id": book.member, "entries": book.count, "head": book.head,
        "due_at": None if due is None else epoch(due),
    }  # fmt: skip
    expected = book.count - len(book.entries)
    if expected:
        batch.add(_TURN_BOOK, {**row, "expected": expected})
    else:
        batch.add(_INSERT_BOOK, row)
    batch.add(_INSERT_ENTRY, *(entry_row(book.member, entry) for entry in book.entries))


def _store_pages(batch: Batch, book: Book) -> None:
    read, pages = book.read, book.pages
    _store(batch, book, read.accounts, pages.accounts, row=account_row, insert=_INSERT_ACCOUNT, update=_UPDATE_ACCOUNT)
    _store(batch, book, read.lots, pages.lots, row=lot_row, insert=_INSERT_LOT, update=_UPDATE_LOT)
    _store(batch, book, read.holds, pages.holds, row=hold_row, insert=_INSERT_HOLD, update=_UPDATE_HOLD)
    _store(batch, book, read.debts, pages.debts, row=debt_row, insert=_INSERT_DEBT, update=_UPDATE_DEBT)
    _store(
        batch, book, read.consumptions, pages.consumptions,
        row=consumption_row, insert=_INSERT_CONSUMPTION, update=_UPDATE_CONSUMPTION,
    )  # fmt: skip


def _store(
    batch: Batch, book: Book, before: Mapping[K, V], after: Mapping[K, V], *, row: Callable[[str, V], Row],
    insert: Write, update: Write,
) -> None:  # fmt: skip
    """Add what is new and what is another value than was read; values are frozen, so the same object is the same."""
    for key, value in after.items():
        if key not in before:
            batch.add(insert, row(book.member, value))
        elif before[key] is not value:
            batch.add(update, row(book.member, value))
