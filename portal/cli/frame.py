"""What commands share: the settings, the database, and what to say when either is not right."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from portal import migrations
from portal.config import Settings, SettingsError, load_settings
from portal.db import DATABASE_AWAY, make_engine, run
from portal.errors import Refused

T = TypeVar("T")


class Printable(click.ParamType[str]):
    """A name as it stands in a list, of at most `longest` characters."""

    name = "text"

    def __init__(self, *, longest: int) -> None:
        self._longest = longest

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not 0 < len(value) <= self._longest or not value.isprintable():
            self.fail(f"give 1 to {self._longest} printable characters", param, ctx)
        return value


def settings() -> Settings:
    """Return the settings; wrong ones end the command with one line each and exit code 2."""
    try:
        return load_settings()
    except SettingsError as error:
        for line in error.lines:
            click.echo(line, err=True)
        sys.exit(2)


def engine() -> Engine:
    """Return the engine of the shop's database; its connections are closed when the command ends."""
    url = database_url().render_as_string(hide_password=False)
    return click.get_current_context().with_resource(_told_when_away(make_engine(url)))


def database_url() -> URL:
    """Return where the database is; an address that is none ends the command with one line and exit code 2."""
    try:
        return make_url(settings().database_url)
    except (ArgumentError, ValueError):  # its words may quote a password
        click.echo("PORTAL_DATABASE_URL: give sqlite:///… or postgresql://user:password@host:port/name", err=True)
        sys.exit(2)


@contextmanager
def _told_when_away(engine: Engine) -> Iterator[Engine]:
    """End the command in one line when the database is full, or went away under it."""
    try:
        yield engine
    except DATABASE_AWAY as trouble:
        raise click.ClickException(f"the database cannot be used: {getattr(trouble, 'orig', trouble)}") from None
    finally:
        engine.dispose()


def migrated_engine() -> Engine:
    """Return the engine, or end the command when there is no database, or none at this version of the portal."""
    _need_a_database(database_url())
    ready = engine()
    if revision(ready) != migrations.newest():
        raise click.ClickException("the database is not at this version of the portal; run 'portal migrate'")
    return ready


def _need_a_database(url: URL) -> None:
    """End the command where SQLite has no file: to open a mistyped path would make an empty shop there in silence."""
    file = url.database if url.get_backend_name() == "sqlite" else None
    if file and file != ":memory:" and not Path(file).exists():
        told = f"there is no database at {file}; set PORTAL_DATABASE_URL, or run 'portal migrate' to make a new one"
        raise click.ClickException(told)


def revision(engine: Engine) -> str | None:
    """Return where the database stands, or end the command with the reason why it cannot be asked."""
    try:
        return migrations.current(engine)
    except DBAPIError as trouble:
        raise click.ClickException(f"the database cannot be opened: {trouble.orig}") from None


def look(work: Callable[[Session], T]) -> T:
    """Return what `work` reads; a refusal ends the command in one line."""
    try:
        return run(migrated_engine(), work, writes=False)
    except Refused as refusal:
        raise click.ClickException(refusal.text % refusal.facts) from None
