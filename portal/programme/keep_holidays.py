"""Members' own holidays are told of, and the privilege that works by the calendar is written (domain.md §2.7)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.members.occasions import holiday_of
from portal.members.person import Occasion
from portal.members.queries.celebrating import Celebrating, members_celebrating
from portal.outbox.job import Document
from portal.perks import operations as perks
from portal.perks.queries import opened_since
from portal.programme.notices import Notice, announce
from portal.programme.own_holiday import ONCE_IN, KeptHoliday, kept_holiday
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.holiday import Holiday
from portal.rulebook.validity import midnight

KIND = "own_holiday"
FROM_HOUR = 9  # of the shop's clock
LAST_DAYS = 2


def keep_holidays(session: Session, *, progress: Document | None, now: datetime, limit: int) -> dict[str, Any] | None:
    """Open what is due to those of the next `limit` members whose holiday is near, and remind them of it.

    Run as often as you like: a privilege is opened once in 12 months and each reminder is told once. Returns how far it
    came, None when everybody was looked at.
    """
    try:
        rulebook = rulebook_in_force(session, at=now)
    except NoRulebook:
        return None
    holiday, here = rulebook.holiday, now.astimezone(rulebook.zone)
    if holiday is None or here.hour < FROM_HOUR:
        return None
    after = (progress or {}).get("after", "")
    days = tuple(_days(here.date(), holiday))
    found = members_celebrating(session, days, after=after, limit=limit)
    _keep(session, found, rulebook, holiday, now=now)
    return {"after": found[-1].member_id} if len(found) == limit else None


def _keep(
    session: Session, found: Sequence[Celebrating], rulebook: Rulebook, holiday: Holiday, *, now: datetime
) -> None:
    today = now.astimezone(rulebook.zone).date()
    near = {each.member_id: Occasion(each.day, each.given_at) for each in found}
    kept = {
        id_: each for id_, told in near.items() if (each := kept_holiday(id_, told, rulebook, holiday, today=today))
    }
    first = midnight(today - timedelta(days=holiday.before + holiday.after), rulebook.zone)
    opened = opened_since(session, kept, privilege=holiday.privilege, since=first - ONCE_IN)
    batch = Batch()
    for member_id, each in kept.items():
        held = opened.get(member_id)
        if held is None or held.opened_at <= each.right.opened_at - ONCE_IN:
            held = each.right
            perks.write_privilege(batch, member_id, held, uses_left=1)
        elif not (held.uses_left and held.until > now):
            continue
        notice = _reminder(each, rulebook, holiday, until=held.until, today=today, now=now)
        announce(batch, member_id, [notice], now=now)
    batch.flush(session)


def _days(today: date, holiday: Holiday) -> Iterator[date]:
    """Yield the days of the year, as they are kept, whose windows hold today; 29 February goes with the 28th."""
    for offset in range(-holiday.after, holiday.before + 1):
        day = today + timedelta(days=offset)
        yield holiday_of(month=day.month, day=day.day)
        if (day.month, day.day) == (2, 28):
            yield holiday_of(month=2, day=29)


def _reminder(
    kept: KeptHoliday, rulebook: Rulebook, holiday: Holiday, *, until: datetime, today: date, now: datetime
) -> Notice:
    """Remind before the day, on it, and while its last days go by: each once."""
    if today < kept.day:
        moment = "before"
    elif today > kept.last_day - timedelta(days=LAST_DAYS):
        moment = "last"
    else:
        moment = "day"
    named = next((each.title for each in rulebook.privileges if each.id == holiday.privilege), "")
    title = named if isinstance(named, str) else dict(named)
    facts = {"moment": moment, "gives": title or holiday.privilege, "last_day": kept.last_day.isoformat()}
    return Notice(kind=KIND, cause=f"{kept.day.year}/{moment}", facts=facts, at=now, not_after=until)
