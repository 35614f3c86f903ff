"""The beginning and the end of a shift: a name of the list and its PIN, on this device alone."""

from flask import Blueprint, Response, request
from wtforms import RadioField, StringField

from portal.staff.audit_chain import Deed
from portal.staff.operations import audit, end_shift, start_shift
from portal.staff.queries import list_staff
from portal.till.device import (
    SIGN_IN,
    current_device,
    current_shift,
    enrolled_till,
    find_current_shift,
    forget_shift,
    keep_shift,
    staff,
)
from portal.till.pins import pin_refused
from portal.web.addresses import see_other
from portal.web.forms import Needed, PortalForm
from portal.web.instant import now
from portal.web.language import mark
from portal.web.render import page
from portal.web.transactions import session

blueprint = Blueprint("till_sign_in", __name__)

CHOOSE = mark("Choose your name.")


class PinForm(PortalForm):
    who = RadioField(validate_choice=False, validators=[Needed(CHOOSE)])
    pin = StringField(validators=[Needed(mark("Type the PIN."))])


@blueprint.get(SIGN_IN)
@enrolled_till
def ask() -> Response:
    """Ask who it is; `who` in the address is the one who locked the till."""
    if find_current_shift():
        return see_other("/till")
    return _page(PinForm(data={"who": request.args.get("who", "")}))


@blueprint.post(SIGN_IN)
@enrolled_till
def sign_in() -> Response:
    form = PinForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    entry = start_shift(
        session(), current_device(), staff_id=form.who.data or "", pin=(form.pin.data or "").strip(), now=now()
    )
    if entry.token:
        _note("shift.started", form.who.data or "")
        return keep_shift(see_other("/till"), entry.token)
    refusal = entry.refusal
    if refusal is None:
        raise RuntimeError("a PIN was neither right nor refused")
    answer = _page(form, status=pin_refused(form, refusal, of=form.who.data or ""))
    if seconds := refusal.facts.get("retry_after"):
        answer.headers["Retry-After"] = str(seconds)
    return answer


@blueprint.post("/till/lock")
@staff
def lock() -> Response:
    """Lock the till while its cashier is away; the PIN opens it again."""
    return _leave(f"{SIGN_IN}?who={current_shift().staff_id}")


@blueprint.post("/till/end")
@staff
def end() -> Response:
    return _leave(SIGN_IN)


def _leave(to: str) -> Response:
    _note("shift.ended", current_shift().staff_id)
    end_shift(session(), current_shift().id, now=now())
    return forget_shift(see_other(to))


def _note(action: str, staff_id: str) -> None:
    device = current_device().id
    deed = Deed(
        actor_kind="staff", actor_id=staff_id, action=action, subject_kind="till", subject_id=device, details={}
    )
    audit(session(), deed, now=now())


def _page(form: PinForm, *, status: int = 200) -> Response:
    form.who.choices = [(each.id, each.name) for each in list_staff(session()) if each.active]
    if len(form.who.choices) == 1:
        form.who.data = form.who.choices[0][0]
    form.pin.data = ""
    return page("till/sign_in.html", status=status, form=form, device=current_device())
