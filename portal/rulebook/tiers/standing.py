"""Where a member stands on the ladder, and how that changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from portal.rulebook.tiers.ladder import Ladder, Tier

Cause = Literal["rise", "period", "refund", "manual", "manual_ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """A tier given by staff until an instant; it never stands below the earned one."""

    tier: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A member moved from a tier to another; `held_since` is when the former one was reached (None: at joining)."""

    at: datetime
    from_: str
    to: str
    cause: Cause
    held_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The earned tier (None: the lowest, never judged) and since when; `rises` are those a refund may still undo."""

    tier: str | None = None
    since: datetime | None = None
    manual: Manual | None = None
    rises: tuple[Change, ...] = ()

    def tier_at(self, at: datetime, ladder: Ladder) -> Tier:
        """Return the tier that works at an instant: the earned one or, while it lasts, a higher one given by hand."""
        given = self._given_at(at)
        higher = given is not None and ladder.rank(given) > ladder.rank(self.tier)
        return ladder.tier(given if higher else self.tier)

    def is_given(self, tier: str, *, at: datetime, ladder: Ladder) -> bool:
        """Tell whether a tier given by hand works at an instant and is this one or a higher one."""
        given = self._given_at(at)
        return given is not None and ladder.rank(given) >= ladder.rank(tier)

    def _given_at(self, at: datetime) -> str | None:
        return self.manual.tier if self.manual is not None and at < self.manual.until else None

    def after(self, change: Change, ladder: Ladder) -> "Standing":
        """Return the standing once a change has happened; what staff give leaves the earned tier as it was."""
        if change.cause in ("manual", "manual_ended"):
            return self
        if change.cause == "rise":
            return replace(self, tier=change.to, since=change.at, rises=(*self.rises, change))
        if change.cause == "refund":
            return self._back(change, ladder)
        return replace(self, tier=change.to, since=change.at, rises=())

    def _back(self, change: Change, ladder: Ladder) -> "Standing":
        """Undo rises down to a tier; a jump that came to an end half-way stays a rise to there."""
        rises, rank = list(self.rises), ladder.rank(change.to)
        while rises and ladder.rank(rises[-1].from_) > rank:
            rises.pop()
        last = rises.pop() if rises else None
        if last is None or ladder.rank(last.from_) == rank:
            return replace(self, tier=change.to, since=last.held_since if last else change.at, rises=tuple(rises))
        rises.append(replace(last, to=change.to))
        return replace(self, tier=change.to, since=last.at, rises=tuple(rises))


def standing_after(changes: Iterable[Change], ladder: Ladder) -> Standing:
    """Return where somebody stands after changes told in order."""
    standing = Standing()
    for change in changes:
        standing = standing.after(change, ladder)
    return standing
