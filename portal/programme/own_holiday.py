"""A member's own holiday: its privilege works by the calendar, once in 12 months, whether or not a job ran (§2.7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.ids import id_of
from portal.members.person import Occasion
from portal.perks.queries import HeldPrivilege, opened_since
from portal.rulebook.conditions.birthday import NOTICE_DAYS
from portal.rulebook.document import Rulebook
from portal.rulebook.holiday import Holiday
from portal.rulebook.validity import midnight, midnight_after
from portal.rulebook.windows import birthday_key, entered_in_time, kept_birthday

ONCE_IN = timedelta(days=360)  # the same day of the next year comes after 365 days, or 364 around a 29 February


@dataclass(frozen=True, slots=True)
class KeptHoliday:
    """A holiday as it is kept this time: on which day, through which one, and the privilege it opens."""

    day: date
    last_day: date
    right: HeldPrivilege


def kept_holiday(
    member_id: str, told: Occasion, rulebook: Rulebook, holiday: Holiday, *, today: date
) -> KeptHoliday | None:
    """Return the holiday as it is kept today; None for one told too late, or outside its window."""
    year = birthday_key(told.day, before=holiday.before, after=holiday.after, day=today)
    entered, before = told.given_at.astimezone(rulebook.zone).date(), holiday.before
    if year is None or not entered_in_time(
        told.day, entered=entered, before=before, year=year, notice_days=NOTICE_DAYS
    ):
        return None
    day = kept_birthday(told.day, year)
    last_day, opens_at = day + timedelta(days=holiday.after), midnight(day - timedelta(days=before), rulebook.zone)
    right = HeldPrivilege(
        id=id_of(f"{member_id}/{holiday.privilege}", at=opens_at),
        privilege=holiday.privilege,
        opened_at=opens_at,
        until=midnight_after(last_day, rulebook.zone),
        uses_left=1,
        opened_by=None,
        written=False,
    )
    return KeptHoliday(day, last_day, right)


def with_own_holiday(
    session: Session,
    held: tuple[HeldPrivilege, ...],
    rulebook: Rulebook,
    member_id: str,
    told: Occasion | None,
    *,
    at: datetime,
) -> tuple[HeldPrivilege, ...]:
    """Add the holiday's privilege to those a member holds, where it is due and was not opened.

    The database is asked once more for those alone whose holiday is near.
    """
    holiday = rulebook.holiday
    if holiday is None or told is None or any(each.privilege == holiday.privilege for each in held):
        return held
    today = at.astimezone(rulebook.zone).date()
    kept = kept_holiday(member_id, told, rulebook, holiday, today=today)
    if kept is None:
        return held
    since = kept.right.opened_at - ONCE_IN
    if opened_since(session, [member_id], privilege=holiday.privilege, since=since):
        return held
    return tuple(sorted((*held, kept.right), key=lambda each: (each.until, each.id)))
