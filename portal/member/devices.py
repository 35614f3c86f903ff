"""Where a member is signed in: every phone and browser, whether it holds a key of the card, and how to end it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from portal.members.operations.sessions import revoke_session, revoke_sessions
from portal.members.queries.sessions import ListedSession, list_sessions
from portal.web.addresses import see_other
from portal.web.guards import member_just_seen
from portal.web.instant import now
from portal.web.language import gettext
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.transactions import session

blueprint = Blueprint("devices", __name__)

DEVICES = "/profile/devices"


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser as the page shows it."""

    id: str
    label: str
    seen_at: datetime
    card: str
    here: bool


@blueprint.get(DEVICES)
@member_just_seen
def devices() -> Response:
    here = current_member()
    listed = [_device(each, here.session_id) for each in list_sessions(session(), here.member_id, now=now())]
    return page("member/devices.html", devices=sorted(listed, key=lambda each: not each.here))


@blueprint.post(f"{DEVICES}/end")
@member_just_seen
def end() -> Response:
    """Sign another browser out; what its card draws is forged from now on."""
    revoke_session(session(), current_member().member_id, request.form.get("session", ""), now=now())
    return see_other(DEVICES)


@blueprint.post(f"{DEVICES}/end-others")
@member_just_seen
def end_others() -> Response:
    """Sign out everywhere but here."""
    here = current_member()
    revoke_sessions(session(), here.member_id, keep=here.session_id, now=now())
    return see_other(DEVICES)


def _device(listed: ListedSession, session_id: str) -> Device:
    return Device(
        id=listed.id,
        label=listed.label or gettext("Unknown browser"),
        seen_at=listed.seen_at,
        card=_card(listed),
        here=listed.id == session_id,
    )


def _card(listed: ListedSession) -> str:
    """Tell what the card on a device is good for."""
    if listed.card_locked:
        return gettext("The card only earns until it is opened with a network")
    return gettext("The card works without a network") if listed.has_card else gettext("The card needs a network")
