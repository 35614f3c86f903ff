"""Goods come back without the slip: the member shows the card, and the last receipts of this store are shown."""

from flask import Response, request

from portal.errors import Refused
from portal.members.operations import UnknownMember
from portal.programme.last_receipts import last_receipts
from portal.staff.roles import refuse_own_card
from portal.till.device import current_device, current_shift, staff
from portal.till.identify import found_by, shown_here
from portal.till.quote import rulebook_at_till
from portal.till.refund import NumberForm, find_page
from portal.till.scan import ScanForm
from portal.till.till_page import till_blueprint, till_page
from portal.web.language import said
from portal.web.transactions import session

blueprint = till_blueprint("last_receipts")


@blueprint.post("/till/refund/member")
@staff
def of_member() -> Response:
    """Show what the member bought here lately. Raises `OwnCard`: nobody brings back to the own card."""
    form = ScanForm(request.form)
    if not form.validate():
        return find_page(NumberForm(), form, status=422)
    try:
        found = found_by(shown_here(form.shown.data or ""))
    except Refused as refusal:
        form.blame("shown", message=said(refusal))
        return find_page(NumberForm(), form, status=200 if isinstance(refusal, UnknownMember) else refusal.status)
    refuse_own_card(current_shift(), found.member_id)
    rulebook_at_till()
    receipts = last_receipts(session(), found.member_id, store=current_device().store)
    return till_page("till/last_receipts.html", who=found, receipts=receipts)
