"""Points are set aside on the screen, between the sum that is said and the money that is taken (domain.md §2.5).

The hold bears the name of its sale, so that a double click sets aside once; given back, the sale goes on under another.
"""

from dataclasses import replace

from flask import Response

from portal.ids import new_id
from portal.ledger.spending import HoldEnded
from portal.programme.hold_points import find_set_aside, hold_points, void_hold
from portal.staff.operations import OwnCardSeen
from portal.till.basket import lines_of, posted_basket
from portal.till.deeds import note_deed
from portal.till.device import staff, till_command
from portal.till.quote import buyer_of, quoted, rulebook_at_till
from portal.till.sale import Sale, posted_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint
from portal.web.addresses import see_other
from portal.web.instant import now
from portal.web.transactions import session

blueprint = till_blueprint("held")


def set_aside(sale: Sale, points: int) -> tuple[bool, Sale]:
    """Set the points of a sale aside, once however often it is asked; it goes on without the code.

    Tells whether they wait now: a sale that was recorded took them. Raises `HoldEnded` and what `hold_points` raises.
    """
    pledged = replace(sale, hold=sale.id, code="")
    try:
        if find_set_aside(session(), sale.id, now=now()) is None:
            hold_points(session(), sale.member(), points=points, hold_id=sale.id, command=till_command(sale.id))
    except HoldEnded as ended:
        if ended.facts["state"] != "captured":
            raise
        return False, pledged
    return True, pledged


@blueprint.post("/till/give-back")
@staff
def give_back() -> Response:
    """Give the points back and go on with the same goods; to spend again the code on the phone is scanned anew.

    Raises `UnknownHold` or `HoldEnded`.
    """
    rulebook = rulebook_at_till()
    held, typed = posted_sale(), posted_basket(rulebook)
    void_hold(session(), held.hold, command=till_command(held.id))
    note_deed("points.given_back", subject="member", subject_id=held.member_id, hold=held.hold)
    sale = replace(held, id=new_id(now()), hold="", code="")
    lines = lines_of(typed, currency=rulebook.currency)
    try:
        who = buyer_of(sale)
    except OwnCardSeen:  # the leave was for the sale that ended
        return see_other("/till")
    if typed.mistakes:
        return basket_page(sale, who, typed)
    return quoted(sale, who, typed, lines, asked=0, rulebook=rulebook)
