"""`accrue_fixed`: a number of points once per receipt."""

from collections.abc import Sequence
from typing import Literal

from portal.rulebook.effects.base import AccrualEffect, Earning, Earns, Terms, compiled_filter, covered
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Reward


class AccrueFixed(AccrualEffect):
    """Give `points` once for a receipt with at least one matching line open to accrual, whatever tender paid it.

    Example: 300 points from 3 000.00 on: a receipt of 2 500.00 and 700.00 earns 300, and loses all of them when the
    700.00 is brought back.
    """

    type: Literal["accrue_fixed"]
    points: Reward
    lines: LineFilter | None = None

    def earns(self, terms: Terms) -> Earns:
        covers, exact = compiled_filter(self.lines), self.points * terms.scale

        def earned(bill: Bill, positions: Sequence[int]) -> Earning:
            return Earning(fixed=exact if covered(bill, positions, covers) else 0)

        return earned
