"""The first page: whose purchase it is. One field takes a scanner's digits, a card number or a phone."""

from flask import Response, request
from wtforms import StringField

from portal.errors import Refused
from portal.members.operations import UnknownMember
from portal.perks.shown_codes import read_shown_code
from portal.staff.operations import OwnCardSeen
from portal.till.basket import empty_basket
from portal.till.device import staff
from portal.till.identify import identify, shown_here
from portal.till.own_card import own_card_page
from portal.till.rewards import code_page
from portal.till.sale import begin_sale, told_method
from portal.till.sale_pages import basket_page
from portal.till.second import SecondForm
from portal.till.till_page import scan_page, till_blueprint
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.language import mark, said

blueprint = till_blueprint("scan")


class ScanForm(PortalForm):
    shown = StringField(filters=[stripped], validators=[Needed(mark("Type a code, a card number or a phone."))])


@blueprint.get("/till")
@staff
def till() -> Response:
    return scan_page(ScanForm())


@blueprint.post("/till/member")
@staff
def member() -> Response:
    """Tell who it is and go on to the amount; a fresh rotating code is good for this till alone from now on.

    That there is nobody of this number is an answer, not a failure. A reward's code leads to what is to be given.
    """
    form = ScanForm(request.form)
    if not form.validate():
        return scan_page(form, status=422)
    try:
        if code := read_shown_code(form.shown.data or ""):
            return code_page(code)
        shown = shown_here(form.shown.data or "")
        found = identify(shown)
    except OwnCardSeen:
        return own_card_page(SecondForm(), status=403)
    except Refused as refusal:
        form.blame("shown", message=said(refusal))
        return scan_page(form, status=200 if isinstance(refusal, UnknownMember) else refusal.status)
    code = shown.code if found.verified == "rotating" else ""
    sale = begin_sale(found.member_id, code=code, method=told_method("how"))
    return basket_page(sale, found, empty_basket(), contact=shown.contact, outdated=bool(shown.code) and not sale.code)
