"""`receipt_total`: how big the receipt is."""

from typing import Literal, Self

from pydantic import model_validator

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.conditions.threshold import Basis, Threshold
from portal.rulebook.situation import Situation
from portal.rulebook.values import Minor


class ReceiptTotal(BaseCondition):
    """Hold when the receipt's total is `min` or more, `more_than` something, `max` or less; all that are given.

    `basis` gross counts shelf prices, net what is left after discounts, before points.

    Example: 3 200.00 with 10 % off passes `{type = "receipt_total", min = 300000, basis = "gross"}` and fails the same
    with `basis = "net"`, 2 880.00.
    """

    type: Literal["receipt_total"]
    min: Minor | None = None
    more_than: Minor | None = None
    max: Minor | None = None
    basis: Basis = "gross"

    @model_validator(mode="after")
    def _have_a_threshold(self) -> Self:
        if self.min is None and self.more_than is None and self.max is None:
            raise ValueError("a receipt total has `min`, `more_than` or `max`")
        return self

    def asks_net(self) -> bool:
        return self.basis == "net"

    def compiled(self) -> Test:
        threshold = Threshold(self.min, self.more_than, self.max)

        def holds(situation: Situation) -> bool:
            return threshold.admits(self._total(situation))

        def miss(situation: Situation) -> Miss:
            return Miss("receipt_total", {"value": self._total(situation), "basis": self.basis, **threshold.facts()})

        return Test(holds, miss)

    def _total(self, situation: Situation) -> int:
        return sum(situation.bill.net if self.basis == "net" else situation.bill.gross)
