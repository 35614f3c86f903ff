"""Prepared statements on PostgreSQL by the library's own call.

A cursor converts, waits and keeps books in Python; for a short statement that cost as much again as sending it. What
is sent are texts, whose types the statement's own casts tell.
"""

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import DataError, OperationalError
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

MOST = 100
"""So many statements stay prepared in a connection: each is remembered with its plan by the server."""
_Text = Callable[[Any], bytes | None]


class _Texts(dict[type, _Text]):
    """How a value is written, by its type; a kind of text or number is written as such."""

    def __missing__(self, kind: type) -> _Text:
        known = next((base for base in kind.__mro__ if base in self), None)
        if known is None:
            raise TypeError(f"no text for a {kind.__name__}")
        return self.setdefault(kind, self[known])


_KNOWN: dict[type, _Text] = {
    str: str.encode,
    bytes: bytes,
    int: b"%d".__mod__,
    bool: lambda value: b"t" if value else b"f",
    type(None): lambda _: None,
}
_TEXTS = _Texts(_KNOWN)
_UNKNOWN_NAME = b"26000"
_OURS = b"select name from pg_prepared_statements where name like 'portal%'"
_GOOD = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}


class Prepared:
    """What is prepared in one of psycopg's connections, oldest first."""

    def __init__(self, driver: Any) -> None:
        self._connection: PGconn = driver.pgconn
        self._reader = Transformer(driver)
        self._names: dict[str, bytes] = {}
        self._made = 0
        self._doubtful = False

    def execute(self, statement: str, values: Sequence[Any]) -> "Answer":
        """Run a statement whose places are `$1 …`; bytes are texts that are encoded already. Raises psycopg's errors.

        The library would cut a text at a zero byte, so there may be none.
        """
        if self._doubtful:
            self._look_again()
        name = self._names.get(statement) or self._prepare(statement)
        texts: list[Any] = [_TEXTS[type(value)](value) for value in values]
        if b"\0" in b"".join(filter(None, texts)):
            raise DataError("a text with a zero byte")
        result = self._connection.exec_prepared(name, texts, result_format=0)
        if result.status not in _GOOD:
            if not self._forgotten(result):
                raise self._trouble(result)
            return self.execute(statement, values)
        return Answer(result, self._reader)

    def doubt(self) -> None:
        """Note that psycopg may just have let all names be forgotten, as it does after some ROLLBACKs of its own."""
        self._doubtful = True

    def _look_again(self) -> None:
        """Keep the names that are still known to the server; psycopg's own are not ours to end."""
        result = self._connection.exec_(_OURS)
        if result.status != ExecStatus.TUPLES_OK:
            raise self._trouble(result)
        known = {result.get_value(row, 0) for row in range(result.ntuples)}
        self._names = {statement: name for statement, name in self._names.items() if name in known}
        self._doubtful = False

    def _forgotten(self, result: PGresult) -> bool:
        """Tell whether only the name was unknown: psycopg lets all names be forgotten after an ALTER or a DROP."""
        if result.error_field(DiagnosticField.SQLSTATE) != _UNKNOWN_NAME:
            return False
        self._names.clear()
        return self._connection.transaction_status == TransactionStatus.IDLE

    def _prepare(self, statement: str) -> bytes:
        if len(self._names) >= MOST:
            oldest = next(iter(self._names))
            self._connection.exec_(b"DEALLOCATE " + self._names.pop(oldest))
        name = b"portal_%d" % self._made
        self._made += 1
        result = self._connection.prepare(name, statement.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise self._trouble(result)
        self._names[statement] = name
        return name

    def _trouble(self, result: PGresult) -> Exception:
        if self._connection.status == ConnStatus.BAD:
            return OperationalError(result.get_error_message())
        return error_from_result(result)


def roll_back(driver: Any) -> None:
    """Undo a connection's transaction past psycopg, which would let every prepared statement be forgotten."""
    connection: PGconn = driver.pgconn
    if connection.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        connection.exec_(b"ROLLBACK")


class Answer:
    """The rows that came back, not yet read."""

    __slots__ = ("_reader", "_result")

    def __init__(self, result: PGresult, reader: Transformer) -> None:
        self._result = result
        self._reader = reader

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the first row with values as psycopg reads them, None when there is none."""
        if not self._result.ntuples:
            return None
        self._reader.set_pgresult(self._result)
        return self._reader.load_row(0, tuple)
