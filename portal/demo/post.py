"""The demo's worker: what stories asked to be told is told at the time it would have been."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.notifications import operations as notifications
from portal.notifications.preference import Preference
from portal.outbox import operations as outbox
from portal.outbox.job import Chunk, Mine
from portal.programme.delivering import FALL_BACK
from portal.programme.judge_tiers import judge_tiers
from portal.programme.notices import NOTIFY, NOTIFY_ALIKE, read_notices
from portal.programme.notify_alike import notify_alike
from portal.programme.notify_member import notify_member
from portal.programme.remind_members import remind_members
from portal.programme.remind_near_tiers import remind_near_tiers
from portal.programme.remind_tiers import remind_tiers

_POST = Mine(only=(NOTIFY, NOTIFY_ALIKE, FALL_BACK, "send_email", "send_sms"))
_AT_ONCE = 50
_MEMBERS = 500
_UNREAD_FOR = timedelta(days=4)


def work_off(session: Session, *, at: datetime) -> None:
    """Tell members what is due to be told. Letters of long ago go nowhere: the inbox keeps what they said."""
    while True:
        jobs = outbox.lease(session, owner="demo", now=at, limit=_AT_ONCE, mine=_POST)
        for job in jobs:
            if job.kind == NOTIFY:
                notify_member(session, job.arguments["member"], read_notices(job.arguments), now=at)
                outbox.finish(session, job, now=at)
            elif job.kind == NOTIFY_ALIKE:
                progress = job.progress
                while (progress := notify_alike(session, Chunk(at, job.arguments, progress))) is not None:
                    pass
                outbox.finish(session, job, now=at)
            else:
                outbox.drop(session, job, now=at)
        if len(jobs) < _AT_ONCE:
            return


def remind(session: Session, *, at: datetime) -> None:
    """Judge tiers whose period has ended, and do a day's reminders."""
    for walk in (judge_tiers, remind_members, remind_tiers, remind_near_tiers):
        progress = walk(session, progress=None, now=at, limit=_MEMBERS)
        while progress is not None:
            progress = walk(session, progress=progress, now=at, limit=_MEMBERS)


def choose_little(session: Session, member_id: str, *, now: datetime) -> None:
    """Let somebody want no more than one offer a week, so that the inbox shows what is held back."""
    notifications.set_preference(session, member_id, Preference(most_in_a_week=1), now=now)


def read_what_is_old(session: Session, members: Iterable[str], *, now: datetime) -> None:
    """Let members have read everything but the last days' messages."""
    for member_id in members:
        notifications.mark_all_read(session, member_id, up_to=now - _UNREAD_FOR, now=now)
