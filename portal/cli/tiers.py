"""`portal tiers show|give|take-back`: a member's tier, and one above the earned one for a time (domain.md §4.1)."""

from datetime import datetime

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.members.lookup import by_id
from portal.programme.command import Command
from portal.programme.give_tier import GivenTier, give_tier
from portal.programme.member_tier import TierTold, tell_tier
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.show_member import find_member
from portal.rulebook.validity import midnight_after

_REASON = click.option("--reason", required=True, help="Why; it stands in the member's history of tiers.")


@click.group()
def tiers() -> None:
    """See where a member stands, and give a tier above the earned one for a time."""


@tiers.command()
@click.argument("member_id")
def show(member_id: str) -> None:
    """Tell the tier of MEMBER_ID, what is left to the next one, and how it changed, the newest first."""
    now = clock.now()

    def read(session: Session) -> TierTold:
        return tell_tier(session, find_member(session, by_id(member_id)).id, language="en", now=now)

    told = frame.look(read)
    tier = told.tier
    click.echo(tier.title if tier else "the programme has no tiers")
    for path in (tier.progress, tier.keep) if tier else ():
        if path is not None:
            click.echo(path.text)
    for each in told.history:
        click.echo("\t".join((f"{each.at:%Y-%m-%d %H:%M}", each.from_tier, each.to_tier, each.cause, each.reason)))


@tiers.command()
@click.argument("member_id")
@click.argument("tier")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day it works.")
@_REASON
def give(member_id: str, tier: str, last: datetime, reason: str) -> None:
    """Let MEMBER_ID stand on TIER, above the earned one, through a day of the shop's clock."""
    now = clock.now()

    def work(session: Session) -> str:
        until = midnight_after(last.date(), rulebook_in_force(session, at=now).zone)
        return _give(session, member_id, GivenTier(tier=tier, until=until, reason=reason), now=now)

    click.echo(f"stands on {change(work, action='tier.given', kind='member', subject=member_id, now=now)}")


@tiers.command()
@click.argument("member_id")
@_REASON
def take_back(member_id: str, reason: str) -> None:
    """Take back the tier that was given to MEMBER_ID; the earned one stays."""
    now, given = clock.now(), GivenTier(tier=None, until=None, reason=reason)
    stands = change(
        lambda session: _give(session, member_id, given, now=now),
        action="tier.given",
        kind="member",
        subject=member_id,
        now=now,
    )
    click.echo(f"stands on {stands}")


def _give(session: Session, member_id: str, given: GivenTier, *, now: datetime) -> str:
    known = find_member(session, by_id(member_id))
    return give_tier(session, known.id, given, command=Command(client="command", key="", now=now, language="en")).title
