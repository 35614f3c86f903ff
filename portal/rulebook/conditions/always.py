"""`always`: every receipt."""

from typing import Literal

from portal.rulebook.conditions.base import BaseCondition, Miss, Test


class Always(BaseCondition):
    """Hold for every receipt; a rule without `when` has this one.

    Example: `{type = "always"}` holds for a guest's pack of matches.
    """

    type: Literal["always"]

    def compiled(self) -> Test:
        return Test(lambda _: True, lambda _: Miss("always", {}))
