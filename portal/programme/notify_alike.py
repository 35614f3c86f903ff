"""Many members are told one and the same: they share a job, which tells some of them at a time."""

from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.outbox.job import Chunk
from portal.programme.notices import announce, read_notices
from portal.programme.notify_member import notify_members

TOLD_AT_ONCE = 100  # a till of SQLite waits for no more than these: about 10 ms


def notify_alike(session: Session, chunk: Chunk) -> dict[str, Any] | None:
    """Tell the next members of a job made by `announce_alike`; None when all were told.

    Should that have failed before, each of those left gets a job of their own, so that only the one to blame waits.
    """
    told = chunk.progress["told"] if chunk.progress else 0
    left, notices = chunk.arguments["members"][told:], read_notices(chunk.arguments)
    if chunk.attempts > 1:
        batch = Batch()
        for member_id in left:
            announce(batch, member_id, notices, now=chunk.now)
        batch.flush(session)
        return None
    notify_members(session, [(member_id, notices) for member_id in left[:TOLD_AT_ONCE]], now=chunk.now)
    return {"told": told + TOLD_AT_ONCE} if len(left) > TOLD_AT_ONCE else None
