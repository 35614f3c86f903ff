"""A gift that is due is handed out at zero price, or put back when that was a mistake."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response, abort, request

from portal.errors import Refused
from portal.ids import new_id
from portal.programme.hand_out_gift import GiftGone, HandedOut, hand_out_gift, put_gift_back
from portal.till.basket import posted_basket
from portal.till.deeds import note_deed
from portal.till.device import staff, till_command
from portal.till.quote import buyer_of, rulebook_at_till
from portal.till.sale import posted_sale
from portal.till.sale_pages import basket_page
from portal.till.till_page import till_blueprint
from portal.web.instant import now
from portal.web.transactions import session

blueprint = till_blueprint("gifts")


@blueprint.post("/till/gifts")
@staff
def hand_out() -> Response:
    """Take one unit out of the gift wallet; what was typed of the sale stays on the screen."""
    return _move(hand_out_gift, deed="gift.handed_out")


@blueprint.post("/till/gifts/back")
@staff
def put_back() -> Response:
    """Undo that; the sale goes on under another id, so that the same gift can be handed out after all."""
    return _move(put_gift_back, deed="gift.put_back")


def _move(story: Callable[..., HandedOut], *, deed: str) -> Response:
    rulebook = rulebook_at_till()
    sale, basket = posted_sale(), posted_basket(rulebook)
    buyer_of(sale)  # refuses the own card before anything is handed out
    given: HandedOut | None = None
    refusal: Refused | None = None
    before, wallet = _posted_gift()
    try:
        given = story(session(), sale.member_id, wallet=wallet, before=before, command=till_command(sale.id))
    except GiftGone as gone:
        refusal = gone
    else:
        if given.moved:
            note_deed(deed, subject="member", subject_id=sale.member_id, wallet=wallet)
    who = buyer_of(sale)
    if given and given.back:
        sale = replace(sale, id=new_id(now()))
    return basket_page(sale, who, basket, refusal=refusal, given=given)


def _posted_gift() -> tuple[int, str]:
    """Return how many units the wallet held when the page was drawn, and its name."""
    before, _, wallet = request.form.get("gift", "").partition(":")
    if not (before.isdecimal() and len(before) < 10 and 0 < len(wallet) <= 80 and wallet.isprintable()):
        abort(400)
    return int(before), wallet
