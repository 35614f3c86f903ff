"""`channel`: how the member buys."""

from typing import Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Names


class Channel(BaseCondition):
    """Hold when the receipt comes through one of the channels.

    Example: `{type = "channel", in = ["web", "app"]}` holds for a web order, not at a till of channel "store".
    """

    type: Literal["channel"]
    in_: Names = Field(alias="in")

    def compiled(self) -> Test:
        wanted = frozenset(self.in_)
        return Test(lambda situation: situation.receipt.channel in wanted, self._miss)

    def _miss(self, situation: Situation) -> Miss:
        return Miss("channel", {"found": situation.receipt.channel, "in": list(self.in_)})
