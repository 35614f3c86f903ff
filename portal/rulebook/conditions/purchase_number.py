"""`purchase_number`: which purchase of the member this is."""

from typing import Literal, Self

from pydantic import Field, model_validator

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Count


class PurchaseNumber(BaseCondition):
    """Hold from the purchase number `from` to the number `to`, both included.

    A purchase's number is 1 + the member's earlier purchases that were not fully returned.

    Example: `{type = "purchase_number", to = 3}` holds for Cleo's first three purchases.
    """

    about_member = True
    type: Literal["purchase_number"]
    from_: Count | None = Field(None, alias="from")
    to: Count | None = None

    @model_validator(mode="after")
    def _have_an_end(self) -> Self:
        if self.from_ is None and self.to is None:
            raise ValueError("a purchase number has `from`, `to` or both")
        return self

    def compiled(self) -> Test:
        first, last = self.from_ or 1, self.to

        def holds(situation: Situation) -> bool:
            if situation.member is None:
                return False
            number = situation.member.purchases + 1
            return first <= number and (last is None or number <= last)

        return Test(holds, self._miss)

    def _miss(self, situation: Situation) -> Miss:
        number = situation.member.purchases + 1 if situation.member else None
        return Miss("purchase_number", {"value": number, "from": self.from_, "to": self.to})
