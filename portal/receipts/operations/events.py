"""What members did elsewhere."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Batch, epoch, insert_into
from portal.receipts.queries.events import StandingEvent
from portal.receipts.tables import MemberEvent

TELL = insert_into(MemberEvent.__table__)


def keep_event(
    session: Session,
    *,
    client: str,
    event_id: str,
    event: StandingEvent,
    now: datetime,
) -> None:
    """Keep an event; a second one of its client and id breaks the primary key and is run again."""
    row = {"client": client, "id": event_id, "type": event.type, "member_id": event.member_id, "fields": event.fields}
    batch = Batch()
    batch.add(TELL, {**row, "at": epoch(event.at), "recorded_at": epoch(now)})
    batch.flush(session)


def forget_events(session: Session, member_id: str) -> None:
    """Forget what events told of a member, who may be named there; that there were some stays."""
    session.execute(update(MemberEvent).where(MemberEvent.member_id == member_id).values(fields={}))
