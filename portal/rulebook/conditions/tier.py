"""`tier`: the member's tier."""

from typing import Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Names


class Tier(BaseCondition):
    """Hold when the member's tier before this receipt is one of `in`.

    Example: `{type = "tier", in = ["gold"]}` holds for Ada (gold), not for Ben (new); the receipt that lifts Ben to
    gold is still judged without it.
    """

    about_member = True
    type: Literal["tier"]
    in_: Names = Field(alias="in")

    def compiled(self) -> Test:
        tiers = frozenset(self.in_)
        return Test(lambda situation: situation.member is not None and situation.member.tier in tiers, self._miss)

    def _miss(self, situation: Situation) -> Miss:
        found = situation.member.tier if situation.member else None
        return Miss("tier", {"found": found, "in": list(self.in_)})
