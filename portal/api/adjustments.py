"""Corrections of a balance, with a reason; large ones wait for a second key (domain.md §2.8)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from portal.api.api import api
from portal.api.deeds import note_deed
from portal.api.keys import Caller
from portal.api.repeats import once
from portal.api.values import Document
from portal.ids import new_id
from portal.ledger.accruals import Reason
from portal.programme.adjust_points import Correction, adjust_points
from portal.programme.answers import AdjustmentAnswer
from portal.programme.command import Answered
from portal.programme.decide_adjustment import confirm_adjustment, reject_adjustment
from portal.receipts.queries.adjustments import read_adjustment
from portal.web.transactions import session

SCOPES = ("crm", "admin")


class AdjustmentBody(Document):
    """Points to give (above zero) or take (below), and why."""

    points: Annotated[int, Strict(), Field(ge=-(10**9), le=10**9)]
    reason: Reason
    comment: Annotated[str, Strict(), StringConstraints(min_length=1, max_length=500)]
    receipt_id: Annotated[str, Strict(), StringConstraints(pattern="^[0-9a-z]{26}$")] | None = None


@api.operation(
    "POST",
    "/members/<member_id>/adjustments",
    summary="Correct a balance",
    scopes=SCOPES,
    body=AdjustmentBody,
    answers={201: AdjustmentAnswer, 202: AdjustmentAnswer},
    nature="commands",
)
def adjust(caller: Caller, *, member_id: str, body: AdjustmentBody) -> Answered[AdjustmentAnswer]:
    """Give or take points at once (201), or let a large correction wait for another key (202).

    A card of the staff waits whatever the sum, and is refused to the key of its own holder.
    """

    def ask() -> Answered[AdjustmentAnswer]:
        correction = Correction(
            id=new_id(caller.now),
            member_id=member_id,
            points=body.points,
            reason=body.reason,
            comment=body.comment,
            receipt_id=body.receipt_id,
        )
        asked = adjust_points(session(), correction, command=caller.command())
        _note(caller, "points.adjusted", asked)
        return Answered(asked, 202 if asked.state == "waiting" else 201, replayed=False)

    return _once(caller, ask, name=f"adjust {member_id}", body=body)


@api.operation(
    "POST",
    "/adjustments/<adjustment_id>/confirm",
    summary="Confirm a waiting correction",
    scopes=SCOPES,
    answers={200: AdjustmentAnswer},
    nature="commands",
)
def confirm(caller: Caller, *, adjustment_id: str) -> Answered[AdjustmentAnswer]:
    """Post a correction that another key asked for."""

    def post() -> Answered[AdjustmentAnswer]:
        confirmed = confirm_adjustment(session(), adjustment_id, command=caller.command())
        _note(caller, "adjustment.confirmed", confirmed)
        return Answered(confirmed, 200, replayed=False)

    return _once(caller, post, name=f"confirm {adjustment_id}")


@api.operation(
    "POST",
    "/adjustments/<adjustment_id>/reject",
    summary="Reject a waiting correction",
    scopes=SCOPES,
    answers={200: AdjustmentAnswer},
    nature="commands",
)
def reject(caller: Caller, *, adjustment_id: str) -> Answered[AdjustmentAnswer]:
    """Drop a correction that another key asked for."""

    def drop() -> Answered[AdjustmentAnswer]:
        rejected = reject_adjustment(session(), adjustment_id, command=caller.command())
        _note(caller, "adjustment.rejected", rejected)
        return Answered(rejected, 200, replayed=False)

    return _once(caller, drop, name=f"reject {adjustment_id}")


def _once(
    caller: Caller,
    command: Callable[[], Answered[AdjustmentAnswer]],
    *,
    name: str,
    body: AdjustmentBody | None = None,
) -> Answered[AdjustmentAnswer]:
    """Run a command once. Its answer is kept for ever, the comment only where an erasure empties it."""

    def without_comment() -> Answered[AdjustmentAnswer]:
        done = command()
        return replace(done, body=replace(done.body, comment=""))

    done = once(caller, without_comment, AdjustmentAnswer, name=name, body=body)
    standing = read_adjustment(session(), done.body.id)
    return replace(done, body=replace(done.body, comment=standing.comment)) if standing else done


def _note(caller: Caller, action: str, answer: AdjustmentAnswer) -> None:
    details = {"adjustment": answer.id, "points": answer.points, "reason": answer.reason, "state": answer.state}
    note_deed(caller, action, subject="member", subject_id=answer.member_id, **details)
