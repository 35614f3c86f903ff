"""What is bought, and what it comes to: nothing is recorded here."""

from dataclasses import replace

from flask import Response, request

from portal.errors import Refused
from portal.programme.answers import ReceiptAnswer
from portal.programme.identify_member import IdentifiedAnswer
from portal.programme.quote_receipt import quote_receipt
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.receipt import Line
from portal.staff.operations import refuse_own_card_alone
from portal.till.basket import Basket, lines_of, posted_basket
from portal.till.device import current_shift, staff, till_command
from portal.till.identify import OtherMember, holder_of, proven
from portal.till.sale import Sale, posted_sale
from portal.till.sale_pages import basket_page, quote_page, slip_of
from portal.till.till_page import till_blueprint
from portal.web.hx import wanted_part
from portal.web.instant import now
from portal.web.speaker import stand_by
from portal.web.transactions import session, write_beside

blueprint = till_blueprint("quote")

MOST_POINTS = 10**9


@blueprint.post("/till/basket")
@staff
def basket() -> Response:
    """Show the lines again, with one more, one less, or as they were before the quote."""
    rulebook = rulebook_at_till()
    sale = posted_sale()
    return basket_page(sale, buyer_of(sale), posted_basket(rulebook))


@blueprint.post("/till/quote")
@staff
def quote() -> Response:
    rulebook = rulebook_at_till()
    sale, typed = posted_sale(), posted_basket(rulebook)
    lines = lines_of(typed, currency=rulebook.currency)
    who = buyer_of(sale)
    if typed.mistakes or "more" in request.form or "drop" in request.form:
        return basket_page(sale, who, typed)
    refusal = None
    try:
        sale = proven(sale, request.form["shown"]) if request.form.get("shown") and wanted_part() is None else sale
    except Refused as refused:
        refusal = refused
    asked = MOST_POINTS if "all" in request.form else posted_points(typed)
    return quoted(sale, who, typed, lines, asked=asked if sale.may_spend else 0, rulebook=rulebook, refusal=refusal)


def rulebook_at_till() -> Rulebook:
    """Return the rulebook of now, by whose clock and money the page is told. Raises `NoRulebook`."""
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    return rulebook


def buyer_of(sale: Sale) -> IdentifiedAnswer:
    """Tell who buys; a code was judged before, here it only must be this member's.

    Raises `UnknownMember`, `MemberLeft`, `OwnCardSeen`, `OtherMember` and what `Sale.member` raises.
    """
    refuse_own_card_alone(session(), current_shift(), sale.member_id, sale_id=sale.id)
    found = holder_of(replace(sale.member(), rotating=None))
    if found.member_id != sale.member_id:
        raise OtherMember
    return found


def posted_points(basket: Basket) -> int:
    return min(basket.points or 0, MOST_POINTS)


def posted_number(name: str) -> int | None:
    """Read a whole number of the form; nothing when there is none."""
    typed = "".join(request.form.get(name, "").split())
    return int(typed) if typed.isdecimal() and len(typed) < 16 else None


def quoted(
    sale: Sale,
    who: IdentifiedAnswer,
    basket: Basket,
    lines: tuple[Line, ...],
    *,
    asked: int,
    rulebook: Rulebook,
    refusal: Refused | None = None,
) -> Response:
    """Judge the receipt and show its slip, with a refusal above it when there was one. Raises `HoldEnded`."""
    told = sale.told(lines, number=basket.number, points=asked, rulebook=rulebook)
    answer: ReceiptAnswer = quote_receipt(session(), told, command=till_command(sale.id), beside=write_beside)
    slip = slip_of(answer, lines, rulebook=rulebook)
    shown = 0 if asked == MOST_POINTS else asked
    return quote_page(sale, who, basket, answer, slip=slip, asked=shown, refusal=refusal)
