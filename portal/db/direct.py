"""Statements of the hot path, handed to the driver as they are.

SQLAlchemy composes them once; at each call its own bookkeeping would cost more than the round trip. What never differs
is written into the text: SQLite plans a statement anew at each call where a value might decide about a partial index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json
from sqlalchemy import JSON, BindParameter, Connection, Dialect, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

from portal.db.prepared import Prepared


class Direct:
    """A SELECT of one row, compiled once for each database.

    Values are given as the driver takes them: instants as microseconds. JSON columns come back as documents.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._ready = {
            "postgresql": _ready(statement, _PostgreSQL(paramstyle="numeric_dollar")),
            "sqlite": _ready(statement, _SQLite(paramstyle="qmark")),
        }
        self._documents = [n for n, column in enumerate(statement.selected_columns) if isinstance(column.type, JSON)]

    def one(self, session: Session, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the row of a statement that always has one."""
        row = self.first(session, values)
        if row is None:
            raise NoResultFound
        return row

    def first(self, session: Session, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the row, None when there is none."""
        connection = session.connection()
        ready = self._ready[connection.dialect.name]
        row = execute(connection, ready.text, [values[name] for name in ready.places]).fetchone()
        if row is None or connection.dialect.name == "postgresql":
            return row  # psycopg has read the documents
        read = list(row)
        for n in self._documents:
            read[n] = None if read[n] is None else from_json(read[n])
        return read


class _Spelling:
    """Makes a compiler write values that are known into the text; those given at each call stay places."""

    def visit_bindparam(self, bindparam: BindParameter[Any], **more: Any) -> str:
        known = bindparam.value is not None
        compiler: Any = super()
        return compiler.visit_bindparam(bindparam, **{**more, "literal_binds": True} if known else more)


class _SQLiteText(_Spelling, sqlite.base.SQLiteCompiler):
    pass


class _PostgreSQLText(_Spelling, postgresql.psycopg.PGCompiler_psycopg):
    pass


class _SQLite(sqlite.dialect):
    statement_compiler = _SQLiteText


class _PostgreSQL(postgresql.psycopg.dialect):
    statement_compiler = _PostgreSQLText


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in one database's words, and the names of its places in order."""

    text: str
    places: Sequence[str]


def _ready(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Ready:
    compiled: Any = statement.compile(dialect=dialect)
    return _Ready(compiled.string, compiled.positiontup or ())


def execute(connection: Connection, statement: str, values: Sequence[Any]) -> Any:
    """Run a statement whose places are `$1 …` (PostgreSQL) or `?` (SQLite); `fetchone` of what comes back reads a row.

    Raises what SQLAlchemy would raise.
    """
    for hook in connection.dispatch.before_cursor_execute:  # whoever counts statements sees this one too
        hook(connection, None, statement, values, None, False)
    driver: Any = connection.connection.driver_connection
    try:
        if connection.dialect.name == "postgresql":
            return _prepared(connection, driver).execute(statement, values)
        return driver.execute(statement, values)
    except connection.dialect.loaded_dbapi.Error as trouble:
        raise _told(connection, statement, trouble) from trouble


def _prepared(connection: Connection, driver: Any) -> Prepared:
    """Return what is prepared in a driver's connection, which lives as long as it."""
    prepared = connection.info.get("prepared")
    if prepared is None:
        prepared = connection.info["prepared"] = Prepared(driver)
    return prepared


def _told(connection: Connection, statement: str, trouble: Any) -> BaseException:
    """Return SQLAlchemy's name for a driver's error; a broken connection is given up with all of its pool."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(trouble, connection.connection.dbapi_connection, None)
    if broken:
        connection.invalidate(trouble)
        connection.engine.dispose(close=False)
    return DBAPIError.instance(
        statement, None, trouble, dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=broken,
        dialect=dialect,
    )  # fmt: skip
