"""`any`: at least one of several conditions."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation

if TYPE_CHECKING:
    from portal.rulebook.conditions.base import BaseCondition as Condition  # the union, once it is joined


class AnyOf(BaseCondition):
    """Hold when at least one condition holds; the facts of a miss list why each did not.

    Example: `{type = "any", of = [{type = "store", in = ["S1"]}, {type = "channel", in = ["web"]}]}` holds for a web
    purchase from store S2 and misses by `any` for a walk into S2.
    """

    type: Literal["any"]
    of: Annotated[tuple["Condition", ...], Field(min_length=1)]

    def parts(self) -> tuple[BaseCondition, ...]:
        return self.of

    def compiled(self) -> Test:
        tests = [part.compiled() for part in self.of]

        def holds(situation: Situation) -> bool:
            return any(test.holds(situation) for test in tests)

        def miss(situation: Situation) -> Miss:
            misses = [test.miss(situation) for test in tests]
            return Miss("any", {"of": [{"reason": each.reason, "facts": each.facts} for each in misses]})

        return Test(holds, miss)
