"""`segment`: an audience the member belongs to."""

from typing import Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Names


class Segment(BaseCondition):
    """Hold when the member is in one of the segments, assigned or computed, at this moment.

    Example: `{type = "segment", in = ["client10_agent5"]}` holds for the one purchase Peter was given the split for.
    """

    about_member = True
    type: Literal["segment"]
    in_: Names = Field(alias="in")

    def compiled(self) -> Test:
        wanted = frozenset(self.in_)

        def holds(situation: Situation) -> bool:
            return situation.member is not None and not wanted.isdisjoint(situation.member.segments)

        return Test(holds, lambda _: Miss("segment", {"in": list(self.in_)}))
