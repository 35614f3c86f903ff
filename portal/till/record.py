"""A sale is confirmed: recorded once, then told by its own address, with the field for the next card."""

from dataclasses import replace

from flask import Response, abort, request

from portal.errors import Refused
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import IdempotencyConflict
from portal.programme.look_up_receipt import look_up_receipt
from portal.programme.record_receipt import record_receipt
from portal.programme.statement import title_in
from portal.programme.told_before import ReceiptConflict
from portal.rulebook.document import POINTS, Rulebook
from portal.till.basket import lines_of, posted_basket
from portal.till.device import current_device, staff, till_command
from portal.till.quote import buyer_of, posted_points, quoted, rulebook_at_till
from portal.till.sale import posted_sale
from portal.till.sale_pages import basket_page
from portal.till.scan import ScanForm
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.language import current_language, said
from portal.web.transactions import session

blueprint = till_blueprint("record")


class SaleRecorded(Refused):
    code = "sale-recorded"
    status = 409
    text = "This sale is recorded already, with another sum. To correct it bring the goods back and begin a new sale."


@blueprint.post("/till/receipts")
@staff
def record() -> Response:
    """Record what was agreed to. Whatever is refused leaves the sale on the page, worked out anew."""
    rulebook = rulebook_at_till()
    sale, basket = posted_sale(), posted_basket(rulebook)
    lines = lines_of(basket, currency=rulebook.currency)
    who = buyer_of(sale)
    if basket.mistakes:
        return basket_page(sale, who, basket)
    due = request.form.get("due", "")
    agreed = int(due) if due.isdecimal() and len(due) < 16 else None
    command = till_command(sale.id, agreed_due=agreed, method=sale.method, card_at=sale.at)
    told = sale.told(lines, number=basket.number, points=posted_points(), rulebook=rulebook)
    try:
        answered = record_receipt(session(), told, command=command)
    except ReceiptConflict as refusal:
        basket.about.blame("number", message=said(refusal))
        return basket_page(sale, who, basket)
    except Refused as refusal:
        shown = SaleRecorded() if isinstance(refusal, IdempotencyConflict) else refusal
        unproven = replace(sale, code="") if refusal.code in {"rotating-code-required", "code-forged"} else sale
        asked = posted_points() if unproven.may_spend else 0
        return quoted(unproven, who, basket, lines, asked=asked, rulebook=rulebook, refusal=shown)
    return see_other(f"/till/receipts/{answered.body.receipt_id}")


@blueprint.get("/till/receipts/<receipt_id>")
@staff
def recorded(receipt_id: str) -> Response:
    """Tell what a receipt brought and what is still to be done; the next card can be scanned at once."""
    found = look_up_receipt(session(), receipt_id)
    if found.store != current_device().store:
        abort(404)
    rulebook = rulebook_at_till()
    return till_page(
        "till/recorded.html",
        scans=True,
        receipt=found,
        answer=found.answer,
        earned=_earned(found.answer),
        gifts=_gifts(found.answer, rulebook),
        form=ScanForm(),
    )


def _earned(answer: ReceiptAnswer) -> int:
    return sum(grant.points for grant in answer.grants if grant.to == answer.member_id and grant.wallet == POINTS)


def _gifts(answer: ReceiptAnswer, rulebook: Rulebook) -> list[str]:
    """Name what is handed out, with how many."""
    titles = {wallet.id: title_in(wallet.title, current_language()) or wallet.id for wallet in rulebook.wallets}
    return [f"{titles.get(gift.wallet, gift.wallet)} × {gift.units}" for gift in answer.gifts]
