"""The first names of whoever bought here lately, for a greeting when the network is gone: sealed on the device."""

from flask import Response, jsonify

from portal.members.queries.greeted import names_by_card
from portal.receipts.queries.bought_here import buyers_lately
from portal.till.device import current_device, staff
from portal.till.till_page import till_blueprint
from portal.web.transactions import session

blueprint = till_blueprint("recent")

MOST = 100


@blueprint.get("/till/recent")
@staff
def recent() -> Response:
    """Tell at most a hundred cards and first names, and nothing else of anybody."""
    members = buyers_lately(session(), current_device().store, limit=MOST)
    return jsonify({"names": names_by_card(session(), members)})
