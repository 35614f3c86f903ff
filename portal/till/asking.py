"""The member is asked on the own phone whether points may be spent; the till waits, and goes on with the answer."""

from dataclasses import replace
from datetime import timedelta

from flask import Response, request

from portal.errors import Refused
from portal.programme.ask_approval import (
    ApprovalAnswer,
    ApprovalOver,
    ask_approval,
    look_at_approval,
    withdraw_approval,
)
from portal.programme.identify_member import IdentifiedAnswer
from portal.programme.quote_receipt import quote_receipt
from portal.till.basket import Basket, lines_of, posted_basket
from portal.till.deeds import note_deed
from portal.till.device import current_device, staff, till_command
from portal.till.over import OVER
from portal.till.quote import MOST_POINTS, buyer_of, posted_points, quoted, rulebook_at_till
from portal.till.sale import Sale, posted_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.instant import now
from portal.web.transactions import session, write_beside

blueprint = till_blueprint("asking")


class NothingToSpend(Refused):
    code = "nothing-to-spend"
    text = "No points can be spent on this purchase."


class MemberSaidNo(Refused):
    code = "member-said-no"
    status = 403
    text = "The member said no on the phone. No points are spent; the purchase goes on without them."


@blueprint.post("/till/approvals")
@staff
def ask() -> Response:
    """Ask for as many points as were typed, or as many as may be; the same purchase is asked about once at a time."""
    rulebook = rulebook_at_till()
    sale, typed = posted_sale(), posted_basket(rulebook)
    lines = lines_of(typed, currency=rulebook.currency)
    who = buyer_of(sale)
    if typed.mistakes:
        return basket_page(sale, who, typed)
    asked = posted_points(typed) if typed.about.points.data else MOST_POINTS
    told = sale.told(lines, number=typed.number, points=asked, rulebook=rulebook)
    quote = quote_receipt(session(), told, command=till_command(sale.id), beside=write_beside)
    try:
        approval = _ask(sale, points=quote.points_spent, due=quote.due)
    except Refused as refusal:
        return quoted(sale, who, typed, lines, asked=0, rulebook=rulebook, refusal=refusal)
    return _waiting_page(sale, who, typed, approval, due=quote.due)


@blueprint.get("/till/approvals/<approval_id>")
@staff
def state(approval_id: str) -> Response:
    """Tell a script in one word what became of a question; the Back button is led on."""
    if "text/plain" not in request.headers.get("Accept", ""):
        return see_other(OVER)
    found = look_at_approval(session(), approval_id, command=till_command())
    return Response(found.state, mimetype="text/plain")


@blueprint.post("/till/approvals/<approval_id>")
@staff
def go_on(approval_id: str) -> Response:
    """Wait on, or go back to the sale: with the points set aside after a yes, else without, and why."""
    rulebook = rulebook_at_till()
    sale, typed = posted_sale(), posted_basket(rulebook)
    lines = lines_of(typed, currency=rulebook.currency)
    who = buyer_of(sale)
    look = withdraw_approval if "stop" in request.form else look_at_approval
    approval = look(session(), approval_id, command=till_command(sale.id))
    if approval.state == "open":
        due = request.form.get("due", "")
        return _waiting_page(sale, who, typed, approval, due=int(due) if due.isdecimal() else 0)
    if approval.state == "approved" and approval.member_id == sale.member_id:
        held = replace(sale, hold=approval.id, code="")
        return quoted(held, who, typed, lines, asked=approval.points, rulebook=rulebook)
    refusals = {"refused": MemberSaidNo(), "withdrawn": None}
    refusal = refusals.get(approval.state, ApprovalOver())
    return quoted(sale, who, typed, lines, asked=0, rulebook=rulebook, refusal=refusal)


def _ask(sale: Sale, *, points: int, due: int) -> ApprovalAnswer:
    if not points:
        raise NothingToSpend
    device = current_device()
    approval = ask_approval(
        session(), sale.by_id(), sale=sale.id, store=device.store, till=device.till, points=points, due=due,
        command=till_command(sale.id),
    )  # fmt: skip
    note_deed("spending.asked", subject="member", subject_id=approval.member_id, approval=approval.id, points=points)
    return approval


def _waiting_page(
    sale: Sale, who: IdentifiedAnswer, basket: Basket, approval: ApprovalAnswer, *, due: int
) -> Response:  # fmt: skip
    return till_page(
        "till/asking.html",
        sale=sale,
        who=who,
        form=basket,
        approval=approval,
        due=due,
        seconds=max((approval.expires_at - now()) // timedelta(seconds=1), 0),
    )
