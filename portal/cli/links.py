"""`portal links add|list|qr|cost|funnel`: invite links of channels, partners, posts, agents, and what they brought."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import frame
from portal.cli.deeds import change
from portal.members.lookup import by_id
from portal.members.operations import UnknownMember
from portal.members.queries import find_person
from portal.money import CURRENCIES
from portal.programme.link_funnel import LinkFunnel, funnels, named_link
from portal.programme.rulebooks import rulebook_in_force
from portal.referrals.link import OWNER_KINDS, Link, LinkTerms, Marks
from portal.referrals.operations import make_link, set_cost
from portal.referrals.queries import list_links
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import midnight, midnight_after

FUNNEL = (
    "link", "days old", "opened", "joined", "bought", "again", "turned away", "conversion", "95 %", "revenue",
    "per join", "cost", "CAC", "ROMI",
)  # fmt: skip

_MOMENT = timedelta(microseconds=1)


@click.group()
def links() -> None:
    """Make invite links for channels and partners, and see what they brought."""


@links.command()
@click.argument("slug")
@click.option("--title", required=True, help="Who invites, as the page says it: FitMaster.")
@click.option("--kind", type=click.Choice(OWNER_KINDS), default="channel", show_default=True)
@click.option("--owner", help="Id of the member or agent whose link it is.")
@click.option("--source", default="", help="Where it stands, as utm_source: youtube.")
@click.option("--medium", default="", help="In what form, as utm_medium: video.")
@click.option("--campaign", default="", help="For what, as utm_campaign: spring.")
@click.option("--from", "opens", type=click.DateTime(["%Y-%m-%d"]), help="First day it works, on the shop's clock.")
@click.option("--until", "closes", type=click.DateTime(["%Y-%m-%d"]), help="Last day it works.")
@click.option("--limit", type=click.IntRange(1), help="So many may join by it.")
@click.option("--welcome", type=click.IntRange(0, 10**6), help="Welcome points instead of the rulebook's.")
@click.option("--segment", help="Segment that whoever joins by it is put into.")
@click.option("--privilege", help="Privilege that is opened to whoever joins by it.")
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True, help="How long it is open.")
@click.option("--cost", default="0", help="What it costs, in the shop's money: 100000 or 99.50.")
def add(slug: str, **told: Any) -> None:
    """Make the link whose address ends in SLUG."""
    now = clock.now()

    def make(session: Session) -> str:
        rulebook = rulebook_in_force(session, at=now)
        if told["owner"] is not None and find_person(session, by_id(told["owner"])) is None:
            raise UnknownMember
        return make_link(session, _terms(slug, told, rulebook), now=now).id

    change(make, action="link.made", kind="link", now=now)
    click.echo(_address(slug))


def _terms(slug: str, told: Mapping[str, Any], rulebook: Rulebook) -> LinkTerms:
    opens, closes, privilege = told["opens"], told["closes"], told["privilege"]
    return LinkTerms(
        slug=slug,
        title=told["title"],
        owner_kind=told["kind"],
        owner_id=told["owner"],
        marks=Marks(source=told["source"], medium=told["medium"], campaign=told["campaign"]),
        opens_at=midnight(opens.date(), rulebook.zone).astimezone(UTC) if opens else None,
        closes_at=midnight_after(closes.date(), rulebook.zone).astimezone(UTC) if closes else None,
        join_limit=told["limit"],
        welcome_points=told["welcome"],
        segment=told["segment"],
        privilege=privilege,
        privilege_days=told["days"] if privilege else None,
        cost_minor=_minor(told["cost"], rulebook.currency),
    )


@links.command("list")
def list_all() -> None:
    """List every link with its address."""
    now = clock.now()

    def read(session: Session) -> tuple[list[Link], ZoneInfo]:
        return list_links(session), rulebook_in_force(session, at=now).zone

    found, zone = frame.look(read)
    for link in found:
        terms, limit = link.terms, f"/{link.terms.join_limit}" if link.terms.join_limit else ""
        window = f"{_first(terms, zone)}…{_last(terms, zone)}" if terms.opens_at or terms.closes_at else "always"
        told = (_address(terms.slug), terms.owner_kind, terms.title, window, f"{link.joins}{limit} joined")
        click.echo("\t".join(told))


@links.command()
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--pixels", type=click.IntRange(100, 10_000), default=1200, show_default=True, help="Least width of a PNG."
)
def qr(slug: str, file: Path, pixels: int) -> None:
    """Write the picture of SLUG's address to FILE: .svg, or .png to print at 300 dots to the inch."""
    from portal.web.qr_files import png_file, svg_file  # noqa: PLC0415 - nothing else here needs the pages

    link = _found(slug)
    address = _address(link)
    kinds = {".svg": lambda: svg_file(address, title=address), ".png": lambda: png_file(address, pixels=pixels)}
    if file.suffix.lower() not in kinds:
        raise click.BadParameter("the file ends in .svg or .png")
    file.write_bytes(kinds[file.suffix.lower()]())
    click.echo(f"{file}\t{address}")


