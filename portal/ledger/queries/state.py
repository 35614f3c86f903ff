"""A member's book out of the database: one JSON column of the story's one statement, and more of it where needed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from portal.db import Direct, Id, json_array, json_tuple
from portal.ledger.accruals import POINTS
from portal.ledger.book import Book
from portal.ledger.entries import Entry
from portal.ledger.holds import Hold
from portal.ledger.queries import columns
from portal.ledger.rows import account_of, consumption_of, debt_of, entry_of, hold_of, lot_of, sealed_of
from portal.ledger.sheet import Pages
from portal.ledger.tables import AccountRow, BookRow, ConsumptionRow, DebtRow, EntryRow, HoldRow, LotRow

_Rows: TypeAlias = Iterable[Any] | None
_NONE, _ACTIVE, _POINTS = literal_column("0"), literal_column("'active'"), literal_column(f"'{POINTS}'")
"""Written out, so that the partial indices serve prepared statements too."""
_ACCOUNT, _LOT = columns.by_place(AccountRow), columns.by_place(LotRow)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a story does with lots: it spends some (1) or none (0), and lets happen what is due `until` an instant."""

    spends: ColumnElement[Any]
    until: ColumnElement[Any]


def book_column(member_id: SQLColumnExpression[str], *, reach: Reach | None = None) -> ColumnElement[Any]:
    """Return a scalar subquery for `read_book`: head, accounts, open lots, active holds and open debts of a member.

    It is null for a member to whom nothing was ever told. Lots out of `reach` (None: all are needed) come sealed.
    """
    book = aliased(BookRow)  # the member may be named by the book table itself; all rows below hang on the alias
    return select(_state_of(book, reach)).where(book.member_id == member_id).scalar_subquery()


def books_column(*member_ids: SQLColumnExpression[str], reach: Reach | None = None) -> ColumnElement[Any]:
    """Return a scalar subquery for `read_books`: the books of several members, for the price of one to plan."""
    book = aliased(BookRow)
    return select(json_array(_state_of(book, reach))).where(book.member_id.in_(member_ids)).scalar_subquery()


def _state_of(book: Any, reach: Reach | None) -> ColumnElement[Any]:
    lots = _rows(_LOT, _open_lots(book))
    return json_tuple(
        book.member_id,
        book.entries,
        book.head,
        _rows(_ACCOUNT, AccountRow.member_id == book.member_id),
        _rows(columns.HOLD, and_(HoldRow.member_id == book.member_id, HoldRow.state == _ACTIVE)),
        _rows(columns.DEBT, and_(DebtRow.member_id == book.member_id, DebtRow.remaining > _NONE)),
        json_tuple(lots) if reach is None else _within(book, reach, lots),
    )


