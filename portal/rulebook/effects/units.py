"""Whole units of lines, dearest first, for the offers that count pieces: n for m and bundles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from portal.money import rounded_ratio
from portal.rulebook.amounts import allocate
from portal.rulebook.effects.base import whole_units
from portal.rulebook.situation import Bill


@dataclass(slots=True)
class Units:
    """So many units of one line that are still free to take part, each at the same price over the offer's scale."""

    position: int
    price: int
    count: int


@dataclass(slots=True)
class Offer:
    """An offer being worked out: prices are integers over `scale`, `shares` the exact discount per position."""

    units: list[Units]
    scale: int
    shares: dict[int, Fraction | int] = field(default_factory=dict[int, Fraction | int])

    def add(self, position: int, amount: int, *, over: int = 1) -> None:
        """Add amount ÷ over to a line's share; fractions are made only where they are needed."""
        part = Fraction(amount, over) if amount % over else amount // over
        self.shares[position] = self.shares.get(position, 0) + part

    def settle(self, bill: Bill) -> dict[int, int]:
        """Return the discounts: the sum half up to the minor unit, spread by largest remainder within the room."""
        positions = sorted(self.shares)
        over = lcm(*(share.denominator for share in self.shares.values()))
        weights = [self.shares[i].numerator * (over // self.shares[i].denominator) for i in positions]
        total = rounded_ratio(sum(weights), over * self.scale, "half_up")
        parts = allocate(total, weights, [bill.room[i] for i in positions])
        return {i: part for i, part in zip(positions, parts, strict=True) if part}


def dearest_first(bill: Bill, positions: Sequence[int]) -> Offer:
    """Return the whole units of the lines at their present price, dearest first, ties by line; never one by one."""
    counts = {i: count for i in positions if (count := whole_units(bill, i)) > 0}
    quantities = {i: bill.lines[i].qty for i in counts}
    scale = lcm(*(quantity.numerator for quantity in quantities.values()))
    units = [
        Units(i, bill.net[i] * quantity.denominator * (scale // quantity.numerator), counts[i])
        for i, quantity in quantities.items()
    ]
    units.sort(key=lambda each: (-each.price, each.position))
    return Offer(units, scale)
