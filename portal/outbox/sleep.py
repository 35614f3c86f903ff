"""How an idle worker waits for the next job."""

import contextlib
import time
from collections.abc import Callable, Iterator

import psycopg
from sqlalchemy import Engine

from portal.outbox.operations import WAKE_CHANNEL

POLL_SECONDS = 0.5
Sleep = Callable[[float], None]


@contextlib.contextmanager
def sleeping(engine: Engine) -> Iterator[Sleep]:
    """Give a function that sleeps up to some seconds: until a NOTIFY on PostgreSQL, to the end on SQLite."""
    if engine.dialect.name != "postgresql":
        yield time.sleep
        return
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"listen {WAKE_CHANNEL}")
        yield lambda seconds: _drain(connection, seconds)


def _drain(connection: psycopg.Connection, seconds: float) -> None:
    for _notice in connection.notifies(timeout=seconds, stop_after=1):
        return
