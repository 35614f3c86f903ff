"""The cheapest way to so many points by an instant, found by `evaluate` alone (product.md, the route planner)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portal.rulebook.conditions import BaseCondition
from portal.rulebook.conditions.birthday import Birthday
from portal.rulebook.conditions.time_window import TimeWindow
from portal.rulebook.conditions.weekly import Weekly
from portal.rulebook.document import Rulebook
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import MemberState
from portal.rulebook.moments import in_zone, local_time
from portal.rulebook.points import POINTS
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.windows import kept_birthday, weekly_contains

UNIT = 100
"""Sums are looked for in whole roubles, euros or dollars."""
MOST = 10_000_000
"""The largest purchase that is thought of, in such units."""
_WEEK = 7
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Way:
    """One purchase of ordinary goods: when, for how much in minor units, what it brings, when that can be spent."""

    at: datetime
    spend: int
    points: int
    ready_at: datetime


def ways_to_points(
    rulebook: Rulebook, member: MemberState, *, points: int, since: datetime, until: datetime
) -> tuple[Way, ...]:
    """Return ways to so many points that can be spent before `until`: the first is now, each later one is cheaper.

    Goods that a rule names are not thought of: nobody is sent to buy what they did not want.
    """
    found = [
        way
        for at in _moments(rulebook, member, since=in_zone(since, rulebook.zone), until=in_zone(until, rulebook.zone))
        if (way := _cheapest(rulebook, member, points=points, at=at, until=until))
    ]
    cheaper = found[:1]
    for way in found[1:]:
        if way.spend < cheaper[-1].spend:
            cheaper.append(way)
    return tuple(cheaper)


def brought(
    rulebook: Rulebook, member: MemberState, *, spend: int, at: datetime, until: datetime
) -> tuple[int, datetime]:
    """Return the points that a purchase brings the member before `until`, and when the last of them can be spent."""
    receipt = Receipt(at=at, lines=(Line(n=1, gross=spend),))
    ready = [
        (grant.points, grant.release_at or at)
        for grant in evaluate(rulebook, member, receipt).grants
        if grant.to == member.id and grant.wallet == POINTS and (grant.release_at or at) < until
    ]
    return sum(points for points, _ in ready), max((at for _, at in ready), default=at)


def _cheapest(rulebook: Rulebook, member: MemberState, *, points: int, at: datetime, until: datetime) -> Way | None:
    def gives(units: int) -> int:
        return brought(rulebook, member, spend=units * UNIT, at=at, until=until)[0]

    enough = 1
    while gives(enough) < points:
        enough *= 2
        if enough > MOST:
            return None
    least = enough // 2
    while least + 1 < enough:
        middle = (least + enough) // 2
        least, enough = (least, middle) if gives(middle) >= points else (middle, enough)
    got, ready_at = brought(rulebook, member, spend=enough * UNIT, at=at, until=until)
    return Way(at=at, spend=enough * UNIT, points=got, ready_at=ready_at)


def _moments(rulebook: Rulebook, member: MemberState, *, since: datetime, until: datetime) -> list[datetime]:
    """Return the instants at which some rule may begin to give, in order; the first is `since`."""
    found = {since}
    for rule in rulebook.rules:
        if rule.from_:
            found.add(in_zone(rule.from_, rulebook.zone))
        for condition in rule.when.walk():
            found |= set(_openings(condition, member, since))
    return sorted(at for at in found if since <= at < until)


def _openings(condition: BaseCondition, member: MemberState, since: datetime) -> Iterator[datetime]:
    """Give the instants from `since` on at which a condition about time begins to hold."""
    if isinstance(condition, TimeWindow) and condition.from_:
        yield local_time(condition.from_, since)
    elif isinstance(condition, Weekly):
        for days in range(_WEEK + 1):
            at = _clock(since + timedelta(days=days), condition.start)
            if weekly_contains(at, days=condition.days, start=condition.start, end=condition.end):
                yield at
    elif isinstance(condition, Birthday) and member.birthday:
        for year in (since.year, since.year + 1):
            opens = kept_birthday(member.birthday, year) - timedelta(days=condition.before)
            yield datetime.combine(opens, _NOON, since.tzinfo)


def _clock(day: datetime, wall: time) -> datetime:
    return day.replace(hour=wall.hour, minute=wall.minute, second=0, microsecond=0)
