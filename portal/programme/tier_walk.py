"""A walk over everybody whose tier is judged, some members at a time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.db import epoch, instant
from portal.outbox.job import Document
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import Ladder, Period, Tier, judgements
from portal.tiers.queries import PERIODS


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What everybody is judged for (`kind`: a new ladder, or a period that ended), by which instant, and how far it is.

    Those up to the id `after` were looked at; for a period tier by tier, now that of `rank`.
    """

    kind: str
    at: datetime
    after: str = ""
    rank: int = 0

    def document(self) -> dict[str, Any]:
        """Return it as a job keeps its progress, for `read_walk`."""
        return {"kind": self.kind, "at": epoch(self.at), "after": self.after, "tier": self.rank}

    def past(self, member_id: str) -> "Walk":
        return replace(self, after=member_id)

    def to_next_tier(self) -> "Walk":
        return replace(self, after="", rank=self.rank + 1)


def read_walk(progress: Document) -> Walk:
    """Read what `Walk.document` gave."""
    at = instant(progress["at"])
    return Walk(kind=progress["kind"], at=at, after=progress["after"], rank=progress["tier"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The next `limit` members of a walk, and what they are judged by; no `period` where a ladder came into force."""

    walk: Walk
    rulebook: Rulebook
    ladder: Ladder
    period: Period | None
    limit: int
    now: datetime

    @property
    def tier(self) -> Tier:
        return self.ladder.tiers[self.walk.rank]

    @property
    def zone(self) -> ZoneInfo:
        return self.rulebook.zone


def round_of(walk: Walk, rulebook: Rulebook, *, limit: int, now: datetime) -> Round | None:
    """Return the next round of a walk; None when the rulebook of its instant judges nobody (any more)."""
    ladder = rulebook.tiers
    if ladder is None:
        return None
    period = None
    if walk.kind == PERIODS:
        period = period_judged(ladder, rulebook, at=walk.at)
        if period is None or walk.rank >= len(ladder.tiers):
            return None
    return Round(walk=walk, rulebook=rulebook, ladder=ladder, period=period, limit=limit, now=now)


def period_judged(ladder: Ladder, rulebook: Rulebook, *, at: datetime) -> Period | None:
    """Return the period that is judged at an instant."""
    return next(judgements(ladder.keep, zone=rulebook.zone, after=at - timedelta.resolution, until=at), None)
