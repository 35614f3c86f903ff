"""Members who lack little to the next tier are told once in a period, while there is time (domain.md §4.2).

The period is that by which tiers are kept; where they are for life, that of the ladder's windows, or a quarter.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch, epoch, instant
from portal.outbox.job import Document
from portal.programme.climb_column import climbs_of
from portal.programme.climbing import Climb
from portal.programme.notices import Notice, announce
from portal.programme.remind_tiers import DAYS_BEFORE, FROM_HOUR
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.programme.tier_notices import benefits_told, plain_title
from portal.programme.tier_screening import may_rise, nearly_goal_of
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import Ladder
from portal.rulebook.tiers.ladder import ByPeriod, Calendar, Unit
from portal.rulebook.tiers.periods import MONTHS, unit_after
from portal.rulebook.validity import midnight
from portal.tiers import operations as tiers
from portal.tiers.queries import NEAR, walked_through

_DAY = timedelta(days=1)


def remind_near_tiers(
    session: Session, *, progress: Document | None, now: datetime, limit: int
) -> dict[str, Any] | None:
    """Tell those of the next `limit` members who lack little; None when everybody was told."""
    walk = dict(progress) if progress else _next_walk(session, now=now)
    if walk is None:
        return None
    rulebook = rulebook_in_force(session, at=now)
    ladder = rulebook.tiers
    if ladder is None:
        return {}
    zone, after, batch = rulebook.zone, walk["after"], Batch()
    screened = may_rise(session, ladder, at=now, zone=zone, after=after, limit=limit, enough=nearly_goal_of)
    for member_id, climb in climbs_of(session, rulebook, screened.found, at=now):
        announce(batch, member_id, list(_notices(climb, now=now)), now=now)
    batch.flush(session)
    if screened.last is not None:
        return walk | {"after": screened.last}
    tiers.walked(session, NEAR, through=instant(walk["at"]))
    return {}


def _next_walk(session: Session, *, now: datetime) -> dict[str, Any] | None:
    """Return the reminding that is due and was not done, if it is of today; older ones are past their use."""
    try:
        rulebook = rulebook_in_force(session, at=now)
    except NoRulebook:
        return None
    if rulebook.tiers is None:
        return None
    at, done = _reminding(rulebook, rulebook.tiers, now), walked_through(session, NEAR)
    due = at <= now < at + _DAY and (done is None or done < at)
    return {"at": epoch(at), "after": ""} if due else None


def _reminding(rulebook: Rulebook, ladder: Ladder, now: datetime) -> datetime:
    """Return the instant of the running period at which members are told."""
    days, after = DAYS_BEFORE[_unit(ladder)] * _DAY, _period_after(ladder, now.astimezone(rulebook.zone).date())
    return midnight(after - days, rulebook.zone) + FROM_HOUR


def _period_after(ladder: Ladder, day: date) -> date:
    return unit_after(day, _unit(ladder))


def _unit(ladder: Ladder) -> Unit:
    if isinstance(ladder.keep, ByPeriod):
        return ladder.keep.unit
    windows = (each.window for each in ladder.thresholds())
    units = {window.unit for window in windows if isinstance(window, Calendar)}
    return min(units, key=MONTHS.__getitem__, default="quarter")


def _notices(climb: Climb, *, now: datetime) -> Iterator[Notice]:
    """Give what to tell; whoever is about to lose a tier is told of that alone."""
    path, found = climb.near_miss(now), climb.progress(now)
    if path is None or found.next is None or found.keep is not None:
        return
    after = _period_after(climb.ladder, now.astimezone(climb.zone).date())
    facts = {
        "tier": plain_title(found.next),
        "metric": path.metric,
        "value": path.value,
        "goal": path.goal,
        "last_day": path.last_day and path.last_day.isoformat(),
        "benefits": benefits_told(found.next),
    }
    over = midnight((path.last_day + _DAY) if path.last_day else after, climb.zone)
    yield Notice(kind="tier_near", cause=f"{found.next.id}/{after}", facts=facts, at=now, not_after=over)
