"""`portal erasures keep|replay`: a restored copy brings back who was erased since; they are erased again."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import frame
from portal.cli.deeds import note
from portal.db import run
from portal.ids import is_id
from portal.programme.erase_member import erase_member
from portal.staff import queries


@click.group()
def erasures() -> None:
    """Keep who was erased apart from the database, and erase them again in a restored one."""


@erasures.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keep(file: Path) -> None:
    """Add to FILE who was erased and is not in it yet: ids and times, nothing personal. Nobody goes out of it."""
    kept, erased = set(_read(file) if file.exists() else ()), frame.look(queries.list_erased)
    new = [f"{member_id}\t{at:%Y-%m-%dT%H:%M:%SZ}\n" for member_id, at in erased if member_id not in kept]
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(new)
    click.echo(f"{file}: {len(new)} added to {len(kept)}")


@erasures.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(file: Path) -> None:
    """Erase everybody in FILE who is here again; those who are not are left alone."""
    listed, engine = _read(file), frame.migrated_engine()
    secret, now, again = frame.settings().secret_key, clock.now(), 0
    for member_id in listed:
        again += run(engine, lambda session, one=member_id: _erase(session, one, secret=secret, now=now), writes=True)
    click.echo(f"{again} of {len(listed)} erased again; nobody is behind the others")


def _read(file: Path) -> list[str]:
    """Return the ids in a file; a line that begins with none ends the command before anything is done."""
    listed: list[str] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        member_id = line.split("\t")[0]
        if not is_id(member_id):
            raise click.ClickException(f"{file}: line {number} does not begin with a member's id; nothing was done")
        listed.append(member_id)
    return listed


def _erase(session: Session, member_id: str, *, secret: str, now: datetime) -> bool:
    erased = erase_member(session, member_id, secret=secret, now=now)
    if erased:
        note(session, action="member.erased", kind="member", subject=member_id, now=now)
    return erased
