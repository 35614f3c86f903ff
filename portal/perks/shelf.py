"""The reward shelf, pure: what stands on it, and whether a member may take it now, soon or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.errors import Refused

Near = Literal["now", "almost", "far"]
Shut = Literal["sold_out", "not_yet", "over", "tier", "had"]
ALMOST = 3
"""Less than one part of so many is lacking: the reward is almost there."""

Words = Mapping[str, str]


class RewardUnknown(Refused):
    code = "unknown-reward"
    status = 404
    text = "There is no such reward on the shelf."


class RewardSoldOut(Refused):
    code = "reward-sold-out"
    status = 409
    text = "The last one has just been taken. Your points are all there."


class RewardShut(Refused):
    code = "reward-shut"
    text = "This reward cannot be taken now: it is not open yet, over, or for another tier. Your points are all there."


class RewardHad(Refused):
    code = "reward-had"
    text = "You have taken this reward as often as one member may (%(most)s)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Something for points. `left` is None where there is any number of it; an empty `tiers` is for everybody.

    `title` and `about` are texts by language. From `opens_at` until `closes_at` it may be taken; a code of it works
    through the day `valid_days` after that.
    """

    id: str
    title: Words
    about: Words
    points: int
    left: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    tiers: tuple[str, ...]
    per_member: int | None
    valid_days: int
    on_shelf: bool

    def shut(self, *, tier: str | None, had: int, at: datetime) -> Shut | None:
        """Tell why a member cannot take it, whatever their points; None when they can."""
        if self.closes_at is not None and at >= self.closes_at:
            return "over"
        if self.tiers and tier not in self.tiers:
            return "tier"
        if self.opens_at is not None and at < self.opens_at:
            return "not_yet"
        if self.per_member is not None and had >= self.per_member:
            return "had"
        return "sold_out" if self.left == 0 else None

    def near(self, available: int) -> Near:
        """Tell how far the points go: `almost` when less than a third is lacking.

        Example: for 300 points, 300 are `now`, 201 `almost`, 200 `far`.
        """
        lack = self.lack(available)
        if not lack:
            return "now"
        return "almost" if lack * ALMOST < self.points else "far"

    def lack(self, available: int) -> int:
        """Return the points that are missing."""
        return max(self.points - available, 0)

    def check(self, *, tier: str | None, had: int, at: datetime) -> None:
        """Refuse a reward that cannot be taken: `RewardUnknown`, `RewardSoldOut`, `RewardHad` or `RewardShut`."""
        if not self.on_shelf:
            raise RewardUnknown
        shut = self.shut(tier=tier, had=had, at=at)
        if shut == "sold_out":
            raise RewardSoldOut
        if shut == "had":
            raise RewardHad(most=self.per_member)
        if shut is not None:
            raise RewardShut


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A reward in a member's hands: its code works once before `until`, unless it is given back."""

    id: str
    reward: Reward
    member_id: str
    code: str
    points: int
    state: Literal["taken", "used", "returned"]
    taken_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: str | None

    def works(self, at: datetime) -> bool:
        """Tell whether a till hands it out at this instant."""
        return self.state == "taken" and at < self.until
