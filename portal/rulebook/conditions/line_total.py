"""`line_total`: how much is bought of something."""

from typing import Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.conditions.threshold import Basis
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Situation
from portal.rulebook.values import Minor


class LineTotal(BaseCondition):
    """Hold when the lines that match come to `min` or more, by shelf price or (basis net) after discounts.

    Example: cheese 400.00 and milk 100.00 pass
    `{type = "line_total", lines = {category = ["food/dairy"]}, min = 50000}`.
    """

    type: Literal["line_total"]
    lines: LineFilter
    min: Minor
    basis: Basis = "gross"

    def asks_net(self) -> bool:
        return self.basis == "net"

    def compiled(self) -> Test:
        covers, net = self.lines.compiled(), self.basis == "net"

        def total(situation: Situation) -> int:
            bill = situation.bill
            amounts = bill.net if net else bill.gross
            return sum(amount for line, amount in zip(bill.lines, amounts, strict=True) if covers(line))

        def miss(situation: Situation) -> Miss:
            return Miss("line_total", {"value": total(situation), "basis": self.basis, "min": self.min})

        return Test(lambda situation: total(situation) >= self.min, miss)
