"""Letting a device in: a code of one use, from a link or typed. Looking at the link uses nothing up."""

from flask import Blueprint, Response, request
from wtforms import StringField

from portal.staff.audit_chain import Deed
from portal.staff.operations import audit, enrol_till
from portal.staff.tokens import EnrolCodeWrong
from portal.till.device import SIGN_IN, keep_device, known_device
from portal.web.addresses import see_other
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import mark, said
from portal.web.render import page
from portal.web.transactions import session

blueprint = Blueprint("till_enrol", __name__)


class EnrolForm(PortalForm):
    code = StringField(filters=[stripped], validators=[Needed(mark("Type the code of the manager."))])


@blueprint.get("/till/enrol", defaults={"code": ""})
@blueprint.get("/till/enrol/<code>")
@public
def show(code: str) -> Response:
    return _page(EnrolForm(data={"code": code[:60]}))


@blueprint.post("/till/enrol")
@public
def enrol() -> Response:
    form = EnrolForm(request.form)
    if form.validate():
        try:
            enrolled = enrol_till(session(), stripped(form.code.data), now=now())
        except EnrolCodeWrong as refusal:
            form.blame("code", message=said(refusal))
        else:
            deed = Deed(
                actor_kind="command",
                actor_id=None,
                action="till.enrolled",
                subject_kind="till",
                subject_id=enrolled.device.id,
                details={},
            )
            audit(session(), deed, now=now())
            return keep_device(see_other(SIGN_IN), enrolled.token)
    return _page(form, status=422)


def _page(form: EnrolForm, *, status: int = 200) -> Response:
    return page("till/enrol.html", status=status, form=form, device=known_device())
