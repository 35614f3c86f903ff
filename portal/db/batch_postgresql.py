"""A batch on PostgreSQL: a chain of writing CTEs, which is a transaction by itself when none was begun.

A few rows of a `Write` come as VALUES: the planner knows their number, and nothing is parsed twice. More of them come
as one JSON document, so that not every number of rows has to be planned.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pydantic_core import to_json
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from portal.db.direct import execute
from portal.db.engine import Stale, settle
from portal.db.write import Row, Write

_FEW = 4
_DIVISION_BY_ZERO = "22012"

Rows = Sequence[tuple[Write, list[Row]]]


def flush(session: Session, rows: Rows) -> None:
    """Write rows, by the name of their `Write`. Raises `Stale`."""
    settle(session)
    sizes = tuple(min(len(each), _FEW + 1) for _, each in rows)
    hurried = not session.info.get("forgettable", False)
    statement = _statement(tuple(write for write, _ in rows), sizes, hurried=hurried)
    values: list[Any] = []
    for write, each in rows:
        values += _values(write, each) if len(each) <= _FEW else (to_json(each),)
    try:
        execute(session.connection(), statement, values)
    except DataError as trouble:
        if getattr(trouble.orig, "sqlstate", None) == _DIVISION_BY_ZERO:
            raise Stale from trouble
        raise


def _values(write: Write, rows: list[Row]) -> list[Any]:
    """Give the values in the order of their places, documents as JSON."""
    values_of, documents = _places(write)
    values: list[Any] = []
    for row in rows:
        start = len(values)
        values += values_of(row)
        for place in documents:
            if values[start + place] is not None:
                values[start + place] = to_json(values[start + place])
    return values


@lru_cache(maxsize=512)
def _places(write: Write) -> tuple[Callable[[Row], Sequence[Any]], Sequence[int]]:
    """Return what reads a row's values in order, and where documents stand among them."""
    names = [name for name, _ in write.columns]
    documents = [place for place, (_, kind) in enumerate(write.columns) if kind == "jsonb"]
    return (itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)), documents


@lru_cache(maxsize=512)
def _statement(writes: tuple[Write, ...], sizes: tuple[int, ...], *, hurried: bool) -> str:
    """Compose the CTEs; a write that missed a row makes a division by zero, so that nothing is written at all.

    One that is not `hurried` does not wait for the disk.
    """
    parts: list[str] = []
    locks: list[str] = []
    hits: list[str] = []
    place = 0
    for n, (write, size) in enumerate(zip(writes, sizes, strict=True)):
        rows, wanted, place = _rows(write, size, place)
        if write.locks and size > 1:
            parts.append(f"l{n} as materialized ({write.locks.format(rows=rows)})")
            locks.append(f"(select count(*) from l{n}) >= 0")
        parts.append(f"w{n} as ({write.statement.format(rows=rows)} returning 1)")
        if write.every_row:
            hits.append(f"(select count(*) from w{n}) = {wanted}")
    checked = " and ".join([*locks, *hits])
    waits = "" if hurried else ", set_config('synchronous_commit', 'off', true)"
    return f"with {', '.join(parts)} select {f'1 / ({checked})::int' if checked else '1'}{waits}"


def _rows(write: Write, size: int, place: int) -> tuple[str, str, int]:
    """Return the rows under the alias `r`, how many they are, and the last place used."""
    if size > _FEW:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in write.columns)
        rows = f"${place + 1}::json"
        return f"json_to_recordset({rows}) as r({columns})", f"json_array_length({rows})", place + 1
    names = ", ".join(f'"{name}"' for name, _ in write.columns)
    lines: list[str] = []
    for _ in range(size):
        marks = [f"${place + at}::{kind}" for at, (_, kind) in enumerate(write.columns, start=1)]
        lines.append(f"({', '.join(marks)})")
        place += len(marks)
    return f"(values {', '.join(lines)}) as r({names})", str(size), place
