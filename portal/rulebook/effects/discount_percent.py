"""`discount_percent`: a share of the price off."""

from collections.abc import Sequence
from typing import Literal

from portal.rulebook.amounts import allocate, share_of
from portal.rulebook.effects.base import DiscountEffect, Terms, Wanted, compiled_filter, covered
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Minor, Rate


class DiscountPercent(DiscountEffect):
    """Take `rate_bp` off every line, half up to the minor unit per line, together at most `max_minor`.

    In `cascade` mode the share is of what earlier discounts left, in `sum` mode of the shelf price.

    Example: 10 % and then 5 % off 1 000.00 take 145.00 in cascade and 150.00 in sum.
    """

    type: Literal["discount_percent"]
    rate_bp: Rate
    lines: LineFilter | None = None
    max_minor: Minor | None = None

    def wants(self, terms: Terms) -> Wanted:
        covers, rate, most, cascade = compiled_filter(self.lines), self.rate_bp, self.max_minor, terms.cascade

        def wanted(bill: Bill, positions: Sequence[int]) -> dict[int, int]:
            prices, room = bill.net if cascade else bill.gross, bill.room
            meant = covered(bill, positions, covers)
            off = {i: amount for i in meant if (amount := min(share_of(prices[i], rate), room[i])) > 0}
            return off if most is None or sum(off.values()) <= most else spread(most, off)

        return wanted


def spread(most: int, off: dict[int, int]) -> dict[int, int]:
    """Cut wanted discounts to a total, each in proportion."""
    parts = allocate(most, list(off.values()))
    return {i: part for i, part in zip(off, parts, strict=True) if part}
