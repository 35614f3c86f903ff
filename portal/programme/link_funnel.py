"""What the shop's invite links brought, and at what price (domain.md §5.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.programme.rulebooks import rulebook_in_force
from portal.receipts.queries.bought import Bought, bought_by
from portal.referrals.funnel import Counted, Figures, figures, wilson
from portal.referrals.gate import Decision
from portal.referrals.link import Link
from portal.referrals.queries import (
    clicks_by_link,
    decisions_by_link,
    find_link,
    joined_by_links,
    links_of_joined,
    list_links,
)

_DAY = timedelta(days=1)


class UnknownLink(Refused):
    code = "unknown-link"
    status = 404
    text = "There is no link of this name."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFunnel:
    """A link's steps: opened, joined, bought once, bought again; `turned_away` came by it and do not count.

    `interval` is that of the conversion at 95 %, None where nobody joined. `age_days` is how old the link is: a young
    one has not shown yet what it brings. Money is in minor units.
    """

    link: Link
    clicks: int
    joined: int
    buyers: int
    bought_again: int
    turned_away: int
    revenue: int
    figures: Figures
    interval: tuple[float, float] | None
    age_days: int


def named_link(session: Session, slug: str) -> Link:
    """Return a link by the last part of its address. Raises `UnknownLink`."""
    link = find_link(session, slug.strip().lower())
    if link is None:
        raise UnknownLink
    return link


def funnels(session: Session, *, margin_bp: int | None, within_days: int | None, now: datetime) -> list[LinkFunnel]:
    """Return the funnel of every link, the newest first.

    `margin_bp` is the shop's margin, for the return; `within_days` counts what each bought within that time of joining,
    so that links of different age can be compared. Raises `NoRulebook`.
    """
    point_value = rulebook_in_force(session, at=now).worth
    within = None if within_days is None else within_days * _DAY
    clicks, decisions = clicks_by_link(session), decisions_by_link(session)
    bought = _bought_by_link(session, within=within)
    return [
        _funnel(
            link,
            clicks=clicks.get(link.id, 0),
            decisions=decisions.get(link.id, {}),
            bought=bought.get(link.id, []),
            margin_bp=margin_bp,
            point_value=point_value,
            now=now,
        )
        for link in list_links(session)
    ]


def _bought_by_link(session: Session, *, within: timedelta | None) -> dict[str, list[Bought]]:
    came_by = links_of_joined(session)
    found: dict[str, list[Bought]] = {}
    for each in bought_by(session, joined_by_links(), within=within):
        found.setdefault(came_by[each.member_id], []).append(each)
    return found


def _funnel(
    link: Link,
    *,
    clicks: int,
    decisions: Mapping[Decision, int],
    bought: list[Bought],
    margin_bp: int | None,
    point_value: int,
    now: datetime,
) -> LinkFunnel:
    joined = decisions.get("ok", 0)
    revenue = _revenue(bought, point_value=point_value)
    cost = link.terms.cost_minor or None
    counted = Counted(joined=joined, buyers=len(bought), revenue=revenue, cost=cost, margin_bp=margin_bp)
    return LinkFunnel(
        link=link,
        clicks=clicks,
        joined=joined,
        buyers=len(bought),
        bought_again=sum(each.purchases > 1 for each in bought),
        turned_away=sum(decisions.values()) - joined,
        revenue=revenue,
        figures=figures(counted),
        interval=wilson(len(bought), joined),
        age_days=(now - link.made_at).days,
    )


def _revenue(bought: list[Bought], *, point_value: int) -> int:
    return sum(each.revenue(point_value=point_value) for each in bought)
