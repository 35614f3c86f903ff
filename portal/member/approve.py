"""A till asks the member on the own phone: may these points be spent? Yes, no, and what became of it."""

from datetime import timedelta

from flask import Blueprint, Response, request

from portal.errors import Refused
from portal.programme.approve_spending import (
    approve_spending,
    question_for,
    refuse_spending,
    waiting_question,
)
from portal.web.addresses import see_other
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import said
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import stand_by
from portal.web.transactions import session

blueprint = Blueprint("approve", __name__)


@blueprint.get("/approve/open")
@member
def waiting() -> Response:
    """Answer the page of the newest question that waits for this member; nothing while nobody asks."""
    approval_id = waiting_question(session(), current_member().member_id, now=now())
    if approval_id is None:
        return Response(status=204)
    return Response(f"/approve/{approval_id}", mimetype="text/plain")


@blueprint.get("/approve/<approval_id>")
@member
def question(approval_id: str) -> Response:
    return _page(approval_id)


@blueprint.post("/approve/<approval_id>")
@member
def answer(approval_id: str) -> Response:
    """Take the answer. What is refused leaves the question open and says what else can be done."""
    try:
        if request.form.get("answer") == "yes":
            code = request.form.get("code", "")[:26]
            approve_spending(session(), approval_id, by=current_member(), code=code, now=now())
        else:
            refuse_spending(session(), approval_id, by=current_member(), now=now())
    except Refused as refusal:
        return _page(approval_id, refusal=refusal)
    return see_other(f"/approve/{approval_id}")


def _page(approval_id: str, *, refusal: Refused | None = None) -> Response:
    asked = question_for(session(), approval_id, by=current_member(), now=now())
    stand_by(asked.rulebook)
    return page(
        "member/approve.html",
        status=refusal.status if refusal else 200,
        asked=asked,
        worth=asked.points * asked.rulebook.worth,
        seconds=max((asked.expires_at - now()) // timedelta(seconds=1), 0),
        reason=said(refusal) if refusal else "",
    )
