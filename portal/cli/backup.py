"""`portal backup FILE` and `portal restore FILE`: a consistent copy while the portal runs, and the way back."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import URL

from portal.cli import frame
from portal.config import environment_and
from portal.schema import metadata


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE while the portal runs; on PostgreSQL by pg_dump."""
    if file.exists():
        raise click.ClickException(f"{file} is there already")
    url = frame.database_url()
    part = file.with_name(file.name + ".part")
    try:
        _make_private(part)
        if url.get_backend_name() == "sqlite":
            _copy(Path(url.database or ""), part)
            _check(part)
        else:
            _run_tool("pg_dump", url, "--format=custom", f"--file={part}")
        part.replace(file)
    except (OSError, sqlite3.Error) as trouble:
        raise click.ClickException(f"{file} was not written: {trouble}") from None
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option(
    prompt="This replaces the database of the shop. Is the portal stopped, and has 'portal erasures keep' run?"
)
def restore(file: Path) -> None:
    """Put the copy in FILE in the place of the database; stop the portal before."""
    url = frame.database_url()
    if url.get_backend_name() == "sqlite":
        _check(file)
        _put_in_place(file, Path(url.database or ""))
    else:
        _replace_all(url, by=file)
    click.echo(
        "restored; run 'portal migrate', which brings an older copy to this version, and 'portal erasures replay'"
    )


def _make_private(file: Path) -> None:
    """Make an empty file that nobody but its owner reads: members' names and phones go into it."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise click.ClickException(f"there is no database at {source}")
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("pragma journal_mode=delete")


def _check(file: Path) -> None:
    """Refuse a copy that SQLite does not find whole, and a whole one of something else, as an empty file is."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            found = copy.execute("pragma integrity_check").fetchone()[0]
            ours = copy.execute("select 1 from sqlite_schema where name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError as error:
        found, ours = str(error), None
    if found != "ok":
        raise click.ClickException(f"{file} is damaged: {found}")
    if not ours:
        raise click.ClickException(f"{file} is no copy of a portal")


def _put_in_place(file: Path, database: Path) -> None:
    """Replace the database at once, by one with its mode; its write-ahead log belongs to the old one and goes first."""
    database.parent.mkdir(parents=True, exist_ok=True)
    fresh = database.with_name(database.name + ".restored")
    _make_private(fresh)
    shutil.copyfile(file, fresh)
    if database.exists():
        shutil.copymode(database, fresh)
    for log in ("-wal", "-shm"):
        database.with_name(database.name + log).unlink(missing_ok=True)
    fresh.replace(database)


def _replace_all(url: URL, *, by: Path) -> None:
    """Put a copy in the place of every table of ours in one transaction, of those too that came after it was made.

    `pg_restore` alone would leave these, and the migrations that make them could not run again.
    """
    ours = ", ".join(f'"{name}"' for name in metadata.tables)
    drop = f"set client_min_messages = warning; drop table if exists {ours} cascade"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "copy.sql")
        _make_private(script)
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(by))
        settings = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}")
        _run_tool("psql", url, *settings, f"--command={drop}", f"--file={script}")


def _run_tool(tool: str, url: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL on a database; the password goes by the environment, which other users do not see."""
    host = url.query.get("host") or url.host
    places = {"--host": host, "--port": url.port, "--username": url.username, "--dbname": url.database}
    told = [f"{name}={value}" for name, value in places.items() if value]
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    _run(tool, *told, *arguments, **secret)


def _run(tool: str, *arguments: str, **environment: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise click.ClickException(f"{tool} is not on PATH; install the PostgreSQL client")
    done = subprocess.run([found, *arguments], env=environment_and(environment), check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise click.ClickException(f"{tool} failed")
