"""What members do elsewhere, told by shops and partners."""

from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue, Strict, StringConstraints

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.repeats import once
from portal.api.told import MemberRef
from portal.api.values import Document, Instant
from portal.programme.command import Answered
from portal.programme.tell_event import EventAnswer, ToldEvent, tell_event
from portal.web.transactions import session

EventType = Annotated[str, Strict(), StringConstraints(pattern="^[a-z][a-z0-9_.-]{0,39}$")]
EventName = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=120)]
FieldName = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=80)]
DEEPEST = 100


def _not_bottomless(told: JsonValue) -> JsonValue:
    """Refuse what is nested so deep that it could be read but not written."""
    if _depth(told) > DEEPEST:
        raise ValueError(f"a value is nested at most {DEEPEST} deep")
    return told


def _depth(told: JsonValue) -> int:
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else None
    return 0 if parts is None else 1 + max(map(_depth, parts), default=0)


Told = Annotated[JsonValue, AfterValidator(_not_bottomless)]


class EventBody(Document):
    """Something a member did: `id` is the caller's own name for it, `type` a word like review, visit or game."""

    id: EventName
    type: EventType
    member: MemberRef
    at: Instant
    fields: Annotated[dict[FieldName, Told], Field(max_length=100, default_factory=dict)]


@api.operation(
    "POST",
    "/events",
    summary="Tell what a member did",
    scopes=("till", "shop", "crm", "admin"),
    body=EventBody,
    answers={201: EventAnswer},
    nature="commands",
)
def event(caller: Caller, *, body: EventBody) -> Answered[EventAnswer]:
    """Keep an event, once for each of the caller's ids."""

    def keep() -> Answered[EventAnswer]:
        told = ToldEvent(id=body.id, type=body.type, at=body.at, fields=body.fields)
        kept = tell_event(session(), told, body.member.lookup(), client=caller.client, now=caller.now)
        return Answered(kept, 201, replayed=False)

    return once(caller, keep, EventAnswer, name="event", body=body)