@links.command()
@click.argument("slug")
@click.argument("amount")
def cost(slug: str, amount: str) -> None:
    """Note that SLUG has cost AMOUNT until now, in the shop's money."""
    now = clock.now()

    def note(session: Session) -> None:
        link = named_link(session, slug)
        set_cost(session, link.id, _minor(amount, rulebook_in_force(session, at=now).currency))

    change(note, action="link.cost", kind="link", subject=slug, now=now)
    click.echo("the cost is noted")


@links.command()
@click.option("--margin", type=click.FloatRange(0, 100), help="The shop's margin in percent, for the return.")
@click.option("--within", type=click.IntRange(1, 3650), help="Count what is bought within so many days of joining.")
def funnel(margin: float | None, within: int | None) -> None:
    """Tell for each link who opened it, joined and bought, how sure that is, and what it cost."""
    now = clock.now()
    margin_bp = None if margin is None else round(margin * 100)

    def read(session: Session) -> tuple[list[LinkFunnel], int]:
        found = funnels(session, margin_bp=margin_bp, within_days=within, now=now)
        return found, CURRENCIES[rulebook_in_force(session, at=now).currency].exponent

    found, exponent = frame.look(read)
    click.echo("\t".join(FUNNEL))
    for each in found:
        click.echo("\t".join(_told(each, exponent)))


def _told(each: LinkFunnel, exponent: int) -> list[str]:
    def money(minor: object) -> str:
        return "–" if minor is None else f"{float(minor) / 10**exponent:.2f}"  # type: ignore[arg-type]

    def share(ratio: object) -> str:
        return "–" if ratio is None else f"{float(ratio) * 100:.3g} %"  # type: ignore[arg-type]

    figures, interval = each.figures, each.interval
    between = f"{interval[0] * 100:.2f}–{interval[1] * 100:.2f} %" if interval else "–"
    return [
        each.link.terms.slug, str(each.age_days), str(each.clicks), str(each.joined), str(each.buyers),
        str(each.bought_again), str(each.turned_away), share(figures.conversion), between, money(each.revenue),
        money(figures.revenue_per_join), money(each.link.terms.cost_minor or None), money(figures.cac),
        share(figures.romi),
    ]  # fmt: skip


def _found(slug: str) -> str:
    return frame.look(lambda session: named_link(session, slug)).terms.slug


def _address(slug: str) -> str:
    return f"{frame.settings().origin}/i/{slug}"


def _first(terms: LinkTerms, zone: ZoneInfo) -> str:
    return str(terms.opens_at.astimezone(zone).date()) if terms.opens_at else ""


def _last(terms: LinkTerms, zone: ZoneInfo) -> str:
    return str((terms.closes_at - _MOMENT).astimezone(zone).date()) if terms.closes_at else ""


def _minor(amount: str, currency: str) -> int:
    try:
        minor = Decimal(amount).scaleb(CURRENCIES[currency].exponent)
        whole = int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        raise click.BadParameter("give an amount such as 100000 or 99.50") from None
    if whole != minor or not 0 <= whole <= 10**12:
        raise click.BadParameter("give an amount such as 100000 or 99.50")
    return whole
