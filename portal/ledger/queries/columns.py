"""Rows of the ledger's tables as JSON, in the form that `portal.ledger.rows` reads."""

from typing import Any

from sqlalchemy import ColumnElement, inspect

from portal.db import Base, json_object
from portal.ledger.tables import AccountRow, ConsumptionRow, DebtRow, EntryRow, HoldRow, LotRow


def _all_of(table: type[Base]) -> ColumnElement[Any]:
    columns = inspect(table).columns
    return json_object(**{column.name: column for column in columns if column.name != "member_id"})


ACCOUNT, ENTRY, LOT, HOLD, DEBT, CONSUMPTION = map(
    _all_of, (AccountRow, EntryRow, LotRow, HoldRow, DebtRow, ConsumptionRow)
)
