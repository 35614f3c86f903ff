"""The engine and the one way to open a transaction.

One request is one transaction: returning commits, raising rolls back. Writers on SQLite queue on a file lock and begin
with `BEGIN IMMEDIATE`; a plain `BEGIN` lost 173 of 200 concurrent read-then-writes in a trial, and without the queue a
writer could wait for seconds. Readers run without a transaction.
"""

import contextlib
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
from portal.db.sqlite_file import PRAGMAS, empty_log, make_room, turn_to_write, unhurried
from portal.errors import Refused

T = TypeVar("T")

DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, NoFreeConnection)
"""What is raised while the database cannot be reached, is full or has no connection left: worth coming again."""

_ATTEMPTS = 6
_WORTH_ANOTHER_TRY = {"40001", "40P01", "26000"}  # PostgreSQL: could not serialise, deadlock, statement forgotten
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
        make_room(Path(database))
    engine = create_engine(url, **_FOR_BOTH)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
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
    may_be_lost = forgettable and engine.dialect.name == "sqlite"
    with (
        turn_to_write(engine),
        kept(engine).borrowed() as connection,
        unhurried(connection) if may_be_lost else contextlib.nullcontext(),
        _begun(connection),
        OneConnection(connection, autoflush=True) as session,
    ):
        yield session
        session.write_out()
    if session.info.get("leaves_no_trace") and engine.dialect.name == "sqlite":
        empty_log(engine)


@contextlib.contextmanager
def _begun(connection: Connection) -> Iterator[None]:
    """Begin a transaction to write in, and end it."""
    execute(connection, "BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN", ())
    with connection.begin():
        yield


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
                try:
                    return work(session)
                except Refused as refusal:
                    if not refusal.keeps:
                        raise
                    kept = refusal
            raise kept
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
    """Ask that what this transaction deletes is gone from SQLite's log as well, once it is committed."""
    session.info["leaves_no_trace"] = True


def _worth_another_try(trouble: Exception, attempt: int) -> bool:
    if isinstance(trouble, IntegrityError):
        return attempt < 2  # the second run finds the row that was in the way; a third failure is a bug
    if isinstance(trouble, DBAPIError):
        return getattr(trouble.orig, "sqlstate", None) in _WORTH_ANOTHER_TRY
    return True


def locks_reads(session: Session) -> bool:
    """Tell whether this run of the request must lock what it reads, because an earlier run came too late."""
    return bool(session.info.get("locks_reads"))
