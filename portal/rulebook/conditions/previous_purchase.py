"""`previous_purchase`: what the last receipt came to."""

from typing import Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.conditions.threshold import Threshold
from portal.rulebook.moments import local_day
from portal.rulebook.situation import Situation
from portal.rulebook.values import Days, Minor


class PreviousPurchase(BaseCondition):
    """Hold when the last committed, not fully returned receipt's net was `min` or more, or `more_than` something.

    `within_days` counts local days: on the last of them the purchase still counts.

    Example: after a purchase of 3 000.00 on 20 February `{type = "previous_purchase", more_than = 300000, within_days =
    30}` fails; after one of 3 000.01 it holds through 22 March.
    """

    about_member = True
    type: Literal["previous_purchase"]
    min: Minor | None = None
    more_than: Minor | None = None
    within_days: Days | None = None

    def compiled(self) -> Test:
        threshold, within = Threshold(self.min, self.more_than), self.within_days

        def holds(situation: Situation) -> bool:
            last = situation.member.last_purchase if situation.member else None
            if last is None or not threshold.admits(last.net):
                return False
            return within is None or (situation.day - local_day(last.at, situation.at)).days <= within

        return Test(holds, self._miss)

    def _miss(self, situation: Situation) -> Miss:
        last = situation.member.last_purchase if situation.member else None
        found = {"value": last.net, "on": local_day(last.at, situation.at).isoformat()} if last else {"value": None}
        needed = Threshold(self.min, self.more_than).facts()
        return Miss("previous_purchase", {**found, **needed, "within_days": self.within_days})
