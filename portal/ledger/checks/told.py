"""Everything told about members, read without trusting any of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, inspect, select, union
from sqlalchemy.orm import Session

from portal.db import Base, Id, json_array, json_object
from portal.ledger.queries import columns
from portal.ledger.tables import AccountRow, BookRow, ConsumptionRow, DebtRow, EntryRow, HoldRow, LotRow

CHUNK = 100
Fact = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken invariant: its name, whose book, which entry if one can be named, and what is wrong."""

    invariant: str
    member: str
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of one member as the tables have them, numbered ones in order."""

    member: str
    book: Fact
    accounts: list[Fact]
    entries: list[Fact]
    lots: list[Fact]
    holds: list[Fact]
    debts: list[Fact]
    consumptions: list[Fact]

    def violation(self, invariant: str, text: str, *, number: int | None = None) -> Violation:
        return Violation(invariant, self.member, number, text)

    def wallets(self) -> list[str]:
        return sorted({row["wallet"] for rows in (self.accounts, self.entries, self.lots) for row in rows})


def _all_rows(row: ColumnElement[Any], table: type[Base]) -> ColumnElement[Any]:
    member_id = inspect(table).columns["member_id"]
    return select(json_array(row)).where(member_id == BookRow.member_id).correlate(BookRow).scalar_subquery()


_CHUNK = (
    select(
        BookRow.member_id,
        json_object(entries=BookRow.entries, head=BookRow.head, due_at=BookRow.due_at),
        _all_rows(columns.ACCOUNT, AccountRow),
        _all_rows(columns.ENTRY, EntryRow),
        _all_rows(columns.LOT, LotRow),
        _all_rows(columns.HOLD, HoldRow),
        _all_rows(columns.DEBT, DebtRow),
        _all_rows(columns.CONSUMPTION, ConsumptionRow),
    )
    .where(BookRow.member_id > bindparam("after", type_=Id))
    .order_by(BookRow.member_id)
    .limit(CHUNK)
)


def whole_ledger(session: Session) -> Iterator[Told]:
    """Give all members' rows in the order of ids, some members at a time."""
    after = ""
    while rows := session.execute(_CHUNK, {"after": after}).all():
        for member, book, accounts, *numbered in rows:
            yield Told(member, book, accounts or [], *(sorted(each or [], key=_number) for each in numbered))
        after = rows[-1][0]


def members_without_book(session: Session) -> list[str]:
    """Return members that have rows but no book."""
    tables = (AccountRow, EntryRow, LotRow, HoldRow, DebtRow, ConsumptionRow)
    members = union(*(select(inspect(table).columns["member_id"]) for table in tables)).subquery()
    missing = select(members.c.member_id).where(~members.c.member_id.in_(select(BookRow.member_id)))
    return list(session.scalars(missing))


def _number(row: Fact) -> int:
    number: int = row["number"]
    return number
