"""The engine and the one way to open a transaction.

One request is one transaction: returning commits, raising rolls back. Writers on SQLite queue on a file lock and begin
with `BEGIN IMMEDIATE`; a plain `BEGIN` lost 173 of 200 concurrent read-then-writes in a trial, and without the queue a
writer could wait for seconds. Readers run without a transaction.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import Session

from portal.db.borrowing import OneConnection, kept
from portal.db.direct import execute
from portal.db.prepared import roll_back
from portal.errors import Refused

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own busy timeout serves there
    fcntl = None

T = TypeVar("T")
_log = logging.getLogger("portal.db")

DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, NoFreeConnection)
"""What is raised while the database cannot be reached, is full or has no connection left: worth coming again."""

_ATTEMPTS = 6
_WORTH_ANOTHER_TRY = {"40001", "40P01", "26000"}  # PostgreSQL: could not serialise, deadlock, statement forgotten
_PATIENCE_MS = 10_000
_MOMENT_MS = 50
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL lost acknowledged operations in simulated power cuts (security.md §1)
    "foreign_keys=ON",
    f"busy_timeout={_PATIENCE_MS}",
    "cache_size=-32000",
    "temp_store=MEMORY",
    "secure_delete=ON",  # the default of some builds only: what is deleted is overwritten (security.md §5)
    "wal_autocheckpoint=8000",  # a posting touches ten pages: by default every hundredth would wait
)
_FOR_BOTH: dict[str, Any] = {
    "hide_parameters": True,
    "json_deserializer": from_json,
    "json_serializer": lambda document: to_json(document).decode(),
}


class Stale(Exception):  # noqa: N818 - a signal to run again, caught by `run`
    """Somebody else wrote the same member's book between our reading and our writing."""


