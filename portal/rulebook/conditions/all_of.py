"""`all`: every one of several conditions."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation

if TYPE_CHECKING:
    from portal.rulebook.conditions.base import BaseCondition as Condition  # the union, once it is joined


class All(BaseCondition):
    """Hold when every condition holds; the miss is that of the first which does not.

    Example: `{type = "all", of = [{type = "tier", in = ["gold"]}, {type = "channel", in = ["web"]}]}` holds when Ada
    (gold) buys on the web and misses by `tier` when Ben (new) does.
    """

    type: Literal["all"]
    of: Annotated[tuple["Condition", ...], Field(min_length=1)]

    def parts(self) -> tuple[BaseCondition, ...]:
        return self.of

    def compiled(self) -> Test:
        tests = [part.compiled() for part in self.of]
        questions = [test.holds for test in tests]

        def holds(situation: Situation) -> bool:
            for question in questions:  # noqa: SIM110 - `all()` over a generator costs twice as much here
                if not question(situation):
                    return False
            return True

        def miss(situation: Situation) -> Miss:
            return next(test.miss(situation) for test in tests if not test.holds(situation))

        return Test(holds, miss)
