"""`store`: where the member buys."""

from typing import Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Names


class Store(BaseCondition):
    """Hold when the receipt comes from one of the stores.

    Example: `{type = "store", in = ["S1"]}` holds for the opening week of store S1 alone.
    """

    type: Literal["store"]
    in_: Names = Field(alias="in")

    def compiled(self) -> Test:
        wanted = frozenset(self.in_)
        return Test(lambda situation: situation.receipt.store in wanted, self._miss)

    def _miss(self, situation: Situation) -> Miss:
        return Miss("store", {"found": situation.receipt.store, "in": list(self.in_)})
