"""Holds: points set aside at a till until they are captured, voided or time out (domain.md §2.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.ledger.lots import Take

HoldState = Literal["active", "captured", "voided", "timed_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Points set aside. `takes` say from which lots, soonest expiring first; `number` is that of its entry."""

    id: str
    number: int
    wallet: str
    points: int
    takes: tuple[Take, ...]
    at: datetime
    expires_at: datetime
    state: HoldState = "active"
    ended_at: datetime | None = None


def split(takes: tuple[Take, ...], points: int) -> tuple[tuple[Take, ...], tuple[Take, ...]]:
    """Divide takes into the first `points` of them and the rest, in order."""
    first: list[Take] = []
    rest: list[Take] = []
    for each in takes:
        points -= (part := min(points, each.points))
        if part:
            first.append(Take(each.lot, part))
        if each.points > part:
            rest.append(Take(each.lot, each.points - part))
    return tuple(first), tuple(rest)
