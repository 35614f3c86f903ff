"""`portal referrals list|keep|refuse`: who brought whom in a way that a person should look at."""

import click

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.programme.review_referrals import decide_referral
from portal.referrals.queries import reviews

WORDS = {
    "address_block": "several joined by one invitation from one network within a day",
    "same_till": "bought at one till within ten minutes of whoever invited",
}


@click.group()
def referrals() -> None:
    """Look at referrals that may not be honest. Nothing was refused by itself."""


@referrals.command("list")
@click.option("--state", type=click.Choice(["open", "cleared", "refused"]), default="open", show_default=True)
def list_reviews(state: str) -> None:
    """List referrals to look at, the oldest first."""
    for each in frame.look(lambda session: reviews(session, state=state)):
        told = (each.id, each.member_id, each.referrer_id or "", f"{each.opened_at:%Y-%m-%d}", WORDS[each.signal])
        click.echo("\t".join(told))


@referrals.command()
@click.argument("review_id")
def keep(review_id: str) -> None:
    """Say that the referral REVIEW_ID is honest: it goes on counting."""
    _decide(review_id, keeps=True)
    click.echo("it counts")


@referrals.command()
@click.argument("review_id")
def refuse(review_id: str) -> None:
    """Say that the referral REVIEW_ID is not: nobody brought the member, and nothing is earned by it from now on."""
    _decide(review_id, keeps=False)
    click.echo("it counts no more; correct what was earned before by an adjustment")


def _decide(review_id: str, *, keeps: bool) -> None:
    now = clock.now()
    change(
        lambda session: decide_referral(session, review_id, keeps=keeps, by="command", now=now),
        action="referral.kept" if keeps else "referral.refused",
        kind="member",
        now=now,
    )
