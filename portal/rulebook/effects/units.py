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
    """An offer being worked out: prices are integers over `scale`.

    `parts` are discounts per position in whole minor units, `shares` those not rounded yet, exactly over `scale`.
    """

    units: list[Units]
    scale: int
    parts: dict[int, int] = field(default_factory=dict[int, int])
    shares: dict[int, Fraction] = field(default_factory=dict[int, Fraction])

    def spread(self, money: int, pieces: Sequence[Units], *, times: int = 1) -> None:
        """Spread money over pieces by their price, so many times over; `allocate`, but never piece by piece.

        Money that is no whole number of minor units stays exact until all of it is rounded together.
        """
        worth = sum(each.count * each.price for each in pieces)
        if not worth:
            return
        if money % self.scale:
            for each in pieces:
                share = Fraction(times * money * each.count * each.price, worth)
                self.shares[each.position] = self.shares.get(each.position, 0) + share
            return
        money //= self.scale
        shared = [(each, *divmod(money * each.price, worth)) for each in pieces]
        left = money - sum(each.count * share for each, share, _ in shared)
        for each, share, _ in sorted(shared, key=lambda one: (-one[2], one[0].position)):
            more = min(left, each.count)
            left -= more
            self.parts[each.position] = self.parts.get(each.position, 0) + times * (each.count * share + more)

    def settle(self, bill: Bill) -> dict[int, int]:
        """Return the discounts: what is exact half up to the minor unit together, by largest remainder, in the room."""
        if not self.shares and not self.parts:
            return {}
        positions = sorted(self.shares | self.parts)
        over = lcm(*(share.denominator for share in self.shares.values()))
        weights = [int(self.shares.get(i, 0) * over) for i in positions]
        parts = allocate(rounded_ratio(sum(weights), over * self.scale, "half_up"), weights)
        parts = [part + self.parts.get(i, 0) for i, part in zip(positions, parts, strict=True)]
        room = [bill.room[i] for i in positions]
        if any(part > most for part, most in zip(parts, room, strict=True)):
            parts = allocate(sum(parts), parts, room)
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
