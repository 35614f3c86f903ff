"""`/demo/<token>`: the sign-in links a demo prints. A shop has none; the page is not there."""

from flask import Blueprint, Response, abort

from portal.members.operations.sessions import freshen_session
from portal.members.queries.sessions import find_session
from portal.web.addresses import see_other
from portal.web.guards import public
from portal.web.instant import now
from portal.web.sessions import sign_in
from portal.web.settings import settings
from portal.web.transactions import session, writes

blueprint = Blueprint("demo_link", __name__)


@blueprint.get("/demo/<token>")
@public
@writes
def enter(token: str) -> Response:
    """Sign this browser in by a link, which is used up; it is a GET because it is opened from a terminal."""
    if not settings().demo:
        abort(404)
    found = find_session(session(), token, now=now())
    if found is None:
        return see_other("/sign-in")
    sign_in(freshen_session(session(), found.session_id, now=now()))
    return see_other("/home")
