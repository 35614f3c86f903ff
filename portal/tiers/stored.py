"""A member's standing as it is kept, with what a story must know to judge it further."""

from dataclasses import dataclass
from datetime import datetime

from portal.rulebook.tiers import Change, Manual, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where a member stands. `number` counts the changes so far; who never rose has none and no tier.

    `was` is the tier before the first change after the instant that was asked for (None: none came after).
    `judged_through` is up to where the ends of periods were judged for everybody.
    """

    tier: str | None = None
    since: datetime | None = None
    number: int = 0
    manual: Manual | None = None
    was: str | None = None
    judged_through: datetime | None = None

    def standing(self, rises: tuple[Change, ...] = ()) -> Standing:
        return Standing(tier=self.tier, since=self.since, manual=self.manual, rises=rises)
