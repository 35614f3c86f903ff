"""`accrue_per_unit`: points for every so many pieces."""

from collections.abc import Sequence
from typing import Literal

from portal.rulebook.amounts import allocate
from portal.rulebook.effects.base import AccrualEffect, Earning, Earns, Terms, compiled_filter, covered
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Quantity, Reward


class AccruePerUnit(AccrualEffect):
    """Give `points` for every full `per` of what matching lines come to together, whatever tender paid them.

    The points are spread over the lines by quantity.

    Example: 10 points per 2 coffees: 3 on one line and 2 on another are 5, two full pairs, 20 points, 12 and 8.
    """

    type: Literal["accrue_per_unit"]
    points: Reward
    per: Quantity
    lines: LineFilter | None = None

    def earns(self, terms: Terms) -> Earns:
        covers, points, per, scale = compiled_filter(self.lines), self.points, self.per, terms.scale

        def earned(bill: Bill, positions: Sequence[int]) -> Earning:
            meant = covered(bill, positions, covers)
            quantities = [bill.lines[i].qty for i in meant]
            parts = allocate(points * int(sum(quantities) / per) * scale, quantities)
            return Earning({i: part for i, part in zip(meant, parts, strict=True) if part})

        return earned
