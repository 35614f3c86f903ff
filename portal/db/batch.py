"""Many rows of many tables in one statement.

A purchase touches a dozen tables; a statement for each would cost more than the purchase. Modules declare a `Write`
for what they write, stories collect rows in a `Batch`, and `flush` sends them as one statement: on PostgreSQL a chain
of CTEs, on SQLite an INSERT into a temporary view whose trigger runs them over `json_each`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, Table
from sqlalchemy.orm import Session

from portal.db import batch_postgresql, batch_sqlite
from portal.db.types import Instant
from portal.db.write import Row, Write


def insert_into(table: Table | Any, *, columns: Sequence[str] = (), conflict: str = "") -> Write:
    """Return the write that inserts rows into a table; `conflict` is an `on conflict …` clause."""
    chosen = tuple((c.name, _sql_type(c)) for c in table.columns if not columns or c.name in columns)
    names = ", ".join(f'"{name}"' for name, _ in chosen)
    values = ", ".join(f'r."{name}"' for name, _ in chosen)
    statement = f'insert into "{table.name}" ({names}) select {values} from {{rows}} where true {conflict}'
    return Write(name=f"insert_{table.name}", columns=chosen, statement=statement)


def _sql_type(column: Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, Boolean):
        return "boolean"
    if isinstance(kind, BigInteger | Integer | Instant):
        return "bigint"
    return "jsonb" if isinstance(kind, JSON) else "text"


@dataclass(slots=True)
class Batch:
    """Rows waiting to be written together. Rows of one `Write` all have its columns as keys."""

    _rows: dict[Write, list[Row]] = field(default_factory=dict)

    def add(self, write: Write, *rows: Row) -> None:
        """Add rows whose instants are already microseconds and whose documents are plain JSON values."""
        if rows:
            self._rows.setdefault(write, []).extend(rows)

    def flush(self, session: Session) -> None:
        """Write everything by one statement (a heap on SQLite by one for each `Write`) and forget it.

        Raises `Stale` when an `every_row` write missed a row; nothing of the batch is written then.
        """
        if not self._rows:
            return
        ordered = tuple(sorted(self._rows.items(), key=lambda item: item[0].name))
        if session.get_bind().dialect.name == "postgresql":
            batch_postgresql.flush(session, ordered)
        else:
            batch_sqlite.flush(session, ordered)
        self._rows = {}
