"""Members whose tier is about to be lost are told what is missing, while there is time (domain.md §4.1).

Once some weeks before the end of a period, and where days of grace follow once more as they begin.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch, epoch, instant
from portal.outbox.job import Document
from portal.programme.climb_column import climbs_of
from portal.programme.climbing import Climb
from portal.programme.notices import Notice, announce
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.programme.tier_notices import plain_title
from portal.programme.tier_screening import Screened, may_fall
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers.ladder import ByPeriod
from portal.rulebook.tiers.periods import Period, period_before, period_of
from portal.rulebook.validity import midnight
from portal.tiers import operations as tiers
from portal.tiers.queries import KEEP, walked_through

DAYS_BEFORE = {"month": 7, "quarter": 14, "half_year": 21, "year": 21}
LEAST_GRACE = 7
FROM_HOUR = timedelta(hours=9)
_DAY = timedelta(days=1)


def remind_tiers(session: Session, *, progress: Document | None, now: datetime, limit: int) -> dict[str, Any] | None:
    """Tell those of the next `limit` members who would lose their tier; None when everybody was told."""
    walk = dict(progress) if progress else _next_walk(session, now=now)
    if walk is None:
        return None
    at, rulebook = instant(walk["at"]), rulebook_in_force(session, at=now)
    ladder = rulebook.tiers
    if ladder is None or walk["tier"] >= len(ladder.tiers):
        tiers.walked(session, KEEP, through=at)
        return {}
    period, tier = _period(rulebook, at), ladder.tiers[walk["tier"]]
    screened = Screened([], None)
    if period is not None:
        screened = may_fall(session, tier, period=period, zone=rulebook.zone, after=walk["after"], limit=limit)
    batch = Batch()
    for member_id, climb in climbs_of(session, rulebook, screened.found, at=now):
        announce(batch, member_id, list(_notice(climb, now=now)), now=now)
    batch.flush(session)
    if screened.last is not None:
        return walk | {"after": screened.last}
    return walk | {"after": "", "tier": walk["tier"] + 1}


def _next_walk(session: Session, *, now: datetime) -> dict[str, Any] | None:
    """Return the latest reminding that is due and was not done, if it is of today; older ones are past their use."""
    try:
        rulebook = rulebook_in_force(session, at=now)
    except NoRulebook:
        return None
    done = walked_through(session, KEEP)
    due = [at for at, _ in _remindings(rulebook, now) if now - _DAY < at <= now and (done is None or at > done)]
    return {"at": epoch(max(due)), "after": "", "tier": 1} if due else None


def _period(rulebook: Rulebook, at: datetime) -> Period | None:
    return next((period for moment, period in _remindings(rulebook, at) if moment == at), None)


def _remindings(rulebook: Rulebook, now: datetime) -> Iterator[tuple[datetime, Period]]:
    """Give the instants at which members are told, around now, each with its period."""
    keep = rulebook.tiers.keep if rulebook.tiers else None
    if not isinstance(keep, ByPeriod):
        return
    running = period_of(now.astimezone(rulebook.zone).date(), keep)
    for period in (period_before(running, keep), running):
        yield midnight(period.after - DAYS_BEFORE[keep.unit] * _DAY, rulebook.zone) + FROM_HOUR, period
        if keep.grace_days >= LEAST_GRACE:
            yield midnight(period.after, rulebook.zone) + FROM_HOUR, period


def _notice(climb: Climb, *, now: datetime) -> Iterator[Notice]:
    found = climb.progress(now)
    keep = found.keep
    if keep is None or keep.last_day is None:
        return
    facts = {
        "tier": plain_title(found.tier),
        "metric": keep.metric,
        "value": keep.value,
        "goal": keep.goal,
        "last_day": keep.last_day.isoformat(),
    }
    not_after = midnight(keep.last_day + _DAY, climb.zone)
    cause = f"{found.tier.id}/{keep.last_day}/{now.astimezone(climb.zone).date()}"
    yield Notice(kind="tier_keep", cause=cause, facts=facts, at=now, not_after=not_after)
