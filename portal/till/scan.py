"""The first page: whose purchase it is. One field takes a scanner's digits, a card number or a phone."""

from flask import Response, request
from wtforms import StringField

from portal.errors import Refused
from portal.till.basket import empty_basket
from portal.till.device import staff
from portal.till.identify import identify, shown_here
from portal.till.sale import begin_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint, till_page
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.language import said

blueprint = till_blueprint("scan")


class ScanForm(PortalForm):
    shown = StringField(filters=[stripped], validators=[Needed()])


@blueprint.get("/till")
@staff
def till() -> Response:
    return till_page("till/scan.html", form=ScanForm())


@blueprint.post("/till/member")
@staff
def member() -> Response:
    """Tell who it is and go on to the amount; a fresh rotating code is good for this till alone from now on."""
    form = ScanForm(request.form)
    if not form.validate():
        return till_page("till/scan.html", status=422, form=form)
    try:
        shown = shown_here(form.shown.data or "")
        found = identify(shown)
    except Refused as refusal:
        form.blame("shown", message=said(refusal))
        return till_page("till/scan.html", status=refusal.status, form=form)
    sale = begin_sale(found.member_id, code=shown.code if found.verified == "rotating" else "")
    return basket_page(sale, found, empty_basket(), contact=shown.contact, outdated=bool(shown.code) and not sale.code)
