"""Members' own holidays: a privilege is opened in time, once in 12 months, and told of (domain.md §2.7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.members.occasions import holiday_of
from portal.members.queries.celebrating import Celebrating, members_celebrating
from portal.outbox.job import Document
from portal.perks import operations as perks
from portal.perks.queries import HeldPrivilege, opened_since
from portal.programme.notices import Notice, announce
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.rulebook.conditions.birthday import NOTICE_DAYS
from portal.rulebook.document import Rulebook
from portal.rulebook.holiday import Holiday
from portal.rulebook.validity import midnight_after
from portal.rulebook.windows import birthday_key, entered_in_time, kept_birthday

KIND = "own_holiday"
FROM_HOUR = 9  # of the shop's clock
ONCE_IN = timedelta(days=360)  # the same day of the next year comes after 365 days, or 364 around a 29 February
LAST_DAYS = 2


@dataclass(frozen=True, slots=True)
class _Kept:
    """A holiday as it is kept this time: on which day, through which one its privilege works."""

    member_id: str
    day: date
    last_day: date


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
    kept = [each for member in found if (each := _kept(member, rulebook, holiday, today=today))]
    ids = [each.member_id for each in kept]
    opened = opened_since(session, ids, privilege=holiday.privilege, since=now - ONCE_IN)
    batch = Batch()
    for each in kept:
        held = opened.get(each.member_id)
        if held is None:
            _open(batch, each, rulebook, holiday, now=now)
        elif not (held.uses_left and held.until > now):
            continue
        announce(batch, each.member_id, [_reminder(each, rulebook, holiday, held, today=today, now=now)], now=now)
    batch.flush(session)


def _days(today: date, holiday: Holiday) -> Iterator[date]:
    """Yield the days of the year, as they are kept, whose windows hold today; 29 February goes with the 28th."""
    for offset in range(-holiday.after, holiday.before + 1):
        day = today + timedelta(days=offset)
        yield holiday_of(month=day.month, day=day.day)
        if (day.month, day.day) == (2, 28):
            yield holiday_of(month=2, day=29)


def _kept(member: Celebrating, rulebook: Rulebook, holiday: Holiday, *, today: date) -> _Kept | None:
    """Return the holiday as it is kept now; None for one told too late, or whose window is another year's."""
    year = birthday_key(member.day, before=holiday.before, after=holiday.after, day=today)
    entered = member.given_at.astimezone(rulebook.zone).date()
    if year is None or not entered_in_time(
        member.day, entered=entered, before=holiday.before, year=year, notice_days=NOTICE_DAYS
    ):
        return None
    day = kept_birthday(member.day, year)
    return _Kept(member.member_id, day, day + timedelta(days=holiday.after))


def _open(batch: Batch, kept: _Kept, rulebook: Rulebook, holiday: Holiday, *, now: datetime) -> None:
    until = midnight_after(kept.last_day, rulebook.zone)
    perks.open_privilege(
        batch, kept.member_id, privilege=holiday.privilege, at=now, until=until, uses=1, receipt_id=None
    )


def _reminder(
    kept: _Kept, rulebook: Rulebook, holiday: Holiday, held: HeldPrivilege | None, *, today: date, now: datetime
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
    until = held.until if held else midnight_after(kept.last_day, rulebook.zone)
    return Notice(kind=KIND, cause=f"{kept.day.year}/{moment}", facts=facts, at=now, not_after=until)
