"""`portal agents set|clients|split`: whose orders an agent brings, and better terms for one sale (domain.md §3.5)."""

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.members import operations as members
from portal.members.lookup import by_id
from portal.members.operations import UnknownMember
from portal.members.queries import find_person
from portal.programme.agent_clients import Clients, clients_and_splits, split_next_sale


@click.group()
def agents() -> None:
    """Say who is whose agent, such as a designer or a craftsman, and give their clients better terms once."""


@agents.command("set")
@click.argument("member_id")
@click.argument("agent_id", required=False)
def set_agent(member_id: str, agent_id: str | None) -> None:
    """Give MEMBER_ID the agent AGENT_ID from now on; without one: none. Earlier purchases stay as they were."""

    def give(session: Session) -> None:
        _check_known(session, member_id)
        if agent_id:
            _check_known(session, agent_id)
        members.set_agent(session, member_id, agent_id)

    change(give, action="member.agent_set", kind="member", subject=member_id, now=clock.now())
    click.echo("the agent is known" if agent_id else "there is no agent")


@agents.command()
@click.argument("agent_id")
def clients(agent_id: str) -> None:
    """List the clients of AGENT_ID with what waits for their next purchase."""
    now = clock.now()

    def read(session: Session) -> Clients:
        _check_known(session, agent_id)
        return clients_and_splits(session, agent_id, now=now)

    found = frame.look(read)
    for client in found.clients:
        click.echo(f"{client.member_id}\t{client.first_name}\t{client.split or 'usual terms'}")
    click.echo(
        f"{found.points} points earned by them; splits: {', '.join(each.segment for each in found.splits) or '–'}"
    )


@agents.command()
@click.argument("agent_id")
@click.argument("client_id")
@click.argument("segment", required=False)
def split(agent_id: str, client_id: str, segment: str | None) -> None:
    """Give CLIENT_ID of AGENT_ID the split SEGMENT for the next purchase; without one: take it back."""
    now = clock.now()
    change(
        lambda session: split_next_sale(session, agent_id, client_id, segment=segment, now=now),
        action="member.split_given" if segment else "member.split_taken",
        kind="member",
        subject=client_id,
        now=now,
    )
    click.echo("the next purchase takes it" if segment else "the usual terms hold")


def _check_known(session: Session, member_id: str) -> None:
    if find_person(session, by_id(member_id)) is None:
        raise UnknownMember
