"""`line_qty`: how many pieces, or how much by weight, is bought of something."""

from fractions import Fraction
from typing import Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Situation
from portal.rulebook.values import Quantity, quantity_text


class LineQty(BaseCondition):
    """Hold when the quantity of the lines that match is `min` or more.

    Example: two pouches on one line and one on another pass `{type = "line_qty", lines = {sku = ["WHISKAS-85"]},
    min = 3}`; 0.480 kg of cherries does not pass `min = "0.5"`.
    """

    type: Literal["line_qty"]
    lines: LineFilter
    min: Quantity

    def compiled(self) -> Test:
        covers, least = self.lines.compiled(), self.min

        def quantity(situation: Situation) -> Fraction | int:
            return sum(line.qty for line in situation.bill.lines if covers(line))

        def miss(situation: Situation) -> Miss:
            found = Fraction(quantity(situation))
            return Miss("line_qty", {"value": quantity_text(found), "min": quantity_text(least)})

        return Test(lambda situation: quantity(situation) >= least, miss)
