"""`accrue_percent`: points worth a share of the money."""

from collections.abc import Sequence
from typing import Literal

from portal.rulebook.effects.base import AccrualEffect, Earning, Earns, Terms, compiled_filter, covered
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Rate

Base = Literal["paid", "net", "list"]


class AccruePercent(AccrualEffect):
    """Give points worth `rate_bp` of each line's `base`: money paid, price after discounts (net) or shelf price (list).

    Example: 5 % of 1 999.00 paid is 99.95, 99 points when rounded down.
    """

    type: Literal["accrue_percent"]
    rate_bp: Rate
    lines: LineFilter | None = None
    base: Base = "paid"

    def earns(self, terms: Terms) -> Earns:
        covers, rate, base = compiled_filter(self.lines), self.rate_bp, self.base

        def earned(bill: Bill, positions: Sequence[int]) -> Earning:
            money = bill.paid if base == "paid" else bill.net if base == "net" else bill.gross
            judged = {i: money[i] for i in covered(bill, positions, covers) if money[i]}
            return Earning({i: amount * rate for i, amount in judged.items()}, 0, judged)

        return earned
