"""The card at the till: the rotating code of this browser's key, drawn by the server and drawn again at its end."""

from flask import Blueprint, Response

from portal.members.lookup import Lookup
from portal.members.queries.people import find_person
from portal.members.queries.sessions import find_card_device
from portal.members.rotating_code import WINDOW_SECONDS, draw_code, window_at
from portal.web.formats import grouped
from portal.web.guards import member
from portal.web.instant import now
from portal.web.qr import card_svg
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking
from portal.web.transactions import session

blueprint = Blueprint("card", __name__)


@blueprint.get("/card")
@member
def card() -> Response:
    """Show the code; a browser without a key shows the number, which earns and does not spend."""
    here = current_member()
    person = find_person(session(), Lookup(kind="id", value=here.member_id))
    number = person.card_number or "" if person else ""
    device = find_card_device(session(), here.session_id)
    digits = draw_code(number, key=device.key, window=window_at(now())) if device else number
    return page(
        "member/card.html",
        card_number=number,
        code=card_svg(digits, label=speaking().sentence("Code of card %(number)s", number=grouped(number))),
        seconds_left=WINDOW_SECONDS - int(now().timestamp()) % WINDOW_SECONDS,
    )
