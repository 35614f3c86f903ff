"""Reads that every page makes: composed once, then given to the driver as text with the few values that differ.

Core looks a statement up and checks its parameters at each call; for a first screen with fifty constants that cost
twice as much as the database did. Errors and listeners are as with every other statement.
"""

import contextlib
import json
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Select, literal_column
from sqlalchemy.orm import Session

from portal.db.json_columns import json_tuple

_GIVEN = re.compile(r"(?<!:):given_(\w+)")


def given(name: str, type_: Any) -> ColumnElement[Any]:
    """Return an expression for a value that `Reading.one` is given by this name; instants as `portal.db.epoch`."""
    return literal_column(f":given_{name}", type_)


class Reading:
    """Columns of a select with `given` values; all others are constants and stand in its text.

    The database makes one document of a row: SQLAlchemy describes every column anew each time a text is run.
    """

    def __init__(self, compose: Callable[[], Select[*tuple[Any, ...]]]) -> None:
        self._compose = compose
        self._texts: dict[str, str] = {}

    def one(self, session: Session, **values: Any) -> list[Any] | None:
        """Return the row by place, or None; instants in it are numbers."""
        connection = session.connection()
        text = self._texts.get(connection.dialect.name) or self._text(connection.dialect)
        row = _row(connection, text, values)
        found = row[0] if row else None
        return json.loads(found) if isinstance(found, str) else found  # SQLite's driver knows no documents

    def _text(self, dialect: Dialect) -> str:
        statement = self._compose()
        document = statement.with_only_columns(json_tuple(*statement.selected_columns), maintain_column_froms=True)
        text = str(document.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        style = r"%(\1)s" if dialect.paramstyle == "pyformat" else r":\1"
        self._texts[dialect.name] = text = _GIVEN.sub(style, text)
        return text


def _row(connection: Connection, text: str, values: dict[str, Any]) -> Any:
    """Run a text past SQLAlchemy unless somebody listens; an error is told by running it once more as ever."""
    if not connection.dispatch.before_cursor_execute:
        driver: Any = connection.connection.driver_connection
        with contextlib.suppress(connection.dialect.loaded_dbapi.Error):
            return driver.execute(text, values).fetchone()
    return connection.exec_driver_sql(text, values).fetchone()
