"""Events of members, told by clients."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.receipts.tables import MemberEvent


@dataclass(frozen=True, slots=True)
class StandingEvent:
    """An event as it was told."""

    type: str
    member_id: str
    at: datetime
    fields: dict[str, Any]


def find_event(session: Session, *, client: str, event_id: str) -> StandingEvent | None:
    """Return the event a client told under its id."""
    columns = select(MemberEvent.type, MemberEvent.member_id, MemberEvent.at, MemberEvent.fields)
    row = session.execute(columns.where(MemberEvent.client == client, MemberEvent.id == event_id)).one_or_none()
    return None if row is None else StandingEvent(*row)
