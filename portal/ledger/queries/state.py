"""A member's book out of the database: one JSON column of the story's one statement, and more of it where needed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from portal.db import Id, json_array, json_object
from portal.ledger.book import Book
from portal.ledger.entries import Entry
from portal.ledger.queries import columns
from portal.ledger.rows import account_of, consumption_of, debt_of, entry_of, hold_of, lot_of
from portal.ledger.sheet import Pages
from portal.ledger.tables import AccountRow, BookRow, ConsumptionRow, DebtRow, EntryRow, HoldRow, LotRow

_NONE, _ACTIVE = literal_column("0"), literal_column("'active'")
"""Written out, so that the partial indices serve prepared statements too."""


def book_column(member_id: SQLColumnExpression[str]) -> ColumnElement[Any]:
    """Return a scalar subquery for `read_book`: head, accounts, open lots, active holds and open debts of a member.

    It is null for a member to whom nothing was ever told.
    """
    book = aliased(BookRow)  # the member may be named by the book table itself; all rows below hang on the alias
    return (
        select(
            json_object(
                entries=book.entries,
                head=book.head,
                accounts=_rows(columns.ACCOUNT, AccountRow.member_id == book.member_id),
                lots=_rows(
                    columns.LOT, and_(LotRow.member_id == book.member_id, LotRow.remaining + LotRow.held > _NONE)
                ),
                holds=_rows(columns.HOLD, and_(HoldRow.member_id == book.member_id, HoldRow.state == _ACTIVE)),
                debts=_rows(columns.DEBT, and_(DebtRow.member_id == book.member_id, DebtRow.remaining > _NONE)),
            )
        )
        .where(book.member_id == member_id)
        .scalar_subquery()
    )


def _rows(row: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(json_array(row)).where(condition).scalar_subquery()


_STATE = select(book_column(bindparam("member_id", type_=Id)))


def read_book(
    state: Mapping[str, Any] | None, *, member: str, now: datetime, pages: Pages | None = None,
    known: Sequence[Entry] = (),
) -> Book:  # fmt: skip
    """Return the book of a `book_column`, brought to `now`; what was due is among its new entries.

    `pages` and `known` add rows that are not open any more, and entries commands may name.
    """
    pages = pages or Pages()
    if state is None:
        book = Book(member, pages=pages, known=known)
    else:
        _fill(pages, state)
        book = Book(member, count=state["entries"], head=state["head"], pages=pages, known=known)
    book.advance(now)
    return book


def _fill(pages: Pages, state: Mapping[str, Any]) -> None:
    pages.accounts.update({row["wallet"]: account_of(row) for row in state["accounts"] or ()})
    pages.lots.update({row["number"]: lot_of(row) for row in state["lots"] or ()})
    pages.holds.update({row["id"]: hold_of(row) for row in state["holds"] or ()})
    pages.debts.update({row["number"]: debt_of(row) for row in state["debts"] or ()})


def load(
    session: Session, member: str, *, now: datetime, sources: Collection[str] = (), hold: str | None = None
) -> Book:
    """Read a member's book, brought to `now`.

    Name in `sources` the redemptions, captures and accruals that a refund undoes, and commands that may have been told
    before; in `hold` the hold that is to be captured or voided.
    """
    state = session.scalar(_STATE, {"member_id": member})
    pages = Pages()
    known = _entries(session, member, sources) if sources else []
    if known:
        _add_what_they_moved(session, member, known, pages)
    if hold is not None:
        rows = session.scalars(select(columns.HOLD).where(HoldRow.id == hold, HoldRow.member_id == member))
        pages.holds.update({row["id"]: hold_of(row) for row in rows})
    return read_book(state, member=member, now=now, pages=pages, known=known)


def hold_owner(session: Session, hold: str) -> str | None:
    """Return whose points a hold set aside."""
    return session.scalar(select(HoldRow.member_id).where(HoldRow.id == hold))


def _entries(session: Session, member: str, sources: Collection[str]) -> list[Entry]:
    statement = select(columns.ENTRY).where(EntryRow.source.in_(sources), EntryRow.member_id == member)
    return [entry_of(row) for row in session.scalars(statement)]


def _add_what_they_moved(session: Session, member: str, known: Sequence[Entry], pages: Pages) -> None:
    """Add the consumptions of these entries, the lots they took from, and the lots they made with their grace lots."""
    sources = {entry.number: entry.source for entry in known}
    numbers = list(sources)
    for row in session.scalars(
        select(columns.CONSUMPTION).where(ConsumptionRow.member_id == member, ConsumptionRow.number.in_(numbers))
    ):
        pages.consumptions[row["number"], row["lot"]] = consumption_of(row, source=sources[row["number"]])
    consumed = [lot for _, lot in pages.consumptions]
    wanted = or_(LotRow.grant_number.in_(numbers), LotRow.number.in_(consumed))
    for row in session.scalars(select(columns.LOT).where(LotRow.member_id == member, wanted)):
        pages.lots[row["number"]] = lot_of(row)
