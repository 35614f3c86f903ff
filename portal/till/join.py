"""A shopper joins on the own phone by a code on the till's screen; whoever did so lately can buy at once."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Response, request

from portal.errors import Refused
from portal.members.lookup import by_id
from portal.members.queries import find_person
from portal.receipts.queries.buyers import have_bought
from portal.staff.operations import join_code
from portal.staff.queries import joined_lately
from portal.till.basket import empty_basket
from portal.till.device import current_device, current_shift, staff
from portal.till.quote import buyer_of
from portal.till.sale import begin_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint, till_page
from portal.web.instant import now
from portal.web.language import gettext
from portal.web.qr import card_svg
from portal.web.settings import settings
from portal.web.transactions import session

blueprint = till_blueprint("join")

LATELY = timedelta(minutes=30)


class NotJoinedHere(Refused):
    code = "not-joined-here"
    status = 404
    text = "Only the first purchase within half an hour of joining here goes without a card. Ask for the card."


@dataclass(frozen=True, slots=True)
class JoinedHere:
    """Somebody who joined from this till's screen."""

    member_id: str
    first_name: str = field(repr=False)


@blueprint.get("/till/join")
@staff
def join() -> Response:
    """Show the code, which says at which till and under whom somebody joins, and who just did."""
    address = f"{settings().origin}/join"
    code = join_code(current_shift().id, secret=settings().secret_key, now=now())
    picture = card_svg(f"{address}?till={code}", label=gettext("Code that opens the way to join"))
    people = [find_person(session(), by_id(member_id)) for member_id in _about_to_buy()]
    joined = [JoinedHere(person.id, person.first_name) for person in people if person and person.active]
    return till_page("till/join.html", code=picture, address=address, joined=joined)


@blueprint.post("/till/joined")
@staff
def joined() -> Response:
    """Begin the first purchase of somebody who joined here within half an hour; the card need not be shown for it."""
    member_id = request.form.get("member", "")
    if member_id not in _about_to_buy():
        raise NotJoinedHere
    sale = begin_sale(member_id, code="", method="joined")
    return basket_page(sale, buyer_of(sale), empty_basket())


def _about_to_buy() -> list[str]:
    """Return who joined here lately and has bought nothing yet: a second purchase needs the card."""
    joined = joined_lately(session(), current_device(), since=now() - LATELY)
    bought = have_bought(session(), joined)
    return [member_id for member_id in joined if member_id not in bought]
