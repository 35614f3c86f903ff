"""Many rows of many tables in one statement.

A purchase touches a dozen tables; a statement for each would cost more than the purchase. Modules declare a `Write`
for what they write, stories collect rows in a `Batch`, and `flush` sends them as one statement: on PostgreSQL a chain
of CTEs over `json_to_recordset`, on SQLite an INSERT into a temporary view whose trigger runs them over `json_each`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, Table, TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db.engine import Stale
from portal.db.types import Instant

_STALE = "portal: stale"
_HEAP = 100
"""From so many rows on SQLite gets them one by one."""


@dataclass(frozen=True, slots=True)
class Write:
    """One statement of a batch, fed by rows.

    `columns` maps the keys of a row to SQL types (`text`, `bigint`, `boolean`, `jsonb`; instants are `bigint`
    microseconds). `statement` is SQL in which `{rows}` stands for the rows under the alias `r`. With `every_row` each
    row must hit exactly one row of the table, or `flush` raises `Stale`. `locks` is a SELECT … FOR UPDATE in one
    order for all: on PostgreSQL it goes before a write of several rows, so that nobody waits in a circle.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    statement: str
    every_row: bool = False
    locks: str = ""


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

    _rows: dict[Write, list[Mapping[str, Any]]] = field(default_factory=dict)

    def add(self, write: Write, *rows: Mapping[str, Any]) -> None:
        """Add rows whose instants are already microseconds and whose documents are plain JSON values."""
        if rows:
            self._rows.setdefault(write, []).extend(rows)

    def flush(self, session: Session) -> None:
        """Write everything by one statement (a heap on SQLite by one for each `Write`) and forget it.

        Raises `Stale` when an `every_row` write missed a row.
        """
        if not self._rows:
            return
        writes = tuple(sorted(self._rows, key=lambda write: write.name))
        if session.get_bind().dialect.name == "sqlite" and sum(map(len, self._rows.values())) > _HEAP:
            _flush_heap(session, writes, self._rows)
            self._rows = {}
            return
        documents = {f"w{n}": _encode(self._rows[write]) for n, write in enumerate(writes)}
        if session.get_bind().dialect.name == "postgresql":
            _flush_postgresql(session, writes, documents, [len(self._rows[write]) for write in writes])
        else:
            _flush_sqlite(session, writes, documents)
        self._rows = {}


def _flush_heap(session: Session, writes: Sequence[Write], rows: Mapping[Write, Sequence[Mapping[str, Any]]]) -> None:
    """Write many rows to SQLite by one prepared statement for each `Write`.

    Its `->>` parses a row's JSON for every column: for hundreds of rows that costs more than the statements saved.
    """
    connection = session.connection()
    for write in writes:
        columns = [(name, kind == "jsonb") for name, kind in write.columns]
        values = [
            tuple(_encode(row[name]) if is_json and row[name] is not None else row[name] for name, is_json in columns)
            for row in rows[write]
        ]
        hit = connection.exec_driver_sql(_heap_statement(write), values).rowcount
        if write.every_row and hit != len(values):
            raise Stale(write.name)


def _encode(value: Any) -> str:
    """Write plain JSON values as text, three times as fast as `json.dumps`."""
    return to_json(value).decode()


@lru_cache(maxsize=512)
def _heap_statement(write: Write) -> str:
    columns = ", ".join(f'? as "{name}"' for name, _ in write.columns)
    return write.statement.format(rows=f"(select {columns}) as r")


def _flush_postgresql(
    session: Session, writes: tuple[Write, ...], documents: dict[str, str], sizes: Sequence[int]
) -> None:
    several = tuple(size > 1 for size in sizes)
    hits = session.connection().execute(_postgresql_statement(writes, several), documents).one()
    for write, hit, wanted in zip(
        writes, hits[-len(writes) :], sizes, strict=True
    ):  # before them stand those of the locks
        if write.every_row and hit != wanted:
            raise Stale(write.name)


@lru_cache(maxsize=512)
def _postgresql_statement(writes: tuple[Write, ...], several: tuple[bool, ...]) -> TextClause:
    parts: list[str] = []
    counts: list[str] = []
    locks: list[str] = []
    for n, write in enumerate(writes):
        columns = ", ".join(f'"{name}" {kind}' for name, kind in write.columns)
        rows = f"json_to_recordset(cast(:w{n} as json)) as r({columns})"
        if write.locks and several[n]:
            parts.append(f"l{n} as materialized ({write.locks.format(rows=rows)})")
            locks.append(f"(select count(*) from l{n})")
        parts.append(f"w{n} as ({write.statement.format(rows=rows)} returning 1)")
        counts.append(f"(select count(*) from w{n})" if write.every_row else "0")
    return text(f"with {', '.join(parts)} select {', '.join(locks + counts)}")


def _flush_sqlite(session: Session, writes: tuple[Write, ...], documents: dict[str, str]) -> None:
    connection = session.connection()
    view, *definitions, insert = _sqlite_statements(writes)
    known: set[str] = connection.info.setdefault("batch_views", set())
    if view not in known:
        for definition in definitions:
            connection.exec_driver_sql(definition)
        known.add(view)
    try:
        connection.exec_driver_sql(insert, tuple(documents.values()))
    except IntegrityError as trouble:
        if _STALE in str(trouble.orig):
            raise Stale from trouble
        raise


@lru_cache(maxsize=512)
def _sqlite_statements(writes: tuple[Write, ...]) -> tuple[str, ...]:
    names = [f"w{n}" for n in range(len(writes))]
    body = "; ".join(_sqlite_write(name, write) for name, write in zip(names, writes, strict=True))
    view = "batch_" + hashlib.sha256(body.encode()).hexdigest()[:16]
    columns = ", ".join(f"null as {name}" for name in names)
    marks = ", ".join("?" * len(names))
    return (
        view,
        f"create temp view if not exists {view} as select {columns} where 0",
        f"create temp trigger if not exists {view}_write instead of insert on {view} begin {body}; end",
        f"insert into {view} ({', '.join(names)}) values ({marks})",
    )


def _sqlite_write(name: str, write: Write) -> str:
    columns = ", ".join(f'{_sqlite_value(column, kind)} as "{column}"' for column, kind in write.columns)
    statement = write.statement.format(rows=f"(select {columns} from json_each(new.{name})) as r")
    if not write.every_row:
        return statement
    return f"{statement}; select raise(abort, '{_STALE}') where changes() <> json_array_length(new.{name})"


def _sqlite_value(column: str, kind: str) -> str:
    if kind == "jsonb":
        return f"nullif(value->'$.{column}', 'null')"
    return f"value->>'$.{column}'"
