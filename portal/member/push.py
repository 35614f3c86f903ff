"""Notifications on this phone: what they are before they are asked for, switched on from a tap, tried, switched off.

How things stand in the browser only the browser knows: the page holds the words for every state, `js/push.js` shows the
one that is true. Without JavaScript it says what is needed.
"""

import json

from flask import Blueprint, Response, abort, jsonify, request

from portal.errors import Refused
from portal.member.install import browser_of, inside_of_another_app
from portal.push.browser import read_subscription
from portal.push.note import PushNote
from portal.push.operations import post_push_here, subscribe, unsubscribe
from portal.push.queries import find_browser
from portal.push.server_key import application_server_key
from portal.web.addresses import see_other
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import current_language, gettext, said
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.settings import settings
from portal.web.transactions import session

blueprint = Blueprint("push", __name__)

LONGEST_BODY = 4096
TRIAL_SECONDS = 300


@blueprint.get("/push")
@member
def push() -> Response:
    key = settings().push_private_key
    agent = request.user_agent.string
    return page(
        "member/push.html",
        server_key=application_server_key(key) if key else "",
        mark=_mark(),
        sent=request.args.get("sent", ""),
        own=browser_of(agent),
        within=inside_of_another_app(agent),
    )


@blueprint.get("/push/subscription")
@member
def known() -> Response:
    """Tell the mark of what this browser takes notes by, as far as we know, and the shop's key for a new one."""
    key = settings().push_private_key
    return jsonify(mark=_mark(), key=application_server_key(key) if key else "")


@blueprint.post("/push/subscription")
@member
def tell() -> Response:
    """Take what this browser takes notes by; told again, it changes nothing."""
    _need_push()
    if (request.content_length or 0) > LONGEST_BODY:
        abort(413)
    here = current_member()
    try:
        keys = read_subscription(_document(), services=settings().push_hosts)
    except Refused as refusal:
        answer = jsonify(code=refusal.code, words=said(refusal))
        answer.status_code = refusal.status
        return answer
    subscribe(session(), here.member_id, keys, session_id=here.session_id, now=now())
    return Response(status=204)


@blueprint.post("/push/off")
@member
def off() -> Response:
    unsubscribe(session(), current_member().session_id)
    return see_other("/push")


@blueprint.post("/push/test")
@member
def try_it() -> Response:
    """Send this browser a note to try it by; one that still waits is replaced."""
    _need_push()
    note = PushNote(
        title=gettext("It works"),
        body=gettext("This is how your points will speak to you here."),
        path="/push",
        language=current_language(),
        tag="trial",
        topic="trial",
        ttl_seconds=TRIAL_SECONDS,
        urgency="high",
    )
    sent = post_push_here(session(), current_member().session_id, note, now=now())
    return see_other(f"/push?sent={'yes' if sent else 'no'}")


def _need_push() -> None:
    if not settings().push_private_key:
        abort(404)


def _mark() -> str:
    found = find_browser(session(), current_member().session_id)
    return found.mark if found else ""


def _document() -> object:
    try:
        return json.loads(request.get_data())
    except ValueError:
        return None
