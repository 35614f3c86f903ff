"""Everybody's tier is judged when it is due: after the end of a period, and when a new ladder comes into force.

A new ladder lifts whoever it lets in at once; nobody falls before the next period ends (domain.md §4.1).
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.outbox.job import Document
from portal.programme.climb_column import climb_of, climbs_of
from portal.programme.period_end import can_be_summed_up, judge_holders
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.programme.tier_notices import tell_climb
from portal.programme.tier_screening import Screened, may_fall, may_rise
from portal.programme.tier_walk import Round, Walk, read_walk, round_of
from portal.receipts.queries import published_versions
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import Ladder, Period, judgements
from portal.tiers import operations as tiers
from portal.tiers.queries import LADDER, PERIODS, first_standing, strangers, walked_through


def judge_member(session: Session, member_id: str, *, now: datetime) -> None:
    """Judge one member anew, after something that no receipt of theirs told."""
    rulebook = rulebook_in_force(session, at=now)
    climb = climb_of(session, rulebook, member_id, at=now)
    if climb is not None:
        batch = Batch()
        tell_climb(batch, climb.risen(at=now), member_id, now=now)
        batch.flush(session)


def judge_tiers(session: Session, *, progress: Document | None, now: datetime, limit: int) -> dict[str, Any] | None:
    """Look at the next `limit` members; return how far it came, None when nothing is due.

    Periods come in time order, each by the ladder of its own instant. Only those who may fall or rise are read, and
    only changes are written; doing it twice does nothing more.
    """
    walk = read_walk(progress) if progress else _next_walk(session, now=now)
    if walk is None:
        return None
    rulebook = rulebook_in_force(session, at=walk.at)
    judged, batch, last = round_of(walk, rulebook, limit=limit, now=now), Batch(), None
    if judged is not None:
        last = _judge_some(session, batch, judged)
        batch.flush(session)
    if last is not None:
        return walk.past(last).document()
    if walk.kind == PERIODS and rulebook.tiers and walk.rank + 1 < len(rulebook.tiers.tiers):
        return walk.to_next_tier().document()
    tiers.walked(session, walk.kind, through=walk.at)
    return {}


def _next_walk(session: Session, *, now: datetime) -> Walk | None:
    """Return the earliest walk that is due: a period that has ended, or a ladder that came into force."""
    try:
        rulebook = rulebook_in_force(session, at=now)
    except NoRulebook:
        return None
    if rulebook.tiers is None:
        return None
    since = _in_force_since(session, rulebook)
    walked = walked_through(session, LADDER)
    ended = _ended(session, rulebook, rulebook.tiers, now=now)
    if walked is None or walked < since:
        return Walk(kind=LADDER, at=now)
    return Walk(kind=PERIODS, at=ended.judged_at(rulebook.zone)) if ended else None


def _ended(session: Session, rulebook: Rulebook, ladder: Ladder, *, now: datetime) -> Period | None:
    """Return the first period that has ended and that nobody was judged for; none before the first tier was reached."""
    after = walked_through(session, PERIODS) or first_standing(session)
    if after is None:
        return None
    return next(judgements(ladder.keep, zone=rulebook.zone, after=after, until=now), None)


def _in_force_since(session: Session, rulebook: Rulebook) -> datetime:
    versions = published_versions(session)
    return max(each.effective_from for each in versions if each.digest == rulebook.digest)


def _judge_some(session: Session, batch: Batch, judged: Round) -> str | None:
    """Judge the members of a round and return the last one looked at (None: everybody was)."""
    walk, period = judged.walk, judged.period
    if period is not None and walk.rank and can_be_summed_up(judged.ladder, judged.tier):
        return judge_holders(session, batch, judged, period=period)
    screened = _screened(session, judged)
    for member_id, climb in climbs_of(session, judged.rulebook, screened.found, at=walk.at):
        tell_climb(batch, climb if period else climb.risen(at=walk.at), member_id, now=judged.now)
    return screened.last


def _screened(session: Session, judged: Round) -> Screened:
    walk, ladder, limit = judged.walk, judged.ladder, judged.limit
    if judged.period is None:
        return may_rise(session, ladder, at=walk.at, zone=judged.zone, after=walk.after, limit=limit)
    if walk.rank == 0:
        found = strangers(session, [each.id for each in ladder.tiers], after=walk.after, limit=limit)
        return Screened(found, found[-1] if len(found) == limit else None)
    return may_fall(session, judged.tier, period=judged.period, zone=judged.zone, after=walk.after, limit=limit)
