"""`birthday`: the days around the member's birthday."""

from typing import Annotated, Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.windows import birthday_key, entered_in_time

NOTICE_DAYS = 14
"""A birthday told later than so many days before its window opens is not kept this year (domain.md §2.7)."""

Side = Annotated[int, Field(strict=True, ge=0, le=180)]


class Birthday(BaseCondition):
    """Hold from `before` days before the member's birthday to `after` days after it, once per birthday.

    Example: born on 2 January, `{type = "birthday", before = 3, after = 7}` holds from 30 December to 9 January, and
    the use on 30 December counts for the birthday of the new year.
    """

    about_member = True
    type: Literal["birthday"]
    before: Side = 3
    after: Side = 7

    def compiled(self) -> Test:
        return Test(lambda situation: self.year_kept(situation) is not None, self._miss)

    def year_kept(self, situation: Situation) -> int | None:
        """Return the year of the birthday being kept, or None: outside the window, told too late, used before."""
        member = situation.member
        if member is None or member.birthday is None:
            return None
        year = birthday_key(member.birthday, before=self.before, after=self.after, day=situation.day)
        if year is None or year in member.birthdays_used:
            return None
        entered = member.birthday_entered
        if entered and not entered_in_time(
            member.birthday, entered=entered, before=self.before, year=year, notice_days=NOTICE_DAYS
        ):
            return None
        return year

    def _miss(self, situation: Situation) -> Miss:
        told = situation.member is not None and situation.member.birthday is not None
        return Miss("birthday", {"told": told, "before": self.before, "after": self.after})
