"""Writes of push; none of them commits."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Batch
from portal.outbox.operations import enqueue, wake
from portal.push.note import PushNote
from portal.push.tables import Subscription

SEND = "send_push"
"""The kind of the jobs that send a note to one browser."""


def post_push(session: Session, member_id: str, note: PushNote, *, now: datetime) -> int:
    """Have a note sent to every browser of a member once this transaction commits; return how many there are.

    Each gets a job of its own, which is dropped when the note's time is over.
    """
    browsers = session.scalars(select(Subscription.id).where(Subscription.member_id == member_id)).all()
    batch = Batch()
    for browser in browsers:
        enqueue(
            batch,
            SEND,
            arguments={"subscription": browser, "note": asdict(note)},
            now=now,
            pointless_at=now + timedelta(seconds=note.ttl_seconds),
        )
    batch.flush(session)
    if browsers:
        wake(session)
    return len(browsers)