def _within(book: Any, reach: Reach, lots: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return lots one by one where some may be touched, and else what is left in those alike.

    Units of gift wallets are spent without being asked for; who has some gets all lots.
    """
    gifts = select(_NONE).where(
        AccountRow.member_id == book.member_id, AccountRow.wallet != _POINTS, AccountRow.available > _NONE
    )
    touched = or_(reach.spends > _NONE, book.due_at <= reach.until, gifts.limit(1).scalar_subquery().is_not(None))
    return case((touched, json_tuple(lots)), else_=json_tuple(null(), _sealed(book)))


def _sealed(book: Any) -> ColumnElement[Any]:
    """Gather by what the index of open lots begins with: SQLite reads a member's closed lots too otherwise."""
    release_at = case((LotRow.released, null()), else_=LotRow.release_at)
    alike = (LotRow.expires_at, LotRow.last_valid_day, LotRow.wallet, LotRow.released, release_at)
    left = cast(func.sum(LotRow.remaining), BigInteger)
    sums = (
        select(*(each.label(f"alike{n}") for n, each in enumerate(alike)), left.label("remaining"))
        .where(_open_lots(book), LotRow.remaining > _NONE)
        .group_by(*alike)
        .correlate_except(LotRow)
        .subquery()
    )
    return select(json_array(json_tuple(*sums.c))).scalar_subquery()


def _open_lots(book: Any) -> ColumnElement[bool]:
    return and_(LotRow.member_id == book.member_id, LotRow.remaining + LotRow.held > _NONE)


def _rows(row: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(json_array(row)).where(condition).scalar_subquery()


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_MEMBER = bindparam("member_id", type_=Id)
_STATE = Direct(select(book_column(_MEMBER)))
_STATE_AND_ONE = Direct(
    select(
        book_column(_MEMBER),
        _rows(columns.ENTRY, and_(EntryRow.member_id == _MEMBER, EntryRow.source == bindparam("source"))),
    )
)
_STATE_AND_TOLD = select(
    book_column(_MEMBER),
    _rows(columns.ENTRY, and_(EntryRow.member_id == _MEMBER, EntryRow.source.in_(_several("sources")))),
)
_NAMED_HOLD = select(columns.HOLD).where(HoldRow.member_id == _MEMBER, HoldRow.id == bindparam("hold"))
_ANY_HOLD = select(columns.HOLD).where(HoldRow.id == bindparam("hold"))
_CONSUMED = select(columns.CONSUMPTION).where(
    ConsumptionRow.member_id == _MEMBER, ConsumptionRow.number.in_(_several("numbers"))
)
_LOTS = select(_LOT).where(
    LotRow.member_id == _MEMBER,
    or_(LotRow.grant_number.in_(_several("numbers")), LotRow.number.in_(_several("consumed"))),
)


def read_book(
    state: Sequence[Any] | None, *, member: str, now: datetime, pages: Pages | None = None,
    known: Sequence[Entry] = (),
) -> Book:  # fmt: skip
    """Return the book of a `book_column`, brought to `now`; what was due is among its new entries.

    `pages` and `known` add rows that are not open any more, and entries commands may name.
    """
    pages = pages or Pages()
    if state is None:
        book = Book(member, pages=pages, known=known)
    else:
        _, count, head, *told = state
        _fill(pages, *told)
        book = Book(member, count=count, head=head, pages=pages, known=known)
    book.advance(now)
    return book


def read_books(
    rows: Iterable[Sequence[Any]] | None, *, members: Iterable[str | None], now: datetime
) -> dict[str | None, Book]:
    """Return the books of these members out of a `books_column`, brought to `now`; nobody (None) has none."""
    states = {row[0]: row for row in rows or ()}
    return {member: read_book(states.get(member), member=member, now=now) for member in members if member}


def _fill(pages: Pages, accounts: _Rows, holds: _Rows, debts: _Rows, lots: Sequence[_Rows]) -> None:
    open_lots, *sums = lots
    pages.accounts.update({account.wallet: account for account in map(account_of, accounts or ())})
    pages.holds.update({row["id"]: hold_of(row) for row in holds or ()})
    pages.debts.update({row["number"]: debt_of(row) for row in debts or ()})
    pages.lots.update({lot.number: lot for lot in map(lot_of, open_lots or ())})
    pages.sealed = tuple(sealed_of(row) for rows in sums for row in rows or ())


def load(
    session: Session, member: str, *, now: datetime, sources: Collection[str] = (), hold: str | None = None
) -> Book:
    """Read a member's book, brought to `now`.

    Name in `sources` the redemptions, captures and accruals that a refund undoes, and commands that may have been told
    before; in `hold` the hold that is to be captured or voided.
    """
    connection, pages = session.connection(), Pages()
    state, known = _state(session, member, sources)
    _add_what_they_moved(connection, member, known, pages)
    if hold is not None:
        rows = connection.execute(_NAMED_HOLD, {"member_id": member, "hold": hold}).scalars()
        pages.holds.update({row["id"]: hold_of(row) for row in rows})
    return read_book(state, member=member, now=now, pages=pages, known=known)


def hold_owner(session: Session, hold: str) -> str | None:
    """Return whose points a hold set aside."""
    return session.scalar(select(HoldRow.member_id).where(HoldRow.id == hold))


def find_hold(session: Session, hold: str) -> Hold | None:
    """Return a hold as it was written last; one that only timed out still says `active`."""
    row = session.scalar(_ANY_HOLD, {"hold": hold})
    return hold_of(row) if row else None


def _state(session: Session, member: str, sources: Collection[str]) -> tuple[Sequence[Any] | None, list[Entry]]:
    """Read a book's state together with the entries of some names."""
    if not sources:
        return _STATE.one(session, {"member_id": member})[0], []
    if len(sources) == 1:
        state, told = _STATE_AND_ONE.one(session, {"member_id": member, "source": next(iter(sources))})
    else:
        asked = {"member_id": member, "sources": list(sources)}
        state, told = session.connection().execute(_STATE_AND_TOLD, asked).one()
    return state, [entry_of(row) for row in told or ()]


def _add_what_they_moved(connection: Connection, member: str, known: Sequence[Entry], pages: Pages) -> None:
    """Add the consumptions of these entries, the lots they took from, and the lots they made with their grace lots."""
    if not known:
        return
    sources = {entry.number: entry.source for entry in known}
    numbers = {"member_id": member, "numbers": list(sources)}
    for row in connection.execute(_CONSUMED, numbers).scalars():
        pages.consumptions[row["number"], row["lot"]] = consumption_of(row, source=sources[row["number"]])
    consumed = [lot for _, lot in pages.consumptions]
    lots = map(lot_of, connection.execute(_LOTS, {**numbers, "consumed": consumed}).scalars())
    pages.lots.update({lot.number: lot for lot in lots})
