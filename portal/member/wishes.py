"""What a member misses in the shop: wished for, taken back while it is open, answered by the shop."""

from flask import Blueprint, Response, request
from wtforms import StringField

from portal.errors import Refused
from portal.ids import new_id
from portal.web.addresses import see_other
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.guards import member_just_seen
from portal.web.instant import now
from portal.web.language import mark, said
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.transactions import session
from portal.wishes.operations import take_back, wish_for
from portal.wishes.queries import wishes_of

blueprint = Blueprint("wishes", __name__)

WISHES = "/wishes"
MOST_LISTED = 60


class WishForm(PortalForm):
    words = StringField(filters=[stripped], validators=[Needed(mark("Say what you miss."))])


@blueprint.get(WISHES)
@member_just_seen
def wishes() -> Response:
    return _page(WishForm())


@blueprint.post(WISHES)
@member_just_seen
def wish() -> Response:
    form = WishForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        wish_for(session(), new_id(now()), form.words.data or "", member_id=current_member().member_id, now=now())
    except Refused as refusal:
        form.blame("words", message=said(refusal))
        return _page(form, status=refusal.status)
    return see_other(f"{WISHES}?noted=1")


@blueprint.post(f"{WISHES}/take-back")
@member_just_seen
def take_one_back() -> Response:
    take_back(session(), request.form.get("wish", ""), member_id=current_member().member_id, now=now())
    return see_other(WISHES)


def _page(form: WishForm, *, status: int = 200) -> Response:
    listed = wishes_of(session(), current_member().member_id, limit=MOST_LISTED)
    noted = "noted" in request.args and request.method == "GET"
    return page("member/wishes.html", status=status, form=form, listed=listed, noted=noted)
