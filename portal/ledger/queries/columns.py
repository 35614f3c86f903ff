"""Rows of the ledger's tables as JSON, in the form that `portal.ledger.rows` reads."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, inspect

from portal.db import Base, json_object, json_tuple
from portal.ledger.tables import AccountRow, ConsumptionRow, DebtRow, EntryRow, HoldRow, LotRow


def _columns(table: type[Base]) -> Iterator[Column[Any]]:
    return (column for column in inspect(table).columns if column.name != "member_id")


def _all_of(table: type[Base]) -> ColumnElement[Any]:
    return json_object(**{column.name: column for column in _columns(table)})


def by_place(table: type[Base]) -> ColumnElement[Any]:
    """Return a row without its member as a list in the order of the table's columns, for what is read in numbers."""
    return json_tuple(*_columns(table))


ACCOUNT, ENTRY, LOT, HOLD, DEBT, CONSUMPTION = map(
    _all_of, (AccountRow, EntryRow, LotRow, HoldRow, DebtRow, ConsumptionRow)
)
