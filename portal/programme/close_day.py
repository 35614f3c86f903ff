"""The day is closed: what is due in books is posted, chunk by chunk, and told (domain.md §2.4)."""

from collections import defaultdict
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.ledger import operations as ledger
from portal.ledger.accruals import POINTS
from portal.ledger.entries import Entry
from portal.outbox import operations as outbox
from portal.programme.notices import announce
from portal.programme.receipt_notices import released

CHUNK = 500
_FACTS = {"release": "points.released", "expiry": "points.expired"}


def close_day(session: Session, *, now: datetime, limit: int = CHUNK) -> int:
    """Post what is due for up to `limit` members, those first who wait longest; return how many entries it took.

    Each call is a transaction of its own; go on until it returns 0. Doing it twice does nothing more, and a day that
    was missed is caught up in time order. Reads never wait for it.
    """
    posted = ledger.post_what_is_due(session, now=now, limit=limit)
    batch = Batch()
    for (member_id, at, fact), points in sorted(_told(posted).items(), key=lambda each: each[0][1]):
        outbox.tell(batch, fact, member_id=member_id, at=at, payload={"points": points})
    for member_id, entries in groupby(posted, key=itemgetter(0)):
        announce(batch, member_id, released(entry for _, entry in entries), now=now)
    batch.flush(session)
    return len(posted)


def _told(posted: list[tuple[str, Entry]]) -> dict[tuple[str, datetime, str], int]:
    """Sum points by member, instant and fact; gift units are not told."""
    told: dict[tuple[str, datetime, str], int] = defaultdict(int)
    for member_id, entry in posted:
        fact = _FACTS.get(entry.kind)
        if fact and entry.wallet == POINTS:
            told[member_id, entry.at, fact] += abs(entry.points)
    return dict(told)
