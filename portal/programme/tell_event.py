"""A client tells what a member did elsewhere: a review, a visit, a game. It is kept; quests will read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.lookup import Lookup
from portal.members.operations.identify import MemberLeft, UnknownMember
from portal.members.queries import find_person
from portal.programme.judging import CLOCK_SKEW
from portal.receipts import operations as receipts
from portal.receipts.queries.events import StandingEvent, find_event


class EventConflict(Refused):
    code = "event-conflict"
    status = 409
    text = "Another event was told under this id before."


class FutureEvent(Refused):
    code = "event-in-the-future"
    text = "The event's time lies in the future."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event as a client tells it; `id` is the client's own name for it, once and for ever."""

    id: str
    type: str
    at: datetime
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """An event that is kept. `moved` names the quests it moved: none until there are quests."""

    id: str
    member_id: str
    moved: tuple[str, ...] = ()


def tell_event(session: Session, event: ToldEvent, lookup: Lookup, *, client: str, now: datetime) -> EventAnswer:
    """Keep an event, once for each id of a client.

    Raises `UnknownMember`, `MemberLeft`, `EventConflict` or `FutureEvent`.
    """
    person = find_person(session, lookup)
    if person is None:
        raise UnknownMember
    if not person.active:
        raise MemberLeft
    if event.at > now + CLOCK_SKEW:
        raise FutureEvent
    told = StandingEvent(event.type, person.id, event.at.astimezone(UTC), dict(event.fields))
    known = find_event(session, client=client, event_id=event.id)
    if known is None:
        receipts.keep_event(session, client=client, event_id=event.id, event=told, now=now)
    elif known != told:
        raise EventConflict
    return EventAnswer(id=event.id, member_id=person.id)
