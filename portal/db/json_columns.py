"""JSON built by the database, so that a story reads many tables in one statement.

`json_object(points=lot.c.left, …)`, `json_tuple(lot.c.left, …)` and `json_array(json_object(…))` compile to
`json_object` / `json_array` / `json_group_array` on SQLite and `json_build_object` / `json_build_array` / `json_agg` on
PostgreSQL. Instants come out as microseconds (`portal.db.instant` turns
them back), booleans of SQLite as 0 and 1, and the array of no rows as `[]` or None: read it with `or ()`. An array has
no order.
"""

from typing import Any

from sqlalchemy import JSON, ColumnElement, SQLColumnExpression, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _JsonObject(FunctionElement[Any]):
    type = JSON()
    inherit_cache = True


class _JsonTuple(FunctionElement[Any]):
    type = JSON()
    inherit_cache = True


class _JsonArray(FunctionElement[Any]):
    type = JSON()
    inherit_cache = True


def json_object(**values: Any) -> ColumnElement[Any]:
    """Return an expression for an object of these columns; JSON columns are nested as documents, not as texts."""
    parts: list[Any] = []
    for name, value in values.items():
        parts += [literal_column(f"'{name}'"), value]
    return _JsonObject(*parts)


def json_tuple(*values: Any) -> ColumnElement[Any]:
    """Return an expression for an array of these columns: half the work of an object, for rows read by place."""
    return _JsonTuple(*values)


def json_array(element: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Return the aggregate that gathers `element` of all rows."""
    return _JsonArray(element)


@compiles(_JsonObject, "postgresql")
def _object_on_postgresql(element: _JsonObject, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **kw)})"


@compiles(_JsonObject, "sqlite")
def _object_on_sqlite(element: _JsonObject, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_object({', '.join(_nested(part, compiler, kw) for part in element.clauses)})"


@compiles(_JsonTuple, "postgresql")
def _tuple_on_postgresql(element: _JsonTuple, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **kw)})"


@compiles(_JsonTuple, "sqlite")
def _tuple_on_sqlite(element: _JsonTuple, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array({', '.join(_nested(part, compiler, kw) for part in element.clauses)})"


@compiles(_JsonArray, "postgresql")
def _array_on_postgresql(element: _JsonArray, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_agg({compiler.process(element.clauses, **kw)})"


@compiles(_JsonArray, "sqlite")
def _array_on_sqlite(element: _JsonArray, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({', '.join(_nested(part, compiler, kw) for part in element.clauses)})"


def _nested(part: ColumnElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    text = compiler.process(part, **kw)
    built_here = isinstance(part, _JsonObject | _JsonTuple | _JsonArray)
    return f"json({text})" if isinstance(part.type, JSON) and not built_here else text
