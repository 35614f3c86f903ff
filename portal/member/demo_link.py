"""`/demo/<token>`: the sign-in links a demo prints. A shop has none; the page is not there."""

from flask import Blueprint, Response, abort
from sqlalchemy.orm import Session

from portal.db import run
from portal.members.operations.sessions import OpenedSession, freshen_session
from portal.members.queries.sessions import find_session
from portal.web.addresses import see_other
from portal.web.guards import public
from portal.web.instant import now
from portal.web.sessions import sign_in
from portal.web.settings import settings
from portal.web.transactions import engine

blueprint = Blueprint("demo_link", __name__)


@blueprint.get("/demo/<token>")
@public
def enter(token: str) -> Response:
    """Sign this browser in by a link, which is used up; it is a GET because it is opened from a terminal."""
    if not settings().demo:
        abort(404)

    def exchange(session: Session) -> OpenedSession | None:
        found = find_session(session, token, now=now())
        return freshen_session(session, found.session_id, now=now()) if found else None

    opened = run(engine(), exchange, writes=True)
    if opened is None:
        return see_other("/sign-in")
    sign_in(opened)
    return see_other("/home")
