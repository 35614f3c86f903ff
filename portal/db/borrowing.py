"""Connections kept open between requests, and the session on one of them.

Taking a connection from SQLAlchemy's pool, making a session on it and closing both cost more than a short read.
"""

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from portal.config import MOST_AT_ONCE


class Kept:
    """The connections of one engine that nobody works on at the moment, the last one used on top.

    They begin nothing by themselves. Given back to the pool is what raised, what the engine disposed of, and what is
    one too many: whoever waits there must not wait for what lies idle here.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=False)
        self._idle: list[Connection] = []
        event.listen(engine, "engine_disposed", self._give_up)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[Connection]:
        """Lend a connection for one transaction or one reading."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if connection.in_transaction():
            connection.rollback()  # of what SQLAlchemy began on its own, which is nothing to the database
        pool: Any = self._engine.pool
        if pool.checkedout() > MOST_AT_ONCE:
            connection.close()
        else:
            self._idle.append(connection)

    def _give_up(self, _engine: Engine) -> None:
        """Close what is idle: the pool that it came from is gone."""
        while self._idle:
            connection = self._idle.pop()
            connection.invalidate()
            connection.close()


@lru_cache(maxsize=16)
def kept(engine: Engine) -> Kept:
    """Return the connections kept of an engine."""
    return Kept(engine)


class OneConnection(Session):
    """A session on a connection whose transaction, if there is one, others begin and end.

    Its `connection()` is the plain one, without the bookkeeping of units of work, which cost as much as the statement;
    all else that a session has is made when it is asked for, which statements of the hot path never do.
    """

    def __init__(self, connection: Connection, *, autoflush: bool) -> None:
        self._works_on = connection
        self._flushes = autoflush
        self._whole = False

    def __getattr__(self, name: str) -> Any:
        if self._whole:
            raise AttributeError(name)
        self._whole = True
        super().__init__(self._works_on, expire_on_commit=False, autoflush=self._flushes)
        return getattr(self, name)

    def close(self) -> None:
        if self._whole:
            super().close()

    def connection(self, *_: Any, **__: Any) -> Connection:
        return self._works_on

    def get_bind(self, *_: Any, **__: Any) -> Connection:
        return self._works_on

    def write_out(self) -> None:
        """Send what is still pending to the database; the transaction's end is not ours."""
        if self._whole and self.in_transaction():
            self.commit()

    def rollback(self) -> NoReturn:
        """Refuse: the session knows nothing of what was written on the plain connection, and would keep it."""
        raise AssertionError("a transaction is undone by raising out of it")
