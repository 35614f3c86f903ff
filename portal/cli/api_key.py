"""`portal api-key`: keys of tills, shops and partners are made, listed, revoked."""

from datetime import datetime
from typing import cast

import click

from portal import clock
from portal.cli import frame
from portal.cli.deeds import note
from portal.db import transaction
from portal.staff import operations, queries
from portal.staff.roles import SCOPES, Scope


@click.group(name="api-key")
def api_key() -> None:
    """Let machines call the API."""


@api_key.command()
@click.option("--name", required=True, type=frame.Printable(longest=80), help="What the key is for, for the list.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES), help="What it may do.")
@click.option("--store", type=frame.Printable(longest=40), help="The one store it is for; all when it is not given.")
@click.option("--holder", "holder_id", help="Id of the one of the staff who works with it, whose own card it refuses.")
def create(name: str, scopes: tuple[str, ...], store: str | None, holder_id: str | None) -> None:
    """Make a key and print it, once: it is kept as a hash only."""
    now = clock.now()
    chosen = cast("tuple[Scope, ...]", scopes)
    with transaction(frame.migrated_engine(), writes=True) as session:
        try:
            key = operations.make_key(session, name=name, scopes=chosen, store=store, holder_id=holder_id, now=now)
        except operations.UnknownStaff:
            raise click.BadParameter("nobody of the staff has this id; `portal staff list` shows them") from None
        told = sorted(set(scopes))
        note(session, action="api_key.created", kind="api_key", subject=key.id, now=now, scopes=told)
    click.echo(key.secret)


@api_key.command(name="list")
def list_() -> None:
    """Print every key ever made: id, name, scopes, store, last use, revoked or not."""
    with transaction(frame.migrated_engine(), writes=False) as session:
        for listed in queries.list_keys(session):
            key = listed.key
            told = [key.id, key.name, ",".join(sorted(key.scopes)), key.store or "-", _day(key.last_used_at)]
            click.echo("\t".join([*told, f"revoked {_day(listed.revoked_at)}" if listed.revoked_at else "valid"]))


@api_key.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Stop a key for ever: KEY_ID is the first column of `list`."""
    now = clock.now()
    with transaction(frame.migrated_engine(), writes=True) as session:
        try:
            operations.revoke_key(session, key_id, now=now)
        except operations.UnknownKey:
            raise click.BadParameter("there is no such key; `portal api-key list` shows them") from None
        note(session, action="api_key.revoked", kind="api_key", subject=key_id, now=now)
    click.echo(f"{key_id} revoked")


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else "never"
