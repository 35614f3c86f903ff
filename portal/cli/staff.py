"""`portal staff add|list|reset-pin|change-role|own-card|let-go`: who sells and who runs the programme."""

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.db import run
from portal.members.lookup import by_id
from portal.members.operations import UnknownMember
from portal.members.queries import find_person
from portal.staff import operations, queries
from portal.staff.operations import NewStaff
from portal.staff.roles import ROLES, Role


@click.group()
def staff() -> None:
    """Take on staff, give them PINs, let them go."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="cashier", show_default=True)
@click.option(
    "--pin", prompt=True, hide_input=True, confirmation_prompt=True, help="4 to 12 digits; asked for if absent."
)
@click.option("--own-card", "member_id", help="Id of the member this person is, whose points he must not touch.")
def add(name: str, role: Role, pin: str, member_id: str | None) -> None:
    """Take NAME on. The name stands in the list of every till."""
    now, new = clock.now(), NewStaff(name, role, pin, own_member_id=member_id)
    staff_id = change(
        lambda session: operations.add_staff(session, new, now=now), action="staff.added", kind="staff", now=now
    )
    click.echo(f"{staff_id}\t{name}\t{role}")


@staff.command("list")
def list_staff() -> None:
    """List everybody ever taken on."""
    for each in run(frame.migrated_engine(), queries.list_staff, writes=False):
        locked = f"locked until {each.locked_until:%Y-%m-%d %H:%M} UTC" if each.locked_until else "active"
        click.echo("\t".join([each.id, each.name, each.role, locked if each.active else "let go"]))


@staff.command("reset-pin")
@click.argument("staff_id")
@click.option(
    "--pin", prompt=True, hide_input=True, confirmation_prompt=True, help="4 to 12 digits; asked for if absent."
)
def reset_pin(staff_id: str, pin: str) -> None:
    """Give STAFF_ID a new PIN, unlock it and end open shifts."""
    now = clock.now()
    change(
        lambda session: operations.reset_pin(session, staff_id, pin, now=now),
        action="staff.pin_reset",
        kind="staff",
        subject=staff_id,
        now=now,
    )
    click.echo("the new PIN is in force")


@staff.command("change-role")
@click.argument("staff_id")
@click.argument("role", type=click.Choice(ROLES))
def change_role(staff_id: str, role: Role) -> None:
    """Make STAFF_ID a cashier, senior, manager or owner; open shifts end, so that it holds at once."""
    now = clock.now()
    change(
        lambda session: operations.change_role(session, staff_id, role, now=now),
        action="staff.role_changed",
        kind="staff",
        subject=staff_id,
        now=now,
    )
    click.echo(f"the role is {role}")


@staff.command("own-card")
@click.argument("staff_id")
@click.argument("member_id", required=False)
def own_card(staff_id: str, member_id: str | None) -> None:
    """Say that STAFF_ID is the member MEMBER_ID, who does not sell to that card alone; without one: is no member."""
    now = clock.now()

    def link(session: Session) -> None:
        if member_id is not None and find_person(session, by_id(member_id)) is None:
            raise UnknownMember
        operations.link_own_card(session, staff_id, member_id, now=now)

    change(link, action="staff.own_card", kind="staff", subject=staff_id, now=now)
    click.echo("the own card is known" if member_id else "no card is the own one")


@staff.command("let-go")
@click.argument("staff_id")
def let_go(staff_id: str) -> None:
    """Lock STAFF_ID out for good; what was done stays under the id."""
    now = clock.now()
    change(
        lambda session: operations.let_go(session, staff_id, now=now),
        action="staff.let_go",
        kind="staff",
        subject=staff_id,
        now=now,
    )
    click.echo("locked out")
