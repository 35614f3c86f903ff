"""`special_price`: another price per unit."""

from collections.abc import Sequence
from typing import Literal

from portal.money import rounded
from portal.rulebook.effects.base import DiscountEffect, Terms, Wanted, compiled_filter, covered
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Minor


class SpecialPrice(DiscountEffect):
    """Lower lines to `unit_price` × quantity (half up to the minor unit); a line that costs less already is left alone.

    Example: cherries at 300.00 per kg, 0.480 kg on the line for 192.00: the line comes to 144.00, 48.00 off.
    """

    type: Literal["special_price"]
    unit_price: Minor
    lines: LineFilter

    def wants(self, terms: Terms) -> Wanted:
        covers, unit_price = compiled_filter(self.lines), self.unit_price

        def wanted(bill: Bill, positions: Sequence[int]) -> dict[int, int]:
            off: dict[int, int] = {}
            for i in covered(bill, positions, covers):
                above = bill.net[i] - rounded(unit_price * bill.lines[i].qty, "half_up")
                if (amount := min(above, bill.room[i])) > 0:
                    off[i] = amount
            return off

        return wanted
