"""Goods by their barcode: what the catalogue knows becomes a line of the purchase."""

from flask import Response

from portal.catalogue.queries import find_goods
from portal.till.basket import basket_with, lines_of, posted_basket
from portal.till.device import staff
from portal.till.quote import buyer_of, posted_points, quoted, rulebook_at_till
from portal.till.sale import posted_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint
from portal.web.language import mark
from portal.web.transactions import session

blueprint = till_blueprint("goods")

UNKNOWN = mark("The shop has told nothing of this barcode. Type the goods by hand.")


@blueprint.post("/till/goods")
@staff
def add() -> Response:
    """Add one of the goods of a barcode and work the purchase out, which is all without one.

    A barcode that nobody told of changes nothing.
    """
    rulebook = rulebook_at_till()
    sale, typed = posted_sale(), posted_basket(rulebook)
    who = buyer_of(sale)
    code = (typed.about.barcode.data or "").strip()
    goods = find_goods(session(), code) if code else None
    if code and goods is None:
        typed.about.blame("barcode", message=UNKNOWN)
        return basket_page(sale, who, typed)
    basket = basket_with(goods, rulebook) if goods else typed
    basket.about.barcode.data = ""
    lines = lines_of(basket, currency=rulebook.currency)
    if basket.mistakes:
        return basket_page(sale, who, basket)
    return quoted(sale, who, basket, lines, asked=posted_points(basket) if sale.may_spend else 0, rulebook=rulebook)
