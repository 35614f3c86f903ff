"""Do you have…? What people ask for and the shop has not: noted in two taps, listed, answered by a senior or above."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Response, request
from wtforms import StringField

from portal.ids import is_id, new_id
from portal.programme.answer_wish import answer_wish
from portal.staff.roles import reaches, require_role
from portal.till.deeds import note_deed
from portal.till.device import current_device, current_shift, staff
from portal.till.identify import member_here
from portal.till.quote import rulebook_at_till
from portal.till.sale import SaleOver, begun_lately
from portal.till.till_page import till_blueprint, till_page
from portal.web.addresses import see_other
from portal.web.forms import PortalForm, stripped
from portal.web.instant import now
from portal.web.language import said
from portal.web.transactions import session
from portal.wishes.operations import Till, UnknownWish, note_request
from portal.wishes.queries import asked_lately, find_request, find_words, open_requests
from portal.wishes.words import NoWords

blueprint = till_blueprint("requests")

REQUESTS = "/till/requests"
LATELY = timedelta(days=30)
MOST_OFFERED = 8
MOST_LISTED = 50


class RequestForm(PortalForm):
    """`words` are typed, `asked` is a button with what was asked for before; `request` makes it count once."""

    request = StringField()
    member = StringField()
    words = StringField(filters=[stripped])


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose request it is, when the card was shown."""

    member_id: str
    first_name: str = field(repr=False)


@blueprint.get(REQUESTS)
@staff
def requests() -> Response:
    noted = request.args.get("noted", "")
    return _page(_empty(""), noted=(find_words(session(), noted) or "") if is_id(noted) else "")


@blueprint.post(f"{REQUESTS}/for")
@staff
def for_member() -> Response:
    """Show the page for a member, who is told when the shop has it; the member stands in no address."""
    return _page(_empty(request.form.get("member", "")))


@blueprint.post(REQUESTS)
@staff
def note() -> Response:
    form = RequestForm(request.form)
    request_id = form.request.data or ""
    if not begun_lately(request_id):
        raise SaleOver
    device, shift = current_device(), current_shift()
    asker = _asker(form)
    till = Till(store=device.store, staff_id=shift.staff_id, device_id=device.id)
    words = request.form.get("asked") or form.words.data or ""
    try:
        note_request(session(), request_id, words, till=till, member_id=asker.member_id if asker else None, now=now())
    except NoWords as refusal:
        form.blame("words", message=said(refusal))
        return _page(form, status=refusal.status)
    note_deed("request.noted", subject="wish", subject_id=request_id)
    return see_other(f"{REQUESTS}?noted={request_id}")


@blueprint.get(f"{REQUESTS}/<wish_id>")
@staff
def asked(wish_id: str) -> Response:
    """Tell of one thing how often it was asked for and who would be told."""
    rulebook_at_till()
    found = find_request(session(), wish_id, store=current_device().store)
    if found is None:
        raise UnknownWish
    return till_page("till/request.html", asked=found, may_answer=reaches(current_shift().role, "senior"))


@blueprint.post(f"{REQUESTS}/<wish_id>")
@staff
def answer(wish_id: str) -> Response:
    """Say that the shop has it now, or will not have it, to everybody who asked."""
    shift, device = current_shift(), current_device()
    require_role(shift, "senior")
    reply = "here" if request.form.get("reply") == "here" else "never"
    by = f"staff:{shift.staff_id}"
    told = answer_wish(session(), wish_id, reply=reply, store=device.store, by=by, now=now())
    note_deed("request.answered", subject="wish", subject_id=wish_id, reply=reply, told=told)
    return see_other(REQUESTS)


def _empty(member_id: str) -> RequestForm:
    return RequestForm(data={"request": new_id(now()), "member": member_id})


def _asker(form: RequestForm) -> Asker | None:
    if not form.member.data:
        return None
    found = member_here(form.member.data)
    return Asker(found.member_id, found.first_name)


def _page(form: RequestForm, *, noted: str = "", status: int = 200) -> Response:
    rulebook_at_till()
    store = current_device().store
    return till_page(
        "till/requests.html",
        status=status,
        form=form,
        noted=noted,
        asker=_asker(form),
        offered=asked_lately(session(), store, since=now() - LATELY, limit=MOST_OFFERED),
        listed=open_requests(session(), store, limit=MOST_LISTED),
    )
