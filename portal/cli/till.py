"""`portal till invite|list|revoke`: the devices that staff sell on."""

from operator import attrgetter

import click

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.db import run
from portal.staff import operations, queries


@click.group()
def till() -> None:
    """Let tills in and shut them out."""


@till.command()
@click.option("--store", required=True, help="Store whose receipts the till makes, as S1.")
@click.option("--till", "name", required=True, help="Name of the till in its store, as T1.")
def invite(store: str, name: str) -> None:
    """Make a code that lets one device in as a till, once, within half an hour."""
    for told in (store, name):
        if not 0 < len(told) <= 40 or not told.isprintable():
            raise click.BadParameter("give 1 to 40 printable characters")
    now = clock.now()
    invitation = change(
        lambda session: operations.invite_device(session, store=store, till=name, now=now),
        action="till.invited",
        kind="till",
        subject_of=attrgetter("device_id"),
        now=now,
    )
    click.echo(f"{invitation.device_id}\t{store}\t{name}")
    click.echo(f"Open on the device  {frame.settings().origin}/till/enrol/{invitation.code}")
    click.echo(f"or type there       {invitation.code}  until {invitation.ends_at:%H:%M} UTC, once")


@till.command("list")
def list_tills() -> None:
    """List every till ever invited."""
    for each in run(frame.migrated_engine(), queries.list_devices, writes=False):
        state = "shut out" if each.revoked_at else "let in" if each.enrolled_at else "waits for its code"
        click.echo(f"{each.device.id}\t{each.device.store}\t{each.device.till}\t{state}")


@till.command()
@click.argument("device_id")
def revoke(device_id: str) -> None:
    """Shut till DEVICE_ID out and end its shift."""
    now = clock.now()
    change(
        lambda session: operations.revoke_till(session, device_id, now=now),
        action="till.revoked",
        kind="till",
        subject=device_id,
        now=now,
    )
    click.echo("shut out")
