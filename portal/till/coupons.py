"""A coupon whose code is typed at the till; the member's own are ticked on the screen."""

from dataclasses import replace

from flask import Response, request

from portal.errors import Refused
from portal.perks.operations import TooManyGuesses
from portal.programme.check_coupon import CouponNotGood, check_coupon
from portal.till.basket import lines_of, posted_basket
from portal.till.device import staff, till_command
from portal.till.quote import buyer_of, posted_points, quoted, rulebook_at_till
from portal.till.sale import posted_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint
from portal.web.transactions import session

blueprint = till_blueprint("coupons")


@blueprint.post("/till/coupons")
@staff
def count_in() -> Response:
    """Put a coupon onto the receipt if it is good, and work the sum out anew; wrong codes are counted."""
    rulebook = rulebook_at_till()
    sale, basket = posted_sale(), posted_basket(rulebook)
    who = buyer_of(sale)
    refusal: Refused | None = None
    typed = request.form.get("coupon_typed", "")
    try:
        code = check_coupon(session(), typed, member_id=sale.member_id, command=till_command(sale.id))
        sale = replace(sale, coupons=tuple(dict.fromkeys((*sale.coupons, code))))
    except (CouponNotGood, TooManyGuesses) as wrong:
        refusal = wrong
    if not any(row.price.data for row in basket.rows):
        return basket_page(sale, who, basket, refusal=refusal)
    lines = lines_of(basket, currency=rulebook.currency)
    if basket.mistakes:
        return basket_page(sale, who, basket, refusal=refusal)
    asked = posted_points(basket) if sale.may_spend else 0
    return quoted(sale, who, basket, lines, asked=asked, rulebook=rulebook, refusal=refusal)
