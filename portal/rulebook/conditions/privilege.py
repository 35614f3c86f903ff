"""`privilege`: something opened by an earlier purchase."""

from typing import Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import Name


class Privilege(BaseCondition):
    """Hold when the member holds the privilege, its time is not over and uses are left.

    Example: "aqua20" until 4 April 00:00 holds on 3 April at 23:30 and no more at midnight.
    """

    about_member = True
    type: Literal["privilege"]
    id: Name

    def compiled(self) -> Test:
        return Test(lambda situation: holds_privilege(situation, self.id), self._miss)

    def _miss(self, situation: Situation) -> Miss:
        held = situation.member.privileges if situation.member else ()
        ends = [each.until.isoformat() for each in held if each.id == self.id and each.until]
        return Miss("privilege", {"id": self.id, "ended": max(ends, default=None)})


def holds_privilege(situation: Situation, privilege: str) -> bool:
    """Tell whether the member holds the privilege at this moment, with uses left."""
    held = situation.member.privileges if situation.member else ()
    return any(each.id == privilege and each.works(situation.at) for each in held)
