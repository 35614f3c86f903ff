"""Whether somebody is signed in here: asked by pages that come back from the browser's memory."""

from flask import Blueprint, Response, jsonify

from portal.web.guards import public
from portal.web.sessions import mark_of, member_or_none

blueprint = Blueprint("session", __name__)


@blueprint.get("/session")
@public
def whose() -> Response:
    """Tell the mark of the session that this browser is in, or an empty one."""
    return jsonify(session=mark_of(member_or_none()))
