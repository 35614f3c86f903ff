"""Debts: points taken back after they were spent, repaid first from whatever becomes available (domain.md §2.6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One debt; `number` is that of the reversal which made it, `left` what is still owed."""

    number: int
    wallet: str
    points: int
    left: int
    since: datetime
    write_off_at: datetime | None


def repaid(debts: Iterable[Debt], points: int) -> list[Debt]:
    """Return the debts that `points` repay, oldest first, as they are afterwards."""
    changed = []
    for debt in sorted(debts, key=lambda each: (each.since, each.number)):
        points -= (part := min(points, debt.left))
        if part:
            changed.append(replace(debt, left=debt.left - part))
    return changed
