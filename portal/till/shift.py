"""What one of the staff did today: purchases, points and refunds, for the end of the shift and for questions."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from portal.receipts.queries import DeedSums, list_deeds, sum_deeds
from portal.receipts.queries.adjustments import count_adjustments, waiting_adjustments
from portal.rulebook.validity import midnight
from portal.staff.queries import count_deeds, count_joined
from portal.till.device import current_shift, staff
from portal.till.quote import rulebook_at_till
from portal.till.till_page import till_blueprint, till_page
from portal.web.instant import now
from portal.web.transactions import session
from portal.wishes.queries import count_noted

blueprint = till_blueprint("shift")

MOST_LISTED = 20
GIVEN, PUT_BACK = ("gift.handed_out", "reward.handed_out"), ("gift.put_back",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of one of the staff in figures."""

    sold: DeedSums
    joined: int
    requests: int
    gifts: int
    corrections: int

    @property
    def idle(self) -> bool:
        return not (
            self.sold.receipts or self.sold.refunds or self.joined or self.requests or self.gifts or self.corrections
        )


@blueprint.get("/till/shift")
@staff
def shift() -> Response:
    """Sum up the shop's day of whoever is signed in, on every till; a lock in between changes nothing."""
    rulebook, staff_id = rulebook_at_till(), current_shift().staff_id
    today = midnight(now().astimezone(rulebook.zone).date(), rulebook.zone)
    return till_page(
        "till/shift.html",
        day=_day(staff_id, since=today),
        deeds=list_deeds(session(), staff_id, since=today, limit=MOST_LISTED),
        waiting=len(waiting_adjustments(session())),
    )


def _day(staff_id: str, *, since: datetime) -> Day:
    return Day(
        sold=sum_deeds(session(), staff_id, since=since),
        joined=count_joined(session(), staff_id, since=since),
        requests=count_noted(session(), staff_id, since=since),
        gifts=_given(staff_id, since=since),
        corrections=count_adjustments(session(), f"staff:{staff_id}", since=since),
    )


def _given(staff_id: str, *, since: datetime) -> int:
    given = count_deeds(session(), staff_id, actions=GIVEN, since=since)
    return max(given - count_deeds(session(), staff_id, actions=PUT_BACK, since=since), 0)
