"""Goods come back: the receipt by its number, what of it, what goes back, and yes."""

from flask import Response, request
from wtforms import StringField

from portal.errors import Refused
from portal.ids import made_at, new_id
from portal.programme.look_up_receipt import ReceiptNotFound, ReceiptRecord, look_up_receipt_number
from portal.programme.quote_refund import quote_refund
from portal.programme.refund_receipt import refund_receipt
from portal.staff.roles import refuse_own_card
from portal.till.deeds import note_deed
from portal.till.device import current_device, current_shift, staff, till_command
from portal.till.quote import rulebook_at_till
from portal.till.receipts import receipt_here
from portal.till.return_lines import ReturnLines, posted_lines, untouched_lines
from portal.till.sale import SaleOver, begun_lately
from portal.till.scan import ScanForm
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.instant import now
from portal.web.language import mark, said
from portal.web.transactions import only_reads, session

blueprint = till_blueprint("refund")


class NumberForm(PortalForm):
    number = StringField(filters=[stripped], validators=[Needed(mark("Type the number of the receipt."))])


@blueprint.get("/till/refund")
@staff
def find() -> Response:
    """Ask for the number of a receipt of this store, and open the receipt when it is there; or for the member."""
    form = NumberForm(request.args)
    if "number" not in request.args:
        return find_page(form, ScanForm())
    if not form.validate():
        return find_page(form, ScanForm(), status=422)
    try:
        found = _by_number((form.number.data or "")[:80])
    except Refused as refusal:
        form.blame("number", message=said(refusal))
        return find_page(form, ScanForm(), status=refusal.status)
    return see_other(f"/till/refund/{found.receipt_id}")


@blueprint.get("/till/refund/<receipt_id>")
@staff
def choose(receipt_id: str) -> Response:
    rulebook_at_till()
    receipt = returnable(receipt_id)
    return _choose_page(receipt, untouched_lines(receipt))


@blueprint.post("/till/refund/<receipt_id>/quote")
@staff
@only_reads
def look(receipt_id: str) -> Response:
    """Show what would go back; the key of the refund is made here, so that confirming twice refunds once."""
    rulebook_at_till()
    receipt = returnable(receipt_id)
    lines = posted_lines(receipt)
    if lines.mistakes:
        return _choose_page(receipt, lines)
    return _look_page(receipt, lines, refund_id=new_id(now()))


@blueprint.post("/till/refund/<receipt_id>")
@staff
def refund(receipt_id: str) -> Response:
    rulebook_at_till()
    receipt = returnable(receipt_id)
    lines, refund_id = posted_lines(receipt), request.form.get("refund", "")
    if lines.mistakes:
        return _choose_page(receipt, lines)
    if not begun_lately(refund_id):
        raise SaleOver
    command = till_command(refund_id)
    at = max(made_at(refund_id), receipt.at)
    try:
        answered = refund_receipt(session(), receipt_id, lines=lines.returning, at=at, command=command)
    except Refused as refusal:
        lines.blame(said(refusal), line=refusal.facts.get("line"))
        return _choose_page(receipt, lines)
    if not answered.replayed:
        made = answered.body
        note_deed("receipt.refund", subject="receipt", subject_id=receipt_id, refund=made.refund_id, money=made.money)
    return see_other(f"/till/receipts/{receipt_id}/refunds/{answered.body.refund_id}")


def find_page(form: NumberForm, member: ScanForm, *, status: int = 200) -> Response:
    """Render the first page of a return, with what was wrong with the last try."""
    return till_page("till/refund.html", status=status, scans=True, form=form, member=member)


def returnable(receipt_id: str) -> ReceiptRecord:
    """Return a receipt of this till's store. Raises `ReceiptNotFound`, and `OwnCard` for one of the own card."""
    found = receipt_here(receipt_id)
    if found.member_id is not None:
        refuse_own_card(current_shift(), found.member_id)
    return found


def _by_number(number: str) -> ReceiptRecord:
    """Find a number as it was typed, else in capitals, as ours are written. Raises `ReceiptNotFound`."""
    store = current_device().store
    try:
        return look_up_receipt_number(session(), store=store, number=number)
    except ReceiptNotFound:
        return look_up_receipt_number(session(), store=store, number=number.upper())


def _choose_page(receipt: ReceiptRecord, lines: ReturnLines) -> Response:
    status = 422 if lines.mistakes else 200
    return till_page("till/return.html", status=status, receipt=receipt, form=lines)


def _look_page(receipt: ReceiptRecord, lines: ReturnLines, *, refund_id: str) -> Response:
    try:
        quote = quote_refund(session(), receipt.receipt_id, lines=lines.returning, command=till_command(refund_id))
    except Refused as refusal:
        lines.blame(said(refusal), line=refusal.facts.get("line"))
        return _choose_page(receipt, lines)
    return till_page("till/return_quote.html", receipt=receipt, form=lines, quote=quote, refund_id=refund_id)
