"""Points set aside at a till before the receipt is final."""

from typing import Annotated

from pydantic import Field, Strict

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.repeats import told_once
from portal.api.told import MemberRef
from portal.api.values import Amount, Document
from portal.programme.answers import HoldAnswer
from portal.programme.command import Answered
from portal.programme.hold_points import capture_hold, hold_points, void_hold
from portal.web.transactions import session

TILLS = ("till", "shop", "admin")
_DAY = 86_400


class HoldBody(Document):
    """Points to set aside, for as long as the rulebook says or `ttl_seconds`."""

    member: MemberRef
    points: Amount
    ttl_seconds: Annotated[int, Strict(), Field(ge=1, le=_DAY)] | None = None


class CaptureBody(Document):
    """How many of the held points are spent; the rest goes back."""

    points: Amount


@api.operation(
    "POST",
    "/holds",
    summary="Set points aside",
    scopes=TILLS,
    body=HoldBody,
    answers={201: HoldAnswer},
    nature="commands",
)
def hold(caller: Caller, *, body: HoldBody) -> Answered[HoldAnswer]:
    """Move points from available to held, the soonest expiring first."""

    def set_aside() -> HoldAnswer:
        return hold_points(
            session(),
            body.member.lookup(),
            points=body.points,
            ttl_seconds=body.ttl_seconds,
            command=caller.command(),
        )

    return told_once(caller, set_aside, HoldAnswer, name="hold", body=body, status=201)


@api.operation(
    "POST",
    "/holds/<hold_id>/capture",
    summary="Spend held points outside a receipt",
    scopes=TILLS,
    body=CaptureBody,
    answers={200: HoldAnswer},
    nature="commands",
)
def capture(caller: Caller, *, hold_id: str, body: CaptureBody) -> Answered[HoldAnswer]:
    """Spend up to the held points and give the rest back."""

    def spend() -> HoldAnswer:
        return capture_hold(session(), hold_id, points=body.points, command=caller.command())

    return told_once(caller, spend, HoldAnswer, name=f"capture {hold_id}", body=body)


@api.operation(
    "POST",
    "/holds/<hold_id>/void",
    summary="Give held points back",
    scopes=TILLS,
    answers={200: HoldAnswer},
    nature="commands",
)
def void(caller: Caller, *, hold_id: str) -> Answered[HoldAnswer]:
    """End a hold; points that would have expired meanwhile expire at once."""

    def give_back() -> HoldAnswer:
        return void_hold(session(), hold_id, command=caller.command())

    return told_once(caller, give_back, HoldAnswer, name=f"void {hold_id}", body=None)
