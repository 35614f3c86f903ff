"""One correction: what is asked, by whom, and a second person who approves or rejects it on this till."""

from dataclasses import replace

from flask import Response, request

from portal.errors import Refused
from portal.members.operations.identify import MemberLeft
from portal.programme.decide_adjustment import UnknownAdjustment, confirm_adjustment, reject_adjustment
from portal.programme.identify_member import IdentifiedAnswer
from portal.receipts.queries.adjustments import StandingAdjustment, read_adjustment
from portal.staff.queries import find_name, person_behind
from portal.till.correcting import WORDS, note
from portal.till.device import staff, till_command
from portal.till.identify import member_here
from portal.till.quote import rulebook_at_till
from portal.till.second import SecondForm, offer_seconds, stands_by
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.language import said
from portal.web.transactions import session

blueprint = till_blueprint("correction")

NEEDED = "senior"
"""The role from which on somebody stands by as the second person of a correction."""


@blueprint.get("/till/corrections/<correction_id>")
@staff
def correction(correction_id: str) -> Response:
    return _page(_standing(correction_id), SecondForm())


@blueprint.post("/till/corrections/<correction_id>")
@staff
def decide(correction_id: str) -> Response:
    """Approve or reject with the PIN of somebody who did not ask for it, in a role that may."""
    form, asked = SecondForm(request.form), _standing(correction_id)
    status = stands_by(form, apart_from=_asker(asked), role=NEEDED)
    if status != 200:
        return _page(asked, form, status=status)
    second = form.who.data or ""
    command = replace(till_command(), operator=f"staff:{second}")
    rejects = request.form.get("decision") == "reject"
    try:
        decided = (reject_adjustment if rejects else confirm_adjustment)(session(), correction_id, command=command)
    except Refused as refusal:
        form.blame("pin", message=said(refusal))
        return _page(_standing(correction_id), form, status=refusal.status)
    note("adjustment.rejected" if rejects else "adjustment.confirmed", decided, by=second)
    return see_other(f"/till/corrections/{correction_id}")


def _standing(correction_id: str) -> StandingAdjustment:
    found = read_adjustment(session(), correction_id)
    if found is None:
        raise UnknownAdjustment
    return found


def _asker(asked: StandingAdjustment) -> str | None:
    return person_behind(session(), asked.asked_by)


def _page(asked: StandingAdjustment, form: SecondForm, *, status: int = 200) -> Response:
    rulebook_at_till()
    return till_page(
        "till/correction.html",
        status=status,
        asked=asked,
        who=_still_here(asked.member_id),
        reason=WORDS.get(asked.reason, asked.reason),
        asker=_named(asked.asked_by),
        decider=_named(asked.decided_by) if asked.decided_by else "",
        form=offer_seconds(form, apart_from=_asker(asked), role=NEEDED),
    )


def _still_here(member_id: str) -> IdentifiedAnswer | None:
    """Tell whose balance it is; nobody when the member left meanwhile, and only a rejection is possible."""
    try:
        return member_here(member_id)
    except MemberLeft:
        return None


def _named(operator: str) -> str:
    person = person_behind(session(), operator)
    return (find_name(session(), person) if person else None) or ""
