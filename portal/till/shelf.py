"""What a till knows of the goods when the network is gone: kinds that rules speak of, and goods by their barcode."""

from flask import Response, jsonify

from portal.catalogue.queries import goods_page
from portal.rulebook.kinds import kinds_of
from portal.till.device import staff
from portal.till.quote import rulebook_at_till
from portal.till.till_page import till_blueprint
from portal.web.language import current_language
from portal.web.transactions import session
from portal.web.typed import typed_money

blueprint = till_blueprint("shelf")

MOST = 3000


@blueprint.get("/till/shelf")
@staff
def shelf() -> Response:
    """Tell the kinds, and of at most 3000 goods the name, the barcode, the title and the price as it is typed."""
    rulebook = rulebook_at_till()
    page = goods_page(session(), barcode=None, after=None, limit=MOST)
    goods = [
        (each.sku, each.barcode, each.title, typed_money(each.price, currency=rulebook.currency)) for each in page.goods
    ]
    return jsonify({"kinds": kinds_of(rulebook, language=current_language()), "goods": goods})
