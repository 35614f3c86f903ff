"""The card at the till: drawn by the server with this browser's key, and by the phone itself once it has the key.

Without JavaScript the page is drawn anew when a window ends; without a network the phone draws alone (pwa.md §2).
"""

from flask import Blueprint, Response
from markupsafe import Markup

from portal.members.lookup import Lookup
from portal.members.operations.devices import hand_out_key
from portal.members.queries.people import find_person
from portal.members.queries.sessions import find_card_device
from portal.members.rotating_code import WINDOW_SECONDS, draw_code, window_at
from portal.web.formats import grouped
from portal.web.guards import member, public
from portal.web.instant import now
from portal.web.qr import card_svg
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking
from portal.web.transactions import opens_its_own, session

blueprint = Blueprint("card", __name__)


@blueprint.get("/card")
@member
def card() -> Response:
    """Show the code; a browser whose key is locked or gone shows the number, which earns and does not spend."""
    here = current_member()
    number = _card_number(here.member_id)
    device = find_card_device(session(), here.session_id)
    if device is not None and device.locked:
        device = None
    digits = draw_code(number, key=device.key, window=window_at(now())) if device else number
    return page(
        "member/card.html",
        card_number=number,
        code=_drawn(digits, number=number),
        device=device.id if device else "",
        seconds_left=WINDOW_SECONDS - int(now().timestamp()) % WINDOW_SECONDS,
    )


@blueprint.post("/card/key")
@member
def key() -> Response:
    """Give the key to this phone, as bytes that a script cannot keep: it imports them and can never read them again."""
    here = current_member()
    device = hand_out_key(session(), here.member_id, session_id=here.session_id, now=now())
    told = {"Card-Device": device.id, "Card-Number": _card_number(here.member_id)}
    return Response(device.key, mimetype="application/octet-stream", headers=told)


@blueprint.get("/card/offline")
@public
@opens_its_own
def offline() -> Response:
    """Show the page that draws the card from the phone's own key; it names nobody and is kept by the app's worker."""
    return page("app/card_offline.html")


def _card_number(member_id: str) -> str:
    person = find_person(session(), Lookup(kind="id", value=member_id))
    return person.card_number or "" if person else ""


def _drawn(digits: str, *, number: str) -> Markup:
    return card_svg(digits, label=speaking().sentence("Code of card %(number)s", number=grouped(number)))
