"""A page of a sale was answered to what was sent, and is kept nowhere: Back and a reload lead to what to do instead.

A script there lets a sale that was reloaded go on as it was typed (static/js/till-again.js).
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from portal.till.device import staff
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.errors import answer_first
from portal.web.transactions import SAFE

blueprint = till_blueprint("over")

OVER = "/till/over"


@blueprint.get(OVER)
@staff
def over() -> Response:
    """Say where the cashier sees what was recorded, and how the next sale begins."""
    return till_page("till/over.html")


@blueprint.get("/till/refund/member")
@blueprint.get("/till/requests/for")
@blueprint.get("/till/corrections/member")
@staff
def posted() -> Response:
    """Lead there too where the address would be read as the name of a receipt, a request or a correction."""
    return see_other(OVER)


def lead_on(app: Flask) -> None:
    """Lead there from the till's addresses that only take what is sent."""

    def answer(error: HTTPException) -> Response | None:
        opened = isinstance(error, MethodNotAllowed) and request.method in SAFE and request.path.startswith("/till/")
        return see_other(OVER) if opened else None

    answer_first(app, answer)
