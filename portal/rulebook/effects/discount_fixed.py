"""`discount_fixed`: an amount off."""

from collections.abc import Sequence
from typing import Literal

from portal.rulebook.amounts import allocate
from portal.rulebook.effects.base import DiscountEffect, Terms, Wanted, compiled_filter, covered
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Minor


class DiscountFixed(DiscountEffect):
    """Take `amount` off the lines together, spread by what they cost now, never below zero.

    Example: 100.00 off 400.00 and 50.00 takes 88.89 and 11.11.
    """

    type: Literal["discount_fixed"]
    amount: Minor
    lines: LineFilter | None = None

    def wants(self, terms: Terms) -> Wanted:
        covers, amount = compiled_filter(self.lines), self.amount

        def wanted(bill: Bill, positions: Sequence[int]) -> dict[int, int]:
            meant = covered(bill, positions, covers)
            return taken(bill, meant, amount=amount, weights=[bill.net[i] for i in meant])

        return wanted


def taken(bill: Bill, positions: Sequence[int], *, amount: int, weights: Sequence[int]) -> dict[int, int]:
    """Spread an amount over positions by weight, within the room of each."""
    parts = allocate(amount, weights, [bill.room[i] for i in positions])
    return {i: part for i, part in zip(positions, parts, strict=True) if part}
