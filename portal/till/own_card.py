"""The card of whoever is on shift: a second person's PIN allows one sale to it (security.md §2, staff fraud)."""

from dataclasses import replace

from flask import Response, request

from portal.staff.operations import allow_own_card
from portal.till.basket import empty_basket
from portal.till.device import current_shift, staff
from portal.till.identify import OtherMember, identify, shown_here
from portal.till.sale import begin_sale, told_method
from portal.till.sale_pages import basket_page
from portal.till.second import SecondForm, offer_seconds, stands_by
from portal.till.till_page import till_blueprint, till_page
from portal.web.instant import now
from portal.web.transactions import session

blueprint = till_blueprint("own_card")


@blueprint.post("/till/own-card")
@staff
def allow() -> Response:
    """Begin a sale to the own card once somebody else of the staff has typed the PIN; wrong ones are counted."""
    shift, shown = current_shift(), shown_here(request.form.get("shown", ""))
    form = SecondForm(request.form)
    status = stands_by(form, apart_from=shift.staff_id, role="cashier")
    if status != 200 or shift.own_member_id is None:
        return own_card_page(form, status=status)
    sale = begin_sale(shift.own_member_id, code="", method=told_method("how"))
    allow_own_card(session(), shift, sale_id=sale.id, second_id=form.who.data or "", now=now())
    found = identify(shown, sale_id=sale.id)
    if found.member_id != sale.member_id:
        raise OtherMember
    code = shown.code if found.verified == "rotating" else ""
    return basket_page(replace(sale, code=code), found, empty_basket(), contact=shown.contact)


def own_card_page(form: SecondForm, *, status: int) -> Response:
    """Ask for a second person; the card that was shown is carried along."""
    offer_seconds(form, apart_from=current_shift().staff_id, role="cashier")
    shown, how = request.form.get("shown", ""), told_method("how")
    return till_page("till/own_card.html", status=status, form=form, shown=shown, how=how)
