"""A shopper joins on the own phone: the till shows a QR code of the way in."""

from flask import Response

from portal.till.device import staff
from portal.till.till_page import till_blueprint, till_page
from portal.web.language import gettext
from portal.web.qr import card_svg
from portal.web.settings import settings

blueprint = till_blueprint("join")


@blueprint.get("/till/join")
@staff
def join() -> Response:
    address = f"{settings().origin}/join"
    code = card_svg(address, label=gettext("Code that opens the way to join"))
    return till_page("till/join.html", code=code, address=address)
