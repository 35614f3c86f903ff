"""`portal till invite|list|evidence|joined|revoke`: the devices that staff sell on, and what was done on them."""

from datetime import timedelta
from operator import attrgetter

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.db import run
from portal.receipts.queries import ListedEvidence, list_evidence
from portal.staff import operations, queries

PLACE = frame.Printable(longest=40)
EVIDENCE = ("at", "what", "store", "number", "member", "money", "points", "who", "till", "card by", "seconds", "queued")


@click.group()
def till() -> None:
    """Let tills in and shut them out."""


@till.command()
@click.option("--store", required=True, type=PLACE, help="Store whose receipts the till makes, as S1.")
@click.option("--till", "name", required=True, type=PLACE, help="Name of the till in its store, as T1.")
def invite(store: str, name: str) -> None:
    """Make a code that lets one device in as a till, once, within half an hour."""
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
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True, help="How far to look back.")
@click.option("--store", help="Receipts of this store alone.")
def evidence(days: int, store: str | None) -> None:
    """List how receipts and refunds came about: who, where, how the card got in, seconds from card to record."""
    now = clock.now()

    def read(session: Session) -> tuple[list[ListedEvidence], dict[str, str], dict[str, str]]:
        names = {each.id: each.name for each in queries.list_staff(session)}
        tills = {each.device.id: each.device.till for each in queries.list_devices(session)}
        return list_evidence(session, since=now - timedelta(days=days), until=now, store=store), names, tills

    rows, names, tills = run(frame.migrated_engine(), read, writes=False)
    click.echo("\t".join(EVIDENCE))
    for row in rows:
        who, where = names.get(row.staff_id or "", row.client), tills.get(row.device_id or "", "")
        how = [row.method or "told", "" if row.seconds is None else str(row.seconds), "queued" if row.queued else ""]
        told = [row.subject, row.store, row.number, row.member_id or "", str(row.money), str(row.points)]
        click.echo("\t".join([f"{row.at:%Y-%m-%d %H:%M:%S}", *told, who, where, *how]))


@till.command()
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True, help="How far to look back.")
def joined(days: int) -> None:
    """List who joined by the code on a till's screen: when, the member, the store and till, and under whom."""
    now = clock.now()

    def read(session: Session) -> tuple[list[queries.Join], dict[str, str]]:
        names = {each.id: each.name for each in queries.list_staff(session)}
        return queries.list_joins(session, since=now - timedelta(days=days)), names

    rows, names = run(frame.migrated_engine(), read, writes=False)
    click.echo("at\tmember\tstore\ttill\tstaff")
    for row in rows:
        told = [row.member_id, row.device.store, row.device.till, names[row.staff_id]]
        click.echo("\t".join([f"{row.at:%Y-%m-%d %H:%M:%S}", *told]))


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
