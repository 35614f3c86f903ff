"""A till without the phone's code asks the member on the own phone whether points may be spent."""

from typing import Annotated

from pydantic import Field, Strict

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.repeats import told_once
from portal.api.told import MemberRef
from portal.api.values import Amount, Document, Label, Place
from portal.programme.ask_approval import ApprovalAnswer, ask_approval, look_at_approval, withdraw_approval
from portal.programme.command import Answered
from portal.web.transactions import session

TILLS = ("till", "shop", "admin")


class ApprovalBody(Document):
    """What the member is asked: these points, for the receipt `number` of a store; `due` is the money left to pay."""

    member: MemberRef
    points: Amount
    store: Place
    number: Label
    till: Place | None = None
    due: Annotated[int, Strict(), Field(ge=0, le=10**12)] | None = None


@api.operation(
    "POST",
    "/approvals",
    summary="Ask a member on the own phone whether points may be spent",
    scopes=TILLS,
    body=ApprovalBody,
    answers={201: ApprovalAnswer},
    nature="commands",
)
def ask(caller: Caller, *, body: ApprovalBody) -> Answered[ApprovalAnswer]:
    """Ask; the member has two minutes. A yes sets the points aside: tell the receipt with the `hold` it names."""
    caller.stay_in(body.store)

    def asked() -> ApprovalAnswer:
        return ask_approval(
            session(),
            body.member.lookup(),
            sale=f"{body.store}/{body.number}",
            store=body.store,
            till=body.till or "",
            points=body.points,
            due=body.due,
            command=caller.command(),
        )

    return told_once(caller, asked, ApprovalAnswer, name="approval", body=body, status=201)


@api.operation(
    "GET",
    "/approvals/<approval_id>",
    summary="Look at a member's answer",
    scopes=TILLS,
    answers={200: ApprovalAnswer},
    nature="reads",
)
def look_at_answer(caller: Caller, *, approval_id: str) -> ApprovalAnswer:
    """Tell what became of a question that this key asked: `open` until the member answers or two minutes are over."""
    return look_at_approval(session(), approval_id, command=caller.command())


@api.operation(
    "POST",
    "/approvals/<approval_id>/withdraw",
    summary="Ask no longer",
    scopes=TILLS,
    answers={200: ApprovalAnswer},
    nature="commands",
)
def withdraw(caller: Caller, *, approval_id: str) -> Answered[ApprovalAnswer]:
    """End a question that nobody answered; an answer that was given stands, and a yes keeps its hold."""

    def ended() -> ApprovalAnswer:
        return withdraw_approval(session(), approval_id, command=caller.command())

    return told_once(caller, ended, ApprovalAnswer, name=f"withdraw {approval_id}", body=None)
