"""Members are reminded of points that run out in ten days, of each day's points once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch, epoch, instant
from portal.ledger.queries.ending import Ending, points_ending
from portal.notifications import operations as notifications
from portal.notifications.queries import reminded_through
from portal.outbox.job import Document
from portal.programme.notices import Notice, announce
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.rulebook.validity import midnight, midnight_after

KIND = "points_expiring"
DAYS_AHEAD = 10
FROM_HOUR = 9  # of the shop's clock; whoever sleeps longer is told when their quiet hours are over


def remind_members(session: Session, *, progress: Document | None, now: datetime, limit: int) -> dict[str, Any] | None:
    """Tell those of the next `limit` members whose points run out within ten days and who were not told of it yet.

    Returns how far it came; None when everybody was looked at, and then for the rest of the day. After a standstill the
    days missed are told together, each by its own message; points that ran out meanwhile are not.
    """
    stretch = _stretch(session, now=now) if progress is None else dict(progress)
    if stretch is None:
        return None
    since, through = instant(stretch["since"]), instant(stretch["through"])
    endings = points_ending(session, after=stretch["after"], since=since, through=through, members=limit)
    batch = Batch()
    for ending in endings.found:
        announce(batch, ending.member_id, [_notice(ending, now=now)], now=now)
    if endings.last is None:
        notifications.remind(batch, KIND, through=through)
    batch.flush(session)
    return None if endings.last is None else stretch | {"after": endings.last}


def _stretch(session: Session, *, now: datetime) -> dict[str, Any] | None:
    """Return what is to be looked at today, or None when that was done; the very first time today's day alone."""
    try:
        zone = rulebook_in_force(session, at=now).zone
    except NoRulebook:
        return None
    here = now.astimezone(zone)
    today = here.date() if here.hour >= FROM_HOUR else here.date() - timedelta(days=1)
    last_day = today + timedelta(days=DAYS_AHEAD)
    since, through = reminded_through(session, KIND) or midnight(last_day, zone), midnight_after(last_day, zone)
    if since >= through:
        return None
    return {"since": epoch(max(since, now)), "through": epoch(through), "after": ""}


def _notice(ending: Ending, *, now: datetime) -> Notice:
    day = ending.last_valid_day.isoformat()
    return Notice(kind=KIND, cause=day, facts={"points": ending.points, "last_day": day}, at=now)
