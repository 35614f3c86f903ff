"""`portal demo`: fill an empty database with the demo shop, or give new links to the one that stands there."""

import sys

import click

from portal import clock
from portal.cli import frame
from portal.config import Settings
from portal.db import run
from portal.demo import SMALL, WHOLE, DemoShop, NotEmpty, fill_in_chunks, new_links, stands_here
from portal.demo.cast import CASHIER, CASHIER_PIN, MANAGER, MANAGER_PIN, SENIOR, SENIOR_PIN


@click.command()
@click.option("--small", is_flag=True, help="Two months and a few people instead of a year and sixty.")
def demo(*, small: bool) -> None:
    """Fill an empty database with the demo shop, its cast and a year of receipts; print sign-in links.

    Where the demo shop stands already only new links are made; another shop's database is left alone.
    """
    settings, engine, now = frame.settings(), frame.migrated_engine(), clock.now()
    try:
        stands = run(engine, stands_here, writes=False)
    except NotEmpty as refusal:
        raise click.ClickException(refusal.text) from refusal
    if not stands:
        scale = SMALL if small else WHOLE
        _tell_of(fill_in_chunks(engine, scale=scale, secret=settings.secret_key, now=now, progress=_show))
    links = run(engine, lambda session: new_links(session, now=now), writes=True)
    _tell_ways_in(settings, links.tokens, till_code=links.till_code)


def _show(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\rfilling the demo shop: {100 * done // whole} %", nl=done == whole, err=True)


def _tell_of(shop: DemoShop) -> None:
    click.echo(f"{shop.members} members, {shop.receipts} receipts, {shop.refunds} refunds")
    click.echo(f"API key  {shop.api_key}  (shown once)")


def _tell_ways_in(settings: Settings, tokens: dict[str, str], *, till_code: str) -> None:
    for name, token in tokens.items():
        click.echo(f"{name:8} {settings.origin}/demo/{token}  (good once)")
    click.echo(f"Till     {settings.origin}/till/enrol/{till_code}  (within half an hour)")
    staff = ((CASHIER, CASHIER_PIN), (SENIOR, SENIOR_PIN), (MANAGER, MANAGER_PIN))
    click.echo("         then " + " or ".join(f"{name} with PIN {pin}" for name, pin in staff))
    if not settings.demo:
        click.echo("The links work where PORTAL_DEMO=1 is set.")
