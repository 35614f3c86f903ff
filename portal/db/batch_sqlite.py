"""A batch on SQLite, which has no writing CTEs: a trigger of a temporary view runs its statements."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db.direct import execute
from portal.db.engine import Stale
from portal.db.write import Row, Write, encode

_STALE = "portal: stale"
_HEAP = 100
"""From so many rows on they are written one by one."""

Rows = Sequence[tuple[Write, list[Row]]]


def flush(session: Session, rows: Rows) -> None:
    """Write rows, by the name of their `Write`. Raises `Stale`."""
    connection = session.connection()
    if sum(len(each) for _, each in rows) > _HEAP:
        _flush_heap(connection, rows)
    else:
        _flush_few(connection, rows)


def _flush_heap(connection: Connection, rows: Rows) -> None:
    """Write many rows by one prepared statement for each `Write`.

    SQLite's `->>` parses a row's JSON for every column: for hundreds of rows that costs more than the statements saved.
    What a row refers to may be written after it, as in one statement.
    """
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for write, each in rows:
        names = [name for name, _ in write.columns]
        documents = [n for n, (_, kind) in enumerate(write.columns) if kind == "jsonb"]
        values = [_values(row, names, documents) for row in each]
        hit = connection.exec_driver_sql(_heap_statement(write), values).rowcount
        if write.every_row and hit != len(values):
            raise Stale(write.name)


def _values(row: Row, names: Sequence[str], documents: Sequence[int]) -> tuple[Any, ...]:
    values = list(map(row.__getitem__, names))
    for n in documents:
        if values[n] is not None:
            values[n] = encode(values[n])
    return tuple(values)


@lru_cache(maxsize=512)
def _heap_statement(write: Write) -> str:
    columns = ", ".join(f'? as "{name}"' for name, _ in write.columns)
    return write.statement.format(rows=f"(select {columns}) as r")


def _flush_few(connection: Connection, rows: Rows) -> None:
    view, *definitions, insert = _statements(tuple(write for write, _ in rows))
    known: set[str] = connection.info.setdefault("batch_views", set())
    if view not in known:
        for definition in definitions:
            connection.exec_driver_sql(definition)
        known.add(view)
    try:
        execute(connection, insert, tuple(encode(each) for _, each in rows))
    except IntegrityError as trouble:
        if _STALE in str(trouble.orig):
            raise Stale from trouble
        raise


@lru_cache(maxsize=512)
def _statements(writes: tuple[Write, ...]) -> tuple[str, ...]:
    names = [f"w{n}" for n in range(len(writes))]
    body = "; ".join(_one_write(name, write) for name, write in zip(names, writes, strict=True))
    view = "batch_" + hashlib.sha256(body.encode()).hexdigest()[:16]
    columns = ", ".join(f"null as {name}" for name in names)
    marks = ", ".join("?" * len(names))
    return (
        view,
        f"create temp view if not exists {view} as select {columns} where 0",
        f"create temp trigger if not exists {view}_write instead of insert on {view} begin {body}; end",
        f"insert into {view} ({', '.join(names)}) values ({marks})",
    )


def _one_write(name: str, write: Write) -> str:
    columns = ", ".join(f'{_value(column, kind)} as "{column}"' for column, kind in write.columns)
    statement = write.statement.format(rows=f"(select {columns} from json_each(new.{name})) as r")
    if not write.every_row:
        return statement
    return f"{statement}; select raise(abort, '{_STALE}') where changes() <> json_array_length(new.{name})"


def _value(column: str, kind: str) -> str:
    if kind == "jsonb":
        return f"nullif(value->'$.{column}', 'null')"
    return f"value->>'$.{column}'"
