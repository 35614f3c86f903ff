"""`portal migrate`: bring the database to this version. `portal draft-migration`: for who changes tables."""

import click

from portal.cli import frame
from portal.migrations import steps


@click.command()
def migrate() -> None:
    """Bring the database to this version of the portal."""
    engine = frame.engine()
    before = frame.revision(engine)
    steps.migrate(engine)
    after = frame.revision(engine)
    click.echo(f"database at {after}" + ("" if before == after else f", was {before or 'empty'}"))


@click.command()
@click.argument("subject")
def draft_migration(subject: str) -> None:
    """Write a new migration from the tables: SUBJECT says what it does. Read it before you commit it."""
    click.echo(steps.draft(frame.engine(), subject=subject))
