"""A balance is corrected at the till: whose, how many points and why; and what waits for a second person."""

from dataclasses import dataclass, field

from flask import Response, request

from portal.errors import Refused
from portal.members.lookup import by_id
from portal.members.queries import find_person
from portal.receipts.queries.adjustments import StandingAdjustment, read_adjustment, waiting_adjustments
from portal.staff.roles import refuse_own_card
from portal.till.correcting import CorrectionForm, asked_for, offered, pin_is_stale, untouched
from portal.till.device import current_shift, staff
from portal.till.identify import found_by, member_here, shown_here
from portal.till.quote import rulebook_at_till
from portal.till.sale import SaleOver, begun_lately
from portal.till.scan import ScanForm
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.language import said
from portal.web.transactions import session

blueprint = till_blueprint("corrections")

CORRECTIONS = "/till/corrections"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A correction that waits for a second person, with the first name of the member."""

    adjustment: StandingAdjustment
    first_name: str = field(repr=False)


@blueprint.get(CORRECTIONS)
@staff
def corrections() -> Response:
    return _page(ScanForm())


@blueprint.post(f"{CORRECTIONS}/member")
@staff
def member() -> Response:
    """Tell who it is and ask what is to be corrected. Nobody comes further with the own card."""
    form = ScanForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        found = found_by(shown_here(form.shown.data or ""))
        refuse_own_card(current_shift(), found.member_id)
    except Refused as refusal:
        form.blame("shown", message=said(refusal))
        return _page(form, status=refusal.status)
    return _correct_page(untouched(found.member_id))


@blueprint.post(CORRECTIONS)
@staff
def correct() -> Response:
    """Correct at once, or keep it waiting; what was sent twice is one correction."""
    form = CorrectionForm(request.form)
    correction_id = form.correction.data or ""
    if not begun_lately(correction_id):
        raise SaleOver
    known = read_adjustment(session(), correction_id)
    if known is None:
        status = asked_for(form)
        if status != 200:
            return _correct_page(form, status=status)
    return see_other(f"{CORRECTIONS}/{correction_id}")


def _page(form: ScanForm, *, status: int = 200) -> Response:
    rulebook_at_till()
    return till_page("till/corrections.html", status=status, scans=True, form=form, waiting=_waiting())


def _waiting() -> list[Waiting]:
    listed = waiting_adjustments(session())
    people = {each.member_id: find_person(session(), by_id(each.member_id)) for each in listed}
    names = {member_id: person.first_name for member_id, person in people.items() if person}
    return [Waiting(each, names.get(each.member_id, "")) for each in listed]


def _correct_page(form: CorrectionForm, *, status: int = 200) -> Response:
    rulebook_at_till()
    who = member_here(form.member.data or "")
    return till_page("till/correct.html", status=status, form=offered(form), who=who, asks_pin=pin_is_stale())
