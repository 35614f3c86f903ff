"""Whole units of lines, dearest first, for the offers that count pieces: n for m and bundles."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from portal.money import rounded_ratio
from portal.rulebook.amounts import allocate
from portal.rulebook.effects.base import whole_units
from portal.rulebook.situation import Bill


@dataclass(slots=True)
class Units:
    """So many units of one line that are still free to take part, each at the same exact price."""

    position: int
    price: Fraction | int
    count: int


def dearest_first(bill: Bill, positions: Sequence[int]) -> list[Units]:
    """Return the whole units of the lines at their present price, dearest first, ties by line; never one by one."""
    units = [
        Units(i, _unit_price(bill.net[i], bill.lines[i].qty), count)
        for i in positions
        if (count := whole_units(bill, i)) > 0
    ]
    units.sort(key=lambda each: (-each.price, each.position))
    return units


def _unit_price(net: int, quantity: Fraction) -> Fraction | int:
    """Return the exact price of a unit, a plain integer where it is one: that is most of the time, and much faster."""
    if quantity.denominator == 1 and not net % quantity.numerator:
        return net // quantity.numerator
    return net / quantity


def settle(bill: Bill, shares: dict[int, Fraction | int]) -> dict[int, int]:
    """Turn exact shares of an offer into discounts: the sum half up to the minor unit, spread by largest remainder."""
    positions = sorted(shares)
    scale = lcm(*(share.denominator for share in shares.values()))
    weights = [shares[i].numerator * (scale // shares[i].denominator) for i in positions]
    total = rounded_ratio(sum(weights), scale, "half_up")
    parts = allocate(total, weights, [bill.room[i] for i in positions])
    return {i: part for i, part in zip(positions, parts, strict=True) if part}
