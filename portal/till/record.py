"""A sale is confirmed: recorded once, then told by its own address, with the field for the next card."""

from dataclasses import replace
from fractions import Fraction

from flask import Response

from portal.errors import Refused
from portal.ids import new_id
from portal.programme.answers import ReceiptAnswer
from portal.programme.certificates import certificates_of, is_certificate, issue_certificates
from portal.programme.command import IdempotencyConflict
from portal.programme.record_receipt import record_receipt
from portal.programme.told_before import ReceiptConflict
from portal.rulebook.document import Rulebook
from portal.rulebook.points import POINTS
from portal.rulebook.values import title_in
from portal.till.basket import lines_of, posted_basket
from portal.till.device import staff, till_command
from portal.till.held import set_aside
from portal.till.quote import buyer_of, posted_number, posted_points, quoted, rulebook_at_till
from portal.till.receipts import receipt_here
from portal.till.sale import Sale, posted_sale
from portal.till.sale_pages import basket_page
from portal.till.scan import ScanForm
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.instant import now
from portal.web.language import current_language, said
from portal.web.speaker import speaking
from portal.web.transactions import session

blueprint = till_blueprint("record")


class SaleRecorded(Refused):
    code = "sale-recorded"
    status = 409
    text = "This sale is recorded already, with another sum. To correct it bring the goods back and begin a new sale."


class PointsWaitNoLonger(Refused):
    code = "points-wait-no-longer"
    status = 410
    text = "The points went back to the member, because too much time went by. To spend them scan the code once more."


@blueprint.post("/till/receipts")
@staff
def record() -> Response:
    """Record what was agreed to; points are set aside first, while the money is taken.

    Whatever is refused leaves the sale on the page, worked out anew; so does a sum that nobody has seen.
    """
    rulebook = rulebook_at_till()
    sale, basket = posted_sale(), posted_basket(rulebook)
    lines = lines_of(basket, currency=rulebook.currency)
    who = buyer_of(sale)
    if basket.mistakes:
        return basket_page(sale, who, basket)
    due, points = posted_number("due"), posted_number("spent") or 0
    if due is None:
        return quoted(sale, who, basket, lines, asked=posted_points(basket), rulebook=rulebook)
    try:
        if points and sale.code:
            waits, sale = set_aside(sale, points)
            if waits:
                return quoted(sale, buyer_of(sale), basket, lines, asked=points, rulebook=rulebook)
        told = sale.told(lines, number=basket.number, points=points, rulebook=rulebook)
        command = till_command(sale.id, agreed_due=due, method=sale.method, card_at=sale.at)
        answered = record_receipt(session(), told, command=command)
    except ReceiptConflict as refusal:
        basket.about.blame("number", message=said(refusal))
        return basket_page(sale, who, basket)
    except Refused as refusal:
        after = _after(sale, refusal)
        asked = points if after.may_spend else 0
        return quoted(after, who, basket, lines, asked=asked, rulebook=rulebook, refusal=_shown(refusal))
    if answered.body.receipt_id and any(is_certificate(line) for line in lines):
        issue_certificates(session(), answered.body.receipt_id, command=command)
    return see_other(f"/till/receipts/{answered.body.receipt_id}")


def _after(sale: Sale, refusal: Refused) -> Sale:
    """Return what is left of a sale: without the code that proved nothing, or the points that wait no longer."""
    if refusal.code in {"hold-ended", "unknown-hold"}:
        return replace(sale, id=new_id(now()), hold="", code="")
    return replace(sale, code="") if refusal.code in {"rotating-code-required", "code-forged"} else sale


def _shown(refusal: Refused) -> Refused:
    if isinstance(refusal, IdempotencyConflict):
        return SaleRecorded()
    return PointsWaitNoLonger() if refusal.code in {"hold-ended", "unknown-hold"} else refusal


@blueprint.get("/till/receipts/<receipt_id>")
@staff
def recorded(receipt_id: str) -> Response:
    """Tell what a receipt brought and what is still to be done; the next card can be scanned at once."""
    return recorded_page(receipt_id)


def recorded_page(receipt_id: str, *, refusal: Refused | None = None) -> Response:
    """Show a receipt of this store, with what its certificates paid, or why one did not."""
    found = receipt_here(receipt_id)
    rulebook = rulebook_at_till()
    return till_page(
        "till/recorded.html",
        status=refusal.status if refusal else 200,
        scans=True,
        reason=said(refusal) if refusal else "",
        certificates=certificates_of(session(), receipt_id),
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
    return [speaking().times(titles.get(gift.wallet, gift.wallet), Fraction(gift.units)) for gift in answer.gifts]