def make_engine(url: str) -> Engine:
    """Return an engine for `sqlite:///…` or `postgresql://…` (psycopg 3), set up for the portal.

    Neither driver begins a transaction by itself: `transaction` does, and only to write.
    """
    return _sqlite_engine(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql_engine(url)


def _postgresql_engine(url: str) -> Engine:
    """Keep connections in autocommit: switching it for each read cost two fifths of a short one."""
    engine = create_engine(
        url, pool_size=8, max_overflow=8, isolation_level="AUTOCOMMIT", client_encoding="utf8", **_FOR_BOTH
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if _writes(connection):
            cast("Any", connection.connection.driver_connection).execute("BEGIN")

    @event.listens_for(engine, "rollback")
    def _keep_what_is_prepared(connection: Connection) -> None:
        if not connection.invalidated:
            roll_back(connection.connection.dbapi_connection)

    @event.listens_for(engine, "rollback_savepoint")
    def _doubt_what_is_prepared(connection: Connection, _name: str, _context: None) -> None:
        if prepared := connection.info.get("prepared"):
            prepared.doubt()

    return engine


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        _make_room(Path(database))
    engine = create_engine(url, **_FOR_BOTH)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if _writes(connection):
            execute(connection, "BEGIN IMMEDIATE", ())

    @event.listens_for(engine, "rollback")
    def _forget_views(connection: Connection) -> None:
        if cast("Any", connection.connection.driver_connection).in_transaction:
            connection.info.pop("batch_views", None)  # SQLite undoes definitions as well

    return engine


def _make_room(database: Path) -> None:
    """Make its folder, and a new database itself one that nobody but its owner reads; its log takes the same mode."""
    database.parent.mkdir(parents=True, exist_ok=True)
    if not database.exists():
        database.touch(mode=0o600)


def _writes(connection: Connection) -> bool:
    return connection.get_execution_options().get("writes", True)


@contextlib.contextmanager
def transaction(engine: Engine, *, writes: bool, forgettable: bool = False) -> Iterator[Session]:
    """Open a session whose work is committed when the block ends and rolled back when it raises.

    With `writes=False` nothing is begun: BEGIN and ROLLBACK around a read cost a quarter of it. What is `forgettable`
    is not waited for on SQLite's disk (docs/decisions/0024).
    """
    if not writes:
        with kept(engine).borrowed() as connection, OneConnection(connection, autoflush=False) as session:
            yield session
        return
    unhurried = forgettable and engine.dialect.name == "sqlite"
    with (
        _turn_to_write(engine),
        kept(engine).borrowed() as connection,
        _unhurried(connection) if unhurried else contextlib.nullcontext(),
        _begun(connection),
        OneConnection(connection, autoflush=True) as session,
    ):
        yield session
        session.write_out()


@contextlib.contextmanager
def _begun(connection: Connection) -> Iterator[None]:
    """Begin a transaction to write in, and end it."""
    execute(connection, "BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN", ())
    with connection.begin():
        yield


@contextlib.contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    """Let SQLite write the log without waiting for the disk; the next commit that waits does it for this one too."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous=FULL")


@contextlib.contextmanager
def _turn_to_write(engine: Engine) -> Iterator[None]:
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
    with _turn_to_write(engine), contextlib.closing(engine.raw_connection()) as borrowed:
        driver: Any = borrowed.driver_connection
        driver.execute("BEGIN IMMEDIATE")
        with driver:  # commits, or rolls back what raised
            yield driver


def run(engine: Engine, work: Callable[[Session], T], *, writes: bool) -> T:
    """Run `work` in one transaction, and again from the start when somebody else was faster.

    It is run again after `Stale`, a broken uniqueness rule or a deadlock; from the second try on `locks_reads(session)`
    is true and stories lock the books they read. `work` must therefore have no effect outside the database. A refusal
    that `keeps` what was written is raised after it was committed.
    """
    return _run(engine, work, writes=writes)


def run_settling(engine: Engine, work: Callable[[Session], T], *, forgettable: bool = False) -> T:
    """Run `work`, whose last act is the one batch it writes, as `run` does; on PostgreSQL without BEGIN and COMMIT.

    There the first try reads in autocommit, and the batch's statement is the transaction: it checks what was read and
    writes all of it or nothing. Whatever else `work` writes before it (that a key was used, that a code was forged)
    must be good by itself. What is `forgettable` is answered before it is on the disk: a power cut, not a crash of the
    process, may undo it, together with nothing older and nothing that was answered later (docs/decisions/0024).
    """
    return _run(engine, work, writes=True, settles=engine.dialect.name == "postgresql", forgettable=forgettable)


def _run(
    engine: Engine, work: Callable[[Session], T], *, writes: bool, settles: bool = False, forgettable: bool = False
) -> T:
    for attempt in range(_ATTEMPTS):
        alone = settles and not attempt
        try:
            with transaction(engine, writes=writes and not alone, forgettable=forgettable) as session:
                session.info |= {"locks_reads": attempt > 0, "settles": alone, "forgettable": forgettable}
                answer, kept_refusal = cast("Any", None), None
                try:
                    answer = work(session)
                except Refused as refusal:
                    if not refusal.keeps:
                        raise
                    kept_refusal = refusal
            if kept_refusal:
                raise kept_refusal
            if session.info.get("leaves_no_trace"):
                _empty_log(engine)
            return answer
        except (Stale, DBAPIError) as trouble:
            if attempt == _ATTEMPTS - 1 or not _worth_another_try(trouble, attempt):
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def settle(session: Session) -> None:
    """Say that a batch is being written: where it is a transaction by itself, no second one may follow."""
    if session.info.get("settled"):
        raise AssertionError("a second batch without a transaction")
    session.info["settled"] = session.info.get("settles", False)


def leave_no_trace(session: Session) -> None:
    """Ask that what this transaction deletes is gone from SQLite's log as well, once it is committed by `run`."""
    session.info["leaves_no_trace"] = True


def _empty_log(engine: Engine) -> None:
    """Move SQLite's log into the database and cut it off: what was deleted would stand there on for weeks.

    Tills wait for it, so it waits but a moment for whoever reads; then the next erasure cuts it off, or the last
    process that ends.
    """
    if engine.dialect.name != "sqlite":
        return
    with _turn_to_write(engine), kept(engine).borrowed() as connection:
        driver = cast("Any", connection.connection.driver_connection)
        driver.execute(f"PRAGMA busy_timeout={_MOMENT_MS}")
        try:
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
    if busy:
        _log.warning("what was erased stands in SQLite's log: somebody reads")


def _worth_another_try(trouble: Exception, attempt: int) -> bool:
    if isinstance(trouble, IntegrityError):
        return attempt < 2  # the second run finds the row that was in the way; a third failure is a bug
    if isinstance(trouble, DBAPIError):
        return getattr(trouble.orig, "sqlstate", None) in _WORTH_ANOTHER_TRY
    return True


def locks_reads(session: Session) -> bool:
    """Tell whether this run of the request must lock what it reads, because an earlier run came too late."""
    return bool(session.info.get("locks_reads"))
