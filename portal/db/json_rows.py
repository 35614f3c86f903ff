"""Rows of texts given to a statement as one value, so that it stays one prepared statement however many they are."""

from typing import Any

from sqlalchemy import Subquery, Text, bindparam, column, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal.db.types import Json


class _Elements(FunctionElement[Any]):
    inherit_cache = True


def json_rows(name: str, *columns: str) -> Subquery:
    """Return the rows of a parameter `name`, a list of lists that hold a text for each of these columns."""
    element = _Elements(bindparam(name, type_=Json)).table_valued(column("value", Text)).alias(f"{name}_told")
    texts = (element.c.value.op("->>")(literal_column(str(n))) for n in range(len(columns)))
    return select(*(each.label(named) for each, named in zip(texts, columns, strict=True))).subquery(name)


@compiles(_Elements, "postgresql")
def _elements_on_postgresql(element: _Elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_array_elements({compiler.process(element.clauses, **kw)})"


@compiles(_Elements, "sqlite")
def _elements_on_sqlite(element: _Elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"
