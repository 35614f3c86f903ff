"""Whole units of lines, dearest first, for the offers that count pieces: n for m and bundles."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.money import rounded
from portal.rulebook.amounts import allocate
from portal.rulebook.effects.base import whole_units
from portal.rulebook.situation import Bill


@dataclass(slots=True)
class Units:
    """So many units of one line that are still free to take part, each at the same exact price."""

    position: int
    price: Fraction
    count: int


def dearest_first(bill: Bill, positions: Sequence[int]) -> list[Units]:
    """Return the whole units of the lines at their present price, dearest first, ties by line; never one by one."""
    units = [Units(i, bill.net[i] / bill.lines[i].qty, count) for i in positions if (count := whole_units(bill, i)) > 0]
    units.sort(key=lambda each: (-each.price, each.position))
    return units


def settle(bill: Bill, shares: dict[int, Fraction]) -> dict[int, int]:
    """Turn exact shares of an offer into discounts: the sum half up to the minor unit, spread by largest remainder."""
    positions = sorted(shares)
    total = rounded(sum(shares.values(), Fraction()), "half_up")
    parts = allocate(total, [shares[i] for i in positions], [bill.room[i] for i in positions])
    return {i: part for i, part in zip(positions, parts, strict=True) if part}
