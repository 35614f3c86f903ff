"""What a SQLite file asks of whoever writes it: settings, a queue, and a log that does not remember.

Writers queue on a file lock; without it one could wait for seconds.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine

from portal.db.borrowing import kept

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own busy timeout serves there
    fcntl = None

_log = logging.getLogger("portal.db")

_PATIENCE_MS = 10_000
_MOMENT_MS = 50
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL lost acknowledged operations in simulated power cuts (security.md §1)
    "foreign_keys=ON",
    f"busy_timeout={_PATIENCE_MS}",
    "cache_size=-32000",
    "temp_store=MEMORY",
    "secure_delete=ON",  # the default of some builds only: what is deleted is overwritten (security.md §5)
    "wal_autocheckpoint=8000",  # a posting touches ten pages: by default every hundredth would wait
)


def make_room(database: Path) -> None:
    """Make its folder, and a new database itself one that nobody but its owner reads; its log takes the same mode."""
    database.parent.mkdir(parents=True, exist_ok=True)
    if not database.exists():
        database.touch(mode=0o600)


@contextlib.contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Let SQLite write the log without waiting for the disk; the next commit that waits does it for this one too."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous=FULL")


@contextlib.contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Queue the writers of one SQLite file; the kernel wakes them in order, SQLite's busy handler does not."""
    database = engine.url.database
    if fcntl is None or engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    lock = os.open(f"{database}.lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def alone_on_sqlite(engine: Engine) -> Iterator[Any]:
    """Open a transaction on the driver's own connection: SQLAlchemy's bookkeeping costs more than a short one."""
    with turn_to_write(engine), contextlib.closing(engine.raw_connection()) as borrowed:
        driver: Any = borrowed.driver_connection
        driver.execute("BEGIN IMMEDIATE")
        with driver:  # commits, or rolls back what raised
            yield driver


def empty_log(engine: Engine) -> None:
    """Move SQLite's log into the database and cut it off: what was deleted would stand there on for weeks.

    Tills wait for it, so it waits but a moment for whoever reads; then the next erasure cuts it off, or the last
    process that ends.
    """
    with turn_to_write(engine), kept(engine).borrowed() as connection:
        driver = cast("Any", connection.connection.driver_connection)
        driver.execute(f"PRAGMA busy_timeout={_MOMENT_MS}")
        try:
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
    if busy:
        _log.warning("what was erased stands in SQLite's log: somebody reads")
