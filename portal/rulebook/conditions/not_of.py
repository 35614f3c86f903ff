"""`not`: the opposite of a condition."""

from typing import TYPE_CHECKING, Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation

if TYPE_CHECKING:
    from portal.rulebook.conditions.base import BaseCondition as Condition  # the union, once it is joined


class Not(BaseCondition):
    """Hold when the condition does not.

    A guest is not "a member who is not gold": over a condition about the member, `not` fails for guests too, so that
    guests get only what needs no member (domain.md §1.7).

    Example: `{type = "not", of = {type = "channel", in = ["web"]}}` holds at a till.
    """

    type: Literal["not"]
    of: "Condition"

    def parts(self) -> tuple[BaseCondition, ...]:
        return (self.of,)

    def compiled(self) -> Test:
        question = self.of.compiled().holds
        kind = self.of.type
        member_needed = any(part.about_member for part in self.of.walk())

        def holds(situation: Situation) -> bool:
            return not (member_needed and situation.member is None) and not question(situation)

        return Test(holds, lambda _: Miss("not", {"of": kind}))
