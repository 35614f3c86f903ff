"""`referred`: who or what brought the member."""

from typing import Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Names


class Referred(BaseCondition):
    """Hold when the member has a referrer, or, with `by`, came by one of those links, partners or referrers.

    Example: `{type = "referred"}` holds for Cleo, whom Ada brought; `{type = "referred", by = ["link:fitmaster"]}` for
    those who joined by the trainer's link.
    """

    about_member = True
    type: Literal["referred"]
    by: Names | None = None

    def compiled(self) -> Test:
        wanted = frozenset(self.by) if self.by else None

        def holds(situation: Situation) -> bool:
            member = situation.member
            if member is None:
                return False
            if wanted is None:
                return member.referrer is not None
            return member.referred_by in wanted or member.referrer in wanted

        return Test(holds, lambda _: Miss("referred", {"by": list(self.by) if self.by else None}))
