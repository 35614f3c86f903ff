"""What one of the staff did today: purchases, points and refunds, for the end of the shift and for questions."""

from flask import Response

from portal.receipts.queries import list_deeds, sum_deeds
from portal.rulebook.validity import midnight
from portal.till.device import current_shift, staff
from portal.till.quote import rulebook_at_till
from portal.till.till_page import till_blueprint, till_page
from portal.web.instant import now
from portal.web.transactions import session

blueprint = till_blueprint("shift")

MOST_LISTED = 20


@blueprint.get("/till/shift")
@staff
def shift() -> Response:
    """Sum up the shop's day of whoever is signed in, on every till; a lock in between changes nothing."""
    rulebook, staff_id = rulebook_at_till(), current_shift().staff_id
    today = midnight(now().astimezone(rulebook.zone).date(), rulebook.zone)
    return till_page(
        "till/shift.html",
        sums=sum_deeds(session(), staff_id, since=today),
        deeds=list_deeds(session(), staff_id, since=today, limit=MOST_LISTED),
    )
